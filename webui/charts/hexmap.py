"""The map of employees: hexagons of several respondents each, never a point."""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup

from webui.charts import svg
from webui.charts.model import Column, Files, Table
from webui.language import gettext as _

WIDTH = 640.0
PAD = 8.0
# From few to many: how dark a hexagon is.
SHADES = 5


@dataclass(frozen=True, slots=True)
class Hexagon:
    """``x``, ``y`` are the centre; ``shade`` is 1 (few) to 5 (many), ``said`` the banded number."""

    x: float
    y: float
    shade: int
    theme: str
    said: str


@dataclass(frozen=True, slots=True)
class HexMap:
    """``size`` is the distance from a hexagon's centre to its corners, in the map's units."""

    name: str
    title: str
    description: str
    size: float
    cells: tuple[Hexagon, ...]
    files: Files | None = None

    def draw(self) -> Markup:
        """Return it as an ``<svg>``, the map's width over the whole picture."""
        if not self.cells:
            return svg.picture(
                self.name, "hexmap", (WIDTH, 60), self.title, self.description,
                svg.text(0.0, 34.0, _("No group is large enough to be shown."), "label"),
            )  # fmt: skip
        left = min(c.x for c in self.cells) - self.size
        top = min(c.y for c in self.cells) - self.size
        right = max(c.x for c in self.cells) + self.size
        bottom = max(c.y for c in self.cells) + self.size
        scale = (WIDTH - 2 * PAD) / (right - left)
        drawn = [
            svg.tag(
                "path",
                svg.titled(f"{cell.theme}: {cell.said}"),
                d=_outline(
                    PAD + (cell.x - left) * scale, PAD + (cell.y - top) * scale, self.size * scale
                ),
                class_=f"hex shade{min(max(cell.shade, 1), SHADES)}",
            )
            for cell in self.cells
        ]
        size = (WIDTH, (bottom - top) * scale + 2 * PAD)
        body = svg.tag("g", *drawn, class_="employee")
        return svg.picture(self.name, "hexmap", size, self.title, self.description, body)

    def table(self) -> Table:
        """Return how many hexagons each theme has."""
        themes = sorted({cell.theme for cell in self.cells})
        counted = [(t, sum(cell.theme == t for cell in self.cells)) for t in themes]
        counted.sort(key=lambda row: -row[1])
        columns = (Column(_("Theme")), Column(_("Hexagons"), "number"))
        return Table(self.title, columns, tuple(counted))


def _outline(x: float, y: float, size: float) -> str:
    size *= 0.96
    corners = [
        (x + size * math.sin(k * math.pi / 3), y + size * math.cos(k * math.pi / 3))
        for k in range(6)
    ]
    return "M" + "L".join(f"{svg.number(a)} {svg.number(b)}" for a, b in corners) + "Z"
