"""XLSX -> Table, by fastexcel as text; nanoarrow turns its Arrow columns into strings."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from analyzer.errors import BadData, UsageError
from analyzer.importers.bounds import refuse_archive
from analyzer.importers.headers import above, header_at, read_header
from analyzer.importers.source import Source
from analyzer.importers.table import Line, Row, Table, is_blank

if TYPE_CHECKING:
    from fastexcel import ExcelReader, ExcelSheet

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CORNER = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]{1,3})(\d{1,7})"')
_MAX_CELLS = 30_000_000
_ENCRYPTED = 1
# How fastexcel writes Excel's dates and times. A time of day is a part of Excel's day 0.
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)?")
_DAY_ZERO = ("1899-12-30", "1899-12-31")


def read(source: Source) -> Table:
    """Return the table of one sheet; the header is its first row, or below a title.

    Without a name it is the only sheet that holds anything, or the only one that ``fits``.

    Raises:
        BadData: the file is broken, protected by a password or empty, or no workbook.
        UsageError: there is no sheet of the name given, or several could be meant.

    """
    filled = {name: lines for name, sheet in _wanted(source) if (lines := _lines(sheet))}
    if not filled:
        raise BadData(f"{source.name} is empty.")
    name = _choose(source, filled)
    lines = filled[name]
    width = max(_last(line.cells) for line in lines)
    for line in lines:
        del line.cells[width:]
    place = header_at(lines, source.fits)
    header = read_header(lines[place:])
    rows = [
        Row(line.number, dict(zip(header.columns, line.cells, strict=True)))
        for line in lines[place + header.rows :]
    ]
    return header.table(rows, (f"Sheet: {name}.", *above(lines, place)))


def sheet_names(source: Source) -> tuple[str, ...]:
    """Return the names of the worksheets that a person can see, in the file's order.

    Raises:
        BadData: the file is broken or protected by a password.

    """
    return tuple(name for name, _ in _visible(source, _open(source)))


def _open(source: Source) -> ExcelReader:
    from fastexcel import FastExcelError, read_excel

    if source.head.startswith(OLE):
        raise BadData(
            f"{source.name} is protected by a password, or is an old .xls file. "
            "Save it as .xlsx without a password."
        )
    _refuse_other_archives(source)
    _refuse_huge(source)
    try:
        return read_excel(source.data)
    except (FastExcelError, OSError, ValueError) as exc:
        raise _broken(source) from exc


def _broken(source: Source) -> BadData:
    return BadData(
        f"{source.name} is cut short, broken, or not an XLSX workbook. "
        "Fetch it again, or open it and save it as .xlsx or CSV."
    )


def _refuse_other_archives(source: Source) -> None:
    """Refuse a ZIP file that holds exports, which is no workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as exc:
        raise _broken(source) from exc
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise BadData(
            f"{source.name} is a ZIP file with a password, as Culture Amp sends its extracts. "
            "Unpack it with that password and import the workbook in it. Only the full raw "
            "extract holds comments: the de-identified one leaves them out."
        )
    if not any(part.filename.startswith("xl/") for part in parts):
        raise BadData(
            f"{source.name} is a ZIP file and not a workbook. Unpack it and import the files in it."
        )
    refuse_archive(source.data, parts, source.name, source.bounds)


def _refuse_huge(source: Source) -> None:
    # calamine holds the whole used area; one stray cell in the last row and column would end the
    # process before Python could say why.
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as parts:
            for part in parts.namelist():
                if not part.startswith("xl/worksheets/"):
                    continue
                with parts.open(part) as sheet:
                    corner = _CORNER.search(sheet.read(4096))
                if corner and _area(corner[1], corner[2]) > _MAX_CELLS:
                    raise BadData(
                        f"{source.name} has a sheet whose used area reaches to "
                        f"{corner[1].decode()}{corner[2].decode()}. Delete the empty rows and "
                        "columns after the data, or save the sheet as CSV."
                    )
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as exc:
        raise _broken(source) from exc


def _area(letters: bytes, row: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - ord("A") + 1
    return column * int(row)


def _visible(source: Source, book: ExcelReader) -> list[tuple[str, ExcelSheet]]:
    sheets = ((name, _load(source, book, name)) for name in book.sheet_names)
    return [(name, sheet) for name, sheet in sheets if sheet.visible == "visible"]


def _wanted(source: Source) -> list[tuple[str, ExcelSheet]]:
    book = _open(source)
    if source.sheet is None:
        return _visible(source, book)
    wanted = source.sheet.strip().casefold()
    for name in book.sheet_names:
        if name.strip().casefold() == wanted:
            return [(name, _load(source, book, name))]
    raise UsageError(
        f"{source.name} has no sheet {source.sheet!r}. It has: {', '.join(book.sheet_names)}."
    )


def _choose(source: Source, filled: dict[str, list[Line]]) -> str:
    names = list(filled)
    if len(names) == 1:
        return names[0]
    fitting = [name for name, lines in filled.items() if _fits(source, lines)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise UsageError(
            f"{source.name} has several sheets that could hold the comments: "
            f"{', '.join(fitting)}. Name one with --sheet."
        )
    raise BadData(
        f"{source.name} has no sheet with the columns wanted. It has: {', '.join(names)}. "
        "Name one with --sheet, and its columns with --map."
    )


def _fits(source: Source, lines: list[Line]) -> bool:
    return source.fits(read_header(lines[header_at(lines, source.fits) :]).columns)


def _load(source: Source, book: ExcelReader, name: str) -> ExcelSheet:
    from fastexcel import FastExcelError

    try:
        return book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    except (FastExcelError, OSError, ValueError) as exc:
        raise _broken(source) from exc


def _lines(sheet: ExcelSheet) -> list[Line]:
    """Return the rows that hold anything, with the numbers that Excel shows."""
    import nanoarrow

    if not sheet.height:
        return []
    columns = [list(column.iter_py()) for column in nanoarrow.Array(sheet).iter_children()]
    lines = (
        Line(number, [_text(cell) for cell in cells])
        for number, cells in enumerate(zip(*columns, strict=True), start=1)
    )
    return [line for line in lines if not is_blank(line.cells)]


def _last(cells: list[str]) -> int:
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _text(cell: str | None) -> str:
    if cell is None or (moment := _MOMENT.fullmatch(cell)) is None:
        return cell or ""
    day, time = moment.groups()
    if day in _DAY_ZERO:
        return time
    return day if time == "00:00:00" else f"{day}T{time}"
