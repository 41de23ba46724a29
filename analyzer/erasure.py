"""Erase what somebody wrote, so that no byte of it is left in the database and nothing returns.

Three steps. One transaction takes the comments away, with all that names or quotes them, and lays
tombstones; then the files that the program wrote go; then the database file is written anew.
A kill after the first leaves an erasure that is not clean yet: the next one, or
``bothsides erase --finish``, goes on there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer import access_log, forgetting, holdings, rewording, tombstones, vectors
from analyzer.database import connect_as_is, opened, transaction, translated
from analyzer.errors import BadData, BothsidesError, Locked
from analyzer.files import held
from analyzer.tombstones import Tombstones
from analyzer.whom import Whom, named

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Removed:
    """What went with some comments. ``renamed`` are themes whose label only these said."""

    segments: int
    vectors: int
    themes: Sequence[str]
    pairs: Sequence[tuple[str, str]]
    renamed: Sequence[str]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Files that were deleted, and those that were changed or moved since, for a person to look at.

    ``size`` is that of the database file, in bytes, after it was written anew.
    """

    deleted: Sequence[str]
    left: Sequence[str]
    size: int


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did. ``removed`` None: nothing was there any more.

    ``sources`` are files that brought the comments and hold them still; ``backups`` are files of
    before that do: a restore erases them again.
    """

    comments: int
    removed: Removed | None
    cleaned: Cleaned
    sources: Sequence[str]
    backups: Sequence[str]


def erase(database: Path, whom: Whom, *, who: str, why: str = "", files: bool = False) -> Erased:
    """Erase all that somebody wrote, or single answers; with ``files`` also the imported files.

    Raises:
        UsageError: there is no such comment, or several sides or kinds have one of that id.
        Locked: an analysis or a batch is at work; or, after all was erased, somebody still reads
            the database, so that its file still holds the bytes.
        InputOutput: the database or a file cannot be written.
    """
    with held(database):
        with translated(database), opened(database, create=False) as db:
            careful(db)
            with transaction(db):
                found = named(db, whom)
                sources = _sources(db.conn, found.ids)
                removed, number = None, None
                if found.ids or found.digests:
                    number = begin(db.conn, "request", why, len(found.ids))
                    tombstones.lay(db.conn, number, found.digests)
                if found.ids:
                    removed = remove(db, found.ids)
                    _doom_files(db.conn, sources if files else ())
                head = access_log.append(
                    db.conn, access_log.Entry(who, "erase", {"erasure": number}, len(found.ids))
                )
            access_log.keep_head(database, head)
        cleaned = clean(database)
        with closing(connect_as_is(database)) as reader:
            backups = holdings.there(holdings.known(reader, "backup", "aside"))
            kept = [path for path in sources if not Path(path).is_absolute() or Path(path).exists()]
    return Erased(len(found.ids), removed, cleaned, kept, backups)


def finish(database: Path) -> Cleaned:
    """Do what an erasure that was killed has left to do: files, and the bytes of the database.

    Raises:
        Locked, InputOutput: see :func:`erase`.
    """
    with held(database):
        return clean(database)


def begin(
    db: sqlite3.Connection, kind: str, why: str, comments: int, cutoff: str | None = None
) -> int:
    """Write that an erasure begins; return its number."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    cursor = db.execute(
        "INSERT INTO erasures (at, kind, why, cutoff, comments) VALUES (?, ?, ?, ?, ?)",
        [now, kind, why, cutoff, comments],
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def remove(db: Database, ids: Sequence[str]) -> Removed:
    """Take comments away with all that names or quotes them, inside the caller's transaction."""
    gone = frozenset(ids)
    texts = _texts(db.conn, ids)
    before = _count(db.conn)
    forgetting.forget(db, ids)
    with rewording.quotes(db.conn, texts) as said:
        renamed = rewording.reword(db.conn, said, gone)
    themes, pairs = forgetting.cut_down(db)
    swept = vectors.sweep(db)
    left = [key for key in renamed if key not in themes]
    return Removed(before - _count(db.conn), swept, themes, pairs, left)


