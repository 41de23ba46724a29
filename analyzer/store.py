"""Write what comes in: one transaction an import, one a batch of vectors.

Runs are written by results.py; reading is in queries.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from analyzer import arrivals, tombstones
from analyzer.database import transaction
from analyzer.errors import Locked
from analyzer.remask import Masks, is_masked_anew, mask_anew
from analyzer.stale import forget_segments
from analyzer.types import Comment, Rejected

if TYPE_CHECKING:
    from sqlite_utils import Database

# SQLite's oldest limit of variables in a statement is 999.
VARIABLES = 900


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
class Counts:
    """How an import's comments met those that were there.

    ``masked_anew`` of the unchanged ones differ only by what is masked in them now.
    """

    new: int
    changed: int
    unchanged: int
    masked_anew: int = 0
    # The import's number, once it is written.
    batch: int | None = field(default=None, compare=False)


def respondent_key(db: Database) -> bytes:
    """Return the database's own key, with which respondents are hashed."""
    row = db.execute("SELECT value FROM secrets WHERE name = 'respondents'").fetchone()
    return bytes(row[0])


@dataclass(frozen=True, slots=True)
class Met:
    """An import's comments by how they met those that were there."""

    new: list[Comment]
    changed: list[Comment]
    masked_anew: list[Comment]
    counts: Counts


def compare(db: Database, comments: Sequence[Comment], masks: Masks | None = None) -> Met:
    """Return which comments are new, changed, or only masked anew by ``masks``."""
    known: dict[str, tuple[Any, ...]] = {}
    for ids in _batches([comment.id for comment in comments], VARIABLES):
        marks = ",".join("?" * len(ids))
        rows = db.execute(f"SELECT {_COLUMNS} FROM comments WHERE id IN ({marks})", ids)
        known.update({row[0]: tuple(row) for row in rows.fetchall()})
    new = [comment for comment in comments if comment.id not in known]
    changed: list[Comment] = []
    anew: list[Comment] = []
    for comment in comments:
        before = known.get(comment.id)
        if before is not None and before != _values(comment):
            only_masks = masks is not None and is_masked_anew(before, comment, masks)
            (anew if only_masks else changed).append(comment)
    unchanged = len(comments) - len(new) - len(changed)
    return Met(new, changed, anew, Counts(len(new), len(changed), unchanged, len(anew)))


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


def _nothing(db: Database) -> None:
    pass


def add_import(
    db: Database,
    row: ImportRow,
    comments: Sequence[Comment],
    rejected: Sequence[Rejected],
    masks: Masks | None = None,
    *,
    erasures: int | None = None,
    within: Callable[[Database], None] = _nothing,
) -> Counts:
    """Write an import and its new or changed comments; what is unchanged is not touched.

    What ``masks`` only masks anew is overwritten. ``erasures`` is :func:`tombstones.erasures` as of
    when it was told which rows may come in. ``within`` is called in the same transaction, when the
    comments are written.

    Raises:
        Locked: something was erased since.
    """
    with transaction(db):
        if erasures is not None:
            _nothing_erased_since(db, erasures)
        met = compare(db, comments, masks)
        counts = met.counts
        cursor = db.execute(
            "INSERT INTO imports (file, sha256, side, kind, format, mapping, imported_at, "
            "row_count, new, changed, unchanged, duplicate, empty, rejected, masked_anew) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                row.file, row.sha256, row.side, row.kind, row.format,
                json.dumps(row.mapping, ensure_ascii=False), row.imported_at, row.row_count,
                counts.new, counts.changed, counts.unchanged, row.duplicate, row.empty,
                len(rejected), counts.masked_anew,
            ],
        )  # fmt: skip
        number = cursor.lastrowid
        assert number is not None
        changed = [comment.id for comment in met.changed]
        arrivals.keep_former(db, changed)
        update = ", ".join(f"{c} = excluded.{c}" for c in _COLUMNS.split(", ")[1:])
        db.conn.executemany(
            f"INSERT INTO comments ({_COLUMNS}, import_id) VALUES ({','.join('?' * 13)}) "
            f"ON CONFLICT (id) DO UPDATE SET {update}, import_id = excluded.import_id",
            [(*_values(comment), number) for comment in (*met.new, *met.changed)],
        )
        forget_segments(db, changed)
        if masks is not None and met.masked_anew:
            mask_anew(db, met.masked_anew, masks)
        arrivals.carry(db, number, [c.id for c in met.new], [c.id for c in comments])
        db.conn.executemany(
            "INSERT INTO rejected_rows VALUES (?, ?, ?, ?)",
            [(number, bad.row, bad.column, bad.reason) for bad in rejected],
        )
        within(db)
    return replace(counts, batch=number)


class SqliteVectors:
    """The embeddings table as an :class:`analyzer.embed.VectorCache`."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._erasures = tombstones.erasures(db.conn)

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
        """Keep vectors; one that is there already stays.

        Raises:
            Locked: comments were erased since this was made, perhaps some of those embedded.
        """
        with transaction(self._db):
            _nothing_erased_since(self._db, self._erasures)
            self._db.conn.executemany(
                "INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)",
                [(fingerprint, key, value) for key, value in vectors.items()],
            )


def _nothing_erased_since(db: Database, erasures: int) -> None:
    if tombstones.erasures(db.conn) != erasures:
        raise Locked(
            "Comments were erased meanwhile, so what was read of them was not kept. Run it again."
        )
