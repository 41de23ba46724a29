"""Files that the program wrote or took over, so that erasing and retention reach them.

A file is only ever deleted if it is still, byte for byte, the one that was written; one that was
changed or moved since is left, and named.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from analyzer.files import sha256_of, translated_files

Kind = Literal["export", "backup", "aside", "source", "upload"]


@dataclass(frozen=True, slots=True)
class Holding:
    """A file. ``what`` says which export, or which file of the inbox; ``sha256`` None: unknown."""

    path: str
    kind: str
    what: str
    sha256: str | None
    written_at: str
    state: str


def announce(db: sqlite3.Connection, kind: Kind, path: Path, what: str = "") -> None:
    """Say that a file is about to be written; what was known of its path is forgotten."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    db.execute(
        "INSERT OR REPLACE INTO files (path, kind, what, sha256, written_at) "
        "VALUES (?, ?, ?, NULL, ?)",
        [str(path.absolute()), kind, what, now],
    )


def written(db: sqlite3.Connection, path: Path, content: Path | None = None) -> None:
    """Say that a file that was announced is written; ``content`` is where it is until it moves."""
    db.execute(
        "UPDATE files SET sha256 = ? WHERE path = ?",
        [sha256_of(content or path), str(path.absolute())],
    )


def known(db: sqlite3.Connection, *kinds: Kind) -> list[Holding]:
    """Return the files of some kinds (all) that were not deleted, by path."""
    rows = db.execute(
        "SELECT path, kind, what, sha256, written_at, state FROM files WHERE state <> 'gone' "
        "ORDER BY path"
    )
    return [row for row in (Holding(*row) for row in rows) if not kinds or row.kind in kinds]


def doom(db: sqlite3.Connection, holdings: Iterable[Holding]) -> None:
    """Mark files that have to go; :func:`sweep` deletes them."""
    db.executemany(
        "UPDATE files SET state = 'doomed' WHERE path = ?", [(row.path,) for row in holdings]
    )


def sweep(db: sqlite3.Connection) -> tuple[list[str], list[str]]:
    """Delete the files that have to go; return those deleted, and those left for a person.

    Raises:
        InputOutput: one cannot be deleted.
    """
    gone, left = [], []
    for row in [row for row in known(db) if row.state == "doomed"]:
        path = Path(row.path)
        if path.is_file() and row.sha256 == sha256_of(path):
            with translated_files(path):
                path.unlink()
            _leave(path.parent, row.what)
            gone.append(row.path)
        elif path.exists():
            left.append(row.path)
        state = "left" if path.exists() else "gone"
        db.execute("UPDATE files SET state = ? WHERE path = ?", [state, row.path])
    return gone, left


def _leave(folder: Path, what: str) -> None:
    """Take the folder of an exported model away when its last file has gone."""
    if what == "bertopic" and folder.is_dir() and not any(folder.iterdir()):
        with translated_files(folder):
            folder.rmdir()


def carry_over(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Let a database know the files of the one in whose place it is put."""
    rows = source.execute("SELECT path, kind, what, sha256, written_at, state FROM files")
    target.executemany("INSERT OR IGNORE INTO files VALUES (?, ?, ?, ?, ?, ?)", rows.fetchall())


def there(holdings: Sequence[Holding]) -> list[str]:
    """Return the paths of those that are still where they were written."""
    return [row.path for row in holdings if Path(row.path).exists()]