def _count(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM segments").fetchone()[0])


def _texts(db: sqlite3.Connection, ids: Iterable[str]) -> list[tuple[str, str]]:
    """Return what these comments say and said before, each text behind its side."""
    return [
        (row[0], row[1])
        for key in ids
        for row in db.execute(
            "SELECT side, text FROM comments WHERE id = ?1 UNION ALL "
            "SELECT side, f.text FROM former f JOIN comments c ON c.id = f.comment_id "
            "WHERE c.id = ?1",
            [key],
        )
    ]


def _sources(db: sqlite3.Connection, ids: Iterable[str]) -> list[str]:
    """Return the files that carried these comments: where ingest put them, or only their names."""
    found: dict[str, None] = {}
    for key in ids:
        rows = db.execute(
            "SELECT DISTINCT i.file, i.sha256 FROM imports i JOIN carried k ON k.import_id = i.id "
            "JOIN arrivals a ON a.number BETWEEN k.first AND k.last WHERE a.comment_id = ?",
            [key],
        ).fetchall()
        for name, sha256 in rows:
            places = db.execute(
                "SELECT path FROM files WHERE kind IN ('source', 'upload') AND sha256 = ? "
                "AND state <> 'gone'",
                [sha256],
            ).fetchall()
            found.update(dict.fromkeys([row[0] for row in places] or [name]))
    return list(found)


def _doom_files(db: sqlite3.Connection, sources: Sequence[str]) -> None:
    """Mark all exports, which are of before, and those sources that ingest put somewhere."""
    chosen = [row for row in holdings.known(db, "source", "upload") if row.path in set(sources)]
    holdings.doom(db, [*holdings.known(db, "export"), *chosen])


def careful(db: Database) -> None:
    """Let this connection leave nothing behind: neither in free pages nor in temporary files."""
    db.execute("PRAGMA secure_delete = ON")
    db.execute("PRAGMA temp_store = MEMORY")


def clean(database: Path) -> Cleaned:
    """Delete the files that have to go and write the database anew; for who holds its lock."""
    with translated(database), opened(database, create=False) as db:
        careful(db)
        stones = tombstones.known(db.conn)
        if stones.digests:
            tombstones.keep_beside(database, stones)
        deleted, left = holdings.sweep(db.conn)
        write_anew(db)
    return Cleaned(deleted, left, database.stat().st_size)


def write_anew(db: Database) -> None:
    """Write the database file anew and empty its log, if an erasure is not clean yet.

    Raises:
        Locked: somebody reads what was there before, so the log cannot be emptied.
    """
    unclean = "UPDATE erasures SET clean_at = ? WHERE clean_at IS NULL"
    if not db.execute("SELECT 1 FROM erasures WHERE clean_at IS NULL").fetchone():
        return
    db.execute("VACUUM")
    busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise Locked(
            "Everything was erased, but another program still reads the database as it was, so its "
            "file holds the bytes still. Stop that, then run: bothsides erase --finish"
        )
    db.execute(unclean, [datetime.now(UTC).isoformat(timespec="seconds")])


def bring_over(database: Path, copy: Path) -> int:
    """Prepare a backup to take the place of a database: what was erased there is erased in it too.

    It also gets that database's access log and list of files. Return how many comments went.

    Raises:
        BadData: tombstones are known here that are not of the backup's database.
    """
    live = _live(database)
    try:
        with translated(copy), opened(copy, create=False, alone=True) as db:
            careful(db)
            stones = _all_stones(database, live, tombstones.known(db.conn))
            with transaction(db):
                ids = tombstones.covered(db.conn, stones)
                if stones.digests - tombstones.known(db.conn).digests:
                    number = begin(db.conn, "restore", "erased since the backup", len(ids))
                    tombstones.lay(db.conn, number, stones.digests)
                if ids:
                    remove(db, ids)
                if live is not None and tombstones.known(live).lineage == stones.lineage:
                    _carry_log(live, db.conn)
                    holdings.carry_over(live, db.conn)
            write_anew(db)
            db.execute("PRAGMA journal_mode = DELETE")
        return len(ids)
    finally:
        if live is not None:
            live.close()


def _live(database: Path) -> sqlite3.Connection | None:
    """Return a reader of the database that is to be replaced, None if it cannot tell anything."""
    if not database.exists():
        return None
    try:
        reader = connect_as_is(database)
    except BothsidesError:
        return None
    with closing(reader.execute("SELECT 1 FROM sqlite_master WHERE name = 'tombstones'")) as rows:
        if rows.fetchone():
            return reader
    reader.close()
    return None


def _all_stones(database: Path, live: sqlite3.Connection | None, own: Tombstones) -> Tombstones:
    known = [(row.lineage, row.digests) for row in ([tombstones.known(live)] if live else [])]
    if (beside := tombstones.read_beside(database)) is not None:
        known.append(beside)
    if any(lineage != own.lineage and digests for lineage, digests in known):
        raise BadData(
            f"The backup is of another database, and {database} knows of erasures that it could "
            "not keep. Nothing was changed. Restore it under another name, or move "
            f"{database.name} and {tombstones.beside(database).name} away first."
        )
    return Tombstones(own.key, own.digests.union(*(digests for _, digests in known)))


def _carry_log(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Let no line be lost of who has read what since the backup."""
    ours, theirs = access_log.lines(source), access_log.lines(target)
    if theirs == ours[: len(theirs)]:
        target.executemany(
            "INSERT INTO access_log VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (row.number, row.at, row.who, row.what, row.filter, row.rows, row.signer, row.hash)
                for row in ours[len(theirs) :]
            ],
        )
