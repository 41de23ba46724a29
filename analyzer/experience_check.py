"""What must be true of an experience map, and on which line it is not.

``examine`` finds every problem at once; ``experience.parse`` refuses a map with errors, and
``bothsides experience check`` shows them all. A message says what is wrong and what to do.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from analyzer.experience_fields import FIELDS, LANGUAGES, OPTIONAL, Problem, Row, instead, nearest
from analyzer.toml_lines import Table, tables
from analyzer.types import SIDES

FEW_PHRASES = 3
PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True)
class Examined:
    """The data of a map, and its problems by line. Without valid TOML there is no data."""

    data: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the map from being used."""
        return tuple(problem for problem in self.problems if not problem.warning)

    @property
    def said(self) -> str:
        """How many problems there are, and how large the map is, as a sentence."""
        errors, warnings = len(self.errors), len(self.problems) - len(self.errors)
        found = (self.data.get(sort) for sort in FIELDS)
        nodes, edges = (len(rows) if isinstance(rows, list) else 0 for rows in found)
        size = f" in {_count(nodes, 'node')} and {_count(edges, 'edge')}" if self.data else ""
        return f"{_count(errors, 'error')} and {_count(warnings, 'warning')}{size}."

    def summary(self) -> dict[str, Any]:
        """Return what a program wants to know, ready for JSON."""
        return {
            "ok": not self.errors,
            "errors": len(self.errors),
            "warnings": len(self.problems) - len(self.errors),
            "problems": [
                {
                    "line": problem.line,
                    "level": "warning" if problem.warning else "error",
                    "message": problem.message,
                }
                for problem in self.problems
            ],
        }


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def examine(text: str) -> Examined:
    """Return the data of the map written in ``text`` (TOML), and every problem that it has."""
    # A byte order mark, as some editors write; other line ends, as tomllib reads them.
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        return Examined(problems=(_not_toml(text, str(exc)),))
    found = tables(text)
    problems = list(_top(data, found))
    nodes, edges = (_rows(data, found, sort) for sort in FIELDS)
    for row in (*nodes, *edges):
        problems.extend(_fields(row))
    for rule in (_ids, _few, _phrases_twice):
        problems.extend(rule(nodes))
    problems.extend(_ends(nodes, edges))
    problems.extend(_edges_twice(edges))
    problems.sort(key=lambda problem: problem.line)
    return Examined(data, tuple(problems))


def _not_toml(text: str, message: str) -> Problem:
    place = PLACE.search(message)
    line = int(place[1]) if place and place[1] else max(1, len(text.splitlines()))
    column = f" at column {place[2]}" if place and place[2] else ""
    said = message[: place.start()] if place else message
    return Problem(
        line,
        f"this is not TOML{column}: {said}. "
        "Look there and on the line before for a missing quote, comma or bracket.",
    )


def _top(data: Mapping[str, Any], found: list[Table]) -> Iterator[Problem]:
    """Check that the file holds [[node]] and [[edge]] and nothing else."""
    places = {key: place.line for table in found[:1] for key, place in table.keys.items()}
    for table in reversed(found[1:]):
        places[table.name] = table.line
    for name, value in data.items():
        line = places.get(name, 1)
        if name not in FIELDS:
            yield Problem(line, f"unknown name {name!r}. {instead(name, FIELDS)}")
        elif len(_rows(data, found, name)) != (len(value) if isinstance(value, list) else -1):
            yield Problem(line, f"write each {name} under a header of its own: [[{name}]].")


def _rows(data: Mapping[str, Any], found: list[Table], sort: str) -> list[Row]:
    """Return the nodes or the edges, if they are written as [[...]]."""
    values, places = data.get(sort), [table for table in found if table.name == sort]
    if not isinstance(values, list) or len(values) != len(places):
        return []
    return [Row(sort, value, place) for value, place in zip(values, places, strict=True)]


