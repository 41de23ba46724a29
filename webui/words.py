"""The words of the pages, as tables. A pair never *causes* anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analyzer.types import Side


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


SIGN_WORDS = {
    "start": SignWords("Where any two themes start", None, lambda _: None),
    "similarity": SignWords(
        "Close in meaning",
        "cosine of the two themes, each side's own mean taken away",
        lambda value: f"{value:.2f}",
    ),
    "margin": SignWords(
        "Nearer than to other themes",
        "lead of this cosine over the next best of each theme",
        lambda value: f"{value:.2f}",
    ),
    "map": SignWords("The experience map", None, lambda value: f"{value:.0%}" if value else None),
    "strength": SignWords("Support in research", None, lambda _: None),
}


def sign_words(name: str) -> SignWords:
    """Return the words of a sign; one that has no row speaks for itself."""
    return SIGN_WORDS.get(name) or SignWords(
        name.replace("-", " ").capitalize(), None, lambda value: f"{value:.2f}"
    )
