"""The words of the pages, as tables. A pair never *causes* anything.

Each is a ``Text``, which is translated when it is shown; ``scripts/translate`` finds them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from analyzer.types import Judgement, Nature, Side
from webui.language import Text
from webui.written import decimal


@dataclass(frozen=True, slots=True)
class SideWords:
    """A side in words: a heading, and what it means that a theme has no partner."""

    name: str
    say: str
    partnerless: str


SIDE_WORDS: dict[Side, SideWords] = {
    "employee": SideWords(
        Text("Employees"),
        Text("Employees say"),
        Text("No partner: a blind spot of the customers' side"),
    ),
    "customer": SideWords(
        Text("Customers"),
        Text("Customers say"),
        Text("No partner: a blind spot of the employees' side"),
    ),
}

# Why it is not said how a theme judges, by whether that is known.
UNJUDGED = {
    True: Text("Negative or positive: not shown of so few people"),
    False: Text("Negative or positive: not known until the next analysis"),
}

# Why comments may not be read.
WITHHELD = {
    "few": Text(
        "Comments of employees are shown from groups that are large enough, 10 people or more."
    ),
    "role": Text("What people wrote is not shown to you."),
}

COMMENT_KINDS = {
    "exit": Text("Exit comment"),
    "pulse": Text("Pulse comment"),
    "review": Text("Review"),
    "ticket": Text("Ticket"),
    "survey": Text("Survey answer"),
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
        JudgementWords("negative", Text("Negative"), Text("reads as negative")),
        JudgementWords("neutral", Text("Neutral"), Text("reads as neutral")),
        JudgementWords("positive", Text("Positive"), Text("reads as positive")),
    )
}


@dataclass(frozen=True, slots=True)
class NatureWords:
    """The nature of a theme that judges without a subject: its name, and a sentence."""

    name: str
    sentence: str


NATURE_WORDS: dict[Nature, NatureWords] = {
    "general-praise": NatureWords(
        Text("General praise"),
        Text("It praises without saying what, so it has no subject to act on."),
    ),
    "general-complaint": NatureWords(
        Text("General complaint"),
        Text("It complains without saying of what, so it has no subject to act on."),
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
        PairKindWords("same-topic", Text("Same topic"), Text("Both sides speak of it.")),
        PairKindWords(
            "driver-outcome",
            Text("Expected by the map"),
            Text(
                "The experience map expects what employees report to go with what customers report."
            ),
        ),
        PairKindWords(
            "moves-together",
            Text("Moves together"),
            Text("Their shares rise and fall together across units and months."),
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
    return decimal(value, 2)


def _percent(value: float) -> str:
    return f"{value:.0%}"


def _times(value: float) -> str:
    """Return a logarithm of a ratio as that ratio."""
    return f"{math.exp(value):.1f} \N{MULTIPLICATION SIGN}"


# The signs that runs weigh today, then those of older runs.
SIGN_WORDS = {
    "start": SignWords(Text("Where any two themes start"), None, lambda _: None),
    "lead": SignWords(
        Text("Nearer than to the next themes"),
        Text("lead of the cosine of the two themes over those with the next nearest themes"),
        _figure,
    ),
    "company": SignWords(
        Text("Neighbours on the other side"),
        Text("how much of their neighbourhoods on the other side, against what chance would bring"),
        _times,
    ),
    "share": SignWords(
        Text("The experience map"),
        Text("how much of the two themes stands for the ends of an edge of the map"),
        _percent,
    ),
    "similarity": SignWords(
        Text("Close in meaning"),
        Text("cosine of the two themes, each side's own mean taken away"),
        _figure,
    ),
    "margin": SignWords(
        Text("Nearer than to other themes"),
        Text("lead of this cosine over the next best of each theme"),
        _figure,
    ),
    "beyond": SignWords(
        Text("Nearer than to their own side"),
        Text("lead of this cosine over that of either theme with the nearest one of its own side"),
        _figure,
    ),
    "neighbours": SignWords(
        Text("Neighbours on the other side"),
        Text("how much of a theme's neighbourhood on the other side lies in the other theme"),
        _figure,
    ),
    "mutual": SignWords(
        Text("Each other's neighbours"),
        Text("how much of each theme's neighbourhood on the other side lies in the other theme"),
        _figure,
    ),
    "terms": SignWords(
        Text("Words in one sense"),
        Text("content words that both sides use in the same sense"),
        _figure,
    ),
    "senses": SignWords(
        Text("Words in two senses"),
        Text("content words that the two sides use in different senses"),
        _figure,
    ),
    "polarity": SignWords(
        Text("Praise and complaint"),
        Text("distance between the mean judgements of the two themes"),
        _figure,
    ),
    "node": SignWords(
        Text("The experience map"),
        Text("how clearly the two themes stand for the ends of an edge of the map"),
        _figure,
    ),
    "unjoined": SignWords(
        Text("Apart on the experience map"),
        Text(
            "both themes stand clearly for something that the map knows, and it does not join them"
        ),
        _figure,
    ),
}


def sign_words(name: str) -> SignWords:
    """Return the words of a sign; one that has no row speaks for itself."""
    return SIGN_WORDS.get(name) or SignWords(name.replace("-", " ").capitalize(), None, _figure)


@dataclass(frozen=True, slots=True)
class Counted:
    """What pages count, with its number: the two forms of the ``plural`` filter."""

    one: str
    many: str


# Found by scripts/translate; a template that counts something else needs a row here.
COUNTED = (
    Counted("%(num)s comment", "%(num)s comments"),
    Counted("%(num)s more comment", "%(num)s more comments"),
    Counted("%(num)s segment", "%(num)s segments"),
    Counted("%(num)s respondent", "%(num)s respondents"),
    Counted("%(num)s pair", "%(num)s pairs"),
    Counted("%(num)s partner", "%(num)s partners"),
    Counted("%(num)s theme", "%(num)s themes"),
    Counted("%(num)s broad theme", "%(num)s broad themes"),
    Counted("%(num)s row", "%(num)s rows"),
    Counted("%(num)s more row", "%(num)s more rows"),
    Counted("%(num)s answer", "%(num)s answers"),
    Counted("%(num)s file", "%(num)s files"),
    Counted("%(num)s new pair", "%(num)s new pairs"),
    Counted("%(num)s link", "%(num)s links"),
)

# What a page says after a form was sent: see frame.say.
MESSAGES = {
    "saved": Text("Saved."),
    "undone": Text("Taken back."),
    "renamed": Text("Renamed."),
    "merged": Text("Merged."),
    "split": Text("Split."),
    "accepted": Text("The pair is accepted."),
    "rejected": Text("The pair is rejected. It no longer shows in the list."),
    "noted": Text("The note is kept."),
    "started": Text("Started."),
    "cancelled": Text("Cancelled."),
    "signed-out": Text("Signed out."),
}
