"""XLSX -> Table, by python-calamine: it returns Python's own dates and numbers."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from decimal import Decimal
from typing import TYPE_CHECKING

from analyzer.errors import BadData, UsageError
from analyzer.importers.source import Source
from analyzer.importers.table import Row, Table, column_names, is_blank, without_import_ids

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CORNER = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]{1,3})(\d{1,7})"')
_MAX_CELLS = 30_000_000
_Numbered = list[tuple[int, list[str]]]


def read(source: Source) -> Table:
    """Return the table of one sheet; its first row that is not blank is the header.

    Without a name it is the only sheet that holds anything, or the only one that ``fits``.

    Raises:
        BadData: the file is broken, protected by a password or empty.
        UsageError: there is no sheet of the name given, or several could be meant.

    """
    book = _open(source)
    sheets = {name: _cells(source, book, name) for name in _wanted(source, book)}
    filled = {name: rows for name, rows in sheets.items() if rows}
    if not filled:
        raise BadData(f"{source.name} is empty.")
    name = _choose(source, filled)
    numbered = filled[name]
    width = max(_last(cells) for _, cells in numbered)
    columns = column_names(numbered[0][1][:width])
    rows = [
        Row(number, dict(zip(columns, cells[:width], strict=True)))
        for number, cells in numbered[1:]
    ]
    rows, notes = without_import_ids(rows)
    return Table(columns, iter(rows), (f"Sheet: {name}.", *notes))


def sheet_names(source: Source) -> tuple[str, ...]:
    """Return the names of the worksheets that a person can see, in the file's order.

    Raises:
        BadData: the file is broken or protected by a password.

    """
    return _visible(_open(source))


def _open(source: Source) -> CalamineWorkbook:
    from python_calamine import CalamineError, load_workbook

    if source.data.startswith(OLE):
        raise BadData(
            f"{source.name} is protected by a password, or is an old .xls file. "
            "Save it as .xlsx without a password."
        )
    _refuse_huge(source)
    try:
        return load_workbook(io.BytesIO(source.data))
    except (CalamineError, OSError, ValueError) as exc:
        raise _broken(source) from exc


def _broken(source: Source) -> BadData:
    return BadData(
        f"{source.name} is cut short, broken, or not an XLSX workbook. "
        "Fetch it again, or open it and save it as .xlsx or CSV."
    )


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


def _visible(book: CalamineWorkbook) -> tuple[str, ...]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return tuple(
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    )


def _wanted(source: Source, book: CalamineWorkbook) -> tuple[str, ...]:
    if source.sheet is None:
        return _visible(book)
    wanted = source.sheet.strip().casefold()
    for name in book.sheet_names:
        if name.strip().casefold() == wanted:
            return (name,)
    raise UsageError(
        f"{source.name} has no sheet {source.sheet!r}. It has: {', '.join(book.sheet_names)}."
    )


def _choose(source: Source, filled: dict[str, _Numbered]) -> str:
    names = list(filled)
    if len(names) == 1:
        return names[0]
    fitting = [name for name in names if source.fits(column_names(filled[name][0][1]))]
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


def _cells(source: Source, book: CalamineWorkbook, name: str) -> _Numbered:
    from python_calamine import CalamineError

    try:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as exc:
        raise _broken(source) from exc
    numbered = ((number, [_text(value) for value in row]) for number, row in enumerate(rows, 1))
    return [(number, cells) for number, cells in numbered if not is_blank(cells)]


def _last(cells: list[str]) -> int:
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Neither a long id nor a small share may come out as 6.34E+17.
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
