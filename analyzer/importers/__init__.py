"""File -> Records: one table of formats, one entry point; unreadable rows are kept aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analyzer.errors import BadData
from analyzer.importers import delimited, json_files, records, spreadsheet
from analyzer.importers.mapping import (
    Mapping,
    Profile,
    guess,
    parse_map,
    read_profile,
    resolve,
)
from analyzer.importers.records import Loaded
from analyzer.importers.source import Source, read_bytes
from analyzer.importers.table import Table

__all__ = [
    "FORMATS",
    "Format",
    "Loaded",
    "Mapping",
    "Profile",
    "guess",
    "parse_map",
    "read_file",
    "read_profile",
    "resolve",
]


@dataclass(frozen=True, slots=True)
class Format:
    """A row of the table of formats. Suffixes are in lower case, with their dot."""

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Source], Table]
    help: str


FORMATS: tuple[Format, ...] = (
    Format(
        "csv",
        (".csv", ".tsv", ".tab"),
        delimited.read,
        "Text with a header; comma, semicolon, tab or bar between the cells.",
    ),
    Format(
        "json",
        (".json",),
        json_files.read_json,
        "A list of objects, an object that holds one, or objects keyed by id.",
    ),
    Format("jsonl", (".jsonl", ".ndjson"), json_files.read_lines, "One JSON object a line."),
    Format("xlsx", (".xlsx", ".xlsm"), spreadsheet.read, "An Excel workbook; one of its sheets."),
)


def read_file(
    path: Path,
    *,
    mapping: Mapping | None,
    sheet: str | None = None,
    encoding: str | None = None,
) -> Loaded:
    """Read one file of comments.

    Args:
        path: the file; its format is told by its suffix, or else by its content.
        mapping: which column holds what; None: the columns are chosen by name.
        sheet: the sheet of a workbook; None: the only one that can be meant.
        encoding: the encoding of a text file; None: found from its bytes.

    Raises:
        InputOutput: there is no such file, or it cannot be read.
        BadData: its content cannot be read, or the columns are not there.
        UsageError: there is no such sheet or encoding, or several sheets could be meant.

    """
    data = read_bytes(path)

    def fits(columns: tuple[str, ...]) -> bool:
        try:
            _choose_columns(mapping, columns, path.name)
        except BadData:
            return False
        return True

    form = _format(path, data)
    table = form.read(Source(path.name, data, sheet, encoding, fits))
    # An empty list of JSON objects is a file without comments today, not a wrong file.
    chosen, notes = (
        _choose_columns(mapping, table.columns, path.name)
        if table.columns
        else (Mapping(text=()), ())
    )
    unused = _unused(form, sheet, encoding)
    return records.load(table, chosen, form=form.name, notes=(*unused, *notes))


def _choose_columns(
    mapping: Mapping | None, columns: tuple[str, ...], file: str
) -> tuple[Mapping, tuple[str, ...]]:
    if mapping is None:
        return guess(columns, file)
    return resolve(mapping, columns, file), ()


def _format(path: Path, data: bytes) -> Format:
    by_name = {form.name: form for form in FORMATS}
    # No text begins like a workbook, whatever the file is called.
    if data.startswith((spreadsheet.ZIP, spreadsheet.OLE)):
        return by_name["xlsx"]
    for form in FORMATS:
        if path.suffix.lower() in form.suffixes:
            return form
    start = data.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    return by_name["json" if start in (b"{", b"[") else "csv"]


def _unused(form: Format, sheet: str | None, encoding: str | None) -> tuple[str, ...]:
    if form.name == "xlsx":
        return () if encoding is None else ("A workbook has no --encoding: it was not used.",)
    return () if sheet is None else ("Only a workbook has a --sheet: it was not used.",)
