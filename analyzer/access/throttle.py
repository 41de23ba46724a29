"""How often somebody may guess. The attempts are rows, so the limits hold over all processes.

An attempt is counted as failed *before* the password is looked at, in one transaction that takes
the database for writing; success takes it back. So however many guesses arrive at once, no more
are verified than the limit.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from analyzer.access.keys import pseudonym
from analyzer.access.users import normal
from analyzer.database import transaction

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database

WINDOW = 15 * 60
Action = Literal["password", "code"]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``failures`` of an action in a window, for those who share ``columns``."""

    action: Action
    columns: tuple[Literal["account", "address"], ...]
    failures: int


LIMITS = (
    Limit("password", ("account", "address"), 5),
    # One guesser, many accounts; one account, many addresses. High enough that an office behind
    # one address is not shut out, and that nobody is shut out by others without effort.
    Limit("password", ("address",), 50),
    Limit("password", ("account",), 100),
    # Who comes this far has the password, and a code has but six digits.
    Limit("code", ("account",), 5),
)


@dataclass(frozen=True, slots=True)
class Guesser:
    """Who guesses at what: keyed hashes, since a password typed as a name is not to be kept."""

    account: bytes
    address: bytes


def guesser(connection: sqlite3.Connection, name: str, address: str) -> Guesser:
    """Return the guesser of an account at an address; an IPv6 address counts by its /64."""
    return Guesser(
        pseudonym(connection, "account", normal(name)),
        pseudonym(connection, "address", _network(address)),
    )


def waits(connection: sqlite3.Connection, action: Action, who: Guesser, now: int) -> int:
    """Return in how many seconds the guesser may try again; 0: now."""
    longest = 0
    for limit in LIMITS:
        if limit.action != action:
            continue
        same = "".join(f" AND {column} = :{column}" for column in limit.columns)
        row = connection.execute(
            f"""SELECT at FROM attempts WHERE action = :action AND at > :since{same}
                ORDER BY at DESC LIMIT 1 OFFSET :others""",
            {
                "action": action,
                "since": now - WINDOW,
                "others": limit.failures - 1,
                "account": who.account,
                "address": who.address,
            },
        ).fetchone()
        if row is not None:
            longest = max(longest, row[0] + WINDOW - now)
    return longest


def count(db: Database, action: Action, who: Guesser, now: int) -> int | None:
    """Count an attempt as failed and return its number; None: it may not be made.

    What is refused is not counted: whoever waits 15 minutes may try again.
    """
    # Only those who seem to be let in need the database for writing.
    if waits(db.conn, action, who, now):
        return None
    with transaction(db):
        if waits(db.conn, action, who, now):
            return None
        db.execute("DELETE FROM attempts WHERE at <= ?", [now - WINDOW])
        made = db.execute(
            "INSERT INTO attempts (action, account, address, at) VALUES (?, ?, ?, ?)",
            [action, who.account, who.address, now],
        )
        return made.lastrowid


def forgive(db: Database, action: Action, who: Guesser) -> None:
    """Take back what was counted for this account at this address: the guess was right."""
    with transaction(db):
        db.execute(
            "DELETE FROM attempts WHERE action = ? AND account = ? AND address = ?",
            [action, who.account, who.address],
        )


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
