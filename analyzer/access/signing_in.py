"""Signing in: name and password, then the code of the second factor for whoever has one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from analyzer.access import passwords, sessions, throttle, totp
from analyzer.access.users import NEED_TOTP, named, normal
from analyzer.database import transaction

if TYPE_CHECKING:
    from sqlite_utils import Database

    from analyzer.access.sessions import Session

# in: signed in. code: the second factor is next. wrong: name or password or code. wait: too many
# were wrong. unready: the role needs a second factor, and the user has none yet.
Outcome = Literal["in", "code", "wrong", "wait", "unready"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt: a session's token, or the seconds to wait."""

    outcome: Outcome
    token: str | None = None
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Browser:
    """Who tries: the address, and the token of the session that the browser has had so far."""

    address: str
    token: str | None


def with_password(db: Database, name: str, password: str, browser: Browser, now: int) -> Answer:
    """Take the first step. Nobody learns whether it was the name or the password."""
    who = throttle.guesser(db.conn, name, browser.address)
    if throttle.count(db, "password", who, now) is None:
        return Answer("wait", seconds=throttle.waits(db.conn, "password", who, now))
    sql = "SELECT id, role, password, totp_secret FROM users WHERE name = ? AND NOT disabled"
    row = db.execute(sql, [normal(name)]).fetchone()
    if not passwords.matches(row and row[2], password):
        return Answer("wrong")
    user_id, role, stored, secret = row
    throttle.forgive(db, "password", who)
    _renew(db, user_id, stored, password)
    if secret is None and role in NEED_TOTP:
        return Answer("unready")
    step: sessions.Step = "in" if secret is None else "code"
    return Answer(step, sessions.start(db, user_id, step, now, browser.token))


def with_code(db: Database, session: Session, code: str, browser: Browser, now: int) -> Answer:
    """Take the second step; the session of the first is replaced."""
    who = throttle.guesser(db.conn, session.name, browser.address)
    if throttle.count(db, "code", who, now) is None:
        return Answer("wait", seconds=throttle.waits(db.conn, "code", who, now))
    if not totp.use(db, session.user_id, code, now):
        return Answer("wrong")
    throttle.forgive(db, "code", who)
    return Answer("in", sessions.start(db, session.user_id, "in", now, browser.token))


def change_password(
    db: Database, session: Session, old: str, new: str, browser: Browser, now: int
) -> Answer:
    """Give somebody who is signed in a new password: all their sessions end, and one begins.

    Guesses at the old password are counted as at signing in.

    Raises:
        UsageError: the new password is not good enough.

    """
    from analyzer.access import users

    user = named(db.conn, session.name)
    who = throttle.guesser(db.conn, user.name, browser.address)
    passwords.check(new, user.name)
    if throttle.count(db, "password", who, now) is None:
        return Answer("wait", seconds=throttle.waits(db.conn, "password", who, now))
    stored = db.execute("SELECT password FROM users WHERE id = ?", [user.id]).fetchone()[0]
    if not passwords.matches(stored, old):
        return Answer("wrong")
    throttle.forgive(db, "password", who)
    users.set_password(db, user, new)
    return Answer("in", sessions.start(db, user.id, "in", now, browser.token))


def _renew(db: Database, user_id: int, stored: str, password: str) -> None:
    """Hash a password anew if the cost has risen since."""
    if passwords.is_outdated(stored):
        new = passwords.hashed(password)
        with transaction(db):
            sql = "UPDATE users SET password = ? WHERE id = ? AND password = ?"
            db.execute(sql, [new, user_id, stored])
