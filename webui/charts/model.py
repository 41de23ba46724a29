"""What every chart is: a title, a description, a drawing and a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import urlencode

from markupsafe import Markup

Tone = Literal["employee", "customer", "plain", "past", "negative", "neutral", "positive"]
Cell = str | float | int | None
Kind = Literal["text", "number", "share", "decimal", "month"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table and how its cells are written; None is an unknown figure."""

    name: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of a chart, or figures alone. The first cell of a row names it."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Files:
    """Where the chart is to be had as a file: ``path`` without its ending, and the page's query."""

    path: str
    query: tuple[tuple[str, str], ...] = ()

    def address(self, ending: str) -> str:
        """Return the address of one: ``csv``, ``svg`` or ``png``."""
        asked = f"?{urlencode(self.query)}" if self.query else ""
        return f"{self.path}.{ending}{asked}"


class Chart(Protocol):
    """``name`` is the chart's id on its page: letters, digits and hyphens."""

    @property
    def name(self) -> str:
        """Return its id on the page."""

    @property
    def title(self) -> str:
        """Return its title."""

    @property
    def description(self) -> str:
        """Return what it shows, for somebody who does not see it."""

    @property
    def files(self) -> Files | None:
        """Return where it is to be had as a file; None: nowhere."""

    def draw(self) -> Markup:
        """Return it as an ``<svg>``."""

    def table(self) -> Table:
        """Return its figures."""
