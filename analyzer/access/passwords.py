"""Passwords: which are good enough, and how they are kept (argon2id).

The rules are those of OWASP ASVS 5.0, 6.2: long rather than odd. 15 characters are what it
recommends where a password is the only factor; no rule about kinds of characters, no expiry, at
least 64 characters possible, nothing cut off or changed, and no password that is easily guessed.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from analyzer.errors import UsageError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 15
# Longer ones would only make the server work for whoever sends them.
LONGEST = 256
# How many guesses a password must withstand, as a power of ten, by zxcvbn's estimate: its lists of
# common passwords, names and words, keyboard walks, repeats, sequences and dates.
GUESSES = 10.0
# zxcvbn reads no more than this.
_ESTIMATED = 72
_OF_THE_PROGRAM = ("bothsides", "employee", "customer", "comment", "theme")


def check(password: str, *names: str) -> None:
    """Refuse a password that is too short, too long, or easily guessed.

    ``names`` are what somebody would try first: the user's name, the organisation's.

    Raises:
        UsageError: with the reason, never with the password.

    """
    if len(password) < SHORTEST:
        raise UsageError(
            f"The password is too short: at least {SHORTEST} characters. A sentence is fine."
        )
    if len(password) > LONGEST:
        raise UsageError(f"The password is too long: at most {LONGEST} characters.")
    from zxcvbn import zxcvbn

    parts = [part for name in names for part in name.replace("@", ".").split(".") if part]
    found = zxcvbn(password[:_ESTIMATED], [*names, *parts, *_OF_THE_PROGRAM])
    if float(found["guesses_log10"]) < GUESSES:
        raise UsageError(
            "The password is easily guessed: it is common, repeats itself, or follows a pattern. "
            "Take four or five words that do not belong together."
        )


def hashed(password: str) -> str:
    """Return the argon2id hash that is stored, with its salt and its cost."""
    return _hasher().hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Return whether the password is the one that was stored.

    None takes as long as any other: nobody learns from the time whether a user exists.
    """
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        right = _hasher().verify(stored or _nobodys(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def is_outdated(stored: str) -> bool:
    """Return whether a hash was made with an earlier cost than today's."""
    return _hasher().check_needs_rehash(stored)


@functools.cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()  # RFC 9106, low memory: 64 MiB, three passes, four lanes


@functools.cache
def _nobodys() -> str:
    import secrets

    return hashed(secrets.token_urlsafe(32))
