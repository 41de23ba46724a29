"""Typed reads for a run that looks only at what is new: which comments wait, and beside what."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analyzer.increment import Stray
from analyzer.types import SIDES, Comment, Side

# So many comments of a kind and column say what is boilerplate there.
BESIDE = 200
# A new theme is described and paired beside so many segments of each theme.
SAMPLED = 40
# SQLite's oldest limit of variables in a statement is 999.
VARIABLES = 900

_COLUMNS = (
    "id, side, kind, source_id, column_name, text, language, date, unit, score, respondent, "
    "attributes"
)
_WAITS = (
    "NOT EXISTS (SELECT 1 FROM segments s WHERE s.comment_id = c.id) "
    "AND NOT EXISTS (SELECT 1 FROM dropped d WHERE d.comment_id = c.id)"
)


@dataclass(frozen=True, slots=True)
class Model:
    """The model that the newest run left: see ``store.Kept``; ``run`` is the run that made it."""

    run: int
    basis: str
    comments: int
    arrays: bytes


def model(db: sqlite3.Connection) -> Model | None:
    """Return what the newest run left for the next, None if there is nothing."""
    row = db.execute("SELECT run_id, basis, comments, arrays FROM models").fetchone()
    return Model(*row) if row else None


def languages(db: sqlite3.Connection) -> list[str | None]:
    """Return the language of every comment, None where it is not clear."""
    return [row[0] for row in db.execute("SELECT language FROM comments")]


def sides(db: sqlite3.Connection) -> list[Side]:
    """Return the sides that have comments which no run has read."""
    found = {row[0] for row in db.execute(f"SELECT DISTINCT side FROM comments c WHERE {_WAITS}")}
    return [side for side in SIDES if side in found]


def comments(db: sqlite3.Connection) -> list[Comment]:
    """Return the comments that no run has read, or whose text has changed since."""
    return _comments(db.execute(f"SELECT {_COLUMNS} FROM comments c WHERE {_WAITS} ORDER BY id"))


def beside(db: sqlite3.Connection, new: Sequence[Comment]) -> list[Comment]:
    """Return comments read before, beside which boilerplate and double sending show in ``new``.

    Of each kind and column of ``new`` some, and those sent on the same day by the same person.
    """
    waiting = {comment.id for comment in new}
    wanted: dict[str, None] = {}
    for kind, column in sorted({(comment.kind, comment.column) for comment in new}):
        rows = db.execute(
            "SELECT id FROM comments WHERE kind = ? AND column_name = ? ORDER BY id LIMIT ?",
            [kind, column, BESIDE + len(waiting)],
        )
        ids = [row[0] for row in rows if row[0] not in waiting]
        wanted.update(dict.fromkeys(ids[:BESIDE]))
    sent = {(c.kind, c.respondent, c.date, c.unit) for c in new if c.respondent or c.date}
    if sent:
        for row in db.execute("SELECT kind, respondent, date, unit, id FROM comments"):
            if tuple(row[:4]) in sent and row[4] not in waiting:
                wanted[row[4]] = None
    return of_ids(db, wanted)


def strays(db: sqlite3.Connection, side: Side, most: int) -> list[Stray]:
    """Return the segments of a side that are gathering, at most the ``most`` latest imported."""
    rows = db.execute(
        "SELECT g.comment_id, g.position, substr(c.text, s.start_at + 1, s.end_at - s.start_at), "
        "g.vector FROM gathering g JOIN segments s USING (comment_id, position) "
        "JOIN comments c ON c.id = g.comment_id WHERE c.side = ? "
        "ORDER BY c.import_id DESC, g.comment_id, g.position LIMIT ?",
        [side, most],
    )
    return [
        Stray((row[0], row[1]), row[2], np.frombuffer(row[3], dtype="<f2").astype(np.float32))
        for row in rows
    ]


def sampled(db: sqlite3.Connection, themes: Iterable[str]) -> set[str]:
    """Return the ids of comments that hold SAMPLED segments of each of these themes."""
    found: set[str] = set()
    for theme in themes:
        rows = db.execute(
            "SELECT comment_id FROM segments WHERE found_theme_id = ? ORDER BY comment_id LIMIT ?",
            [theme, SAMPLED],
        )
        found.update(row[0] for row in rows)
    return found


def themes_of(db: sqlite3.Connection, ids: Iterable[str]) -> dict[tuple[str, int], str]:
    """Return the theme that the run found for each segment of these comments."""
    return {
        (row[0], row[1]): row[2]
        for batch in _batches(list(ids))
        for row in db.execute(
            "SELECT comment_id, position, found_theme_id FROM segments WHERE comment_id IN "
            f"({','.join('?' * len(batch))})",
            batch,
        )
    }


def of_ids(db: sqlite3.Connection, ids: Iterable[str]) -> list[Comment]:
    """Return these comments, in the order of their ids."""
    return [
        comment
        for batch in _batches(sorted(ids))
        for comment in _comments(
            db.execute(
                f"SELECT {_COLUMNS} FROM comments WHERE id IN ({','.join('?' * len(batch))}) "
                "ORDER BY id",
                batch,
            )
        )
    ]


def _batches(items: Sequence[str]) -> list[Sequence[str]]:
    return [items[at : at + VARIABLES] for at in range(0, len(items), VARIABLES)]


def _comments(rows: Iterable[Sequence[object]]) -> list[Comment]:
    return [Comment(*_values(row)) for row in rows]  # type: ignore[arg-type]


def _values(row: Sequence[object]) -> list[object]:
    attributes: Mapping[str, str] = json.loads(str(row[-1]))
    return [*row[:-1], attributes]
