"""Names of people, from a list that is read at each import and stored nowhere.

A name counts by its words: given name or family name alone, both, initials, in any case, with or
without accents. A name that is a common word as well (Rose, Mark, Will, Sol, Franco) counts only
where something says so: the rest of the person's name, an initial, a capital inside a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from analyzer.redaction.context import Token, is_named, is_place, tokens_of
from analyzer.redaction.lexicon import COMMON, PARTICLES
from analyzer.redaction.spans import Span

MASK = "[name]"
_WORD = re.compile(r"[^\W\d_]+")
# What may stand between the words of one name.
_JOINS = frozenset({" ", "-", "'", "’", "‑", "- "})
_UNDONE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Return a word in lower case without accents."""
    low = word.casefold()
    if low.isascii():
        return low
    parts = unicodedata.normalize("NFKD", low)
    return "".join(c for c in parts if not unicodedata.combining(c)).translate(_UNDONE)


@lru_cache(maxsize=200_000)
def _telling(word: str) -> str:
    """Return the word folded, "" if it is a common one in lower case."""
    folded = fold(word)
    return "" if folded in COMMON and not word[0].isupper() else folded


def telling_words(text: str) -> Iterator[str]:
    """Yield the words of a text that may be a name by themselves."""
    return map(_telling, _WORD.findall(text))


@dataclass(frozen=True)
class Roster:
    """Whose names are masked: the words of given and of family names, folded.

    ``pairs`` are the words that stand in one person's name, each with the other, and single letters
    for their initials.
    """

    given: frozenset[str] = frozenset()
    family: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, str]] = frozenset()
    words: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", self.given | self.family)

    @classmethod
    def of(cls, people: Iterable[tuple[str, str]]) -> Roster:
        """Return the roster of people, each a given name and a family name (either may be "")."""
        given: set[str] = set()
        family: set[str] = set()
        pairs: set[tuple[str, str]] = set()
        for first, last in people:
            firsts = [fold(w) for w in _WORD.findall(first)]
            lasts = [fold(w) for w in _WORD.findall(last)]
            lasts = [w for w in lasts if w not in PARTICLES] or lasts
            own_given = {w for w in firsts if len(w) > 1}
            own_family = {w for w in lasts if len(w) > 1}
            given |= own_given
            family |= own_family
            for one in firsts:
                for two in lasts:
                    pairs |= {(one, two), (two, one), (one, two[0]), (one[0], two)}
        return cls(frozenset(given), frozenset(family), frozenset(pairs))

    def find(self, text: str) -> Iterator[Span]:
        """Yield the names in a text."""
        if not self.words:
            return
        # A common word in lower case is a name only beside another word that is one.
        if not any(word in self.words for word in telling_words(text)):
            return
        tokens = tokens_of(text, fold)
        for run in self._runs(text, tokens):
            for first, last in self._named(text, tokens, run):
                start = self._with_particles(text, tokens, first)
                if is_place(text, tokens, start, last, self.words):
                    continue
                if self._initial(text, tokens, first, -1, start - 1):
                    start -= 1
                if self._initial(text, tokens, last, 1, last + 1):
                    last += 1
                yield Span(tokens[start].start, tokens[last].end, MASK, "roster")

    def _runs(self, text: str, tokens: Sequence[Token]) -> Iterator[list[int]]:
        """Yield runs of tokens that are in names, joined; particles between them belong to it."""
        run: list[int] = []
        for at, token in enumerate(tokens):
            if token.folded not in self.words:
                continue
            if run and not _joined(text, tokens, run[-1], at):
                yield run
                run = []
            run.append(at)
        if run:
            yield run

    def _named(
        self, text: str, tokens: Sequence[Token], run: Sequence[int]
    ) -> Iterator[tuple[int, int]]:
        """Yield what of a run is a name, as its first and its last token."""
        keep = [self._counts(text, tokens, run, at) for at in range(len(run))]
        first: int | None = None
        for at in range(len(run) + 1):
            if at < len(run) and keep[at]:
                first = at if first is None else first
            elif first is not None:
                yield run[first], run[at - 1]
                first = None

    def _counts(self, text: str, tokens: Sequence[Token], run: Sequence[int], at: int) -> bool:
        token = tokens[run[at]]
        if token.folded not in COMMON and len(token.folded) > 2:
            return True
        beside = [run[near] for near in (at - 1, at + 1) if 0 <= near < len(run)]
        for other in beside:
            both = (token.folded, tokens[other].folded)
            cased = token.capital and tokens[other].capital
            strong = any(w not in COMMON and len(w) > 2 for w in both)
            if both in self.pairs and (cased or strong):
                return True
            # "Mark Kowalski", of whom each is in another person's name.
            ordered = token.folded in (self.given if other > run[at] else self.family)
            if strong and cased and ordered and token.mixed:
                return True
        place = run[at]
        return (
            self._initial(text, tokens, place, 1, place + 1)
            or self._initial(text, tokens, place, -1, self._particles(text, tokens, place) - 1)
            or _is_elided(text, tokens, place)
            or is_named(text, tokens, place)
        )

    def _initial(self, text: str, tokens: Sequence[Token], at: int, step: int, other: int) -> bool:
        """Tell whether the token ``other`` is the initial of the rest of a name: "Laura P."."""
        if not (0 <= other < len(tokens) and tokens[at].capital):
            return False
        letter = tokens[other]
        if len(letter.folded) != 1 or not letter.capital:
            return False
        left, right = (at, other) if step > 0 else (other, other + 1)
        if text[tokens[left].end : tokens[right].start] not in (" ", ". ", "."):
            return False
        pair = (
            (tokens[at].folded, letter.folded) if step > 0 else (letter.folded, tokens[at].folded)
        )
        # "Laura I think": an I is an initial only with its full stop.
        dotted = text[letter.end : letter.end + 1] == "."
        return pair in self.pairs and (dotted or letter.folded not in "iyoea")

    def _with_particles(self, text: str, tokens: Sequence[Token], first: int) -> int:
        """Return the first token with the particles before it: "van der Berg"."""
        at = self._particles(text, tokens, first)
        if at < first and self._initial(text, tokens, first, -1, at - 1):
            return at
        # A small "de la" before a single name is grammar: "la silla de la Cruz" or "de López".
        while at < first and not tokens[at].capital and tokens[at].folded not in ("van", "von"):
            at += 1
        return at

    def _particles(self, text: str, tokens: Sequence[Token], first: int) -> int:
        """Return the first of the particles before a family name."""
        at = first
        while (
            at
            and tokens[first].folded in self.family
            and tokens[at - 1].folded in PARTICLES
            and _gap(text, tokens, at) in _JOINS
        ):
            at -= 1
        return at


def _gap(text: str, tokens: Sequence[Token], at: int) -> str:
    return text[tokens[at - 1].end : tokens[at].start]


def _joined(text: str, tokens: Sequence[Token], one: int, two: int) -> bool:
    """Tell whether only joins and particles stand between two tokens."""
    between = range(one + 1, two)
    return all(tokens[at].folded in PARTICLES for at in between) and all(
        _gap(text, tokens, at) in _JOINS for at in (*between, two)
    )


def _is_elided(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a capital letter and an apostrophe stand before: "D'Angelo", "O'Day"."""
    if not at or not (tokens[at].capital and tokens[at - 1].capital):
        return False
    return tokens[at - 1].folded in ("d", "o") and _gap(text, tokens, at) in ("'", "’")


NOBODY = Roster()
