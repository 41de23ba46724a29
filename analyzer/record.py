"""The record of what each run changed, made inside the run's transaction: before it, and after it.

It compares what people see. Segments that were gathering were only lent to the nearest theme: what
they become is new, and no part of that theme.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from analyzer import edit_log
from analyzer.changes import theme_changes
from analyzer.projection import read_found
from analyzer.types import SIDES

_PAIRS = (
    "SELECT employee_theme_id, customer_theme_id FROM pairs WHERE status <> 'rejected' "
    "AND NOT hidden"
)


@dataclass(frozen=True)
class Before:
    """What was shown before a run: labels, sizes by side, pairs; segments are in a table."""

    labels: Mapping[str, str]
    sizes: Mapping[str, Mapping[str, int]]
    pairs: frozenset[tuple[str, str]]


def remember(db: sqlite3.Connection) -> Before:
    """Keep what is shown, the segments in a temporary table, until :func:`write`."""
    db.execute("DROP TABLE IF EXISTS temp.before")
    db.execute(
        "CREATE TEMP TABLE before AS SELECT comment_id, start_at, end_at, theme_id, "
        "EXISTS (SELECT 1 FROM gathering g WHERE g.comment_id = s.comment_id "
        "AND g.position = s.position) AS stray FROM segments s"
    )
    return Before(_labels(db), _sizes(db), frozenset(map(tuple, db.execute(_PAIRS))))


def _labels(db: sqlite3.Connection) -> dict[str, str]:
    return dict(db.execute("SELECT id, label FROM themes").fetchall())


def _sizes(db: sqlite3.Connection) -> dict[str, dict[str, int]]:
    sizes: dict[str, dict[str, int]] = {side: {} for side in SIDES}
    for side, theme, count in db.execute("SELECT side, id, segments FROM themes"):
        sizes[side][theme] = count
    return sizes


def write(db: sqlite3.Connection, run: int, before: Before) -> None:
    """Write what is different now."""
    moves: dict[str, Counter[tuple[str, str]]] = {side: Counter() for side in SIDES}
    strays: dict[str, Counter[tuple[str, str]]] = {side: Counter() for side in SIDES}
    side_of = dict(db.execute("SELECT id, side FROM identities").fetchall())
    for old, new, stray, count in db.execute(
        "SELECT b.theme_id, s.theme_id, b.stray, count(*) FROM temp.before b JOIN segments s "
        "ON s.comment_id = b.comment_id AND s.start_at = b.start_at AND s.end_at = b.end_at "
        "GROUP BY b.theme_id, s.theme_id, b.stray"
    ):
        moves[side_of[new]][old, new] += count
        strays[side_of[new]][old, new] += count * stray
    after, labels = _sizes(db), {**before.labels, **_labels(db)}
    for side in SIDES:
        db.executemany(
            "INSERT INTO theme_changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    run, side, row.kind, row.theme_id, row.other_id, labels[row.theme_id],
                    row.before, row.after, row.moved,
                )
                for row in theme_changes(
                    before.sizes[side], after[side], moves[side], strays[side]
                )
            ],
        )  # fmt: skip
    pairs = frozenset(map(tuple, db.execute(_PAIRS)))
    rows = [("new", *pair) for pair in pairs - before.pairs]
    rows += [("gone", *pair) for pair in before.pairs - pairs]
    db.executemany(
        "INSERT INTO pair_changes VALUES (?, ?, ?, ?)", [(run, *row) for row in sorted(rows)]
    )
    db.execute("DROP TABLE temp.before")


def remember_ids(db: sqlite3.Connection, run: int, parents: Mapping[str, str]) -> None:
    """Remember every id that the run gave for good; ``parents``: from which theme one split off."""
    found = read_found(db)
    assert found is not None
    for broad in found.broad:
        edit_log.add_identity(db, broad.id, broad.side, run, None)
    for theme in found.themes:
        edit_log.add_identity(db, theme.id, theme.side, run, parents.get(theme.id))
