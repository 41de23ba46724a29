"""Remove what is older than it may be: comments, rows kept aside, files taken from an inbox.

A comment is as old as its date; one without a date is as old as the import that brought it, and
leaves a tombstone, since the next export could bring it as new. The others need none: an import
refuses rows that are older than the last removal's limit.
"""

from __future__ import annotations

import calendar
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer import access_log, erasure, holdings, tombstones
from analyzer.database import opened, transaction, translated
from analyzer.erasure import Cleaned, Removed
from analyzer.files import held
from analyzer.settings import Settings

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Retained:
    """What a run of the retention removed, or (``dry_run``) would remove.

    ``comments_before`` and ``aside_before`` are the limits, ISO dates; None: there is none.
    ``former`` counts texts that comments had before, ``aside`` rows that were kept aside.
    """

    comments_before: str | None
    aside_before: str
    dry_run: bool
    comments: int
    former: int
    aside: int
    files: Sequence[str]
    removed: Removed | None = None
    cleaned: Cleaned | None = None


@dataclass(frozen=True, slots=True)
class _Due:
    ids: Sequence[str]
    undated: Sequence[str]
    former: Sequence[tuple[str, int]]
    imports: Sequence[int]
    aside: int
    files: Sequence[holdings.Holding]


def months_before(today: date, months: int) -> date:
    """Return the same day so many months ago, or the last of that month."""
    count = today.year * 12 + today.month - 1 - months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def run(
    database: Path, settings: Settings, *, who: str, today: date, dry_run: bool = False
) -> Retained:
    """Remove what is older than the settings allow, as of ``today``; nothing else changes.

    Raises:
        Locked, InputOutput: see :func:`erasure.erase`.
    """
    months = settings.retention_comments_months
    limit = months_before(today, months).isoformat() if months else None
    aside_limit = (today - timedelta(days=settings.retention_aside_days)).isoformat()
    with held(database):
        with translated(database), opened(database, create=False) as db:
            erasure.careful(db)
            with transaction(db):
                due = _due(db.conn, limit, aside_limit)
                told = Retained(
                    limit, aside_limit, dry_run, len(due.ids), len(due.former), due.aside,
                    [row.path for row in due.files],
                )  # fmt: skip
                if dry_run:
                    return told
                removed = _remove(db, due, limit)
                entry = access_log.Entry(
                    who, "retention", {"before": limit, "aside": due.aside}, len(due.ids)
                )
                head = access_log.append(db.conn, entry)
            access_log.keep_head(database, head)
        cleaned = erasure.clean(database)
    return Retained(
        limit, aside_limit, False, told.comments, told.former, told.aside, told.files, removed,
        cleaned,
    )  # fmt: skip


def _due(db: sqlite3.Connection, limit: str | None, aside_limit: str) -> _Due:
    ids, undated, former = [], [], []
    if limit is not None:
        rows = db.execute(
            "SELECT c.id, c.date, i.imported_at FROM comments c "
            "JOIN imports i ON i.id = c.import_id"
        )
        for key, day, imported in rows:
            if (day or imported)[:10] < limit:
                ids.append(key)
                undated += [] if day else [key]
        gone = set(ids)
        rows = db.execute(
            "SELECT f.comment_id, f.import_id, f.date, i.imported_at FROM former f "
            "JOIN imports i ON i.id = f.import_id"
        )
        former = [
            (key, number)
            for key, number, day, imported in rows
            if key not in gone and (day or imported)[:10] < limit
        ]
    imports = db.execute(
        "SELECT i.id, count(*) FROM imports i JOIN rejected_rows r ON r.import_id = i.id "
        "WHERE i.imported_at < ? GROUP BY i.id",
        [aside_limit],
    ).fetchall()
    files = [
        row
        for row in holdings.known(db, "source", "upload")
        if row.state == "there" and row.written_at < aside_limit
    ]
    aside = sum(row[1] for row in imports)
    return _Due(ids, undated, former, [row[0] for row in imports], aside, files)


def _remove(db: Database, due: _Due, limit: str | None) -> Removed | None:
    removed = None
    db.conn.executemany("DELETE FROM former WHERE comment_id = ? AND import_id = ?", due.former)
    if due.ids or due.former:
        number = erasure.begin(db.conn, "retention", "", len(due.ids), limit)
        wanted, stones = set(due.undated), tombstones.known(db.conn)
        digests = {
            stones.of_source(row.side, row.kind, row.id_column, row.source_id)
            for row in tombstones.places(db.conn)
            if row.comment_id in wanted
        }
        tombstones.lay(db.conn, number, digests)
    if due.ids:
        removed = erasure.remove(db, due.ids)
        holdings.doom(db.conn, holdings.known(db.conn, "export"))
    for number in due.imports:
        db.execute("DELETE FROM rejected_rows WHERE import_id = ?", [number])
        db.execute("UPDATE imports SET aside_gone_at = datetime('now') WHERE id = ?", [number])
    holdings.doom(db.conn, due.files)
    return removed
