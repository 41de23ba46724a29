"""The words that enough employees use: labels and key terms are held against them once more.

What people typed themselves when they renamed a theme is theirs, and stays.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

from analyzer.hearing import are_heard, are_said, heard_by

# A label that may not be shown any more is replaced by so many of the theme's terms.
INSTEAD = 2


def write(db: sqlite3.Connection, least: int) -> None:
    """Keep the words that at least so many employees use."""
    rows = db.execute(
        "SELECT coalesce(respondent, kind || char(31) || source_id), text FROM comments "
        "WHERE side = 'employee'"
    )
    found = sorted(heard_by(((row[0], row[1]) for row in rows), least))
    db.execute("DELETE FROM heard")
    db.executemany("INSERT INTO heard VALUES (?)", [(word,) for word in found])


def read(db: sqlite3.Connection) -> frozenset[str]:
    """Return the words that enough employees use."""
    return frozenset(row[0] for row in db.execute("SELECT word FROM heard"))


def terms(found: Sequence[str], heard: Collection[str]) -> tuple[str, ...]:
    """Return the terms that enough employees use."""
    return tuple(term for term in found if are_said(term, heard))


def label(
    theme_id: str, text: str, own: str | None, found: Sequence[str], heard: Collection[str]
) -> str:
    """Return a theme's label; ``own`` is the algorithm's, another one was typed by people.

    One with words that too few use, after an erasure say, gives way to the theme's terms ``found``
    that pass.
    """
    typed = own is not None and text != own
    if typed or are_heard(text, heard):
        return text
    return ", ".join(terms(found, heard)[:INSTEAD]) or f"theme {theme_id}"
