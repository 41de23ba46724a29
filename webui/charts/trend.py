"""Series over months on one time axis, each named above with a piece of its line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from webui.charts import svg
from webui.charts.model import Column, Files, Table, Tone
from webui.charts.sparkline import path
from webui.language import gettext as _
from webui.written import month, number, percent

WIDTH, PLOT = 560.0, 200.0
LEFT, RIGHT, BOTTOM = 52.0, 18.0, 34.0
NAME_ROW, SAMPLE = 25.0, 30.0


@dataclass(frozen=True, slots=True)
class Series:
    """A value for each month of the chart; None: not known, or too few to tell."""

    name: str
    tone: Tone
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """``months`` are ISO 8601 (2025-10), all of the time from the first to the last."""

    name: str
    title: str
    description: str
    months: tuple[str, ...]
    series: tuple[Series, ...]
    unit: Literal["share", "number"] = "share"
    files: Files | None = None

    def draw(self) -> Markup:
        """Return it as an ``<svg>``: the second series dashed, so that colour is not alone."""
        steps = svg.ticks(
            max((v for s in self.series for v in s.values if v is not None), default=0)
        )
        body = [*self._grid(steps), *self._months()]
        for i, series in enumerate(self.series):
            body.append(self._line(series, steps[-1], dashed=i > 0))
        body.extend(self._names())
        return svg.picture(
            self.name, "trend", (WIDTH, self._bottom + BOTTOM), self.title, self.description, *body
        )

    def table(self) -> Table:
        """Return a row a month."""
        kind: Literal["share", "number"] = self.unit
        return Table(
            self.title,
            (Column(_("Month"), "month"), *(Column(s.name, kind) for s in self.series)),
            tuple(
                (when, *(s.values[i] for s in self.series)) for i, when in enumerate(self.months)
            ),
        )

    def _x(self, index: float) -> float:
        return LEFT + index * (WIDTH - LEFT - RIGHT) / max(1, len(self.months) - 1)

    @property
    def _bottom(self) -> float:
        return NAME_ROW * len(self.series) + 10 + PLOT

    def _y(self, value: float, top: float) -> float:
        return self._bottom - value / top * PLOT

    def _grid(self, steps: list[float]) -> list[Markup]:
        said = percent if self.unit == "share" else number
        drawn = []
        for i, step in enumerate(steps):
            y = self._y(step, steps[-1])
            drawn.append(svg.tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="grid"))
            least = "tick" if i in (0, len(steps) - 1) else "tick minor"
            drawn.append(svg.text(LEFT - 8, y + 4, said(step), least, "end"))
        return drawn

    def _months(self) -> list[Markup]:
        every = max(1, -(-len(self.months) // 6))
        shown = list(range(0, len(self.months), every))
        return [
            svg.text(
                self._x(i),
                self._bottom + 24,
                month(self.months[i], short=True),
                "tick" if place in (0, len(shown) - 1) else "tick minor",
                "start" if place == 0 else "middle",
            )
            for place, i in enumerate(shown)
        ]

    def _line(self, series: Series, top: float, *, dashed: bool) -> Markup:
        points = [
            None if value is None else (self._x(i), self._y(value, top))
            for i, value in enumerate(series.values)
        ]
        said = percent if self.unit == "share" else number
        marks = [
            svg.tag(
                "circle",
                svg.titled(f"{series.name}, {month(self.months[i])}: {said(value)}"),
                cx=point[0],
                cy=point[1],
                r=3.0,
                class_="dot",
            )
            for i, (point, value) in enumerate(zip(points, series.values, strict=True))
            if point is not None and value is not None
        ]
        drawn = svg.tag("path", d=path(points), class_="line dashed" if dashed else "line")
        return svg.tag("g", drawn, *marks, class_=series.tone)

    def _names(self) -> list[Markup]:
        return [
            svg.tag(
                "g",
                svg.tag(
                    "path",
                    d=path([(LEFT, y - 5), (LEFT + SAMPLE, y - 5)]),
                    class_="line dashed" if i else "line",
                ),
                svg.text(LEFT + SAMPLE + 8, y, svg.fit(series.name, WIDTH - LEFT - 60, 18), "name"),
                class_=series.tone,
            )
            for i, series in enumerate(self.series)
            for y in [NAME_ROW * (i + 1) - 6]
        ]
