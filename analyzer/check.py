"""Is the database whole? What SQLite can tell, and what only Bothsides knows."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analyzer import access_log, tombstones
from analyzer.arrivals import comment_id
from analyzer.database import connect_as_is, connect_readonly, must_exist, translated
from analyzer.embed import text_hash
from analyzer.errors import BothsidesError

SHOWN = 5
# So many vectors are looked at together, and may be so far from length 1.
VECTORS, UNIT = 2000, 1e-3


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, and every problem found, as sentences; none: the database is whole."""

    schema: str
    comments: int
    vectors: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Orphans:
    """Rows that name something that is not there: a query for them, and how to say it."""

    said: str
    query: str


ORPHANS = (
    Orphans(
        "closest segments that are not there",
        """SELECT employee_theme_id || '/' || customer_theme_id FROM closest p WHERE NOT EXISTS (
            SELECT 1 FROM segments WHERE comment_id = employee_comment_id
                AND position = employee_position)
        OR NOT EXISTS (SELECT 1 FROM segments WHERE comment_id = customer_comment_id
                AND position = customer_position)""",
    ),
    Orphans(
        "segments that reach over the end of their comment",
        """SELECT comment_id || ' ' || position
        FROM segments JOIN comments ON comments.id = comment_id
        WHERE start_at < 0 OR start_at >= end_at OR end_at > length(text)""",
    ),
    Orphans(
        "segments whose theme is of the other side",
        """SELECT comment_id || ' ' || s.position FROM segments s
        JOIN comments c ON c.id = comment_id JOIN themes t ON t.id = theme_id
        WHERE t.side <> c.side""",
    ),
    Orphans(
        "comments whose import was taken back",
        """SELECT c.id FROM comments c JOIN imports i ON i.id = import_id
        WHERE undone_at IS NOT NULL""",
    ),
    Orphans(
        "comments without a number of arrival",
        "SELECT id FROM comments WHERE id NOT IN (SELECT comment_id FROM arrivals)",
    ),
    Orphans(
        "comments that their import did not carry",
        """SELECT c.id FROM comments c JOIN imports i ON i.id = c.import_id
        JOIN arrivals a ON a.comment_id = c.id WHERE i.tracked AND NOT EXISTS (
            SELECT 1 FROM carried k WHERE k.import_id = i.id
                AND a.number BETWEEN k.first AND k.last)""",
    ),
    Orphans(
        "former values that are not older than the present one",
        """SELECT f.comment_id FROM former f JOIN comments c ON c.id = f.comment_id
        WHERE f.import_id >= c.import_id""",
    ),
    Orphans(
        "raw texts of comments that do not say so",
        """SELECT comment_id FROM raw_texts r WHERE NOT EXISTS (
            SELECT 1 FROM comments c WHERE c.id = r.comment_id AND c.import_id = r.import_id)
        AND NOT EXISTS (SELECT 1 FROM former f
            WHERE f.comment_id = r.comment_id AND f.import_id = r.import_id)""",
    ),
    Orphans(
        "imports whose rejected rows are not all there",
        """SELECT id FROM imports i WHERE undone_at IS NULL AND aside_gone_at IS NULL
        AND rejected <> (SELECT count(*) FROM rejected_rows WHERE import_id = i.id)""",
    ),
    Orphans(
        "models whose vectors are not all of one length",
        """SELECT fingerprint FROM embeddings GROUP BY fingerprint
        HAVING min(length(vector)) <> max(length(vector)) OR max(length(vector)) % 4 <> 0
            OR min(length(vector)) = 0""",
    ),
    Orphans(
        "comments that the index of words does not hold, or holds and that are gone",
        """SELECT number FROM arrivals WHERE number NOT IN (SELECT id FROM comment_words_docsize)
        UNION ALL SELECT id FROM comment_words_docsize
            WHERE id NOT IN (SELECT number FROM arrivals)""",
    ),
    Orphans(
        "erasures whose bytes may be in the file still (run bothsides erase --finish)",
        "SELECT id FROM erasures WHERE clean_at IS NULL",
    ),
    Orphans(
        "vectors whose key is not a hash of 16 bytes",
        "SELECT hex(text_hash) FROM embeddings WHERE length(text_hash) <> 16",
    ),
)


