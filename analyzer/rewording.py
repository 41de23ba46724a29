"""Labels, key terms and notes lose the words that only erased comments said.

A word, or a label as a whole, that an erased comment says and no comment left of its side is taken
out, wherever it stands: in what the run found, in the record of changes, in the edits of people.
Words are told apart as the index of words does it: no capitals, no accents.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

from analyzer import projection
from analyzer.edits import JOINED
from analyzer.found import Found
from analyzer.types import SIDES, BroadTheme, Pair, Theme

MASK = "[erased]"
_WORD = re.compile(r"\w+")
# What of an edit is words; the rest is ids and hashes.
_WORDS_OF_EDITS = ("labels", "label", "name", "terms", "phrases")


class Quotes:
    """Tells what only erased comments said; to be made by :func:`quotes`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.theirs = cache(self._theirs)

    def _theirs(self, phrase: str, side: str | None = None) -> bool:
        """Return whether an erased comment says this, and none that is left of the side (any)."""
        query = '"{}"'.format(phrase.replace('"', '""'))
        return self._said(query, side) and not self._remains(query, side)

    def _said(self, query: str, side: str | None) -> bool:
        row = self._db.execute(
            "SELECT 1 FROM temp.gone_words WHERE gone_words MATCH ?1 "
            "AND (?2 IS NULL OR side = ?2) LIMIT 1",
            [query, side],
        ).fetchone()
        return row is not None

    def _remains(self, query: str, side: str | None) -> bool:
        row = self._db.execute(
            "SELECT 1 FROM comment_words w JOIN arrivals a ON a.number = w.rowid "
            "JOIN comments c ON c.id = a.comment_id "
            "WHERE comment_words MATCH ?1 AND (?2 IS NULL OR c.side = ?2) LIMIT 1",
            [query, side],
        ).fetchone()
        return row is not None

    def quotes(self, phrase: str, side: str | None = None) -> bool:
        """Return whether the phrase, or a word of it, is theirs alone."""
        return self.theirs(phrase, side) or any(
            self.theirs(word, side) for word in _WORD.findall(phrase)
        )

    def masked(self, text: str) -> str:
        """Return a text of a person or of the record without what is theirs alone."""
        if self.theirs(text):
            return MASK
        return _WORD.sub(lambda m: MASK if self.theirs(m[0]) else m[0], text)


@contextmanager
def quotes(db: sqlite3.Connection, gone: Iterable[tuple[str, str]]) -> Iterator[Quotes]:
    """Give what knows the erased texts, each behind its side, for as long as it is needed."""
    db.execute(
        "CREATE VIRTUAL TABLE temp.gone_words USING fts5 (side UNINDEXED, text, "
        "tokenize='unicode61 remove_diacritics 2')"
    )
    db.executemany("INSERT INTO temp.gone_words (side, text) VALUES (?, ?)", gone)
    yield Quotes(db)
    db.execute("DROP TABLE temp.gone_words")


def reword(db: sqlite3.Connection, said: Quotes, gone: Collection[str]) -> list[str]:
    """Take words and references of erased comments (ids: ``gone``) out of all that is kept.

    Return the ids of themes and broad themes whose label went: they are called by their ids, until
    the next analysis gives them a name.
    """
    row = db.execute("SELECT max(run_id) FROM found").fetchone()
    renamed: list[str] = []
    result = projection.read_found(db)
    if result is not None:
        clean = _found(result, said, gone)
        renamed = [
            now.id
            for was, now in zip(_labelled(result), _labelled(clean), strict=True)
            if was.label != now.label
        ]
        projection.write_found(db, row[0], clean)
    _edits(db, said, gone)
    for key, label in db.execute("SELECT rowid, label FROM theme_changes").fetchall():
        if (now := said.masked(label)) != label:
            db.execute("UPDATE theme_changes SET label = ? WHERE rowid = ?", [now, key])
    for key, notes in db.execute("SELECT id, notes FROM runs").fetchall():
        masked = json.dumps([said.masked(text) for text in json.loads(notes)], ensure_ascii=False)
        db.execute("UPDATE runs SET notes = ? WHERE id = ?", [masked, key])
    return renamed


def _labelled(result: Found) -> list[Theme | BroadTheme]:
    return [*result.themes, *result.broad]


def _found(result: Found, said: Quotes, gone: Collection[str]) -> Found:
    themes = [_theme(theme, said) for theme in result.themes]
    names = {
        (old.broad, old.label): new.label for old, new in zip(result.themes, themes, strict=True)
    }
    return Found(
        themes=tuple(themes),
        broad=tuple(_broad(broad, names, said) for broad in result.broad),
        pairs=tuple(_pair(pair, said) for pair in result.pairs),
        exemplars={
            key: tuple(ref for ref in refs if ref[0] not in gone)
            for key, refs in result.exemplars.items()
        },
        closest={
            key: tuple(row for row in rows if row[0][0] not in gone and row[1][0] not in gone)
            for key, rows in result.closest.items()
        },
    )


def _theme(theme: Theme, said: Quotes) -> Theme:
    terms = tuple(term for term in theme.terms if not said.quotes(term, theme.side))
    label = theme.id if said.quotes(theme.label, theme.side) else theme.label
    return replace(theme, label=label, terms=terms)


def _broad(broad: BroadTheme, names: Mapping[tuple[str, str], str], said: Quotes) -> BroadTheme:
    parts = [names.get((broad.id, part), part) for part in broad.label.split(JOINED)]
    parts = [broad.id if said.quotes(part, broad.side) else part for part in parts]
    terms = tuple(term for term in broad.terms if not said.quotes(term, broad.side))
    return replace(broad, label=JOINED.join(dict.fromkeys(parts)), terms=terms)


def _pair(pair: Pair, said: Quotes) -> Pair:
    terms = tuple(
        term
        for term in pair.evidence.shared_terms
        if not any(said.quotes(term, side) for side in SIDES)
    )
    return replace(pair, evidence=replace(pair.evidence, shared_terms=terms))


def _edits(db: sqlite3.Connection, said: Quotes, gone: Collection[str]) -> None:
    rows = db.execute("SELECT id, action, payload, why FROM edits").fetchall()
    for key, action, payload, why in rows:
        was = json.loads(payload)
        now = {name: _value(name, value, action, said, gone) for name, value in was.items()}
        if was.get("comment") in gone:
            now.update(comment="", text="", source_id=MASK)
        if now != was or said.masked(why) != why:
            db.execute(
                "UPDATE edits SET payload = ?, why = ? WHERE id = ?",
                [json.dumps(now, ensure_ascii=False), said.masked(why), key],
            )


def _value(name: str, value: Any, action: str, said: Quotes, gone: Collection[str]) -> Any:
    if name in _WORDS_OF_EDITS or (name == "text" and action == "note"):
        return (
            [said.masked(text) for text in value] if isinstance(value, list) else said.masked(value)
        )
    if name in ("moved", "stayed"):
        return [ref for ref in value if ref[0] not in gone]
    if name == "pair":
        shared = [term for term in value["evidence"]["shared_terms"] if not said.quotes(term)]
        return {**value, "evidence": {**value["evidence"], "shared_terms": shared}}
    return value
