"""API tokens: for programs that read in a user's name. Shown once, stored as a hash."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from analyzer.access.keys import new_token, token_hash
from analyzer.access.roles import RIGHTS, Right, Viewer
from analyzer.database import transaction
from analyzer.errors import UsageError

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database

    from analyzer.access.users import User

DAY = 24 * 60 * 60
LONGEST_DAYS = 90
# So that a token is known for one wherever it turns up, by people and by secret scanners.
PREFIX = "bothsides_"
# What a token may do unless more is asked for: read figures and what customers wrote.
READING: frozenset[Right] = frozenset(
    {"customer-figures", "customer-comments", "employee-names", "employee-figures"}
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret. ``rights`` are the most it may do; times as seconds."""

    id: str
    user: str
    label: str
    rights: tuple[str, ...]
    created_at: int
    expires_at: int


def add(
    db: Database, user: User, label: str, days: int, rights: Collection[Right], now: int
) -> tuple[Token, str]:
    """Make a token and return it with its secret, which nobody can show again.

    Without ``rights`` it may read what its owner may, but not what employees wrote.

    Raises:
        UsageError: it would last too long, its owner has not those rights, or is disabled.

    """
    if not 1 <= days <= LONGEST_DAYS:
        raise UsageError(f"A token lasts 1 to {LONGEST_DAYS} days, not {days}.")
    if user.disabled:
        raise UsageError(f"{user.name} is disabled. First: bothsides user enable {user.name}")
    own = RIGHTS[user.role]
    wanted = frozenset(rights) or (READING & own)
    if beyond := sorted(wanted - own):
        raise UsageError(f"{user.name} ({user.role}) has not the right {beyond[0]!r} to give.")
    if not wanted:
        raise UsageError(
            f"{user.name} ({user.role}) reads nothing: name what the token is for, with --right "
            f"one of {', '.join(sorted(own))}"
        )
    secret = PREFIX + new_token()
    made = Token(
        secrets.token_hex(8), user.name, label, tuple(sorted(wanted)), now, now + days * DAY
    )
    with transaction(db):
        db.execute(
            """INSERT INTO api_tokens
                (id, token_hash, user_id, label, rights, created_at, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)""",
            [
                made.id,
                token_hash(secret),
                user.id,
                label,
                json.dumps(made.rights),
                made.created_at,
                made.expires_at,
            ],
        )
    return made, secret


def listed(connection: sqlite3.Connection) -> list[Token]:
    """Return all tokens, expired ones too, by owner and age."""
    rows = connection.execute(
        """SELECT t.id, u.name, t.label, t.rights, t.created_at, t.expires_at
            FROM api_tokens t JOIN users u ON u.id = t.user_id
            ORDER BY u.name, t.created_at, t.id"""
    )
    return [
        Token(number, user, label, tuple(json.loads(rights)), created_at, expires_at)
        for number, user, label, rights, created_at, expires_at in rows
    ]


def revoke(db: Database, token_id: str) -> None:
    """Remove a token; from now on it is worth nothing.

    Raises:
        UsageError: there is no such token.

    """
    with transaction(db):
        if not db.execute("DELETE FROM api_tokens WHERE id = ?", [token_id]).rowcount:
            raise UsageError(f"There is no token {token_id}. Which there are: bothsides token list")


def viewer(connection: sqlite3.Connection, secret: str, now: int) -> Viewer | None:
    """Return whom a token stands for, with what both it and its owner may; None: nobody."""
    row = connection.execute(
        """SELECT u.id, u.name, u.role, t.rights FROM api_tokens t JOIN users u ON u.id = t.user_id
            WHERE t.token_hash = ? AND t.expires_at > ? AND NOT u.disabled""",
        [token_hash(secret), now],
    ).fetchone()
    if row is None:
        return None
    user_id, name, role, rights = tuple(row)
    allowed = RIGHTS[role] & frozenset(cast("list[Right]", json.loads(rights)))
    return Viewer(name, allowed, user_id)
