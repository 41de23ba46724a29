"""Typed reads. Every figure of a page or an export comes from here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analyzer.types import Comment, Side


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme; ``partners`` counts its pairs (0: partnerless)."""

    id: str
    side: Side
    label: str
    terms: tuple[str, ...]
    comments: int
    segments: int
    partners: int


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment in its comment: ``comment[start:end]`` is ``text``."""

    source_id: str
    side: Side
    segment_index: int
    theme_id: str
    confidence: float
    text: str
    comment: str
    start: int
    end: int
    kind: str
    date: str | None
    unit: str | None
    score: float | None


@dataclass(frozen=True, slots=True)
class SignRow:
    """One reason for a pair: see :class:`analyzer.types.Sign`."""

    name: str
    value: float
    weight: float
    note: str


@dataclass(frozen=True, slots=True)
class ClosestRow:
    """Two segments, one of each side, that are close in meaning."""

    employee: str
    customer: str
    cosine: float


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair as a list shows it."""

    employee: ThemeRow
    customer: ThemeRow
    kind: str
    probability: float
    similarity: float
    status: str


@dataclass(frozen=True, slots=True)
class PairDetail:
    """A pair with its evidence."""

    pair: PairRow
    signs: tuple[SignRow, ...]
    shared_terms: tuple[str, ...]
    closest: tuple[ClosestRow, ...]
    edge: str | None
    reason: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class RunInfo:
    """The newest run: what a page says about where its figures come from."""

    id: int
    finished_at: str
    seconds: float
    seed: int
    strategy: str
    embedder: str
    fingerprint: str
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    inputs: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideCounts:
    """How much of one side there is; ``dropped`` counts comments left out, by reason."""

    comments: int
    segments: int
    themes: int
    partnerless: int
    dropped: Mapping[str, int]


