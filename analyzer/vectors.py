"""Sweep the cache of vectors down to what the comments that are there need.

Embedded are the segments of a comment and its body, which is all of it but boilerplate at the ends.
Whatever else was embedded is either made of comments (phrases that might be labels) or the same for
everybody (the experience map); both are few, and the next analysis embeds them again.
"""

from __future__ import annotations

from collections.abc import Iterable
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
_NOT_ANALYSED = """
    SELECT id, side, kind, source_id, column_name, text, language, date, unit, score, respondent
    FROM comments WHERE id NOT IN (SELECT comment_id FROM segments)
        AND id NOT IN (SELECT comment_id FROM dropped)
"""


def sweep(db: Database) -> int:
    """Delete the vectors that no segment and no body of a comment uses; return how many went.

    Comments that were not analysed yet are read as they would be alone: a killed run may have
    embedded them.
    """
    if not db.execute("SELECT 1 FROM embeddings LIMIT 1").fetchone():
        return 0
    used = _keys(row[0] for query in (_SEGMENTS, _BODIES) for row in db.execute(query))
    waiting = [Comment(*row) for row in db.execute(_NOT_ANALYSED)]
    for side in SIDES:
        alone = read(waiting, side, no_progress)
        used |= _keys(alone.texts) | _keys(alone.whole)
    db.execute("CREATE TEMP TABLE used (text_hash BLOB PRIMARY KEY) STRICT, WITHOUT ROWID")
    db.conn.executemany("INSERT INTO temp.used VALUES (?)", [(key,) for key in used])
    swept = db.execute(
        "DELETE FROM embeddings WHERE text_hash NOT IN (SELECT text_hash FROM temp.used)"
    ).rowcount
    db.execute("DROP TABLE temp.used")
    return int(swept)


def _keys(texts: Iterable[str]) -> set[bytes]:
    return {text_hash(text) for text in texts}
