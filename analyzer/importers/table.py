"""What every format becomes before columns get a meaning: a header and rows of text cells."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

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
class Line:
    """A record of a text file or a row of a sheet, before it has columns; blank ones are none.

    ``number`` is the line where it begins; ``problem`` says why it cannot be read.
    """

    number: int
    cells: list[str]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The columns in the file's order, the rows, and sentences for a person.

    ``rows`` can be gone through again and again. Where the header itself says so: ``form`` is the
    name of the export, ``text`` are columns of free text, ``asked`` those that may be (None: all
    may), ``questions`` what was asked in a column.
    """

    columns: tuple[str, ...]
    rows: Iterable[Row]
    notes: tuple[str, ...] = ()
    form: str | None = None
    text: tuple[str, ...] = ()
    asked: tuple[str, ...] | None = None
    questions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changed:
    """Rows whose cells are changed on the way; what cannot be read stays as it is."""

    rows: Iterable[Row]
    change: Callable[[dict[str, str]], dict[str, str]]

    def __iter__(self) -> Iterator[Row]:
        """Yield the changed rows."""
        for row in self.rows:
            yield row if row.cells is None else replace(row, cells=self.change(row.cells))


# How exports write "no value". Dates and scores alone are read so: "NA" may be a region's name.
_MISSING = frozenset({"", "-", "--", "n/a", "na", "n.a.", "nan", "none", "null", "nil"})


def present(cell: str) -> str | None:
    """Return the cell of a date or a score without space around it, or None where it has none."""
    text = cell.strip()
    return None if text.casefold() in _MISSING else text


def is_blank(cells: Iterable[str]) -> bool:
    """Return whether no cell holds anything but white space."""
    return not any(cell.strip() for cell in cells)


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Return a distinct, clean name for each header cell.

    Survey tools leave cells blank and ask "Why?" twice: a blank name becomes ``column 7`` and a
    second ``Why?`` becomes ``Why? (2)``.
    """
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = plain(cell) or f"column {place}"
        distinct, count = name, 1
        while distinct in names:
            count += 1
            distinct = f"{name} ({count})"
        names.append(distinct)
    return tuple(names)


def plain(cell: str) -> str:
    """Return a header cell without HTML and line breaks: tags go, white space is one space."""
    return " ".join(html.unescape(_TAG.sub(" ", cell)).replace("\ufeff", "").split())


def loose(name: str) -> str:
    """Return a column's name as names are compared: case and spaces do not count."""
    return "".join(name.casefold().split())


def header_hash(columns: Iterable[str]) -> str:
    """Return what files with the same columns share, in whatever order: 16 hex digits."""
    joined = "\x1f".join(sorted(loose(column) for column in columns))
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]
