"""Which words enough people use to stand in a label or a key term. Pure.

A rare word (a name, a machine, an illness) tells who wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analyzer.types import Comment, Labels, Segment
from analyzer.words import GRAMMAR

_PART = re.compile(r"[^\W_]+")
_SHORT = 2
# A word is not cut to less than this.
_ROOT = 3
_VOWEL = re.compile("[aeiouyàèéìòùáíóú]")

# Words that every comment is made of, such as "of" and "the"; they tell nobody.
_COMMON = frozenset(
    part
    for own in GRAMMAR.values()
    for words in (own.articles, own.prepositions, own.copulas, own.joints, own.determiners)
    for word in words
    for part in _PART.findall(word)
)


def family(word: str) -> str:
    """Return what a word shares with its inflections: they say the same of who wrote it.

    Plurals, "-ing" and "-ed", and the last vowel of Spanish and Italian words: "shifts", "planned"
    and "planning", "turno" and "turni".
    """
    if len(word) > _ROOT and word[-1] == "s":
        word = word[:-1]
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= _ROOT and root[-1] != "e" and _VOWEL.search(root):
            word = root
            break
    else:
        word = word[:-1] if len(word) > _ROOT and word[-1] in "aeio" else word
    if len(word) > _ROOT and word[-1] == word[-2]:
        word = word[:-1]
    return word[:-1] + "i" if len(word) > _ROOT and word[-1] == "y" else word


def _families(text: str) -> list[str]:
    """Return the families of a text's words; "" for one that tells nobody."""
    return [
        "" if word in _COMMON or len(word) < _SHORT else family(word)
        for word in _PART.findall(text.casefold())
    ]


def _neighbours(families: Sequence[str]) -> Iterator[str]:
    return (f"{one} {two}" for one, two in pairwise(families) if one and two)


def writer(comment: Comment) -> str:
    """Return who wrote a comment: the respondent, or its row of the source."""
    return comment.respondent or f"{comment.kind}\x1f{comment.source_id}"


def heard_by(texts: Iterable[tuple[str, str]], least: int) -> frozenset[str]:
    """Return the families, and the pairs of neighbours, that at least so many people use.

    ``texts`` are pairs of person and text.
    """
    users: dict[str, tuple[str, ...]] = {}
    for person, text in texts:
        own = _families(text)
        for key in {*own, *_neighbours(own)}:
            known = users.get(key, ())
            if len(known) < least and person not in known:
                users[key] = (*known, person)
    return frozenset(key for key, known in users.items() if key and len(known) >= least)


def are_heard(text: str, heard: Collection[str]) -> bool:
    """Tell whether every word of a label is used by enough people."""
    return all(not own or own in heard for own in _families(text))


def are_said(term: str, heard: Collection[str]) -> bool:
    """Tell whether enough people use a key term: each word, and its words side by side."""
    return are_heard(term, heard) and all(two in heard for two in _neighbours(_families(term)))


@dataclass(frozen=True)
class Heard:
    """What enough people say in one theme, and on its whole side; see :func:`heard_by`."""

    theme: frozenset[str]
    side: frozenset[str]

    def label(self, text: str) -> int:
        """Return 2 if enough people of the theme use every word, 1 if only of the side, else 0."""
        return 2 if are_heard(text, self.theme) else int(are_heard(text, self.side))

    def term(self, text: str) -> int:
        """Return the same of a key term, whose words stand side by side."""
        return 2 if are_said(text, self.theme) else int(are_said(text, self.side))


def listened(
    segments: Sequence[Segment], people: Sequence[str], theme: Labels, count: int, least: int
) -> list[Heard]:
    """Return what is heard in each of ``count`` themes; ``people`` (n,) wrote the segments."""
    texts = [(who, segment.text) for who, segment in zip(people, segments, strict=True)]
    side = heard_by(texts, least)
    own: list[list[tuple[str, str]]] = [[] for _ in range(count)]
    for number, text in zip(theme.tolist(), texts, strict=True):
        own[number].append(text)
    return [Heard(heard_by(said, least), side) for said in own]
