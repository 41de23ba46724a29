"""On which line of a TOML file a key or an element of a list stands; ``tomllib`` does not say.

The text has been read by ``tomllib`` before, so it is valid TOML: only its strings, comments and
brackets have to be told apart. A statement (a header, or a key with its value) ends at the first
new line outside of brackets and strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|\n"
    r"|[\[\]{}=.,]"
    r"|[^\s\[\]{}=.,\"'#]+",
    re.DOTALL,
)
OPENING, CLOSING = "[{", "]}"

Token = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Key:
    """The line of a key, and of each element if its value is a list. Lines count from 1."""

    line: int
    elements: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table, ``[name]`` or ``[[name]]``: the line of its header, and its keys."""

    name: str
    line: int
    keys: dict[str, Key] = field(default_factory=dict)


def tables(text: str) -> list[Table]:
    """Return the tables of valid TOML in order; the first holds the keys before any header.

    What a table holds in tables of its own (``[name.key]``) counts as its key.
    """
    found = [Table("", 1)]
    current = found[0]
    for statement in _statements(text):
        (first, line), *_ = statement
        if first != "[":
            current.keys.setdefault(_plain(first), Key(line, _elements(statement)))
            continue
        name, *below = [_plain(part) for part, _ in statement if part not in "[]."]
        if below:
            owner = next((table for table in reversed(found) if table.name == name), found[0])
            owner.keys.setdefault(below[0], Key(line))
            current = Table(name, line)
        else:
            current = Table(name, line)
            found.append(current)
    return found


def _statements(text: str) -> Iterator[list[Token]]:
    """Yield the tokens of each statement, with their lines; comments are left out."""
    statement: list[Token] = []
    line, depth = 1, 0
    for match in TOKEN.finditer(text):
        part = match[0]
        if part == "\n":
            if depth == 0 and statement:
                yield statement
                statement = []
        elif not part.startswith("#"):
            depth += (part in OPENING) - (part in CLOSING)
            statement.append((part, line))
        line += part.count("\n")
    if statement:
        yield statement


def _elements(statement: list[Token]) -> tuple[int, ...]:
    """Return the lines on which the elements of a key's list begin; none if it has no list."""
    equals = next(i for i, (part, _) in enumerate(statement) if part == "=")
    value = statement[equals + 1 :]
    if value[0][0] != "[":
        return ()
    lines, depth, expected = [], 1, True
    for part, line in value[1:-1]:
        if depth == 1 and expected and part != ",":
            lines.append(line)
        depth += (part in OPENING) - (part in CLOSING)
        expected = depth == 1 and part == ","
    return tuple(lines)


def _plain(part: str) -> str:
    return part[1:-1] if part[0] in "\"'" else part
