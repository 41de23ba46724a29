"""What each import carried, and what its comments said before: all that an undo needs.

A comment has a value for each import that changed it. The newest is the row in ``comments``, which
names its import; the others are rows in ``former``. Every import that carried the comment without
changing it is in ``carried`` only: it said what the newest import before it had said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database

# What of a comment may change from one import to the next; the rest makes its id.
VALUES = "text, language, date, unit, score, respondent, attributes"
# SQLite's oldest limit of variables in a statement is 999.
BATCH = 900


def comment_id(side: str, kind: str, id_column: str, source_id: str, column: str) -> str:
    """Return the id of an answer, the same whenever it is imported: 32 hexadecimal digits.

    ``id_column`` is the column that held ``source_id``, or ``row`` where rows have no id.
    """
    place = "\x1f".join((side, kind, id_column, source_id, column))
    return hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def keep_former(db: Database, changed: Sequence[str]) -> None:
    """Keep what these comments say now, before an import changes them."""
    db.conn.executemany(
        f"INSERT INTO former (comment_id, import_id, {VALUES}) "
        f"SELECT id, import_id, {VALUES} FROM comments WHERE id = ?",
        [(key,) for key in changed],
    )


def carry(db: Database, import_id: int, new: Sequence[str], all_ids: Sequence[str]) -> None:
    """Number the new comments, index their words, remember each comment that the import carried."""
    before = db.execute("SELECT coalesce(max(number), 0) FROM arrivals").fetchone()[0]
    db.conn.executemany("INSERT INTO arrivals (comment_id) VALUES (?)", [(key,) for key in new])
    db.execute(
        "INSERT INTO comment_words (rowid, text) SELECT number, text FROM comment_texts "
        "WHERE number > ?",
        [before],
    )
    db.execute("UPDATE imports SET tracked = 1 WHERE id = ?", [import_id])
    db.conn.executemany(
        "INSERT INTO carried (import_id, first, last) VALUES (?, ?, ?)",
        [(import_id, *span) for span in _ranges(_numbers(db, all_ids))],
    )


def _numbers(db: Database, ids: Sequence[str]) -> list[int]:
    found: list[int] = []
    for start in range(0, len(ids), BATCH):
        batch = list(ids[start : start + BATCH])
        marks = ",".join("?" * len(batch))
        rows = db.execute(f"SELECT number FROM arrivals WHERE comment_id IN ({marks})", batch)
        found += [row[0] for row in rows.fetchall()]
    return sorted(found)


def _ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield sorted numbers as (first, last) without gaps."""
    first = last = None
    for number in numbers:
        if first is None or last is None:
            first = number
        elif number != last + 1:
            yield first, last
            first = number
        last = number
    if first is not None and last is not None:
        yield first, last


def state(db: sqlite3.Connection | Database) -> str:
    """Return what is another text whenever an import, undo, erasure or mask changed comments."""
    row = db.execute(
        "SELECT coalesce(max(id) FILTER (WHERE new + changed > 0), 0), count(undone_at), "
        "(SELECT count(*) FROM erasures WHERE comments > 0), coalesce(sum(masked_anew), 0) "
        "FROM imports"
    ).fetchone()
    erased, masked = (f"-e{row[2]}" if row[2] else ""), (f"-m{row[3]}" if row[3] else "")
    return f"{row[0]}-{row[1]}{erased}{masked}"


def is_analysed(db: sqlite3.Connection) -> bool:
    """Return whether the newest run saw the comments as they are now."""
    row = db.execute("SELECT comments_state FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    return row is not None and row[0] == state(db)
