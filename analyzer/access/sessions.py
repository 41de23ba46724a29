"""Sessions: a row for each browser that is signed in. The browser has the token, the row its hash.

``now`` is seconds since 1970, handed in by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from analyzer.access.keys import new_token, token_hash
from analyzer.database import transaction

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database

    from analyzer.access.roles import Role

IDLE = 30 * 60
LONGEST = 12 * 60 * 60
# Between the password and the code of the second factor.
BETWEEN = 5 * 60
# A session is marked as used no more often than this: reading a page need not write.
TOUCHED = 60

# Where a session stands: the password was right and the code is to come; or signed in.
Step = Literal["code", "in"]


@dataclass(frozen=True, slots=True)
class Session:
    """A session that holds, and whose it is."""

    user_id: int
    name: str
    role: Role
    step: Step
    seen_at: int


def start(db: Database, user_id: int, step: Step, now: int, instead_of: str | None) -> str:
    """Begin a session and return its token; the browser's earlier one ends with it.

    A token from before signing in is worth nothing after it.
    """
    token = new_token()
    with transaction(db):
        db.execute(
            """DELETE FROM sessions WHERE seen_at <= ? OR created_at <= ?
                OR (step = 'code' AND created_at <= ?)""",
            [now - IDLE, now - LONGEST, now - BETWEEN],
        )
        if instead_of is not None:
            db.execute("DELETE FROM sessions WHERE token_hash = ?", [token_hash(instead_of)])
        db.execute(
            """INSERT INTO sessions (token_hash, user_id, step, created_at, seen_at)
                VALUES (?, ?, ?, ?, ?)""",
            [token_hash(token), user_id, step, now, now],
        )
    return token


def held(connection: sqlite3.Connection, token: str, now: int) -> Session | None:
    """Return the session of a token; None: there is none, it is over, or its user is disabled."""
    row = connection.execute(
        """SELECT u.id, u.name, u.role, s.step, s.seen_at, s.created_at
            FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.token_hash = ? AND NOT u.disabled""",
        [token_hash(token)],
    ).fetchone()
    if row is None:
        return None
    user_id, name, role, step, seen_at, created_at = tuple(row)
    longest = BETWEEN if step == "code" else LONGEST
    if now - seen_at >= IDLE or now - created_at >= longest:
        return None
    return Session(user_id, name, cast("Role", role), step, seen_at)


def touch(db: Database, token: str, now: int) -> None:
    """Mark a session as used now."""
    with transaction(db):
        db.execute(
            "UPDATE sessions SET seen_at = max(seen_at, ?) WHERE token_hash = ?",
            [now, token_hash(token)],
        )


def end(db: Database, token: str) -> None:
    """End a session."""
    with transaction(db):
        db.execute("DELETE FROM sessions WHERE token_hash = ?", [token_hash(token)])
