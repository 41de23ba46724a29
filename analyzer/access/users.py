"""Users: who may sign in, and as what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from analyzer.access import passwords
from analyzer.access.roles import ROLES, Role
from analyzer.database import transaction
from analyzer.errors import UsageError

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database

_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")
# Roles that see what single people wrote sign in with a second factor.
NEED_TOTP: frozenset[Role] = frozenset({"hr_verbatim"})


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in. Times are seconds since 1970."""

    id: int
    name: str
    role: Role
    disabled: bool
    has_totp: bool
    created_at: int


_COLUMNS = "id, name, role, disabled, totp_secret IS NOT NULL, created_at"


def normal(name: str) -> str:
    """Return a name as it is compared: nobody is a second Anna by a capital or a space."""
    return name.strip().lower()


def exist(connection: sqlite3.Connection) -> bool:
    """Return whether there are any users, disabled ones too.

    Once there are, nobody looks at the pages without signing in.
    """
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM users)").fetchone()[0])


def may_sign_in(connection: sqlite3.Connection) -> bool:
    """Return whether there is a user who is not disabled."""
    sql = "SELECT EXISTS (SELECT 1 FROM users WHERE NOT disabled)"
    return bool(connection.execute(sql).fetchone()[0])


def listed(connection: sqlite3.Connection) -> list[User]:
    """Return all users by name."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM users ORDER BY name")
    return [_user(tuple(row)) for row in rows]


def named(connection: sqlite3.Connection, name: str) -> User:
    """Return a user.

    Raises:
        UsageError: there is none of that name.

    """
    sql = f"SELECT {_COLUMNS} FROM users WHERE name = ?"
    row = connection.execute(sql, [normal(name)]).fetchone()
    if row is None:
        raise UsageError(f"There is no user {name!r}. Who there is: bothsides user list")
    return _user(tuple(row))


def add(db: Database, name: str, role: Role, password: str, now: int) -> User:
    """Add a user.

    Raises:
        UsageError: the name is taken or cannot be one, there is no such role, or the password is
            not good enough.

    """
    own = normal(name)
    if not _NAME.fullmatch(own):
        raise UsageError(
            f"{name!r} cannot be a user's name: 1 to 64 of a-z, 0-9 and . _ @ + -, as in "
            "anna.rossi or anna@example.org"
        )
    if role not in ROLES:
        raise UsageError(f"There is no role {role!r}. Roles: {', '.join(ROLES)}")
    passwords.check(password, own)
    stored = passwords.hashed(password)
    with transaction(db):
        if db.execute("SELECT 1 FROM users WHERE name = ?", [own]).fetchone():
            raise UsageError(
                f"There is a user {own} already. A new password: bothsides user passwd {own}"
            )
        db.execute(
            "INSERT INTO users (name, role, password, created_at) VALUES (?, ?, ?, ?)",
            [own, role, stored, now],
        )
    return named(db.conn, own)


def set_password(db: Database, user: User, password: str) -> None:
    """Give a user a new password; every session of theirs ends.

    Raises:
        UsageError: the password is not good enough.

    """
    passwords.check(password, user.name)
    stored = passwords.hashed(password)
    with transaction(db):
        db.execute("UPDATE users SET password = ? WHERE id = ?", [stored, user.id])
        db.execute("DELETE FROM sessions WHERE user_id = ?", [user.id])


def disable(db: Database, user: User) -> None:
    """Let a user do nothing any more: sessions end at once, and their tokens are gone."""
    with transaction(db):
        db.execute("UPDATE users SET disabled = 1 WHERE id = ?", [user.id])
        db.execute("DELETE FROM sessions WHERE user_id = ?", [user.id])
        db.execute("DELETE FROM api_tokens WHERE user_id = ?", [user.id])


def enable(db: Database, user: User) -> None:
    """Let a disabled user sign in again, with the password of before."""
    with transaction(db):
        db.execute("UPDATE users SET disabled = 0 WHERE id = ?", [user.id])


def _user(row: tuple[object, ...]) -> User:
    number, name, role, disabled, has_totp, created_at = row
    return User(
        cast(int, number),
        str(name),
        cast(Role, role),
        bool(disabled),
        bool(has_totp),
        cast(int, created_at),
    )
