"""Open the database: pragmas, migrations, transactions, and SQLite's errors in our words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.errors import BothsidesError, InputOutput, Locked
from analyzer.files import in_use

if TYPE_CHECKING:
    from sqlite_utils import Database

BUSY_SECONDS = 5.0


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours.

    Raises:
        Locked: another process writes, and did not finish within BUSY_SECONDS.
        InputOutput: the file cannot be opened or written, or is not a database.
    """
    try:
        yield
    except sqlite3.OperationalError as exc:
        text = str(exc)
        if "locked" in text or "busy" in text:
            raise Locked(
                f"The database {path} is being written by another process. Try again when that "
                "has finished."
            ) from exc
        raise InputOutput(
            f"The database {path} cannot be used: {text}. Check the folder, its permissions and "
            "the free space."
        ) from exc
    except sqlite3.DatabaseError as exc:
        raise InputOutput(
            f"{path} is not a database of Bothsides, or is damaged ({exc}). Name another with --db."
        ) from exc


@contextmanager
def opened(path: Path, *, create: bool, alone: bool = False) -> Iterator[Database]:
    """Open ``path`` for writing with the newest schema, close it in the end.

    ``alone``: the caller holds it already against everybody else, as a restore does.

    Raises:
        InputOutput: there is no such file and ``create`` is false, or it cannot be opened.
        Locked: another process writes, or puts a backup in its place.
    """
    from sqlite_utils import Database

    from analyzer.migrations import migrations

    if not create:
        must_exist(path)
    with nullcontext() if alone else in_use(path), translated(path):
        if not path.exists():
            _make_private(path)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                connection.execute(f"PRAGMA {pragma}")
            db = Database(connection)
            if migrations.pending(db):
                migrations.apply(db)
            yield db
        finally:
            connection.close()


def _make_private(path: Path) -> None:
    """Make an empty file that only its owner may read: whoever reads it reads every comment.

    SQLite gives the files beside it (-wal, -shm) the same permissions.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as exc:
        raise InputOutput(
            f"The database {path} cannot be made: {exc.strerror}. Check the folder and its "
            "permissions."
        ) from exc


def must_exist(path: Path) -> None:
    """Raise InputOutput with the next step if there is no database at ``path``."""
    if not path.is_file():
        raise InputOutput(
            f"There is no database {path}. Import comments first: "
            f"bothsides import FILE --side employee --db {path}"
        )


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """One transaction, taken for writing at once: all of it is kept, or nothing."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.conn.execute("COMMIT")
    except BaseException:
        # On a full disk SQLite has rolled back by itself.
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise


def connect_readonly(path: Path) -> sqlite3.Connection:
    """Return a connection that cannot write.

    A database of an older version gets the newest schema first, the one thing that is written.

    Raises:
        InputOutput: there is no such file, it is not a database, or it is of an older version and
            cannot be written.
        Locked: it is of an older version and another process writes.
        BothsidesError: it is somebody else's database.
    """
    must_exist(path)
    connection = connect_as_is(path)
    if _is_older(connection, path):
        connection.close()
        with opened(path, create=False):
            pass
        connection = connect_as_is(path)
    return connection


def connect_as_is(path: Path) -> sqlite3.Connection:
    """Return a connection that cannot write, whatever the version of the schema.

    Raises:
        InputOutput, Locked: it cannot be opened.
        BothsidesError: it is somebody else's database.
    """
    with translated(path):
        uri = f"{path.resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)
        connection.row_factory = sqlite3.Row
        known = connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE name IN ('comments', 'runs')"
        ).fetchone()[0]
    if known != 2:
        connection.close()
        raise BothsidesError(f"{path} is a database, but not one of Bothsides. Name another: --db")
    return connection


def _is_older(connection: sqlite3.Connection, path: Path) -> bool:
    from sqlite_utils import Database

    from analyzer.migrations import migrations

    with translated(path):
        return bool(migrations.pending(Database(connection)))
