"""Where segments lie on the map, as squares: what the painter shows point by point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from webui.charts import svg
from webui.charts.model import Cell, Column, Files, Table
from webui.language import gettext as _

WIDTH, CELLS = 640, 64
SHADES = 5


@dataclass(frozen=True, slots=True)
class Density:
    """``counts`` are (column, row, segments) of a grid of 64 columns; ``rows`` the table's."""

    name: str
    title: str
    description: str
    counts: tuple[tuple[int, int, int], ...]
    labels: tuple[tuple[float, float, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    files: Files | None = None

    def draw(self) -> Markup:
        """Return it as an ``<svg>``: darker where there is more."""
        side = WIDTH / CELLS
        most = max((count for *_, count in self.counts), default=1)
        paths: dict[int, list[str]] = {}
        for column, row, count in self.counts:
            # By the root: a few crowded squares would leave the rest white.
            shade = min(SHADES, 1 + int((count / most) ** 0.5 * SHADES))
            x, y = svg.number(column * side), svg.number(row * side)
            paths.setdefault(shade, []).append(f"M{x} {y}h{side:g}v{side:g}h-{side:g}Z")
        drawn = [
            svg.tag("path", d="".join(found), class_=f"square shade{shade}")
            for shade, found in sorted(paths.items())
        ]
        names = [
            svg.text(x * WIDTH, y * WIDTH, said, "onmap", "middle") for x, y, said in self.labels
        ]
        body = svg.tag("g", *drawn, class_="customer")
        size = (float(WIDTH), float(WIDTH))
        return svg.picture(self.name, "density", size, self.title, self.description, body, *names)

    def table(self) -> Table:
        """Return a row a theme."""
        columns = (Column(_("Theme")), Column(_("Segments"), "number"))
        return Table(self.title, columns, self.rows)


def squares(points: Iterable[tuple[float, float]]) -> tuple[tuple[int, int, int], ...]:
    """Return how many points (x, y in 0..1) each square of the grid holds."""
    found = Counter(
        (min(CELLS - 1, int(x * CELLS)), min(CELLS - 1, int(y * CELLS))) for x, y in points
    )
    return tuple((column, row, count) for (column, row), count in sorted(found.items()))
