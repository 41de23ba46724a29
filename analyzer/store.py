"""Write: one transaction an import, one a run, one a batch of vectors. Reading is in queries.py."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from analyzer import history
from analyzer.database import transaction
from analyzer.errors import Locked
from analyzer.types import SIDES, Analysis, Comment, Pair, Polarity, Rejected, SideAnalysis

if TYPE_CHECKING:
    from sqlite_utils import Database

# SQLite's oldest limit of variables in a statement is 999.
VARIABLES = 900
# The tables of a result, in the order in which they can be emptied.
RESULT = ("closest", "pairs", "exemplars", "segments", "dropped", "themes", "broad_themes")


@dataclass(frozen=True, slots=True)
class ImportRow:
    """What is remembered of an import, before it has a number and counts."""

    file: str
    sha256: str
    side: str
    kind: str
    format: str
    mapping: Mapping[str, Any]
    imported_at: str
    row_count: int
    empty: int
    duplicate: int


@dataclass(frozen=True, slots=True)
class RunRow:
    """What is remembered of a run, before it has a number."""

    finished_at: str
    seconds: float
    seed: int
    strategy: str
    embedder: str
    fingerprint: str
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    inputs: Sequence[str]
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Counts:
    """How an import's comments met those that were there."""

    new: int
    changed: int
    unchanged: int
    # The import's number, once it is written.
    batch: int | None = field(default=None, compare=False)


def respondent_key(db: Database) -> bytes:
    """Return the database's own key, with which respondents are hashed."""
    row = db.execute("SELECT value FROM secrets WHERE name = 'respondents'").fetchone()
    return bytes(row[0])


def compare(db: Database, comments: Sequence[Comment]) -> tuple[Counts, list[Comment]]:
    """Return how many comments are new, changed, unchanged, and those to be written."""
    known: dict[str, tuple[Any, ...]] = {}
    for ids in _batches([comment.id for comment in comments], VARIABLES):
        marks = ",".join("?" * len(ids))
        rows = db.execute(f"SELECT {_COLUMNS} FROM comments WHERE id IN ({marks})", ids)
        known.update({row[0]: tuple(row) for row in rows.fetchall()})
    new = [comment for comment in comments if comment.id not in known]
    changed = [c for c in comments if c.id in known and known[c.id] != _values(c)]
    counts = Counts(len(new), len(changed), len(comments) - len(new) - len(changed))
    return counts, new + changed


_COLUMNS = (
    "id, side, kind, source_id, column_name, text, language, date, unit, score, respondent, "
    "attributes"
)


def _values(comment: Comment) -> tuple[Any, ...]:
    return (
        comment.id, comment.side, comment.kind, comment.source_id, comment.column, comment.text,
        comment.language, comment.date, comment.unit, comment.score, comment.respondent,
        json.dumps(dict(comment.attributes), ensure_ascii=False, sort_keys=True),
    )  # fmt: skip


def _batches(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [items[i : i + size] for i in range(0, len(items), size)]


def add_import(
    db: Database, row: ImportRow, comments: Sequence[Comment], rejected: Sequence[Rejected]
) -> Counts:
    """Write an import and its new or changed comments; what is unchanged is not touched."""
    with transaction(db):
        counts, to_write = compare(db, comments)
        cursor = db.execute(
            "INSERT INTO imports (file, sha256, side, kind, format, mapping, imported_at, "
            "row_count, new, changed, unchanged, duplicate, empty, rejected) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                row.file, row.sha256, row.side, row.kind, row.format,
                json.dumps(row.mapping, ensure_ascii=False), row.imported_at, row.row_count,
                counts.new, counts.changed, counts.unchanged, row.duplicate, row.empty,
                len(rejected),
            ],
        )  # fmt: skip
        number = cursor.lastrowid
        assert number is not None
        changed = [comment.id for comment in to_write[counts.new :]]
        history.keep_former(db, changed)
        update = ", ".join(f"{c} = excluded.{c}" for c in _COLUMNS.split(", ")[1:])
        db.conn.executemany(
            f"INSERT INTO comments ({_COLUMNS}, import_id) VALUES ({','.join('?' * 13)}) "
            f"ON CONFLICT (id) DO UPDATE SET {update}, import_id = excluded.import_id",
            [(*_values(comment), number) for comment in to_write],
        )
        forget_segments(db, changed)
        history.carry(db, number, [c.id for c in to_write[: counts.new]], [c.id for c in comments])
        db.conn.executemany(
            "INSERT INTO rejected_rows VALUES (?, ?, ?, ?)",
            [(number, bad.row, bad.column, bad.reason) for bad in rejected],
        )
    return replace(counts, batch=number)


def forget_segments(db: Database, comment_ids: Sequence[str]) -> None:
    """Take the analysis of comments away: its offsets belong to the text that was."""
    for table, column in (
        ("closest", "employee_comment_id"),
        ("closest", "customer_comment_id"),
        ("exemplars", "comment_id"),
        ("segments", "comment_id"),
        ("dropped", "comment_id"),
    ):
        db.conn.executemany(
            f"DELETE FROM {table} WHERE {column} = ?", [(key,) for key in comment_ids]
        )


