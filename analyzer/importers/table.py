"""What every format becomes before columns get a meaning: a header and rows of text cells."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


@dataclass(frozen=True, slots=True)
class Row:
    """One data row. ``cells`` maps every column to its text, or is None where ``problem`` says why.

    ``number`` is the row as a person finds it: a line of a text file, a row of a sheet, or the
    position of a JSON object, counted from 1.
    """

    number: int
    cells: dict[str, str] | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The columns in the file's order, the rows (read once), and sentences for a person."""

    columns: tuple[str, ...]
    rows: Iterator[Row]
    notes: tuple[str, ...] = ()


# How exports write "no value". Dates and scores alone are read so: "NA" may be a region's name.
_MISSING = frozenset({"", "-", "--", "n/a", "na", "n.a.", "nan", "none", "null", "nil"})


def present(cell: str) -> str | None:
    """Return the cell of a date or a score without space around it, or None where it has none."""
    text = cell.strip()
    return None if text.casefold() in _MISSING else text


def without_import_ids(rows: list[Row]) -> tuple[list[Row], tuple[str, ...]]:
    """Return the rows without the second and third header of a Qualtrics export, and a sentence.

    They are known by the JSON in the last of them; the words before it are in any language.
    """
    for place, row in enumerate(rows[:2], start=1):
        if row.cells and any(cell.startswith('{"ImportId"') for cell in row.cells.values()):
            return rows[place:], (f"Header of Qualtrics: {place + 1} rows.",)
    return rows, ()


def is_blank(cells: Iterable[str]) -> bool:
    """Return whether no cell holds anything but white space."""
    return not any(cell.strip() for cell in cells)


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Return a distinct, clean name for each header cell.

    Survey tools put HTML and line breaks into headers, leave cells blank and ask "Why?" twice:
    tags go, white space becomes one space, a blank name becomes ``column 7`` and a second
    ``Why?`` becomes ``Why? (2)``.
    """
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        plain = html.unescape(_TAG.sub(" ", cell)).replace("\ufeff", "")
        name = " ".join(plain.split()) or f"column {place}"
        distinct, count = name, 1
        while distinct in names:
            count += 1
            distinct = f"{name} ({count})"
        names.append(distinct)
    return tuple(names)
