"""The data map: what its painter is given.

The points of customers go to the browser as one binary, written here and read in
``static/map.js``. Points of employees never do: see ``charts.HexMap``.

The binary is little-endian. A head of 32 bytes: the letters ``BSM1``, the number of points n
(uint32), the bounds of the map as float32 (left, top, right, bottom), and 8 bytes of zeros. Then,
each for all points at once: ids (uint32), x and y (uint16 each, 0 at the left and top bound, 65535
at the other) and the theme's place in the legend (uint16; 65535: no theme). 10 bytes a point.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webui.charts import Density

HEAD = struct.Struct("<4sI4f8x")
MAGIC = b"BSM1"
NO_THEME = 65535
HUES = 10


@dataclass(frozen=True, slots=True)
class MapTheme:
    """A theme of the legend; ``hue`` is 0 to 9, ``x`` and ``y`` its middle in 0..1."""

    label: str
    href: str
    segments: int
    hue: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class MapView:
    """``points`` is the address of the binary; ``point`` that of one, ``0`` standing for its id.

    That address answers with a fragment of HTML about the segment. ``density`` is shown without
    JavaScript. ``themes`` are in the order of the binary's places.
    """

    points: str
    point: str
    density: Density
    themes: tuple[MapTheme, ...]


@dataclass(frozen=True)
class Points:
    """Points of a map: ids (n,) uint32, xy (n, 2) float32, theme (n,) int; -1: no theme."""

    ids: NDArray[np.uint32]
    xy: NDArray[np.float32]
    theme: NDArray[np.int64]


def pack_points(points: Points) -> bytes:
    """Return the points as the painter reads them.

    Raises:
        ValueError: the arrays differ in length, a place is no number, or there are too many themes.

    """
    count = len(points.ids)
    if points.xy.shape != (count, 2) or points.theme.shape != (count,):
        raise ValueError(f"{count} ids, xy {points.xy.shape}, theme {points.theme.shape}")
    if not np.isfinite(points.xy).all():
        raise ValueError("A point has no place on the map.")
    if count and points.theme.max() >= NO_THEME:
        raise ValueError(f"More than {NO_THEME} themes do not fit.")
    low, high = bounds(points.xy)
    scaled = np.rint((points.xy - low) / (high - low) * 65535).clip(0, 65535)
    theme = np.where(points.theme < 0, NO_THEME, points.theme)
    return b"".join(
        (
            HEAD.pack(MAGIC, count, *low.tolist(), *high.tolist()),
            points.ids.astype("<u4").tobytes(),
            scaled[:, 0].astype("<u2").tobytes(),
            scaled[:, 1].astype("<u2").tobytes(),
            theme.astype("<u2").tobytes(),
        )
    )


def bounds(xy: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return two corners (2,) of the square that holds all points: the map keeps its shape."""
    if not len(xy):
        return np.zeros(2, dtype=np.float32), np.ones(2, dtype=np.float32)
    low, high = xy.min(axis=0), xy.max(axis=0)
    half = np.float32(max(float((high - low).max()) / 2, 1e-6) * 1.02)
    middle = (low + high) / 2
    return middle - half, middle + half


def unpack_points(packed: bytes) -> Points:
    """Return what ``pack_points`` was given, places to a 65,535th of the map.

    Raises:
        ValueError: it is no such binary.

    """
    if len(packed) < HEAD.size or packed[:4] != MAGIC:
        raise ValueError("These are no points of a map.")
    _, count, left, top, right, bottom = HEAD.unpack_from(packed)
    if len(packed) != HEAD.size + 10 * count:
        raise ValueError(f"{count} points need {HEAD.size + 10 * count} bytes, not {len(packed)}.")
    at = HEAD.size
    ids = np.frombuffer(packed, "<u4", count, at)
    x, y, theme = (
        np.frombuffer(packed, "<u2", count, at + 4 * count + 2 * count * k) for k in range(3)
    )
    low = np.array([left, top], dtype=np.float32)
    size = np.array([right - left, bottom - top], dtype=np.float32)
    xy = low + np.stack([x, y], axis=1).astype(np.float32) / np.float32(65535) * size
    places = theme.astype(np.int64)
    return Points(ids, xy.astype(np.float32), np.where(places == NO_THEME, -1, places))
