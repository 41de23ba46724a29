"""Which words may stand in a label or a key term of employees: those that enough of them use.

A rare word (a name, a machine, an illness) tells who wrote it. What people typed themselves when
they renamed a theme is theirs, and stays.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable, Sequence

from analyzer.words import GRAMMAR

_PART = re.compile(r"[^\W\d_]+")
# Words that every comment is made of, such as "of" and "the"; they tell nobody.
_COMMON = frozenset(
    part
    for own in GRAMMAR.values()
    for words in (own.articles, own.prepositions, own.copulas, own.joints, own.determiners)
    for word in words
    for part in _PART.findall(word.casefold())
)


def parts(text: str) -> set[str]:
    """Return the words of a text in lower case, parted at hyphens and apostrophes."""
    return set(_PART.findall(text.casefold()))


def heard_by(texts: Iterable[tuple[str, str]], least: int) -> list[str]:
    """Return the words that at least so many respondents use; pairs of respondent and text."""
    users: dict[str, set[str]] = {}
    for respondent, text in texts:
        for word in parts(text):
            own = users.setdefault(word, set())
            if len(own) < least:
                own.add(respondent)
    return sorted(word for word, own in users.items() if len(own) >= least)


def write(db: sqlite3.Connection, least: int) -> None:
    """Keep the words that at least so many employees use."""
    rows = db.execute(
        "SELECT coalesce(respondent, kind || char(31) || source_id), text FROM comments "
        "WHERE side = 'employee'"
    )
    db.execute("DELETE FROM heard")
    db.executemany("INSERT INTO heard VALUES (?)", [(word,) for word in heard_by(rows, least)])


def read(db: sqlite3.Connection) -> frozenset[str]:
    """Return the words that enough employees use."""
    return frozenset(row[0] for row in db.execute("SELECT word FROM heard"))


def are_heard(text: str, heard: Collection[str]) -> bool:
    """Tell whether every word of a label or a term is used by enough employees."""
    return all(word in heard or word in _COMMON or len(word) < 2 for word in parts(text))


def terms(found: Sequence[str], heard: Collection[str]) -> tuple[str, ...]:
    """Return the terms whose words are all heard."""
    return tuple(term for term in found if are_heard(term, heard))


def label(theme_id: str, text: str, own: str | None, heard: Collection[str]) -> str:
    """Return a theme's label; ``own`` is the algorithm's, another one was typed by people."""
    typed = own is not None and text != own
    return text if typed or are_heard(text, heard) else f"theme {theme_id}"
