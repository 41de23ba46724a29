"""Files made to harm: small to send, and far more than a machine holds once they are read."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

# ruff: noqa: E501 - the names of Office Open XML are long
_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/>
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"""
_RELS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
_BOOK = """<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"""
_BOOK_RELS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"""
_SHEET = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:B2"/><sheetData>'
_SHEET_END = b"</sheetData></worksheet>"
_STRINGS = (
    b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)
_HEAD = b'<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>text</t></is></c></row>'
MEGABYTE = 1_000_000


def _workbook(
    path: Path,
    sheet: Callable[[io.BufferedIOBase], None],
    strings: bytes = b"",
    padding: int = 0,
    parts: int = 0,
) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, text in (
            ("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELS), ("xl/workbook.xml", _BOOK),
            ("xl/_rels/workbook.xml.rels", _BOOK_RELS),
        ):  # fmt: skip
            book.writestr(name, text)
        book.writestr("xl/sharedStrings.xml", strings or _STRINGS + b"</sst>")
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as out:
            sheet(out)  # type: ignore[arg-type]
        if padding:
            book.writestr("xl/media/image1.png", os.urandom(padding))
        for number in range(parts):
            book.writestr(f"xl/worksheets/_{number}.xml", b"")
    return path


def _repeated(piece: bytes, size: int) -> Callable[[io.BufferedIOBase], None]:
    def write(out: io.BufferedIOBase) -> None:
        out.write(_SHEET + _HEAD)
        block = piece * (MEGABYTE // len(piece))
        for _ in range(size // len(block)):
            out.write(block)
        out.write(_SHEET_END)

    return write


def bomb_of_cells(path: Path) -> Path:
    """A gigabyte of rows in a few megabytes."""
    return _workbook(path, _repeated(b'<row><c t="n"><v>1</v></c></row>', 1000 * MEGABYTE))


def bomb_of_one_cell(path: Path) -> Path:
    """One cell of a gigabyte."""

    def write(out: io.BufferedIOBase) -> None:
        out.write(_SHEET + _HEAD + b'<row r="2"><c r="A2" t="inlineStr"><is><t>')
        for _ in range(1000):
            out.write(b"a" * MEGABYTE)
        out.write(b"</t></is></c></row>" + _SHEET_END)

    return _workbook(path, write)


def bomb_with_padding(path: Path) -> Path:
    """As the first, with random bytes that keep the ratio low: its size gives it away."""
    row = b'<row><c t="n"><v>1</v></c></row>'
    return _workbook(path, _repeated(row, 400 * MEGABYTE), padding=5 * MEGABYTE)


def bomb_that_lies(path: Path) -> Path:
    """Half a gigabyte in a part that its directory calls ten thousand bytes."""
    _workbook(path, _repeated(b'<row><c t="n"><v>1</v></c></row>', 500 * MEGABYTE))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as book:
        part = book.getinfo("xl/worksheets/sheet1.xml")
    at = data.index(b"PK\x01\x02")
    while True:
        length, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        if bytes(data[at + 46 : at + 46 + length]) == part.filename.encode():
            struct.pack_into("<I", data, at + 24, 10_000)
            break
        at += 46 + length + extra + comment
    path.write_bytes(data)
    return path


def bomb_of_shared_strings(path: Path) -> Path:
    """One string of 30,000 characters, shown by 60,000 cells."""
    strings = _STRINGS + b"<si><t>" + os.urandom(15_000).hex().encode() + b"</t></si></sst>"

    def write(out: io.BufferedIOBase) -> None:
        out.write(_SHEET + _HEAD)
        for row in range(2, 60_002):
            out.write(b'<row r="%d"><c r="B%d" t="s"><v>0</v></c></row>' % (row, row))
        out.write(_SHEET_END)

    return _workbook(path, write, strings=strings)


def bomb_of_parts(path: Path) -> Path:
    """Fifty thousand parts."""
    return _workbook(path, lambda out: None, parts=50_000)


def bomb_of_area(path: Path) -> Path:
    """Two cells in opposite corners, and a lie about the area that is used."""

    def write(out: io.BufferedIOBase) -> None:
        out.write(_SHEET + _HEAD)
        out.write(b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row>' + _SHEET_END)

    return _workbook(path, write)


def laughs_in_a_workbook(path: Path) -> Path:
    """A billion laughs: entities of entities in the shared strings."""
    entities = b'<!ENTITY l0 "lol">' + b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 11)
    )
    strings = (
        b'<?xml version="1.0"?><!DOCTYPE sst [' + entities + b"]>"
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<si><t>&l10;</t></si></sst>"
    )

    def write(out: io.BufferedIOBase) -> None:
        out.write(_SHEET + _HEAD + b'<row r="2"><c r="B2" t="s"><v>0</v></c></row>' + _SHEET_END)

    return _workbook(path, write, strings=strings)


def _bytes(data: Callable[[], bytes]) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        path.write_bytes(data())
        return path

    return make


def _large(head: bytes, size: int, tail: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        with path.open("wb") as out:
            out.write(head)
            for _ in range(size // MEGABYTE):
                out.write(b"a" * MEGABYTE)
            out.write(tail)
        return path

    return make


# Name of the file -> what makes it, and what the refusal says.
UPLOADS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "cells.xlsx": (bomb_of_cells, "unpacks to"),
    "cell.xlsx": (bomb_of_one_cell, "unpacks to"),
    "padded.xlsx": (bomb_with_padding, "300 MB are allowed"),
    "liar.xlsx": (bomb_that_lies, "more than it says"),
    "shared.xlsx": (bomb_of_shared_strings, "memory or time"),
    "parts.xlsx": (bomb_of_parts, "parts"),
    "area.xlsx": (bomb_of_area, "memory or time"),
    "laughs.xlsx": (laughs_in_a_workbook, ""),
    "lists.json": (_bytes(lambda: b"[" * 40_000_000), "nested too deeply"),
    "objects.json": (_bytes(lambda: b'[{"text":' * 5_000_000), "nested too deeply"),
    "deep.json": (
        _bytes(lambda: b'[{"text":"a word","b":' + b'{"a":' * 150 + b"1" + b"}" * 150 + b"}]"),
        "nested too deeply",
    ),
    "laughs.json": (
        _bytes(lambda: b'{"text":"x","l":' + b"[[[[" * 30 + b'"lol"' + b"]]]]" * 30 + b"}\n" * 2),
        "nested too deeply",
    ),
    "value.json": (_large(b'[{"id":1,"text":"', 49 * MEGABYTE, b'"}]'), "more than 100,000"),
    "cell.csv": (_large(b"id,text\n1,", 49 * MEGABYTE, b"\n"), "field larger"),
    "open.csv": (
        _bytes(lambda: b'id,text\n1,"' + b"a word of it\n" * 3_700_000), "more than 1,000,000 lines",
    ),
    "rows.csv": (_bytes(lambda: b"id,text\n" + b"a\n" * 24_000_000), "more than 1,000,000 lines"),
    "zeros.xlsx": (_bytes(lambda: b"PK\x03\x04" + zlib.compress(bytes(40_000_000)) * 10), "broken"),
}  # fmt: skip
COMMANDS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "cells.xlsx": (bomb_of_cells, "unpacks to"),
    "cell.xlsx": (bomb_of_one_cell, "unpacks to"),
    "cell.csv": (_large(b"id,text\n1,", 1000 * MEGABYTE, b"\n"), "a line of more than 64 MB"),
    "lists.json": (_bytes(lambda: b"[" * 40_000_000), "nested too deeply"),
}
