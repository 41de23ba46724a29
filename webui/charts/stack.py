"""How segments judge, a bar a row: negative from the left, positive from the right."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from webui.charts import svg
from webui.charts.model import Column, Files, Table
from webui.language import gettext as _
from webui.written import percent

WIDTH, ROW, BAR = 330.0, 44.0, 14.0


@dataclass(frozen=True, slots=True)
class StackRow:
    """Shares of 1, and of how many segments."""

    label: str
    negative: float
    neutral: float
    positive: float
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """The polarity of several things below each other."""

    name: str
    title: str
    description: str
    rows: tuple[StackRow, ...]
    files: Files | None = None

    def draw(self) -> Markup:
        """Return it as an ``<svg>``."""
        drawn = [part for i, row in enumerate(self.rows) for part in _row(row, i * ROW)]
        size = (WIDTH, max(1, len(self.rows)) * ROW)
        return svg.picture(self.name, "stack", size, self.title, self.description, *drawn)

    def table(self) -> Table:
        """Return a row a bar."""
        return Table(
            self.title,
            (
                Column(self.title),
                Column(_("Negative"), "share"),
                Column(_("Neutral"), "share"),
                Column(_("Positive"), "share"),
                Column(_("Segments"), "number"),
            ),
            tuple((r.label, r.negative, r.neutral, r.positive, r.of) for r in self.rows),
        )


def _row(row: StackRow, y: float) -> list[Markup]:
    drawn = [svg.text(0.0, y + 16, svg.fit(row.label, WIDTH), "label")]
    x = 0.0
    parts = (("negative", row.negative), ("neutral", row.neutral), ("positive", row.positive))
    names = {"negative": _("Negative"), "neutral": _("Neutral"), "positive": _("Positive")}
    for tone, share in parts:
        width = share * WIDTH
        # Neutral is thinner: the three are told apart without their colours.
        inset = 4.0 if tone == "neutral" else 0.0
        drawn.append(
            svg.tag(
                "rect",
                svg.titled(f"{names[tone]}: {percent(share)}"),
                x=x,
                y=y + 23 + inset,
                width=max(0.0, width - 1),
                height=BAR - 2 * inset,
                class_=f"bar {tone}",
            )
        )
        x += width
    return drawn
