"""Copy the database to a file while it is in use, and put such a file in its place again."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from analyzer import access_log, erasure, holdings, tombstones
from analyzer.check import damage, spoiled
from analyzer.database import BUSY_SECONDS, connect_as_is, must_exist, opened, translated
from analyzer.errors import BadData, BothsidesError, InputOutput, Locked, UsageError
from analyzer.files import (
    held,
    keep_under,
    must_be_free,
    publish,
    replacing,
    stamped,
    sync,
    temporary,
    translated_files,
)


@dataclass(frozen=True, slots=True)
class Copied:
    """What a backup or a restore put where; ``aside`` is the database that was there before.

    ``erased`` counts comments of the backup that were erased since, and so are not in ``comments``.
    """

    target: str
    size: int
    comments: int
    runs: int
    aside: str | None = None
    erased: int = 0


def backup(database: Path, target: Path) -> Copied:
    """Write a copy as of one moment, in one packed file; whole or not at all, over no other file.

    The database remembers where it was written, unless its schema is older: that stays as it is.
    Whoever writes to the database meanwhile is not held up.

    Raises:
        InputOutput: the database cannot be read, or the copy cannot be written.
        BadData: the database is damaged.
        BothsidesError: it is somebody else's.
    """
    must_exist(database)
    must_be_free(target)
    with temporary(target) as copy:
        _announce(database, target)
        counts = _copy(database, copy)
        publish(copy, target)
    return Copied(str(target), target.stat().st_size, *counts)


def _announce(database: Path, target: Path) -> None:
    """Let an erasure know of this copy; one that does not get done names a file that is not there.

    Before the copy is made, so that it holds what the database holds.
    """
    with translated(database), closing(connect_as_is(database)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'files'").fetchone():
            return
    with translated(database), opened(database, create=False) as writer:
        holdings.announce(writer.conn, "backup", target)


def restore(file: Path, database: Path) -> Copied:
    """Put a backup in the place of the database, at once; what was there is kept beside it.

    What was erased since the backup is erased from it first: ``erased`` says how many comments.

    Raises:
        InputOutput: there is no such file, or the database's folder cannot be written.
        BadData: the file is damaged, of a newer version, or no backup of Bothsides.
        Locked: the database is in use.
    """
    if not file.is_file():
        raise InputOutput(f"There is no backup {file}.")
    if database.exists() and file.samefile(database):
        raise UsageError(f"{file} is the database itself. Name a backup of it.")
    with held(database), replacing(database), temporary(database) as copy:
        try:
            counts = _copy(file, copy)
        except (Locked, BadData):
            raise
        except BothsidesError as exc:
            raise BadData(
                f"{file} is no backup of Bothsides, or is damaged. Nothing was changed; name "
                "another file."
            ) from exc
        with translated(copy), closing(connect_as_is(copy)) as db:
            if problems := list(spoiled(db)):
                raise BadData(
                    f"{file} is damaged, nothing was changed; name another file. "
                    f"{' '.join(problems[:3])}"
                )
        erased = erasure.bring_over(database, copy)
        aside = _set_aside(database) if database.exists() else None
        with translated_files(database):
            if aside:
                shutil.copymode(aside, copy)
            sync(copy)
            copy.replace(database)
            sync(database.parent)
        _settle(database, aside)
    there = str(aside) if aside else None
    comments, runs = counts
    return Copied(str(database), database.stat().st_size, comments - erased, runs, there, erased)


def _settle(database: Path, aside: Path | None) -> None:
    """Let the restored database know what was set aside, and the files beside it fit to it."""
    with translated(database), opened(database, create=False, alone=True) as db:
        if aside is not None:
            holdings.announce(db.conn, "aside", aside)
        head, stones = access_log.head(db.conn), tombstones.known(db.conn)
        # One file, as a backup is: whoever opens it next makes it WAL again.
        db.execute("PRAGMA journal_mode = DELETE")
    if head.lines or access_log.head_file(database).exists():
        access_log.keep_head(database, head)
    if stones.digests:
        tombstones.keep_beside(database, stones)


def _copy(source: Path, copy: Path) -> tuple[int, int]:
    """Copy a database that is whole; return how many comments and runs it holds.

    What is still in a -wal file is in the copy as well, and what was deleted is not.
    """
    with translated(source), closing(connect_as_is(source)) as db:
        if problems := list(damage(db)):
            raise BadData(f"{source} is damaged, nothing was written. {' '.join(problems[:3])}")
        db.execute("VACUUM INTO ?", [str(copy)])
    with translated(copy), closing(connect_as_is(copy)) as db:
        if problems := list(damage(db)):
            raise InputOutput(f"The copy of {source} is not whole. {' '.join(problems[:3])}")
        comments, runs = (
            int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for table in ("comments", "runs")
        )
    return comments, runs


def _set_aside(database: Path) -> Path:
    """Give the database a second name, closed and complete; return that name.

    A -wal file that stayed behind would be read into the database that takes its place.
    """
    aside = stamped(database, "before-restore")
    try:
        with translated(database):
            db = sqlite3.connect(database, timeout=BUSY_SECONDS, isolation_level=None)
            with closing(db):
                # Takes the -wal in and away; only when nobody else has the database open.
                db.execute("PRAGMA journal_mode = DELETE")
    except InputOutput:
        # Damaged: it is kept as it is.
        with translated_files(aside):
            for suffix in ("-wal", "-shm"):
                left = Path(f"{database}{suffix}")
                if left.exists():
                    left.replace(f"{aside}{suffix}")
    keep_under(database, aside)
    return aside
