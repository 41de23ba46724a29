"""A comment as it may be read: what is written beside an employee's must not single anybody out."""

from __future__ import annotations

import sqlite3

from analyzer.guard import figures
from analyzer.guard.crowd import KIND, QUARTER, UNIT, quarter
from analyzer.guard.groups import Filter
from analyzer.guard.shown import Quote
from analyzer.rows import SegmentRow

# What may stand beside a comment, the best first.
BESIDE = ((UNIT, QUARTER), (KIND, QUARTER), (KIND, UNIT), (UNIT,), (QUARTER,), (KIND,), ())


def whole(row: SegmentRow) -> Quote:
    """Return a customer's comment with all that is known of it."""
    return Quote(
        row.source_id, row.theme_id, row.segment_index, row.confidence, row.comment, row.start,
        row.end, row.kind, row.date, row.unit, row.score, row.judgement,
    )  # fmt: skip


def masked(db: sqlite3.Connection, row: SegmentRow, key: str) -> Quote:
    """Return an employee's comment with as much beside it as a group large enough shares.

    Never its day and its score: with these it could be found in another list.
    """
    known = {KIND: row.kind, UNIT: row.unit, QUARTER: quarter(row.date)}
    cell, shown = None, {}
    for names in BESIDE:
        where: Filter = tuple((name, value) for name in names if (value := known[name]) is not None)
        if len(where) < len(names):
            continue
        cell = figures.cell(db, "employee", row.theme_id, where)
        if cell is not None and cell.readable:
            shown = dict(where)
            break
    judged = row.judgement
    if cell is None or not cell.readable or judged not in cell.readable_judgements:
        judged = None
    return Quote(
        key, row.theme_id, row.segment_index, row.confidence, row.comment, row.start, row.end,
        shown.get(KIND), shown.get(QUARTER), shown.get(UNIT), None, judged,
    )  # fmt: skip
