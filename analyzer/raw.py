"""The texts as they were imported, for who asks for that: encrypted, and read with a reason only.

AES-256-GCM; the key is in the environment, never in the database. Each text is bound to its
comment, so that a row cannot be read under another's name.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer import access_log
from analyzer.database import connect_readonly, opened, transaction, translated
from analyzer.errors import Misconfigured, UsageError
from analyzer.settings import Settings

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database

KEY_VARIABLE = "BOTHSIDES_RAW_KEY"
KEY_BYTES, NONCE_BYTES = 32, 12
# What every key of a database seals first, so that another key is known at once.
_CHECK = b"bothsides raw texts"
_CHECK_NAME = "raw-check"
# A written reason is a sentence, not a letter.
REASON_LETTERS = 10


@dataclass(frozen=True, slots=True)
class Reading:
    """That somebody has read a raw text: when, who, which comment, why."""

    id: int
    at: str
    who: str
    comment_id: str
    reason: str


def new_key() -> str:
    """Return a new key as the environment variable holds it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def key_of(settings: Settings) -> bytes | None:
    """Return the key if raw texts are to be kept, None if not.

    Raises:
        Misconfigured: there is no key in the environment, or it is none.
    """
    return _key() if settings.keep_raw else None


def _key() -> bytes:
    given = os.environ.get(KEY_VARIABLE, "")
    try:
        key = base64.b64decode(given, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        what = "is not a key" if given else "is not set"
        raise Misconfigured(
            f"The raw texts need a key, and ${KEY_VARIABLE} {what}. Make one with `bothsides raw "
            "key`, and keep it apart from the database: without it they cannot be read."
        )
    return key


class Vault:
    """Seals raw texts into a database and opens them again.

    Raises:
        Misconfigured: the texts of this database were sealed with another key.
    """

    def __init__(self, db: Database, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._cipher = AESGCM(key)
        row = db.execute("SELECT value FROM secrets WHERE name = ?", [_CHECK_NAME]).fetchone()
        self._is_new = row is None
        if row is not None:
            self._open(bytes(row[0]), _CHECK_NAME)

    def keep(self, db: Database, texts: Mapping[str, str]) -> None:
        """Seal the texts of those comments that have none yet; part of the caller's transaction."""
        if self._is_new:
            sealed = self._seal(_CHECK, _CHECK_NAME)
            db.execute("INSERT OR IGNORE INTO secrets VALUES (?, ?)", [_CHECK_NAME, sealed])
        rows = db.execute(
            "SELECT c.id, c.import_id FROM comments c WHERE NOT EXISTS (SELECT 1 FROM raw_texts r "
            "WHERE r.comment_id = c.id AND r.import_id = c.import_id)"
        ).fetchall()
        db.conn.executemany(
            "INSERT INTO raw_texts (comment_id, import_id, sealed) VALUES (?, ?, ?)",
            [
                (key, number, self._seal(texts[key].encode("utf-8", "surrogatepass"), key))
                for key, number in rows
                if key in texts
            ],
        )

    def text(self, sealed: bytes, comment_id: str) -> str:
        """Return a raw text."""
        return self._open(sealed, comment_id).decode("utf-8", "surrogatepass")

    def _seal(self, text: bytes, name: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text, name.encode())

    def _open(self, sealed: bytes, name: str) -> bytes:
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
        except InvalidTag as exc:
            raise Misconfigured(
                f"The key in ${KEY_VARIABLE} is not the one that sealed the raw texts of this "
                "database. Set that one."
            ) from exc


def _note(db: Database, who: str, comment_id: str, reason: str) -> access_log.Head:
    """Write down that somebody reads a raw text, before it is shown: why, and a line of the log."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with transaction(db):
        db.execute(
            "INSERT INTO raw_readings (at, who, comment_id, reason) VALUES (?, ?, ?, ?)",
            [now, who, comment_id, reason],
        )
        entry = access_log.Entry(who, "raw show", {"comment": comment_id}, 1)
        return access_log.append(db.conn, entry)


def show(database: Path, comment: str, *, who: str, reason: str) -> str:
    """Return a comment as it was imported, when the reading is written down.

    ``comment`` is its id in the source, or its own id.

    Raises:
        UsageError: the reason says too little, there is no such comment, there are several, or
            its raw text was not kept.
        Misconfigured: there is no key, or it is another.
        InputOutput, Locked: the database cannot be used.
    """
    if sum(char.isalnum() for char in reason) < REASON_LETTERS:
        raise UsageError(
            f"A raw text is read for a reason, in at least {REASON_LETTERS} letters: "
            '--reason "why this comment has to be read as it was written".'
        )
    key = _key()
    with translated(database), opened(database, create=False) as db:
        comment_id, sealed = _sealed(db, comment)
        text = Vault(db, key).text(sealed, comment_id)
        access_log.keep_head(database, _note(db, who, comment_id, reason.strip()))
    return text


def _sealed(db: Database, comment: str) -> tuple[str, bytes]:
    rows = db.execute(
        "SELECT c.id, c.side, c.kind, c.column_name, r.sealed FROM comments c "
        "LEFT JOIN raw_texts r ON r.comment_id = c.id AND r.import_id = c.import_id "
        "WHERE c.id = :key OR c.source_id = :key ORDER BY c.id",
        {"key": comment},
    ).fetchall()
    if not rows:
        raise UsageError(f"There is no comment {comment}. Its id stands in `export segments`.")
    if len(rows) > 1:
        named = "; ".join(f"{row[0]} ({row[1]}, {row[2]}, {row[3]})" for row in rows)
        raise UsageError(f"Several comments have the id {comment}. Name one of: {named}.")
    if rows[0][4] is None:
        raise UsageError(
            f"The raw text of {comment} was not kept: the setting keep_raw was off when it was "
            "imported."
        )
    return rows[0][0], bytes(rows[0][4])


def readings(database: Path) -> list[Reading]:
    """Return who has read which raw text and why, the oldest first.

    Raises:
        InputOutput, Locked: the database cannot be used.
    """
    with translated(database):
        db: sqlite3.Connection = connect_readonly(database)
        try:
            rows = db.execute(
                "SELECT id, at, who, comment_id, reason FROM raw_readings ORDER BY id"
            )
            return [Reading(*row) for row in rows]
        finally:
            db.close()