def check(database: Path) -> Check:
    """Look at the whole database and change nothing; an older schema is brought up to date.

    Raises:
        InputOutput: there is no such file, or it cannot be read at all.
        BothsidesError: it is somebody else's database.
        Locked: its schema is older, and another process writes.
    """
    must_exist(database)
    with translated(database):
        raw = connect_as_is(database)
        try:
            problems = tuple(damage(raw))
        finally:
            raw.close()
        if problems:
            # What a damaged file says of itself is not worth more questions.
            return Check("not read", 0, 0, problems)
        reader = connect_readonly(database)
        try:
            comments, vectors = (
                int(reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
                for table in ("comments", "embeddings")
            )
            problems = (*_problems(reader), *_log_problems(database, reader))
            return Check(_schema(reader), comments, vectors, problems)
        finally:
            reader.close()


def damage(db: sqlite3.Connection) -> Iterator[str]:
    """Yield what SQLite itself finds wrong, and the schema's steps that this version knows not."""
    try:
        for row in db.execute("PRAGMA integrity_check(20)").fetchall():
            if row[0] != "ok":
                yield f"SQLite: {row[0]}."
        counts: dict[tuple[str, str], int] = {}
        for row in db.execute("PRAGMA foreign_key_check").fetchall():
            counts[row[0], row[2]] = counts.get((row[0], row[2]), 0) + 1
    except sqlite3.DatabaseError as exc:
        if isinstance(exc, sqlite3.OperationalError):
            raise
        yield f"SQLite: {exc}."
        return
    for (table, parent), count in counts.items():
        yield f"{count} rows of {table} name rows of {parent} that are not there."
    if unknown := newer_steps(db):
        yield (
            f"The schema has steps that this version does not know: {', '.join(unknown)}. "
            "Install the newer version."
        )


def newer_steps(db: sqlite3.Connection) -> list[str]:
    """Return the steps of the schema that only a newer version of Bothsides knows."""
    from sqlite_utils import Database

    from analyzer.migrations import migrations

    with closing(sqlite3.connect(":memory:")) as empty:
        known = {step.name for step in migrations.pending(Database(empty))}
    applied = {row[0] for row in db.execute("SELECT name FROM _sqlite_migrations")}
    return sorted(applied - known)


def _schema(db: sqlite3.Connection) -> str:
    row = db.execute("SELECT name FROM _sqlite_migrations ORDER BY name DESC LIMIT 1").fetchone()
    return str(row[0])


def _problems(db: sqlite3.Connection) -> Iterator[str]:
    for orphans in ORPHANS:
        found = [str(row[0]) for row in db.execute(orphans.query)]
        if found:
            yield _said(orphans.said, found)
    if wrong := _wrong_ids(db):
        yield _said("comments whose id is not the hash of what they are", wrong)
    if back := tombstones.covered(db, tombstones.known(db)):
        yield _said("comments that were erased and are there again", back)
    if missing := _without_vector(db):
        yield _said("segments whose vector is not there (analyze makes it again)", missing)
    yield from spoiled(db)


def _log_problems(database: Path, db: sqlite3.Connection) -> Iterator[str]:
    try:
        broken = access_log.examine(database, db, headed=False)
    except BothsidesError as exc:
        yield f"Access log: {exc}"
        return
    if broken:
        yield f"Access log: {broken.said}"


def _said(what: str, found: list[str]) -> str:
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"{len(found)} {what}: {', '.join(found[:SHOWN])}{more}."


def _wrong_ids(db: sqlite3.Connection) -> list[str]:
    """Return the ids that are not what their comment gives, computed again."""
    id_columns = {
        row[0]: json.loads(row[1]).get("id") or "row"
        for row in db.execute("SELECT id, mapping FROM imports")
    }
    rows = db.execute("SELECT id, side, kind, source_id, column_name, import_id FROM comments")
    return [
        row[0]
        for row in rows
        if row[0] != comment_id(row[1], row[2], id_columns[row[5]], row[3], row[4])
    ]


def _without_vector(db: sqlite3.Connection) -> list[str]:
    """Return the segments whose text the model of the newest run has no vector for."""
    run = db.execute("SELECT fingerprint FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    if run is None:
        return []
    known = {
        row[0]
        for row in db.execute("SELECT text_hash FROM embeddings WHERE fingerprint = ?", [run[0]])
    }
    rows = db.execute(
        "SELECT comment_id, position, substr(text, start_at + 1, end_at - start_at) "
        "FROM segments JOIN comments ON comments.id = comment_id"
    )
    return [f"{row[0]} {row[1]}" for row in rows if text_hash(row[2]) not in known]


def spoiled(db: sqlite3.Connection) -> Iterator[str]:
    """Yield what is damaged inside vectors and results, which SQLite cannot tell."""
    there = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if wrong := _not_unit(db):
        yield _said("vectors that are damaged: they are not of length 1", wrong)
    # A backup by an older version has no such tables.
    if {"found", "models"} <= there:
        yield from _unreadable(db)


def _not_unit(db: sqlite3.Connection) -> list[str]:
    """Return the keys of vectors that no model has made: each makes unit vectors."""
    wrong: list[str] = []
    rows = db.execute("SELECT text_hash, vector FROM embeddings WHERE length(vector) % 4 = 0")
    while batch := rows.fetchmany(VECTORS):
        for key, vector in batch:
            length = float(np.linalg.norm(np.frombuffer(vector, dtype="<f4").astype(np.float64)))
            if not abs(length - 1) < UNIT:
                wrong.append(bytes(key).hex())
    return wrong


def _unreadable(db: sqlite3.Connection) -> Iterator[str]:
    """Yield what a run left for the next and can no longer be read."""
    for run, result in db.execute("SELECT run_id, CAST(result AS BLOB) FROM found"):
        try:
            json.loads(result)
        except ValueError:
            yield f"The result of run {run} is damaged."
    for run, arrays in db.execute("SELECT run_id, arrays FROM models"):
        try:
            with np.load(io.BytesIO(arrays), allow_pickle=False) as archive:
                # Each array is compared with its checksum when it is read.
                for name in archive.files:
                    archive[name]
        except (ValueError, OSError, KeyError, zipfile.BadZipFile, zlib.error):
            yield f"The model of run {run} is damaged."
