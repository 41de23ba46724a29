"""The key of the pages, and what is made with it. It lies in the database, beside what it guards.

Whoever has the file has everything in it anyway; the key is against those who have not.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def web_key(connection: sqlite3.Connection) -> bytes:
    """Return the key (32 bytes) with which cookies and form tokens are signed."""
    row = connection.execute("SELECT value FROM secrets WHERE name = 'web'").fetchone()
    return bytes(row[0])


def new_token() -> str:
    """Return 256 bits of chance, to be handed out once and stored only as :func:`token_hash`."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """Return what is stored of a token. It is chance itself: no salt and no slow hash is needed."""
    return hashlib.sha256(token.encode()).digest()


def pseudonym(connection: sqlite3.Connection, kind: str, value: str) -> bytes:
    """Return a keyed hash, for what must be counted but not kept: names tried, addresses."""
    return hmac.digest(web_key(connection), f"{kind}\0{value}".encode(), "sha256")
