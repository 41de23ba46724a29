"""Which words enough people use to stand in a label or a key term. Pure.

A rare word (a name, a machine, an illness) tells who wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from analyzer.types import Labels, Segment
from analyzer.words import GRAMMAR

_PART = re.compile(r"[^\W_]+")
_SHORT = 2


def parts(text: str) -> list[str]:
    """Return the words of a text in lower case, parted at hyphens and apostrophes.

    A word and its plural are one: both say the same of who wrote it.
    """
    words = _PART.findall(text.casefold())
    return [word[:-1] if len(word) > 3 and word[-1] == "s" else word for word in words]


# Words that every comment is made of, such as "of" and "the"; they tell nobody.
_COMMON = frozenset(
    part
    for own in GRAMMAR.values()
    for words in (own.articles, own.prepositions, own.copulas, own.joints, own.determiners)
    for word in words
    for part in parts(word)
)


def heard_by(texts: Iterable[tuple[str, str]], least: int) -> frozenset[str]:
    """Return the words that at least so many people use; pairs of person and text."""
    users: dict[str, set[str]] = {}
    for person, text in texts:
        for word in set(parts(text)):
            own = users.setdefault(word, set())
            if len(own) < least:
                own.add(person)
    return frozenset(word for word, own in users.items() if len(own) >= least)


def are_heard(text: str, heard: Collection[str]) -> bool:
    """Tell whether every word of a label or a term is used by enough people."""
    return all(word in heard or word in _COMMON or len(word) < _SHORT for word in parts(text))


@dataclass(frozen=True)
class Heard:
    """The words that enough people use in one theme, and on its whole side."""

    theme: frozenset[str]
    side: frozenset[str]
    texts: tuple[tuple[str, str], ...]
    least: int

    def level(self, text: str) -> int:
        """Return 2 if the theme's people use every word, 1 if only the side's do, else 0."""
        return 2 if are_heard(text, self.theme) else int(are_heard(text, self.side))

    def terms(self, found: Sequence[str]) -> list[str]:
        """Return the terms that enough of the theme's people say, else enough of the side's."""
        own = [term for term in found if self._said_by_enough(term)]
        return own or [term for term in found if are_heard(term, self.side)]

    def _said_by_enough(self, term: str) -> bool:
        if not are_heard(term, self.theme):
            return False
        said = f" {' '.join(parts(term))} "
        people = {who for who, text in self.texts if said in f" {' '.join(parts(text))} "}
        return len(people) >= self.least


def listened(
    segments: Sequence[Segment], people: Sequence[str], theme: Labels, count: int, least: int
) -> list[Heard]:
    """Return what is heard in each of ``count`` themes; ``people`` (n,) wrote the segments."""
    texts = [(who, segment.text) for who, segment in zip(people, segments, strict=True)]
    side = heard_by(texts, least)
    own: list[list[tuple[str, str]]] = [[] for _ in range(count)]
    for number, text in zip(theme.tolist(), texts, strict=True):
        own[number].append(text)
    return [Heard(heard_by(said, least), side, tuple(said), least) for said in own]
