"""Shares with their intervals, a row each, and beside each the share of those it is compared with.

The label stands above its bar: it is never cut, and the chart is as narrow as a phone.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from webui.charts import svg
from webui.charts.model import Cell, Column, Files, Table, Tone
from webui.language import gettext as _
from webui.written import percent

WIDTH = 330.0
BAR_LEFT, BAR_RIGHT = 2.0, 205.0
ROW, SECOND, FOOT = 46.0, 20.0, 26.0


@dataclass(frozen=True, slots=True)
class Interval:
    """A share and its interval (Wilson, 95 %), and of how many it is."""

    share: float
    low: float
    high: float
    of: int | None = None


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """``other`` is what it is compared with; None: not compared, or not to be told."""

    label: str
    value: Interval
    other: Interval | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Intervals:
    """``names`` say what the first and the second bar of each row are."""

    name: str
    title: str
    description: str
    rows: tuple[IntervalRow, ...]
    names: tuple[str, str | None]
    tones: tuple[Tone, Tone] = ("employee", "plain")
    files: Files | None = None

    def draw(self) -> Markup:
        """Return it as an ``<svg>``: bar, whisker of the interval, share in figures."""
        compared = self.names[1] is not None
        height = ROW + (SECOND if compared else 0)
        ends = [i.high for row in self.rows for i in (row.value, row.other) if i]
        steps = svg.ticks(max(ends, default=0), about=3)
        bottom = len(self.rows) * height
        body = [*self._grid(steps, bottom)]
        for i, row in enumerate(self.rows):
            body.extend(self._row(row, i * height, steps[-1]))
        return svg.picture(
            self.name, "intervals", (WIDTH, bottom + FOOT), self.title, self.description, *body
        )

    def table(self) -> Table:
        """Return a row a share, its interval and what it is compared with."""
        names = [name for name in self.names if name]
        columns = [Column(self.title)]
        for name in names:
            columns += [
                Column(name, "share"),
                Column(_("%(name)s: from", name=name), "share"),
                Column(_("%(name)s: to", name=name), "share"),
            ]
        return Table(
            self.title,
            tuple(columns),
            tuple(
                (row.label, *_cells(row.value), *(_cells(row.other) if len(names) > 1 else ()))
                for row in self.rows
            ),
        )

    def _grid(self, steps: list[float], bottom: float) -> list[Markup]:
        drawn = []
        for i, step in enumerate(steps):
            x = _x(step, steps[-1])
            drawn.append(svg.tag("line", x1=x, x2=x, y1=4.0, y2=bottom, class_="grid"))
            anchor = "start" if i == 0 else "end" if i == len(steps) - 1 else "middle"
            drawn.append(svg.text(x, bottom + 18, percent(step), "tick", anchor))
        return drawn

    def _row(self, row: IntervalRow, y: float, top: float) -> list[Markup]:
        label = svg.text(BAR_LEFT, y + 17, svg.fit(row.label, WIDTH - 4), "label")
        drawn = [label, self._bar(row.value, y + 24, top, 14.0, self.tones[0], self.names[0])]
        if row.other and self.names[1]:
            drawn.append(self._bar(row.other, y + 42, top, 8.0, self.tones[1], self.names[1]))
        return drawn

    @staticmethod
    def _bar(value: Interval, y: float, top: float, height: float, tone: Tone, name: str) -> Markup:
        low, high, end = _x(value.low, top), _x(value.high, top), _x(value.share, top)
        middle = y + height / 2
        said = _(
            "%(name)s: %(share)s, between %(low)s and %(high)s",
            name=name,
            share=percent(value.share),
            low=percent(value.low),
            high=percent(value.high),
        )
        return svg.tag(
            "g",
            svg.titled(said),
            svg.tag(
                "rect", x=BAR_LEFT, y=y, width=end - BAR_LEFT, height=height, rx=2.0, class_="bar"
            ),
            svg.tag("line", x1=low, x2=high, y1=middle, y2=middle, class_="whisker"),
            svg.tag("line", x1=low, x2=low, y1=y + 2, y2=y + height - 2, class_="whisker"),
            svg.tag("line", x1=high, x2=high, y1=y + 2, y2=y + height - 2, class_="whisker"),
            svg.text(BAR_RIGHT + 10, middle + 4.5, percent(value.share), "value"),
            svg.text(
                BAR_RIGHT + 50,
                middle + 4.5,
                f"{percent(value.low)} – {percent(value.high)}",
                "tick",
            ),
            class_=tone,
        )


def _x(share: float, top: float) -> float:
    return BAR_LEFT + share / top * (BAR_RIGHT - BAR_LEFT)


def _cells(interval: Interval | None) -> tuple[Cell, ...]:
    return (interval.share, interval.low, interval.high) if interval else (None, None, None)
