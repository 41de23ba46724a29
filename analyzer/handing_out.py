"""Whatever leaves the program: the access log has its line first, and the file is remembered."""

from __future__ import annotations

import getpass
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analyzer import access_log, holdings
from analyzer.database import opened, transaction, translated

# What of employees' comments an export holds, as a count of rows.
_ROWS = {
    "segments": "SELECT count(*) FROM segments s JOIN comments c ON c.id = s.comment_id "
    "WHERE c.side = 'employee'",
    "evidence": "SELECT count(*) FROM closest",
}
_ROWS["bertopic"] = _ROWS["segments"]


def operator() -> str:
    """Return the login name of whoever runs the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


@contextmanager
def handing_out(database: Path, name: str, target: Path | None) -> Iterator[None]:
    """Write the line of an export before its first byte; remember the file, if there is one.

    Raises:
        Locked, InputOutput: the log cannot be written, so nothing may be given out.
        Misconfigured: see :func:`access_log.append`.
    """
    with translated(database), opened(database, create=False) as db:
        with transaction(db):
            rows = _employees_rows(db.conn, name)
            head = None
            if rows:
                entry = access_log.Entry(operator(), f"export {name}", {"to": _where(target)}, rows)
                head = access_log.append(db.conn, entry)
            if target is not None and name != "bertopic":
                holdings.announce(db.conn, "export", target, name)
        if head is not None:
            access_log.keep_head(database, head)
    yield
    if target is None:
        return
    with translated(database), opened(database, create=False) as db, transaction(db):
        files = (
            [target] if target.is_file() else sorted(p for p in target.rglob("*") if p.is_file())
        )
        for file in files:
            if file != target:
                holdings.announce(db.conn, "export", file, name)
            holdings.written(db.conn, file)


def _employees_rows(db: sqlite3.Connection, name: str) -> int:
    query = _ROWS.get(name)
    return int(db.execute(query).fetchone()[0]) if query else 0


def _where(target: Path | None) -> str:
    return "stdout" if target is None else "file"
