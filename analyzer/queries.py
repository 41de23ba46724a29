"""Typed reads. Every figure of a page or an export comes from here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from analyzer.rows import (
    BroadRow,
    ClosestRow,
    PairDetail,
    PairRow,
    QuoteRow,
    RunInfo,
    SegmentRow,
    SideCounts,
    SignRow,
    ThemeRow,
)
from analyzer.types import JUDGEMENTS, NEUTRAL_BELOW, Comment, Judgement, Polarity, Side


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
    subjects = [row for row in rows if row.nature in (None, "subject")]
    return SideCounts(
        comments=comments,
        segments=segments,
        themes=len(rows),
        broad=len({row.broad_id for row in rows} - {None}),
        partnerless=sum(1 for row in subjects if not row.partners),
        dropped={row[0]: row[1] for row in dropped},
    )


_THEMES = """
    SELECT themes.id, side, label, terms, comments, segments, broad_id, nature, positive, neutral,
        negative, mean, (SELECT count(*) FROM pairs
            WHERE status <> 'rejected' AND NOT pairs.hidden
                AND (employee_theme_id = themes.id OR customer_theme_id = themes.id)) AS partners
    FROM themes
"""


def _leveled(row: sqlite3.Row) -> dict[str, Any]:
    """Return a row's values with its terms as a tuple and its four shares as a polarity."""
    values = dict(row)
    four = [values.pop(share) for share in ("positive", "neutral", "negative", "mean")]
    values["terms"] = tuple(json.loads(values["terms"]))
    values["polarity"] = None if None in four else Polarity(*four)
    return values


def themes(
    db: sqlite3.Connection, side: Side | None = None, *, hidden: bool = False
) -> list[ThemeRow]:
    """Return the themes, employees' first, the largest of a side first.

    Those that people hid are there only if ``hidden`` is true.
    """
    rows = db.execute(
        f"{_THEMES} WHERE (:side IS NULL OR side = :side) AND (:hidden OR NOT hidden) "
        "ORDER BY side DESC, position",
        {"side": side, "hidden": hidden},
    )
    return [ThemeRow(**_leveled(row)) for row in rows]


def theme(db: sqlite3.Connection, theme_id: str) -> ThemeRow | None:
    """Return one theme, None if there is none of that id."""
    row = db.execute(f"{_THEMES} WHERE id = ?", [theme_id]).fetchone()
    return ThemeRow(**_leveled(row)) if row else None


def broad_themes(db: sqlite3.Connection, side: Side | None = None) -> list[BroadRow]:
    """Return the broad themes in the order of themes; none of an older version's analysis."""
    where, args = ("WHERE side = ?", [side]) if side else ("", [])
    rows = db.execute(
        f"""
        SELECT id, side, label, terms, comments, segments, positive, neutral, negative, mean,
            (SELECT count(*) FROM themes WHERE broad_id = broad_themes.id AND NOT hidden) AS themes
        FROM broad_themes {where} ORDER BY side DESC, position
        """,
        args,
    )
    return [BroadRow(**_leveled(row)) for row in rows]


# One pair, those of one theme, or all: what is not asked for is NULL.
_WANTED = """
    WHERE (:employee IS NULL OR p.employee_theme_id = :employee)
      AND (:customer IS NULL OR p.customer_theme_id = :customer)
      AND (:theme IS NULL OR :theme IN (p.employee_theme_id, p.customer_theme_id))
"""


def _wanted(
    theme_id: str | None = None, employee: str | None = None, customer: str | None = None
) -> dict[str, str | None]:
    return {"theme": theme_id, "employee": employee, "customer": customer}


def pairs(db: sqlite3.Connection, theme_id: str | None = None) -> list[PairRow]:
    """Return the pairs, the likeliest first; those of one theme if ``theme_id`` is given."""
    known = {row.id: row for row in themes(db)}
    return [_pair(row, known) for row in _pair_rows(db, _wanted(theme_id))]


def _pair_rows(db: sqlite3.Connection, wanted: Mapping[str, str | None]) -> list[sqlite3.Row]:
    return db.execute(
        f"SELECT * FROM pairs p {_WANTED} AND NOT p.hidden "
        "ORDER BY probability DESC, employee_theme_id, customer_theme_id",
        wanted,
    ).fetchall()


def _pair(row: sqlite3.Row, known: Mapping[str, ThemeRow]) -> PairRow:
    return PairRow(
        known[row["employee_theme_id"]], known[row["customer_theme_id"]], row["kind"],
        row["probability"], row["similarity"], row["status"],
    )  # fmt: skip


def pair(db: sqlite3.Connection, employee: str, customer: str) -> PairDetail | None:
    """Return a pair with its evidence, None if these two themes are no pair."""
    return next(iter(_details(db, _wanted(employee=employee, customer=customer))), None)


def pair_details(db: sqlite3.Connection, theme_id: str | None = None) -> list[PairDetail]:
    """Return the pairs with their evidence, in the order of :func:`pairs`, by three queries."""
    return _details(db, _wanted(theme_id))


def _details(db: sqlite3.Connection, wanted: Mapping[str, str | None]) -> list[PairDetail]:
    found = _pair_rows(db, wanted)
    if not found:
        return []
    known = {row.id: row for row in themes(db)}
    closest = _closest(db, wanted)
    return [
        PairDetail(
            pair=_pair(row, known),
            signs=tuple(SignRow(**{"moved": None, **sign}) for sign in json.loads(row["signs"])),
            shared_terms=tuple(json.loads(row["shared_terms"])),
            closest=tuple(closest.get((row["employee_theme_id"], row["customer_theme_id"]), ())),
            edge=row["edge"],
            reason=row["reason"],
            source=row["source"],
        )
        for row in found
    ]


