"""Take comments away with everything that names them, and show what is left: undo, erase, retain.

All inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analyzer import projection
from analyzer.stale import forget_segments

if TYPE_CHECKING:
    from sqlite_utils import Database

# Whatever names a comment, by a foreign key or in a column of that name: tables to come as well.
_NAMING = """
    SELECT m.name, f."from" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
    WHERE m.type = 'table' AND f."table" = 'comments'
    UNION SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table'
        AND c.name IN ('comment_id', 'employee_comment_id', 'customer_comment_id')
"""


def forget(db: Database, ids: Sequence[str]) -> None:
    """Delete comments and every row that names one of them."""
    db.execute("PRAGMA defer_foreign_keys = ON")
    forget_segments(db, ids)
    db.execute("CREATE TEMP TABLE going (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID")
    db.conn.executemany("INSERT OR IGNORE INTO temp.going VALUES (?)", [(key,) for key in ids])
    # The words of a comment are taken out of the index while its text is still there.
    for table, column in [*naming(db), ("comments", "id")]:
        db.execute(f'DELETE FROM "{table}" WHERE "{column}" IN (SELECT id FROM temp.going)')
    db.execute("DROP TABLE temp.going")


def naming(db: Database) -> list[tuple[str, str]]:
    """Return the tables and columns that name comments."""
    return [(row[0], row[1]) for row in db.execute(_NAMING).fetchall()]


def cut_down(db: Database) -> tuple[list[str], list[tuple[str, str]]]:
    """Show what is left of the result; return the themes and pairs that went.

    The model of the last run is made of the comments as they were: it goes, so the next analysis
    finds themes anew, and those that are still there keep their ids. The index of words is written
    anew, since words that were taken out stay in it until then.
    """
    before = _shown(db)
    db.execute("DELETE FROM models")
    projection.project(db.conn)
    after = _shown(db)
    db.execute("INSERT INTO comment_words (comment_words) VALUES ('optimize')")
    return sorted(before[0] - after[0]), sorted(before[1] - after[1])


def _shown(db: Database) -> tuple[set[str], set[tuple[str, str]]]:
    themes = db.execute("SELECT id FROM themes").fetchall()
    pairs = db.execute("SELECT employee_theme_id, customer_theme_id FROM pairs").fetchall()
    return {row[0] for row in themes}, {(row[0], row[1]) for row in pairs}
