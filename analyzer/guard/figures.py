"""Typed reads of the cube: the figures of any theme and filter, of both sides, in one shape."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analyzer.errors import UsageError
from analyzer.guard.cube import EVERYBODY
from analyzer.guard.groups import MOST_ATTRIBUTES, Filter
from analyzer.types import Judgement, Side


@dataclass(frozen=True, slots=True)
class Cell:
    """What may be said of one theme ('': the whole side) and one filter.

    ``respondents`` are people; ``positive``, ``neutral``, ``negative`` are the people with a
    segment that judges so, and one person may be in two of them. Of customers these are exact, and
    ``comments`` counts comments. Of employees they are rounded to a multiple of the people that a
    figure needs (5, or more by the settings), None where there are too few people or a figure
    would give others away; ``comments`` is always None, for one person may write several.
    ``readable`` says whether the comments of this group may be read by whom may read any;
    ``readable_judgements`` which of its judgements are groups large enough.
    """

    side: Side
    theme_id: str
    filter: Filter
    respondents: int | None
    comments: int | None
    positive: int | None
    neutral: int | None
    negative: int | None
    readable: bool
    readable_judgements: frozenset[Judgement]

    def judged(self, key: Judgement) -> int | None:
        """Return how many people judge so."""
        found: int | None = getattr(self, key)
        return found

    def share(self, key: Judgement) -> float | None:
        """Return the share of people who judge so, 0..1, from published figures alone."""
        figures = [self.positive, self.neutral, self.negative]
        count, said = self.judged(key), sum(figure or 0 for figure in figures)
        if count is None or self.respondents is None:
            return None
        return count / max(said, self.respondents, 1)


_JUDGEMENTS: tuple[Judgement, ...] = ("positive", "neutral", "negative")


def _cell(row: Any) -> Cell:
    side, theme, a, x, b, y, people, comments, positive, neutral, negative = row[:11]
    filters = tuple((name, value) for name, value in ((a, x), (b, y)) if name)
    readable = frozenset(key for key, may in zip(_JUDGEMENTS, row[12:15], strict=True) if may)
    return Cell(
        side, theme, filters, people, comments, positive, neutral, negative, bool(row[11]),
        readable,
    )  # fmt: skip


def cell(
    db: sqlite3.Connection, side: Side, theme_id: str = EVERYBODY, where: Filter = ()
) -> Cell | None:
    """Return one cell; None if too few people are in it, be it four or nobody.

    Raises:
        UsageError: the filter has more than two attributes, or one of them twice.
    """
    flat = _flat(where)
    row = db.execute(
        "SELECT * FROM cube WHERE side = ? AND theme_id = ? AND attribute = ? AND value = ? "
        "AND attribute2 = ? AND value2 = ?",
        [side, theme_id, *flat],
    ).fetchone()
    if row is None and len(where) == MOST_ATTRIBUTES:
        row = db.execute(
            "SELECT * FROM cube WHERE side = ? AND theme_id = ? AND attribute = ? AND value = ? "
            "AND attribute2 = ? AND value2 = ?",
            [side, theme_id, *flat[2:], *flat[:2]],
        ).fetchone()
    return _cell(row) if row else None


def _flat(where: Filter) -> list[str]:
    names = [name for name, _ in where]
    if len(names) > MOST_ATTRIBUTES or len(set(names)) < len(names):
        raise UsageError(
            "A filter has at most two attributes, each with one value. Leave one of them out."
        )
    flat = [part for pair in where for part in pair]
    return [*flat, *[""] * (2 * MOST_ATTRIBUTES - len(flat))]


def cells(
    db: sqlite3.Connection, side: Side, by: Sequence[str] = (), theme_id: str | None = None
) -> list[Cell]:
    """Return the cells of every theme, or of one, whose filters have exactly these attributes.

    ``by`` is at most two of :func:`attributes`, in any order. With ``theme_id`` '' they are those
    of the whole side.

    Raises:
        UsageError: ``by`` has more than two attributes, or one of them twice.
    """
    _flat(tuple((name, "") for name in by))
    pair = [*by, *[""] * (MOST_ATTRIBUTES - len(by))]
    rows = db.execute(
        "SELECT * FROM cube WHERE side = ?1 AND (?2 IS NULL OR theme_id = ?2) AND "
        "((attribute = ?3 AND attribute2 = ?4) OR (attribute = ?4 AND attribute2 = ?3 "
        "AND ?4 <> ''))",
        [side, theme_id, *pair],
    )
    return [_cell(row) for row in rows]


def attributes(db: sqlite3.Connection, side: Side) -> dict[str, list[str]]:
    """Return the attributes of one side by which figures can be had, with the values shown."""
    rows = db.execute(
        "SELECT DISTINCT attribute, value FROM cube WHERE side = ? AND theme_id = '' "
        "AND attribute <> '' AND attribute2 = '' ORDER BY 1, 2",
        [side],
    )
    found: dict[str, list[str]] = {}
    for name, value in rows:
        found.setdefault(name, []).append(value)
    return found