class SqliteVectors:
    """The embeddings table as an :class:`analyzer.embed.VectorCache`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def load(self, fingerprint: str, hashes: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the vectors that are there."""
        found: dict[bytes, bytes] = {}
        for batch in _batches(list(hashes), VARIABLES):
            marks = ",".join("?" * len(batch))
            rows = self._db.execute(
                f"SELECT text_hash, vector FROM embeddings WHERE fingerprint = ? "
                f"AND text_hash IN ({marks})",
                [fingerprint, *batch],
            )
            found.update(rows.fetchall())
        return found

    def save(self, fingerprint: str, vectors: Mapping[bytes, bytes]) -> None:
        """Keep vectors; one that is there already stays."""
        with transaction(self._db):
            self._db.conn.executemany(
                "INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)",
                [(fingerprint, key, value) for key, value in vectors.items()],
            )


def replace_analysis(
    db: Database, run: RunRow, analysis: Analysis, state: str | None = None
) -> int:
    """Write a run and put its result in the place of the one before; return the run's number.

    ``state`` is the :func:`analyzer.history.state` of the comments that were analysed.

    Raises:
        Locked: the comments are others by now; nothing is written.
    """
    with transaction(db):
        if state not in (None, history.state(db)):
            raise Locked(
                "Comments were imported or taken back while the analysis ran, so its result was "
                "not kept. Run it again: what was embedded is kept."
            )
        for table in RESULT:
            db.execute(f"DELETE FROM {table}")
        cursor = db.execute(
            "INSERT INTO runs (finished_at, seconds, seed, strategy, embedder, fingerprint, "
            "settings, versions, inputs, notes, comments_state) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                run.finished_at, run.seconds, run.seed, run.strategy, run.embedder, run.fingerprint,
                json.dumps(run.settings), json.dumps(run.versions), json.dumps(list(run.inputs)),
                json.dumps(list(run.notes), ensure_ascii=False), state,
            ],
        )  # fmt: skip
        number = cursor.lastrowid
        assert number is not None
        for side in SIDES:
            _write_side(db, number, analysis.sides[side])
        for pair in analysis.pairs:
            _write_pair(db, pair, analysis)
    return number


def _write_side(db: Database, run: int, side: SideAnalysis) -> None:
    _write_themes(db, run, side)
    many = db.conn.executemany
    many(
        "INSERT INTO segments (comment_id, position, start_at, end_at, language, theme_id, "
        "confidence, polarity) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                segment.comment_id, segment.index, segment.start, segment.end, segment.language,
                side.themes[theme].id, round(float(confidence), 6), float(polarity),
            )
            for segment, theme, confidence, polarity in zip(
                side.segments, side.theme, side.confidence, side.polarity, strict=True
            )
        ],
    )  # fmt: skip
    many(
        "INSERT INTO exemplars VALUES (?, ?, ?, ?)",
        [
            (theme.id, rank, side.segments[at].comment_id, side.segments[at].index)
            for theme in side.themes
            for rank, at in enumerate(theme.exemplars)
        ],
    )
    many(
        "INSERT INTO dropped VALUES (?, ?, ?, ?)",
        [(gone.comment_id, gone.start, gone.end, gone.reason) for gone in side.dropped],
    )


def _write_themes(db: Database, run: int, side: SideAnalysis) -> None:
    """Write the broad themes and the themes, each with its place in the order of its side."""
    both = "id, run_id, side, position, label, terms, comments, segments"
    shares = "positive, neutral, negative, mean"
    db.conn.executemany(
        f"INSERT INTO broad_themes ({both}, {shares}) VALUES ({','.join('?' * 12)})",
        [
            (
                broad.id, run, broad.side, position, broad.label, _terms(broad.terms),
                broad.comments, broad.segments, *_shares(broad.polarity),
            )
            for position, broad in enumerate(side.broad)
        ],
    )  # fmt: skip
    db.conn.executemany(
        f"INSERT INTO themes ({both}, {shares}, broad_id, nature, centroid, nodes) "
        f"VALUES ({','.join('?' * 16)})",
        [
            (
                theme.id, run, theme.side, position, theme.label, _terms(theme.terms),
                theme.comments, theme.segments, *_shares(theme.polarity), theme.broad, theme.nature,
                theme.centroid.astype("<f4").tobytes(), json.dumps(dict(theme.nodes)),
            )
            for position, theme in enumerate(side.themes)
        ],
    )  # fmt: skip


def _terms(terms: Sequence[str]) -> str:
    return json.dumps(terms, ensure_ascii=False)


def _shares(polarity: Polarity) -> tuple[float, ...]:
    four = (polarity.positive, polarity.neutral, polarity.negative, polarity.mean)
    return tuple(round(float(figure), 6) for figure in four)


def _write_pair(db: Database, pair: Pair, analysis: Analysis) -> None:
    evidence = pair.evidence
    ends = (pair.employee_theme_id, pair.customer_theme_id)
    signs = [
        {
            "name": sign.name, "value": round(sign.value, 4), "weight": round(sign.weight, 4),
            "moved": round(sign.moved, 4), "note": sign.note,
        }
        for sign in evidence.signs
    ]  # fmt: skip
    db.execute(
        "INSERT INTO pairs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *ends, pair.kind, round(pair.probability, 6), round(pair.similarity, 6), pair.status,
            json.dumps(signs, ensure_ascii=False), _terms(evidence.shared_terms),
            evidence.edge, evidence.reason, evidence.source,
        ],
    )  # fmt: skip
    sides = [analysis.sides[side].segments for side in SIDES]
    for rank, (e, c, cosine) in enumerate(evidence.closest):
        left, right = sides[0][e], sides[1][c]
        db.execute(
            "INSERT INTO closest VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [*ends, rank, left.comment_id, left.index, right.comment_id, right.index, cosine],
        )