def _fields(row: Row) -> Iterator[Problem]:
    rules = FIELDS[row.sort]
    for key in row.values:
        if key not in rules:
            # Two letters: somebody has added phrases in a language of their own.
            tip = f"Phrases are read in: {', '.join(LANGUAGES)}." if len(key) == 2 else ""
            yield row.problem(key, f"unknown key {key!r}. {tip or instead(key, rules)}")
    for key, rule in rules.items():
        if key in row.values:
            yield from rule(row, key)
        elif key not in OPTIONAL:
            example = '["...", "..."]' if key in LANGUAGES else '"..."'
            yield row.problem(key, f"{key} is missing. Add a line: {key} = {example}")


def _few(nodes: list[Row]) -> Iterator[Problem]:
    """Warn of nodes that attract less than they could."""
    for row in nodes:
        count = len(row.phrases("en"))
        if 0 < count < FEW_PHRASES:
            said = f"it has fewer than {FEW_PHRASES} English phrases. Add some in other words."
            yield row.problem("en", said, warning=True)
        for code in OPTIONAL:
            if code not in row.values:
                said = (
                    f"it has no phrases in {code!r}. Add {code} = [...] if your comments need it."
                )
                yield row.problem(code, said, warning=True)


def _ids(nodes: list[Row]) -> Iterator[Problem]:
    first: dict[tuple[Any, Any], int] = {}
    for row in nodes:
        key, side = row.values.get("id"), row.values.get("side")
        if not isinstance(key, str) or not isinstance(side, str):
            continue
        line = first.setdefault((side, key), row.line("id"))
        if line != row.line("id"):
            said = f"the id stands twice on the {side} side, first on line {line}. Rename one."
            yield row.problem("id", said)


def _phrases_twice(nodes: list[Row]) -> Iterator[Problem]:
    first: dict[str, tuple[int, str]] = {}
    for row in nodes:
        for code in LANGUAGES:
            value = row.values.get(code)
            for i, phrase in enumerate(value if isinstance(value, list) else ()):
                said = _words(phrase)
                if said in first:
                    line, title = first[said]
                    yield Problem(
                        row.line(code, i),
                        f"{row.title}: the phrase {phrase!r} stands on line {line} already "
                        f"({title}). Say it in other words or delete one.",
                    )
                elif said:
                    first[said] = row.line(code, i), row.title


def _words(phrase: object) -> str:
    """Return the words of a phrase, without case and punctuation."""
    return " ".join(re.findall(r"\w+", phrase.casefold())) if isinstance(phrase, str) else ""


def _ends(nodes: list[Row], edges: list[Row]) -> Iterator[Problem]:
    known: dict[str, list[str]] = {side: [] for side in SIDES}
    for row in nodes:
        side, key = row.values.get("side"), row.values.get("id")
        # A node whose side is wrong has its own error; its edges need none.
        for of in (side,) if side in SIDES else SIDES:
            if isinstance(key, str):
                known[of].append(key)
    for row in edges:
        for side, other in zip(SIDES, reversed(SIDES), strict=True):
            end = row.values.get(side)
            if not isinstance(end, str) or not end.strip() or end in known[side]:
                continue
            tip = (
                f"It is a node of the {other} side: exchange the two ends or name another."
                if end in known[other]
                else nearest(end, known[side]) or "Add that node or delete the edge."
            )
            yield row.problem(side, f"there is no {side} node {end!r}. {tip}")


def _edges_twice(edges: list[Row]) -> Iterator[Problem]:
    first: dict[tuple[Any, ...], int] = {}
    for row in edges:
        ends = tuple(row.values.get(side) for side in SIDES)
        if not all(isinstance(end, str) for end in ends):
            continue
        line = first.setdefault(ends, row.table.line)
        if line != row.table.line:
            yield Problem(
                row.table.line,
                f"{row.title} stands twice, first on line {line}. Delete one of them.",
            )
