"""CSV and its relatives -> Table, by the standard library's strict reader."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from analyzer.errors import BadData
from analyzer.importers.bounds import refuse_lines
from analyzer.importers.headers import MOST_ABOVE, above, header_at, read_header
from analyzer.importers.source import Source
from analyzer.importers.table import Line, Row, Table, is_blank
from analyzer.importers.text_files import decode

DELIMITERS = (",", ";", "\t", "|")
_CELL_LIMIT = 10 * 1024 * 1024
_SAMPLE_LINES = 200
# Excel writes "sep=;" before a header to tell itself the delimiter.
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
# What Excel saves in place of what it could not work out, or could not show in a narrow column.
_ERROR = re.compile(r"#(?:NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!|N/A)|#{5,}")
_limit_lock = threading.Lock()


def read(source: Source) -> Table:
    """Return the table of a delimited text file. Rows whose cells are all blank are skipped.

    Raises:
        BadData: the file is empty, cannot be decoded, or its header is broken.
        UsageError: there is no encoding of the name given.

    """
    refuse_lines(source.chunks(), source.name, source.bounds)
    text, encoding = decode(source)
    # StringIO ends lines at CR, LF and CRLF alone; str.splitlines would cut cells at U+2028.
    lines = io.StringIO(text, newline="").readlines()
    with _large_cells():
        found, delimiter = _table(lines, source.fits)
    if not found:
        raise BadData(f"{source.name} is empty.")
    if (problem := found[0].problem) is not None:
        raise BadData(f"The header of {source.name} (line {found[0].number}) {problem}. Repair it.")
    place = header_at(found, source.fits)
    header = read_header(found[place:])
    # A header that ends in delimiters names no column there, so rows may lack those cells.
    least = max(
        (n for n, cell in enumerate(found[place].cells, start=1) if cell.strip()), default=1
    )
    data = found[place + header.rows :]
    errors = sum(_without_errors(line.cells) for line in data)
    rows = [_row(line, header.columns, least) for line in data]
    name = "tab" if delimiter == "\t" else repr(delimiter)
    notes = [encoding, f"Delimiter: {name}.", *above(found, place)]
    if errors:
        notes.append(f"Cells that hold an error of Excel, such as #NAME?, read as blank: {errors}.")
    if rows and not text.endswith(("\n", "\r")):
        notes.append("The last line has no end: if the file was cut short, fetch it again.")
    return header.table(rows, tuple(notes))


def _table(lines: Sequence[str], fits: Callable[[tuple[str, ...]], bool]) -> tuple[list[Line], str]:
    """Return the records and the delimiter, which a title above the header does not show."""
    if lines and (told := _SEP.fullmatch(lines[0])):
        return list(_records(lines, told[1], skip=1)), told[1]
    delimiter = choose_delimiter(lines)
    found = list(_records(lines, delimiter))
    if found and not fits(read_header(found).columns) and not header_at(found, fits):
        for start in range(1, min(len(lines), MOST_ABOVE)):
            other = choose_delimiter(lines[start:])
            below = list(_records(lines, other))
            if header_at(below, fits):
                return below, other
    return found, delimiter


def _without_errors(cells: list[str]) -> int:
    """Blank the cells that hold an error of Excel; return how many there were."""
    wrong = [
        n for n, cell in enumerate(cells) if "#" in cell[:2] and _ERROR.fullmatch(cell.strip())
    ]
    for place in wrong:
        cells[place] = ""
    return len(wrong)


def choose_delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter that gives the first lines the steadiest number of columns.

    A delimiter that leaves the header in one cell is none; where all do, the file has one column.
    """
    best, best_score = ",", (0.0, 1)
    for delimiter in DELIMITERS:
        found = list(_records(lines[:_SAMPLE_LINES], delimiter))
        if not found or found[0].problem is not None or len(found[0].cells) < 2:
            continue
        width = len(found[0].cells)
        steady = sum(len(line.cells) == width for line in found) / len(found)
        if (steady, width) > best_score:
            best, best_score = delimiter, (steady, width)
    return best


@contextmanager
def _large_cells() -> Iterator[None]:
    # The limit belongs to the whole process: other threads must find it as it was.
    with _limit_lock:
        before = csv.field_size_limit(_CELL_LIMIT)
        try:
            yield
        finally:
            csv.field_size_limit(before)


def _records(lines: Sequence[str], delimiter: str, skip: int = 0) -> Iterator[Line]:
    reader = csv.reader(islice(lines, skip, None), delimiter=delimiter, strict=True)
    while True:
        start = skip + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as exc:
            yield Line(start, [], f"cannot be read as CSV: {exc}")
            # A stray quote swallows whole rows. Each line counts, so that they are not lost unseen.
            for number in range(start + 1, skip + reader.line_num + 1):
                if lines[number - 1].strip():
                    yield Line(number, [], f"is inside the broken quotes of line {start}")
            continue
        if not is_blank(cells):
            yield Line(start, cells)


def _row(line: Line, columns: tuple[str, ...], least: int) -> Row:
    if line.problem is not None:
        return Row(line.number, None, line.problem)
    cells = line.cells
    given = len(cells)
    while len(cells) > len(columns) and not cells[-1].strip():
        cells.pop()
    if not least <= len(cells) <= len(columns):
        return Row(line.number, None, f"{given} cells where the header has {len(columns)}")
    cells.extend([""] * (len(columns) - len(cells)))
    return Row(line.number, dict(zip(columns, cells, strict=True)))
