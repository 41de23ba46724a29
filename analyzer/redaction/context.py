"""What stands around a word and says whether it is somebody's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from analyzer.redaction.lexicon import (
    ALWAYS_CAPITAL,
    DETERMINERS,
    DOES,
    ENGLISH,
    FILLER,
    PLACES_AFTER,
    PLACES_BEFORE,
)

_WORD = re.compile(r"[^\W\d_]+")
_BEGINS = re.compile(
    r"(?:^|[.!?\n…][\"'”’)\]]*\s*|\n\s*|^\s*[-•*]\s*|[¿¡]\s*|(?<!\w)@\w+\s+|\]\s+)[\"'“‘«(\[]*$"
)
# Where so large a share of the words have capitals they say nothing.
SHOUTED = 0.6


@dataclass(frozen=True, slots=True)
class Token:
    """A word: ``capital``: it begins with one; ``mixed``: and by that the text tells names."""

    start: int
    end: int
    folded: str
    capital: bool
    mixed: bool


def tokens_of(text: str, fold: Callable[[str], str]) -> list[Token]:
    """Return the words of a text."""
    found = list(_WORD.finditer(text))
    words = [match[0] for match in found]
    capitals = [word[0].isupper() for word in words]
    long = [cap for word, cap in zip(words, capitals, strict=True) if len(word) > 1]
    telling = len(long) < 4 or sum(long) < SHOUTED * len(long)
    return [
        Token(m.start(), m.end(), fold(w), cap, telling and cap and not w[1:].isupper())
        for m, w, cap in zip(found, words, capitals, strict=True)
    ]


def begins(text: str, token: Token) -> bool:
    """Tell whether a sentence begins with the token."""
    return _BEGINS.search(text, 0, token.start) is not None


def is_named(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a word that is a common one as well is a name by its capital and place."""
    token = tokens[at]
    if not token.mixed:
        return False
    possessive = text[token.end : token.end + 2] in ("'s", "’s")
    if begins(text, token):
        if token.folded in FILLER:
            return False
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        acts = following is not None and following.folded in DOES and not following.capital
        near = following is not None and text[token.end : following.start] == " "
        return (possessive or (acts and near)) and token.folded not in ALWAYS_CAPITAL
    if token.folded in ALWAYS_CAPITAL or _is_part(text, tokens, at):
        return False
    before = tokens[at - 1] if at else None
    if before is None or text[before.end : token.start] != " ":
        return True
    if before.folded == "a":
        return ENGLISH.isdisjoint([word.folded for word in tokens])
    return before.folded not in DETERMINERS


def _is_part(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Tell whether the word stands in a row of words with capitals: "Rose Garden"."""
    for near, step in ((at - 1, -1), (at + 1, 1)):
        if not 0 <= near < len(tokens):
            continue
        left, right = (near, at) if step < 0 else (at, near)
        if text[tokens[left].end : tokens[right].start] not in (" ", "-", "'", "’"):
            continue
        if tokens[near].capital and not (step < 0 and begins(text, tokens[near])):
            return True
    return False


def is_place(
    text: str, tokens: Sequence[Token], first: int, last: int, names: Collection[str]
) -> bool:
    """Tell whether a name is one of a street or a house: "Calle García Lorca", "Park Gardens"."""
    if first and tokens[first - 1].folded in PLACES_BEFORE:
        gap = text[tokens[first - 1].end : tokens[first].start]
        if gap == " " and tokens[first].capital:
            return True
    if last + 1 < len(tokens):
        after = tokens[last + 1]
        gap = text[tokens[last].end : after.start]
        if gap == " " and after.capital and after.folded in PLACES_AFTER - set(names):
            return tokens[last].mixed
    return False