def last_run(db: sqlite3.Connection) -> RunInfo | None:
    """Return the newest run, None if nothing was analysed yet."""
    columns = ", ".join(RunInfo.__dataclass_fields__)
    row = db.execute(f"SELECT {columns} FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    if row is None:
        return None
    values = dict(row)
    for key in ("settings", "versions"):
        values[key] = json.loads(values[key])
    for key in ("inputs", "notes"):
        values[key] = tuple(json.loads(values[key]))
    return RunInfo(**values)


def side_counts(db: sqlite3.Connection, side: Side) -> SideCounts:
    """Return the counts of one side."""
    comments = db.execute("SELECT count(*) FROM comments WHERE side = ?", [side]).fetchone()[0]
    segments = db.execute(
        "SELECT count(*) FROM segments JOIN comments ON comments.id = comment_id WHERE side = ?",
        [side],
    ).fetchone()[0]
    rows = themes(db, side)
    dropped = db.execute(
        "SELECT reason, count(*) FROM dropped JOIN comments ON comments.id = comment_id "
        "WHERE side = ? GROUP BY reason ORDER BY reason",
        [side],
    ).fetchall()
    alone = sum(1 for row in rows if not row.partners)
    return SideCounts(comments, segments, len(rows), alone, {row[0]: row[1] for row in dropped})


_THEMES = """
    SELECT themes.id, side, label, terms, comments, segments,
        (SELECT count(*) FROM pairs WHERE status <> 'rejected'
            AND (employee_theme_id = themes.id OR customer_theme_id = themes.id)) AS partners
    FROM themes
"""


def _theme(row: sqlite3.Row) -> ThemeRow:
    values = dict(row)
    return ThemeRow(**{**values, "terms": tuple(json.loads(values["terms"]))})


def themes(db: sqlite3.Connection, side: Side | None = None) -> list[ThemeRow]:
    """Return the themes, employees' first, the largest of a side first."""
    where, args = ("WHERE side = ?", [side]) if side else ("", [])
    rows = db.execute(f"{_THEMES} {where} ORDER BY side DESC, position", args)
    return [_theme(row) for row in rows]


def theme(db: sqlite3.Connection, theme_id: str) -> ThemeRow | None:
    """Return one theme, None if there is none of that id."""
    row = db.execute(f"{_THEMES} WHERE id = ?", [theme_id]).fetchone()
    return _theme(row) if row else None


_PAIRS = (
    "SELECT * FROM pairs {where} ORDER BY probability DESC, employee_theme_id, customer_theme_id"
)


def pairs(db: sqlite3.Connection, theme_id: str | None = None) -> list[PairRow]:
    """Return the pairs, the likeliest first; those of one theme if ``theme_id`` is given."""
    where = "WHERE ? IN (employee_theme_id, customer_theme_id)" if theme_id else ""
    found = db.execute(_PAIRS.format(where=where), [theme_id] if theme_id else [])
    known = {row.id: row for row in themes(db)}
    return [_pair(row, known) for row in found]


def _pair(row: sqlite3.Row, known: Mapping[str, ThemeRow]) -> PairRow:
    return PairRow(
        known[row["employee_theme_id"]], known[row["customer_theme_id"]], row["kind"],
        row["probability"], row["similarity"], row["status"],
    )  # fmt: skip


_TEXT_OF = "substr(c.text, s.start_at + 1, s.end_at - s.start_at)"


def pair(db: sqlite3.Connection, employee: str, customer: str) -> PairDetail | None:
    """Return a pair with its evidence, None if these two themes are no pair."""
    ends = [employee, customer]
    row = db.execute(
        _PAIRS.format(where="WHERE employee_theme_id = ? AND customer_theme_id = ?"), ends
    ).fetchone()
    if row is None:
        return None
    closest = db.execute(
        f"""
        SELECT (SELECT {_TEXT_OF} FROM segments s JOIN comments c ON c.id = s.comment_id
                WHERE s.comment_id = employee_comment_id AND s.position = employee_position),
               (SELECT {_TEXT_OF} FROM segments s JOIN comments c ON c.id = s.comment_id
                WHERE s.comment_id = customer_comment_id AND s.position = customer_position),
               cosine
        FROM closest WHERE employee_theme_id = ? AND customer_theme_id = ? ORDER BY rank
        """,
        ends,
    )
    known = {end: found for end in ends if (found := theme(db, end))}
    return PairDetail(
        pair=_pair(row, known),
        signs=tuple(SignRow(**sign) for sign in json.loads(row["signs"])),
        shared_terms=tuple(json.loads(row["shared_terms"])),
        closest=tuple(ClosestRow(*found) for found in closest),
        edge=row["edge"],
        reason=row["reason"],
        source=row["source"],
    )


_SEGMENTS = f"""
    SELECT c.source_id, c.side, s.position AS segment_index, s.theme_id, s.confidence,
        {_TEXT_OF} AS text, c.text AS comment, s.start_at AS start, s.end_at AS end, c.kind, c.date,
        c.unit, c.score
    FROM segments s JOIN comments c ON c.id = s.comment_id
"""


def telling_segments(db: sqlite3.Connection, theme_id: str, limit: int = 50) -> list[SegmentRow]:
    """Return a theme's segments, its exemplars first, then by confidence; one a comment."""
    rows = db.execute(
        f"""
        SELECT * FROM (
            SELECT q.*, row_number() OVER (
                PARTITION BY comment_key ORDER BY rank, confidence DESC, segment_index) AS nth
            FROM (
                SELECT d.*, coalesce(x.rank, 999999) AS rank FROM (
                    {_SEGMENTS.replace("SELECT ", "SELECT c.id AS comment_key, ", 1)}
                    WHERE s.theme_id = ?) d
                LEFT JOIN exemplars x ON x.theme_id = d.theme_id
                    AND x.comment_id = d.comment_key AND x.position = d.segment_index) q)
        WHERE nth = 1 ORDER BY rank, confidence DESC, comment_key LIMIT ?
        """,
        [theme_id, limit],
    )
    fields = SegmentRow.__dataclass_fields__
    return [SegmentRow(**{key: row[key] for key in fields}) for row in rows]


def segments(db: sqlite3.Connection) -> Iterator[SegmentRow]:
    """Yield every segment, employees' first, in the order of source ids.

    A row of the source with several text columns has several comments: ``segment_index`` counts
    through all of them, so that (side, kind, source_id, segment_index) is unique.
    """
    rows = db.execute(f"{_SEGMENTS} ORDER BY c.side DESC, c.kind, c.source_id, c.column_name, 3")
    before: tuple[str, str, str] | None = None
    index = 0
    for row in rows:
        source = (row["side"], row["kind"], row["source_id"])
        index = index + 1 if source == before else 0
        before = source
        yield SegmentRow(**{**dict(row), "segment_index": index})


def comments(db: sqlite3.Connection) -> list[Comment]:
    """Return every comment in an order that does not depend on the order of imports."""
    rows = db.execute(
        "SELECT id, side, kind, source_id, column_name AS column, text, language, date, unit, "
        "score, respondent, attributes FROM comments ORDER BY side, kind, source_id, id"
    )
    return [Comment(**{**dict(row), "attributes": json.loads(row["attributes"])}) for row in rows]


def comment_count(db: sqlite3.Connection) -> int:
    """Return the number of comments of both sides."""
    return int(db.execute("SELECT count(*) FROM comments").fetchone()[0])


def input_hashes(db: sqlite3.Connection) -> list[str]:
    """Return the sha256 of every file that was imported, sorted."""
    rows = db.execute("SELECT DISTINCT sha256 FROM imports ORDER BY sha256")
    return [row[0] for row in rows]


def imported_files(db: sqlite3.Connection) -> list[str]:
    """Return the names of the files that were imported."""
    return [row[0] for row in db.execute("SELECT DISTINCT file FROM imports ORDER BY file")]
