"""A sparkline: the shape of a series, in the line of a text or the cell of a table."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from webui.charts import svg
from webui.charts.model import Tone

WIDTH, HEIGHT, PAD = 96, 24, 3


@dataclass(frozen=True, slots=True)
class Sparkline:
    """``said`` tells the series in words: its figures stand elsewhere, or nowhere."""

    said: str
    values: tuple[float | None, ...]
    tone: Tone = "plain"

    def draw(self) -> Markup:
        """Return it as an ``<svg>``; a month without a figure is a gap."""
        known = [value for value in self.values if value is not None]
        top = max(known, default=0) or 1
        step = (WIDTH - 2 * PAD) / max(1, len(self.values) - 1)
        points = [
            None
            if value is None
            else (PAD + i * step, HEIGHT - PAD - value / top * (HEIGHT - 2 * PAD))
            for i, value in enumerate(self.values)
        ]
        last = next((point for point in reversed(points) if point), None)
        dot = svg.tag("circle", cx=last[0], cy=last[1], r=2.5, class_="dot") if last else Markup("")
        return svg.tag(
            "svg",
            svg.tag("path", d=path(points), class_="line"),
            dot,
            class_=f"spark {self.tone}",
            viewBox=f"0 0 {WIDTH} {HEIGHT}",
            role="img",
            aria_label=self.said,
        )


def path(points: list[tuple[float, float] | None]) -> str:
    """Return the lines through the points, broken where there is none."""
    drawn, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        drawn.append(f"{pen}{svg.number(point[0])} {svg.number(point[1])}")
        pen = "L"
    return "".join(drawn)
