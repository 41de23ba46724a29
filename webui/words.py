"""The words of the pages, as tables. A pair never *causes* anything."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from analyzer.types import Judgement, Nature, Side


@dataclass(frozen=True, slots=True)
class SideWords:
    """A side in words: a heading, and what it means that a theme has no partner."""

    name: str
    say: str
    partnerless: str


SIDE_WORDS: dict[Side, SideWords] = {
    "employee": SideWords(
        "Employees", "Employees say", "No partner: a blind spot of the customers' side"
    ),
    "customer": SideWords(
        "Customers", "Customers say", "No partner: a blind spot of the employees' side"
    ),
}

COMMENT_KINDS = {
    "exit": "Exit comment",
    "pulse": "Pulse comment",
    "review": "Review",
    "ticket": "Ticket",
    "survey": "Survey answer",
}


@dataclass(frozen=True, slots=True)
class JudgementWords:
    """How segments judge: its name, and what a comment's line says of its marked part."""

    key: Judgement
    name: str
    marked: str


JUDGEMENT_WORDS: dict[Judgement, JudgementWords] = {
    words.key: words
    for words in (
        JudgementWords("negative", "Negative", "reads as negative"),
        JudgementWords("neutral", "Neutral", "reads as neutral"),
        JudgementWords("positive", "Positive", "reads as positive"),
    )
}


@dataclass(frozen=True, slots=True)
class NatureWords:
    """The nature of a theme that judges without a subject: its name, and a sentence."""

    name: str
    sentence: str


NATURE_WORDS: dict[Nature, NatureWords] = {
    "general-praise": NatureWords(
        "General praise", "It praises without saying what, so it has no subject to act on."
    ),
    "general-complaint": NatureWords(
        "General complaint", "It complains without saying of what, so it has no subject to act on."
    ),
}


@dataclass(frozen=True, slots=True)
class PairKindWords:
    """A kind of pair: its key, its short name, and a sentence."""

    key: str
    name: str
    sentence: str


PAIR_KINDS = {
    words.key: words
    for words in (
        PairKindWords("same-topic", "Same topic", "Both sides speak of it."),
        PairKindWords(
            "driver-outcome",
            "Expected by the map",
            "The experience map expects what employees report to go with what customers report.",
        ),
        PairKindWords(
            "moves-together",
            "Moves together",
            "Their shares rise and fall together across units and months.",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class SignWords:
    """A sign in words, and how its value is written; without a note the sign's own is shown."""

    name: str
    note: str | None
    measured: Callable[[float], str | None]


def _figure(value: float) -> str:
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


def _percent(value: float) -> str:
    return f"{value:.0%}"


def _times(value: float) -> str:
    """Return a logarithm of a ratio as that ratio."""
    return f"{math.exp(value):.1f} \N{MULTIPLICATION SIGN}"


# The signs that runs weigh today, then those of older runs.
SIGN_WORDS = {
    "start": SignWords("Where any two themes start", None, lambda _: None),
    "lead": SignWords(
        "Nearer than to the next themes",
        "lead of the cosine of the two themes over those with the next nearest themes",
        _figure,
    ),
    "company": SignWords(
        "Neighbours on the other side",
        "how much of their neighbourhoods on the other side, against what chance would bring",
        _times,
    ),
    "share": SignWords(
        "The experience map",
        "how much of the two themes stands for the ends of an edge of the map",
        _percent,
    ),
    "similarity": SignWords(
        "Close in meaning",
        "cosine of the two themes, each side's own mean taken away",
        _figure,
    ),
    "margin": SignWords(
        "Nearer than to other themes",
        "lead of this cosine over the next best of each theme",
        _figure,
    ),
    "beyond": SignWords(
        "Nearer than to their own side",
        "lead of this cosine over that of either theme with the nearest one of its own side",
        _figure,
    ),
    "neighbours": SignWords(
        "Neighbours on the other side",
        "how much of a theme's neighbourhood on the other side lies in the other theme",
        _figure,
    ),
    "mutual": SignWords(
        "Each other's neighbours",
        "how much of each theme's neighbourhood on the other side lies in the other theme",
        _figure,
    ),
    "terms": SignWords(
        "Words in one sense", "content words that both sides use in the same sense", _figure
    ),
    "senses": SignWords(
        "Words in two senses", "content words that the two sides use in different senses", _figure
    ),
    "polarity": SignWords(
        "Praise and complaint", "distance between the mean judgements of the two themes", _figure
    ),
    "node": SignWords(
        "The experience map",
        "how clearly the two themes stand for the ends of an edge of the map",
        _figure,
    ),
    "unjoined": SignWords(
        "Apart on the experience map",
        "both themes stand clearly for something that the map knows, and it does not join them",
        _figure,
    ),
}


def sign_words(name: str) -> SignWords:
    """Return the words of a sign; one that has no row speaks for itself."""
    return SIGN_WORDS.get(name) or SignWords(name.replace("-", " ").capitalize(), None, _figure)
