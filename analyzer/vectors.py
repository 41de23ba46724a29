"""Which vectors of the cache belong to which comments; sweep those that no comment uses any more.

Embedded are the segments of a comment and its body, which is all of it but boilerplate at the ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from analyzer.embed import text_hash
from analyzer.reading import read
from analyzer.types import SIDES, Comment, no_progress

if TYPE_CHECKING:
    from sqlite_utils import Database

_SEGMENTS = """
    SELECT substr(c.text, s.start_at + 1, s.end_at - s.start_at)
    FROM segments s JOIN comments c ON c.id = s.comment_id
"""
# Boilerplate at the beginning ends where the body starts, and the other way round.
_BODIES = """
    SELECT substr(c.text, 1 + coalesce(b.end_at, 0),
        coalesce(e.start_at, length(c.text)) - coalesce(b.end_at, 0))
    FROM comments c
    LEFT JOIN dropped b ON b.comment_id = c.id AND b.reason = 'boilerplate' AND b.start_at = 0
    LEFT JOIN dropped e ON e.comment_id = c.id AND e.reason = 'boilerplate' AND e.start_at > 0
"""


def of_comments(db: Database, ids: Sequence[str], former_of: int) -> set[bytes]:
    """Return the keys of all texts that may have been embedded for these comments.

    ``former_of`` is an import whose former values count as well. A comment that was never analysed,
    or whose analysis was killed before it was stored, is read as it would have been.
    """
    db.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (id TEXT PRIMARY KEY) STRICT")
    db.execute("DELETE FROM temp.wanted")
    db.conn.executemany("INSERT INTO temp.wanted VALUES (?)", [(key,) for key in ids])
    within = "WHERE c.id IN (SELECT id FROM temp.wanted)"
    found = _keys(row[0] for row in db.execute(f"{_SEGMENTS} {within}"))
    found |= _keys(row[0] for row in db.execute(f"{_BODIES} {within}"))
    rows = db.execute(
        f"""
        SELECT c.id, side, kind, source_id, column_name, c.text, c.language, c.date, c.unit,
            c.score, c.respondent FROM comments c {within}
        UNION ALL
        SELECT c.id, side, kind, source_id, column_name, f.text, f.language, f.date, f.unit,
            f.score, f.respondent FROM former f JOIN comments c ON c.id = f.comment_id
        WHERE f.import_id = ?
        """,
        [former_of],
    )
    comments = [Comment(*row) for row in rows]
    for side in SIDES:
        alone = read(comments, side, no_progress)
        found |= _keys(alone.texts) | _keys(alone.whole)
    return found


def sweep(db: Database, keys: Iterable[bytes]) -> int:
    """Delete those vectors that no comment uses; return how many went."""
    used = _keys(row[0] for row in db.execute(_SEGMENTS))
    used |= _keys(row[0] for row in db.execute(_BODIES))
    unused = set(keys) - used
    fingerprints = [row[0] for row in db.execute("SELECT DISTINCT fingerprint FROM embeddings")]
    before = db.conn.total_changes
    for fingerprint in fingerprints:
        db.conn.executemany(
            "DELETE FROM embeddings WHERE fingerprint = ? AND text_hash = ?",
            [(fingerprint, key) for key in unused],
        )
    return db.conn.total_changes - before


def _keys(texts: Iterable[str]) -> set[bytes]:
    return {text_hash(text) for text in texts}
