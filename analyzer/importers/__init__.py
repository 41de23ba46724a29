"""File -> Records: one table of formats, one entry point; unreadable rows are kept aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from analyzer.errors import BadData
from analyzer.importers import delimited, json_files, records, spreadsheet
from analyzer.importers.bounds import USUAL, Bounds
from analyzer.importers.mapping import (
    Mapping,
    Profile,
    guess,
    parse_map,
    read_profile,
    resolve,
)
from analyzer.importers.plan import Plan
from analyzer.importers.recognise import plan_of, recognise, told_plan
from analyzer.importers.records import Loaded
from analyzer.importers.source import Source, refuse_blank, refuse_foreign
from analyzer.importers.table import Table, header_hash
from analyzer.importers.vendors import VENDORS, Vendor
from analyzer.types import Side

__all__ = [
    "FORMATS",
    "VENDORS",
    "Bounds",
    "Format",
    "Known",
    "Loaded",
    "Mapping",
    "Opened",
    "Profile",
    "guess",
    "open_file",
    "parse_map",
    "read_file",
    "read_profile",
    "resolve",
    "sheets_of",
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


Known = Callable[[str], Profile | None]


def _unknown(header: str) -> Profile | None:
    return None


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as a table, before its columns have a meaning.

    ``vendor`` is the export that it is recognised as; ``profile`` what is kept for its header.
    """

    source: Source
    form: Format
    table: Table
    vendor: Vendor | None
    header: str
    profile: Profile

    @property
    def side(self) -> Side | None:
        """Whose comments these are, as a profile or the format says."""
        return self._implied.side

    @property
    def kind(self) -> str | None:
        """Their kind, as a profile or the format says."""
        return self._implied.kind

    @property
    def _implied(self) -> Profile | Vendor:
        told = self.profile.side is not None
        return self.profile if told or self.vendor is None else self.vendor

    def known(self) -> Mapping:
        """Return which column holds what if nobody says so; errors are those of read_file."""
        return _plan(None, self.profile, self.vendor, self.table, self.source.name).mapping

    def load(self, mapping: Mapping | None) -> Loaded:
        """Give the columns their meaning and read the rows; see :func:`read_file`."""
        plan = _plan(mapping, self.profile, self.vendor, self.table, self.source.name)
        unused = _unused(self.form, self.source.sheet, self.source.encoding)
        loaded = records.load(
            self.table,
            plan,
            form=self.vendor.name if self.vendor else self.form.name,
            notes=(*unused, *plan.notes),
            longest=self.source.bounds.cell,
        )
        records.refuse_rounded(loaded, self.source.name)
        vendor = self.vendor
        ratings = bool(vendor and vendor.ratings and loaded.rows and not loaded.records)
        told = ("Ratings without a word: it holds no comment.",) if ratings else ()
        return replace(
            loaded,
            header=self.header,
            side=self.side,
            kind=self.kind,
            ratings=ratings,
            notes=(*loaded.notes, *told),
        )


def open_file(
    path: Path,
    *,
    mapping: Mapping | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    known: Known = _unknown,
    name: str | None = None,
    bounds: Bounds = USUAL,
) -> Opened:
    """Read a file as a table; arguments and errors are those of :func:`read_file`."""

    def fits(columns: tuple[str, ...]) -> bool:
        if mapping is None and (recognise(columns) or known(header_hash(columns))):
            return True
        try:
            _by_name(mapping, columns, name or path.name)
        except BadData:
            return False
        return True

    source = Source(path, sheet, encoding, fits, name, bounds)
    refuse_blank(source)
    refuse_foreign(source)
    form = _format(source)
    table = form.read(source)
    vendor = recognise(table.columns, table.form)
    table = vendor.prepared(table) if vendor else table
    header = header_hash(table.columns)
    return Opened(source, form, table, vendor, header, known(header) or Profile())


def sheets_of(
    path: Path,
    *,
    name: str | None = None,
    bounds: Bounds = USUAL,
) -> tuple[str, ...]:
    """Return the sheets of a workbook that a person can see; none if it is another file.

    Raises:
        InputOutput, BadData: it cannot be read.

    """
    source = Source(path, called=name, bounds=bounds)
    refuse_blank(source)
    return spreadsheet.sheet_names(source) if _format(source).name == "xlsx" else ()


def read_file(
    path: Path,
    *,
    mapping: Mapping | None,
    sheet: str | None = None,
    encoding: str | None = None,
    known: Known = _unknown,
    name: str | None = None,
    bounds: Bounds = USUAL,
) -> Loaded:
    """Read one file of comments.

    Args:
        path: the file; its format is told by its suffix, or else by its content.
        mapping: which column holds what; None: as ``known`` says, or else as the export that it is
            recognised as has them, or else chosen by name.
        sheet: the sheet of a workbook; None: the only one that can be meant.
        encoding: the encoding of a text file; None: found from its bytes.
        known: the profile that is kept under the hash of a header, if there is one.
        name: what the file is called in messages; None: by its own name.
        bounds: how much it may hold.

    Raises:
        InputOutput: there is no such file, or it cannot be read.
        BadData: its content cannot be read, there is no text, or the columns are not there.
        UsageError: there is no such sheet or encoding, or several sheets could be meant; or the
            mapping names a column of personal data.

    """
    opened = open_file(
        path,
        mapping=mapping,
        sheet=sheet,
        encoding=encoding,
        known=known,
        name=name,
        bounds=bounds,
    )
    return opened.load(mapping)


def _plan(
    mapping: Mapping | None, profile: Profile, vendor: Vendor | None, table: Table, file: str
) -> Plan:
    # An empty list of JSON objects is a file without comments today, not a wrong file.
    if not table.columns:
        return Plan(Mapping(text=()))
    if mapping is not None:
        return told_plan(resolve(mapping, table.columns, file), vendor, table)
    if profile.mapping is not None:
        kept = resolve(profile.mapping, table.columns, file)
        note = f"Columns as kept for files with this header: {kept}."
        return replace(told_plan(kept, vendor, table), notes=(note,))
    if vendor is not None:
        return plan_of(vendor, table, file)
    chosen, notes = guess(table.columns, file)
    return Plan(chosen, notes=notes)


def _by_name(mapping: Mapping | None, columns: tuple[str, ...], file: str) -> None:
    """Raise BadData if the columns are not those of the mapping, or none has the name of text."""
    if mapping is None:
        guess(columns, file)
    else:
        resolve(mapping, columns, file)


def _format(source: Source) -> Format:
    by_name = {form.name: form for form in FORMATS}
    # No text begins like a workbook, whatever the file is called.
    if source.head.startswith((spreadsheet.ZIP, spreadsheet.OLE)):
        return by_name["xlsx"]
    for form in FORMATS:
        if source.path.suffix.lower() in form.suffixes:
            return form
    start = source.head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    return by_name["json" if start in (b"{", b"[") else "csv"]


def _unused(form: Format, sheet: str | None, encoding: str | None) -> tuple[str, ...]:
    if form.name == "xlsx":
        return () if encoding is None else ("A workbook has no --encoding: it was not used.",)
    return () if sheet is None else ("Only a workbook has a --sheet: it was not used.",)
