"""How a table is read: which column holds what, and what belongs to each column of text."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field

from analyzer.importers.mapping import Mapping


@dataclass(frozen=True, slots=True)
class Answer:
    """What a format knows of one column of text beside the text.

    ``title`` is a column whose text comes first, if the text does not repeat it. ``score`` is a
    column of this answer's own score, None where it is no number. ``question`` is what was asked.
    ``sensitive`` is a column that, where it is marked, forbids to read the answer.
    """

    title: str | None = None
    score: str | None = None
    question: str | None = None
    sensitive: str | None = None

    def columns(self) -> tuple[str, ...]:
        """Return the columns that are read for it."""
        return tuple(c for c in (self.title, self.score, self.sensitive) if c is not None)


@dataclass(frozen=True, slots=True)
class Plan:
    """The mapping, the answers by column of text, and how rows and dates are to be understood.

    ``newest`` is a column that tells the newest of several rows with one id. ``month_first``: so
    is 3/4/2026 understood where no date of the column shows the order.
    """

    mapping: Mapping
    answers: Dictionary[str, Answer] = field(default_factory=dict)
    newest: str | None = None
    month_first: bool = False
    notes: tuple[str, ...] = ()
