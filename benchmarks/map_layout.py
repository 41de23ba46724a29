"""How long the layout of the data map takes, and how well it keeps what belongs together.

    python -m benchmarks.map_layout [SEGMENTS]

Vectors are made up: 120 themes of falling size around random directions. "Together" is the share of
a segment's ten nearest others on the map that are of its theme, over 1,000 segments; the same share
in the vectors themselves, and on their first two main directions, say what could be had.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from analyzer.layout import layout

THEMES, DIMENSIONS, NOISE = 120, 384, 0.07


def made_up(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return vectors (n, 384) of length 1 and their themes (n,)."""
    rng = np.random.default_rng(1)
    middles = rng.normal(size=(THEMES, DIMENSIONS))
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    sizes = 1 / (np.arange(THEMES) + 5.0)
    theme = rng.choice(THEMES, count, p=sizes / sizes.sum())
    vectors = middles[theme] + rng.normal(0, NOISE, (count, DIMENSIONS))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), theme


def together(places: np.ndarray, theme: np.ndarray) -> float:
    """Return the share of the nearest ten that are of the same theme."""
    asked = np.random.default_rng(2).choice(len(places), 1000, replace=False)
    shares = []
    for i in asked:
        far = ((places - places[i]) ** 2).sum(axis=1)
        far[i] = np.inf
        shares.append((theme[np.argpartition(far, 10)[:10]] == theme[i]).mean())
    return float(np.mean(shares))


def main(count: int) -> None:
    """Print the figures."""
    vectors, theme = made_up(count)
    wall, worked = time.perf_counter(), time.process_time()
    places = layout(vectors, np.random.default_rng(0))
    wall, worked = time.perf_counter() - wall, time.process_time() - worked
    print(f"{count:,} segments: {worked:.1f} s of processor, {wall:.1f} s by the clock")
    around = vectors - vectors.mean(axis=0)
    _, directions = np.linalg.eigh(around.T @ around)
    print(f"together on the map {together(places, theme):.2f}, "
          f"in the vectors {together(vectors, theme):.2f}, "
          f"on two main directions {together(around @ directions[:, -2:], theme):.2f}")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
