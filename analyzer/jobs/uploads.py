"""Files that people send: kept in a private folder beside the database, under names of our own."""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from analyzer import holdings
from analyzer.database import transaction
from analyzer.errors import BadData, InputOutput
from analyzer.files import sync, translated_files

if TYPE_CHECKING:
    from sqlite_utils import Database

MOST_BYTES = 50 * 1_000_000
_CHUNK = 1 << 20
_NAME = 120
# The suffixes that say a format; any other is left out of our own name.
SUFFIXES = (".csv", ".tsv", ".tab", ".json", ".jsonl", ".ndjson", ".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent: ``name`` is theirs, cleaned; ``path`` is ours, in the folder."""

    id: str
    name: str
    sha256: str
    size: int
    path: str
    at: str
    who: str


_COLUMNS = ", ".join(Upload.__dataclass_fields__)


def folder(database: Path) -> Path:
    """Return the folder of a database's uploads."""
    return database.with_name(f"{database.name}.uploads")


def prepared(database: Path) -> Path:
    """Return the folder, made if need be, which only its owner can open.

    Raises:
        InputOutput: it cannot be made.

    """
    found = folder(database)
    with translated_files(found):
        found.mkdir(mode=0o700, exist_ok=True)
        found.chmod(0o700)
    return found


def clean_name(given: str) -> str:
    """Return the name of a file for people: its last part, without what is not seen, not long."""
    last = given.replace("\\", "/").rpartition("/")[2]
    seen = "".join(
        char if unicodedata.category(char)[0] not in "CZ" else " "
        for char in unicodedata.normalize("NFC", last)
    )
    name = " ".join(seen.split()).strip(". ")
    stem, dot, suffix = name.rpartition(".")
    if len(name) > _NAME:
        name = f"{stem[: _NAME - 10]}….{suffix[:8]}" if dot else f"{name[:_NAME]}…"
    return name or "file"


def keep(db: Database, database: Path, stream: BinaryIO, given: str, who: str, now: str) -> Upload:
    """Write what somebody sent to a file of its own and note it.

    Raises:
        BadData: it is empty, or larger than an upload may be.
        InputOutput: it cannot be written.

    """
    name, key = clean_name(given), secrets.token_hex(16)
    suffix = Path(name).suffix.lower()
    target = prepared(database) / f"{key}{suffix if suffix in SUFFIXES else ''}"
    try:
        sha256, size = _write(stream, target, name)
        upload = Upload(key, name, sha256, size, target.name, now, who)
        with transaction(db):
            db.execute(
                f"INSERT INTO uploads ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [getattr(upload, field) for field in Upload.__dataclass_fields__],
            )
            # Retention and erasing have to reach it.
            holdings.announce(db.conn, "upload", target, name)
            holdings.written(db.conn, target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return upload


def _write(stream: BinaryIO, target: Path, name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with translated_files(target):
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > MOST_BYTES:
                    raise BadData(
                        f"{name} is larger than {MOST_BYTES // 1_000_000} MB. Send it in parts, or "
                        "import it on the machine itself: bothsides import FILE"
                    )
                digest.update(chunk)
                file.write(chunk)
        sync(target)
        sync(target.parent)
    if not size:
        raise BadData(f"{name} is empty.")
    return digest.hexdigest(), size


def find(db: sqlite3.Connection, key: str) -> Upload | None:
    """Return an upload, None if there is none of that id."""
    row = db.execute(f"SELECT {_COLUMNS} FROM uploads WHERE id = ?", [key]).fetchone()
    return Upload(*row) if row else None


def uploads(db: sqlite3.Connection) -> list[Upload]:
    """Return all uploads, the newest first."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM uploads ORDER BY at DESC, rowid DESC")
    return [Upload(*row) for row in rows]


def path_of(database: Path, upload: Upload) -> Path:
    """Return where an upload is.

    Raises:
        InputOutput: it is there no more.

    """
    path = folder(database) / Path(upload.path).name
    if not path.is_file():
        raise InputOutput(f"{upload.name} is not kept any more. Send it again.")
    return path


def discard(db: Database, database: Path, upload: Upload) -> None:
    """Delete an upload, file and row.

    Raises:
        InputOutput: the file cannot be deleted.

    """
    path = folder(database) / Path(upload.path).name
    with transaction(db):
        holdings.doom(db.conn, [row for row in holdings.known(db.conn, "upload")
                                if row.path == str(path.absolute())])  # fmt: skip
        db.execute("DELETE FROM uploads WHERE id = ?", [upload.id])
    try:
        path.unlink(missing_ok=True)
    except OSError as exc:
        raise InputOutput(f"{upload.name} cannot be deleted: {exc.strerror}.") from exc
    holdings.sweep(db.conn)