_TEXT_OF = "substr(c.text, s.start_at + 1, s.end_at - s.start_at)"
# The place of a segment among all of its row of the source, as `segments` counts.
_INDEX_OF = """
    (SELECT count(*) FROM comments c2 JOIN segments s2 ON s2.comment_id = c2.id
     WHERE c2.side = c.side AND c2.kind = c.kind AND c2.source_id = c.source_id
       AND (c2.column_name, c2.id, s2.position) < (c.column_name, c.id, s.position))
"""


def _closest(
    db: sqlite3.Connection, wanted: Mapping[str, str | None]
) -> dict[tuple[str, str], list[ClosestRow]]:
    """Return the closest segments of the pairs, by the ids of both themes."""
    rows = db.execute(
        f"""
        WITH quoted AS NOT MATERIALIZED (
            SELECT s.comment_id, s.position, c.source_id, c.kind, {_INDEX_OF} AS segment_index,
                {_TEXT_OF} AS text
            FROM segments s JOIN comments c ON c.id = s.comment_id)
        SELECT p.employee_theme_id, p.customer_theme_id, p.cosine,
            e.source_id, e.kind, e.segment_index, e.text,
            c.source_id, c.kind, c.segment_index, c.text
        FROM closest p
        JOIN quoted e ON e.comment_id = employee_comment_id AND e.position = employee_position
        JOIN quoted c ON c.comment_id = customer_comment_id AND c.position = customer_position
        {_WANTED} ORDER BY p.employee_theme_id, p.customer_theme_id, p.rank
        """,
        wanted,
    )
    found: dict[tuple[str, str], list[ClosestRow]] = {}
    for row in rows:
        closest = ClosestRow(QuoteRow(*row[3:7]), QuoteRow(*row[7:11]), row[2])
        found.setdefault((row[0], row[1]), []).append(closest)
    return found


_SEGMENTS = f"""
    SELECT c.source_id, c.side, s.position AS segment_index, s.theme_id, s.confidence, s.polarity,
        {_TEXT_OF} AS text, c.text AS comment, s.start_at AS start, s.end_at AS end, c.kind, c.date,
        c.unit, c.score
    FROM segments s JOIN comments c ON c.id = s.comment_id
"""


# As analyzer.types.judgement has it.
_JUDGEMENT = f"""
    CASE WHEN abs(s.polarity) < {NEUTRAL_BELOW} THEN 'neutral' WHEN s.polarity > 0 THEN 'positive'
         WHEN s.polarity < 0 THEN 'negative' END
"""


def telling_segments(
    db: sqlite3.Connection, theme_id: str, limit: int = 50, judgement: Judgement | None = None
) -> list[SegmentRow]:
    """Return a theme's segments, its exemplars first, then by confidence; one a comment.

    ``judgement`` leaves only those that judge so.
    """
    rows = db.execute(
        f"""
        SELECT * FROM (
            SELECT q.*, row_number() OVER (
                PARTITION BY comment_key ORDER BY rank, confidence DESC, segment_index) AS nth
            FROM (
                SELECT d.*, coalesce(x.rank, 999999) AS rank FROM (
                    {_SEGMENTS.replace("SELECT ", "SELECT c.id AS comment_key, ", 1)}
                    WHERE s.theme_id = :theme
                        AND (:judgement IS NULL OR {_JUDGEMENT} = :judgement)) d
                LEFT JOIN exemplars x ON x.theme_id = d.theme_id
                    AND x.comment_id = d.comment_key AND x.position = d.segment_index) q)
        WHERE nth = 1 ORDER BY rank, confidence DESC, comment_key LIMIT :limit
        """,
        {"theme": theme_id, "judgement": judgement, "limit": limit},
    )
    fields = SegmentRow.__dataclass_fields__
    return [SegmentRow(**{key: row[key] for key in fields}) for row in rows]


def judgement_counts(db: sqlite3.Connection, theme_id: str) -> dict[Judgement, int]:
    """Return how many comments of a theme have a segment in it that judges so.

    A comment may count for two judgements. All are 0 if polarity is not known yet.
    """
    rows = db.execute(
        f"""
        SELECT {_JUDGEMENT}, count(DISTINCT s.comment_id) FROM segments s
        WHERE s.theme_id = ? AND s.polarity IS NOT NULL GROUP BY 1
        """,
        [theme_id],
    )
    found = {row[0]: int(row[1]) for row in rows}
    return {judgement: found.get(judgement, 0) for judgement in JUDGEMENTS}


def segments(db: sqlite3.Connection) -> Iterator[SegmentRow]:
    """Yield every segment, employees' first, in the order of source ids.

    A row of the source with several text columns has several comments: ``segment_index`` counts
    through all of them, so that (side, kind, source_id, segment_index) is unique.
    """
    rows = db.execute(
        f"{_SEGMENTS} ORDER BY c.side DESC, c.kind, c.source_id, c.column_name, c.id, 3"
    )
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
    """Return the sha256 of every file that was imported and not taken back, sorted."""
    rows = db.execute("SELECT DISTINCT sha256 FROM imports WHERE undone_at IS NULL ORDER BY sha256")
    return [row[0] for row in rows]


def imported_files(db: sqlite3.Connection) -> list[str]:
    """Return the names of the files that were imported and not taken back."""
    rows = db.execute("SELECT DISTINCT file FROM imports WHERE undone_at IS NULL ORDER BY file")
    return [row[0] for row in rows]
