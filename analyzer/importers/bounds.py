"""How much a file may be, before a small one becomes more than a machine holds."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from analyzer.errors import BadData

MEGABYTE = 1_000_000
_SLICE = 1 << 16
# Where the lengths of name and extra field stand in a part's own header, and where that ends.
_LENGTHS_AT, _HEADER = 26, 30


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a file may hold.

    ``cell``: characters of one cell; None: as many as there are. ``archive_*``: what a workbook
    unpacks to, in bytes and as a multiple of its size, and its parts. ``depth``: objects and lists
    inside each other. ``line``: bytes without a line's end, or characters of one JSON value.
    ``lines``: of a delimited text; None: any number.
    """

    cell: int | None = None
    archive_bytes: int = 300 * MEGABYTE
    archive_ratio: int = 100
    archive_parts: int = 200
    depth: int = 100
    line: int = 64 * MEGABYTE
    lines: int | None = None


# Of files that somebody names at this machine.
USUAL = Bounds()


def refuse_archive(
    data: bytes, parts: Sequence[zipfile.ZipInfo], name: str, bounds: Bounds
) -> None:
    """Refuse an archive by its directory, before anything of it is unpacked; then a false one.

    Raises:
        BadData: it has too many parts, unpacks to too much, or to more than it says.

    """
    if len(parts) > bounds.archive_parts:
        raise BadData(
            f"{name} has {len(parts)} parts; a workbook may have {bounds.archive_parts}. "
            "Save the sheet with the comments as CSV."
        )
    total = sum(part.file_size for part in parts)
    if total > bounds.archive_bytes:
        raise BadData(
            f"{name} unpacks to {total // MEGABYTE} MB; "
            f"{bounds.archive_bytes // MEGABYTE} MB are allowed. Save the sheet as CSV."
        )
    if total > bounds.archive_ratio * len(data):
        raise BadData(
            f"{name} unpacks to {total // max(len(data), 1)} times its size; "
            f"{bounds.archive_ratio} times are allowed. Save the sheet as CSV."
        )
    for part in parts:
        if _unpacked(data, part) > part.file_size:
            raise BadData(f"{name} unpacks to more than it says: it is damaged, or made to harm.")


def _unpacked(data: bytes, part: zipfile.ZipInfo) -> int:
    """Return the bytes that a part unpacks to; no more than one slice over what it says."""
    if part.compress_type != zipfile.ZIP_DEFLATED:
        return 0
    try:
        lengths = struct.unpack_from("<HH", data, part.header_offset + _LENGTHS_AT)
    except struct.error:
        return 0
    start = part.header_offset + _HEADER + sum(lengths)
    unpacking, total = zlib.decompressobj(-zlib.MAX_WBITS), 0
    for at in range(start, start + part.compress_size, _SLICE):
        rest = data[at : min(at + _SLICE, start + part.compress_size)]
        while rest and total <= part.file_size:
            try:
                total += len(unpacking.decompress(rest, _SLICE * 16))
            except zlib.error:
                return total
            rest = unpacking.unconsumed_tail
    return total


def refuse_lines(chunks: Iterator[bytes], name: str, bounds: Bounds) -> None:
    """Raise BadData if there are too many lines, or the bytes go on for too long without an end."""
    since = feeds = returns = 0
    for chunk in chunks:
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        since = since + len(chunk) if last < 0 else len(chunk) - last - 1
        feeds, returns = feeds + chunk.count(b"\n"), returns + chunk.count(b"\r")
        if bounds.lines is not None and max(feeds, returns) > bounds.lines:
            raise BadData(f"{name} has more than {bounds.lines:,} lines. Send it in parts.")
        if since > bounds.line:
            raise BadData(
                f"{name} has a line of more than {bounds.line // MEGABYTE} MB: it is no table of "
                "comments. Export it again."
            )


def lines(text: TextIO, most: int) -> Iterator[str | None]:
    """Yield the lines of a text; None for one that is longer than ``most`` characters."""
    while line := text.readline(most):
        whole = len(line) < most or line.endswith("\n")
        while not whole:
            rest = text.readline(most)
            whole = len(rest) < most or rest.endswith("\n")
            line = ""
        yield line or None


def deeper_than(value: Any, depth: int) -> bool:
    """Return whether objects and lists are inside each other more than so many times."""
    level = [value]
    for _ in range(depth):
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True
