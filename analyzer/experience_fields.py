"""What each key of a node and of an edge must hold.

A rule looks at one key of one row; ``FIELDS`` has the rule of every key. Another language of
phrases is another name in ``LANGUAGES``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analyzer.toml_lines import Key, Table
from analyzer.types import SIDES

LANGUAGES = ("en", "es", "it")
STRENGTHS = ("weak", "moderate", "strong")
KINDS = ("same-topic", "driver-outcome")

ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
# The product never claims cause, in whatever language a reason is written.
CAUSE = re.compile(
    r"\b(?:caus(?:e[sd]?|ing|al|ally|a|an|ano|ato|ado)|lead(?:s|ing)? to|led to"
    r"|result(?:s|ed|ing)? in|as a result|because|due to|bring(?:s|ing)? about"
    r"|provoc\w+|conduce a|debido a|dovut[oaie] a)\b",
    re.IGNORECASE,
)
TYPES = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong on a line; a warning does not keep the map from being used."""

    line: int
    message: str
    warning: bool = False

    def text(self, name: str) -> str:
        """Return it as one line; ``name`` is what the map is called."""
        return f"{name}:{self.line}: {'warning: ' if self.warning else ''}{self.message}"


@dataclass(frozen=True)
class Row:
    """A node or an edge: its values, and where they stand."""

    sort: str
    values: Mapping[str, Any]
    table: Table

    def line(self, key: str, element: int | None = None) -> int:
        """Return the line of a key, or of the header if the key is not there."""
        place = self.table.keys.get(key, Key(self.table.line))
        if element is not None and element < len(place.elements):
            return place.elements[element]
        return place.line

    def phrases(self, code: str) -> list[str]:
        """Return the phrases of a language, without what is no phrase."""
        value = self.values.get(code)
        return [p for p in value if isinstance(p, str)] if isinstance(value, list) else []

    def problem(self, key: str, message: str, *, warning: bool = False) -> Problem:
        """Return a problem at a key."""
        return Problem(self.line(key), f"{self.title}: {message}", warning)

    @property
    def title(self) -> str:
        """What messages call it."""
        if self.sort == "edge":
            ends = [str(self.values.get(side, "?")) for side in SIDES]
            return f"edge {' > '.join(ends)}"
        return f"node {self.values.get('id', 'without id')}"


Rule = Callable[[Row, str], Iterator[Problem]]


def _text(row: Row, key: str) -> Iterator[Problem]:
    value = row.values[key]
    if not isinstance(value, str):
        yield row.problem(key, f'{key} is {_type(value)}. Write text in quotes: {key} = "..."')
    elif not value.strip():
        yield row.problem(key, f"{key} is empty. Write something between the quotes.")


def _identifier(row: Row, key: str) -> Iterator[Problem]:
    yield from (problems := list(_text(row, key)))
    value = row.values[key]
    if not problems and not ID.fullmatch(value):
        better = re.sub(r"[^a-z0-9]+", "_", value.casefold()).strip("_")
        tip = f", as {better!r}" if ID.fullmatch(better) else ""
        yield row.problem(
            key, f"the id {value!r} is not snake_case. Use a-z, 0-9 and single underscores{tip}."
        )


def _one_of(*allowed: str) -> Rule:
    def rule(row: Row, key: str) -> Iterator[Problem]:
        yield from (problems := list(_text(row, key)))
        value = row.values[key]
        if not problems and value not in allowed:
            yield row.problem(key, f"{key} is {value!r}. {instead(value, allowed)}")

    return rule


def _reason(row: Row, key: str) -> Iterator[Problem]:
    yield from (problems := list(_text(row, key)))
    if not problems and (found := CAUSE.search(row.values[key])):
        yield row.problem(
            key,
            f"the reason claims a cause ({found[0]!r}). "
            'Say "goes with" or "is expected to bring" instead.',
        )


def _source(row: Row, key: str) -> Iterator[Problem]:
    yield from (problems := list(_text(row, key)))
    if not problems and not YEAR.search(row.values[key]):
        yield row.problem(
            key, "the source has no year. Add it, so that readers find it.", warning=True
        )


def _phrases(row: Row, key: str) -> Iterator[Problem]:
    value = row.values[key]
    if not isinstance(value, list):
        yield row.problem(key, f'{key} is {_type(value)}. Write a list: {key} = ["...", "..."]')
        return
    if not value:
        also = " or delete the line" if key in OPTIONAL else ""
        yield row.problem(key, f"{key} is an empty list. Write phrases into it{also}.")
    for i, phrase in enumerate(value):
        if not isinstance(phrase, str):
            said = f"a phrase of {key} is {_type(phrase)}. Write it in quotes."
        elif not phrase.strip():
            said = f"a phrase of {key} is empty. Write it or delete it."
        else:
            continue
        yield Problem(row.line(key, i), f"{row.title}: {said}")


FIELDS: dict[str, dict[str, Rule]] = {
    "node": {
        "id": _identifier,
        "side": _one_of(*SIDES),
        "name": _text,
        "description": _text,
        **dict.fromkeys(LANGUAGES, _phrases),
    },
    "edge": {
        **dict.fromkeys(SIDES, _text),
        "kind": _one_of(*KINDS),
        "strength": _one_of(*STRENGTHS),
        "reason": _reason,
        "source": _source,
    },
}
OPTIONAL = LANGUAGES[1:]


def _type(value: object) -> str:
    return TYPES.get(type(value), "a table" if isinstance(value, dict) else "a date")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the question whether the nearest known name was meant; nothing if none is near."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean {near[0]!r}?" if near else ""


def instead(name: str, known: Iterable[str]) -> str:
    """Return what to write in the place of a name that is not known."""
    known = tuple(known)
    return nearest(name, known) or f"It must be one of: {', '.join(known)}."
