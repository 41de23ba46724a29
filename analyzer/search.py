"""Search over comments: by words (SQLite's full text), and by meaning where there is an embedder.

What comes back are ids and places, never texts: whoever shows them asks the guard first.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from analyzer.embed import text_hash
from analyzer.types import Embedder, Side, Vectors

# Reciprocal rank fusion: Cormack, Clarke & Buettcher (2009), SIGIR, who use this constant.
SMOOTHING = 60
# Of each of the two ways so many more are ranked than are asked for.
WIDER = 4
BATCH = 5000
# Control characters mark what was found: no comment holds one (see ``clean.normalise``).
_OPEN, _CLOSE = "\x02", "\x03"
_PART = re.compile(r'"([^"]*)"|(\w+)')
_MARK = re.compile(f"[{_OPEN}{_CLOSE}]")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """A comment that was found: offsets of what fits in its text, and a score; the best is first.

    ``by`` says what found it: ``words``, ``meaning``, or ``both``.
    """

    comment_id: str
    spans: tuple[Span, ...]
    score: float
    by: str


def search(
    db: sqlite3.Connection,
    text: str,
    side: Side | None = None,
    *,
    limit: int = 50,
    embedder: Embedder | None = None,
) -> list[Hit]:
    """Return the comments that fit best, at most ``limit``.

    Words in double quotes have to stand together. All words have to be there; where no comment has
    all, any will do. Capitals and accents do not count. With ``embedder``, the model of the newest
    run, comments that mean something near are found too; both rankings are joined by reciprocal
    rank fusion. The query is not kept anywhere.
    """
    wide = limit * WIDER if embedder else limit
    worded = by_words(db, text, side, wide)
    meant = by_meaning(db, text, side, wide, embedder) if embedder and text.strip() else {}
    scores: dict[str, float] = {}
    for found in (worded, meant):
        for rank, key in enumerate(found, start=1):
            scores[key] = scores.get(key, 0.0) + 1 / (SMOOTHING + rank)
    best = sorted(scores, key=lambda key: (-scores[key], key))[:limit]
    return [
        Hit(
            key,
            worded.get(key) or meant[key],
            scores[key],
            "both" if key in worded and key in meant else "words" if key in worded else "meaning",
        )
        for key in best
    ]


def by_words(
    db: sqlite3.Connection, text: str, side: Side | None, limit: int
) -> dict[str, tuple[Span, ...]]:
    """Return comments by bm25, the best first, with the spans of the words."""
    parts = [f'"{quoted or word}"' for quoted, word in _PART.findall(text) if quoted or word]
    for joint in (" AND ", " OR "):
        if not parts:
            break
        query = joint.join(parts)
        rows = db.execute(
            "SELECT w.rowid, a.comment_id FROM comment_words w "
            "JOIN arrivals a ON a.number = w.rowid JOIN comments c ON c.id = a.comment_id "
            "WHERE comment_words MATCH ? AND (? IS NULL OR c.side = ?) "
            "ORDER BY bm25(comment_words), a.comment_id LIMIT ?",
            [query, side, side, limit],
        ).fetchall()
        if rows:
            # Marked are only those that were chosen: a common word stands in most comments.
            return {key: _spans(_marked(db, query, number)) for number, key in rows}
    return {}


def _marked(db: sqlite3.Connection, query: str, number: int) -> str:
    row = db.execute(
        "SELECT highlight(comment_words, 0, ?, ?) FROM comment_words "
        "WHERE comment_words MATCH ? AND rowid = ?",
        [_OPEN, _CLOSE, query, number],
    ).fetchone()
    return str(row[0])


def _spans(marked: str) -> tuple[Span, ...]:
    """Return the offsets of the marked parts in the text without the marks."""
    places = [mark.start() - at for at, mark in enumerate(_MARK.finditer(marked))]
    return tuple(zip(places[::2], places[1::2], strict=True))


def by_meaning(
    db: sqlite3.Connection, text: str, side: Side | None, limit: int, embedder: Embedder
) -> dict[str, tuple[Span, ...]]:
    """Return comments by the cosine of their nearest segment with the text, at least ``similar``.

    The vectors are those that the newest run kept; segments without one are not found.
    """
    wanted = embedder.embed([text])[0]
    best: dict[str, tuple[float, Span]] = {}
    for keys, spans, rows in _vectors(db, side, embedder.fingerprint):
        for key, span, cosine in zip(keys, spans, (rows @ wanted).tolist(), strict=True):
            if cosine >= embedder.similar and cosine > best.get(key, (-1.0, span))[0]:
                best[key] = (cosine, span)
    ranked = sorted(best, key=lambda key: (-best[key][0], key))[:limit]
    return {key: (best[key][1],) for key in ranked}


def _vectors(
    db: sqlite3.Connection, side: Side | None, fingerprint: str
) -> Iterator[tuple[Sequence[str], Sequence[Span], Vectors]]:
    """Yield segments in batches: ids of their comments, offsets, vectors (n, dimension)."""
    rows = db.execute(
        "SELECT s.comment_id, s.start_at, s.end_at, "
        "substr(c.text, s.start_at + 1, s.end_at - s.start_at) "
        "FROM segments s JOIN comments c ON c.id = s.comment_id "
        "WHERE ? IS NULL OR c.side = ? ORDER BY s.comment_id, s.position",
        [side, side],
    )
    while batch := list(islice(rows, BATCH)):
        hashes = [text_hash(row[3]) for row in batch]
        known = _known(db, fingerprint, hashes)
        there = [at for at, key in enumerate(hashes) if key in known]
        if there:
            yield (
                [batch[at][0] for at in there],
                [(batch[at][1], batch[at][2]) for at in there],
                np.array([np.frombuffer(known[hashes[at]], dtype="<f4") for at in there]),
            )


def _known(
    db: sqlite3.Connection, fingerprint: str, hashes: Sequence[bytes]
) -> Mapping[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for start in range(0, len(hashes), 900):
        part = hashes[start : start + 900]
        marks = ",".join("?" * len(part))
        found.update(
            db.execute(
                "SELECT text_hash, vector FROM embeddings WHERE fingerprint = ? "
                f"AND text_hash IN ({marks})",
                [fingerprint, *part],
            ).fetchall()
        )
    return found
