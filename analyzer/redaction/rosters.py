"""Read a roster file: CSV with a header, or a name a line. It is read and stored nowhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from analyzer.errors import InputOutput, Misconfigured
from analyzer.redaction.roster import Roster, fold

_FIRST = frozenset({"first", "first name", "given name", "forename", "nombre", "nome"})
_LAST = frozenset(
    {"last", "last name", "surname", "family name", "apellido", "apellidos", "cognome"}
)
_WHOLE = frozenset({"name", "full name", "employee", "nombre completo", "nome completo"})


def read_roster(path: Path) -> Roster:
    """Return whose names stand in a file.

    A CSV (comma, semicolon or tab) has the column ``name``, or the columns ``first`` and ``last``;
    their usual other names, and the Spanish and Italian ones, will do. Without such a header each
    line is a name: "Ana García López" or "García López, Ana".

    Raises:
        InputOutput: there is no such file, or it cannot be read.
        Misconfigured: it is not in UTF-8, or holds no name.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise InputOutput(f"The roster {path} cannot be read: {exc.strerror}.") from exc
    except UnicodeDecodeError as exc:
        raise Misconfigured(
            f"The roster {path} is not in UTF-8 (byte {exc.start}). Save it as UTF-8."
        ) from exc
    roster = Roster.of(_people(text))
    if not roster.words:
        raise Misconfigured(
            f"The roster {path} holds no name. Give it the column name, or first and last, or a "
            "name a line."
        )
    return roster


def _people(text: str) -> Iterator[tuple[str, str]]:
    lines = text.splitlines()
    delimiter = next((mark for mark in ",;\t" if lines and mark in lines[0]), ",")
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    header = [" ".join(fold(cell).replace("_", " ").split()) for cell in rows[0]] if rows else []
    first, last, whole = (_column(header, names) for names in (_FIRST, _LAST, _WHOLE))
    if last is not None and first is not None:
        yield from ((_cell(row, first), _cell(row, last)) for row in rows[1:])
    elif whole is not None or first is not None:
        at = whole if whole is not None else first
        yield from (_parted(_cell(row, at)) for row in rows[1:])
    else:
        yield from (_parted(line) for line in lines)


def _column(header: Sequence[str], names: frozenset[str]) -> int | None:
    return next((at for at, cell in enumerate(header) if cell in names), None)


def _cell(row: Sequence[str], at: int | None) -> str:
    return row[at].strip() if at is not None and at < len(row) else ""


def _parted(name: str) -> tuple[str, str]:
    """Return the given and the family name of a whole name."""
    last, comma, first = name.partition(",")
    if comma:
        return first.strip(), last.strip()
    first, _, last = name.strip().partition(" ")
    return first, last.strip()
