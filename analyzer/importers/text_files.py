"""Bytes -> text. No encoding is guessed that the bytes do not prove or the caller did not name."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from analyzer.errors import BadData, UsageError
from analyzer.importers.source import Source

_BOMS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8"),
    (b"\xff\xfe", "utf-16-le", "UTF-16 LE"),
    (b"\xfe\xff", "utf-16-be", "UTF-16 BE"),
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_MAX_FOREIGN_LETTERS = 0.25


def decode(source: Source) -> tuple[str, str]:
    """Return the file's text without its byte order mark, and a sentence that names the encoding.

    Order: the encoding that the caller named, a byte order mark, UTF-16 by its NUL bytes, strict
    UTF-8, cp1252.

    Raises:
        UsageError: there is no encoding of the name given.
        BadData: the bytes do not decode, or there is no text.

    """
    codec, note = codec_of(source)
    text = source.data.decode(codec).removeprefix("\ufeff")
    if not text.strip():
        raise BadData(f"{source.name} is empty.")
    return text, note


@contextmanager
def opened(source: Source, codec: str) -> Iterator[TextIO]:
    """Open the file as text in an encoding that fits it, behind its byte order mark."""
    with source.opened() as file, io.TextIOWrapper(file, codec) as text:
        # The one character that is not part of the text must not be read by whoever counts.
        if text.read(1) != "\ufeff":
            text.seek(0)
        yield text


def codec_of(source: Source) -> tuple[str, str]:
    """Return the codec by which all bytes of the file decode, and a sentence that names it.

    Raises:
        UsageError: there is no encoding of the name given.
        BadData: no encoding fits.

    """
    codec, label = _codec(source)
    return codec, f"Encoding: {label}."


def _codec(source: Source) -> tuple[str, str]:
    if source.encoding is not None:
        said = f"{source.encoding} as named"
        return _strict(source, source.encoding, said), said
    for mark, codec, label in _BOMS:
        if source.head.startswith(mark):
            return _strict(source, codec, f"{label} as its byte order mark says"), label
    if (found := _utf16_without_mark(source)) is not None:
        label = f"UTF-16 {found[-2:].upper()}"
        return _strict(source, found, f"{label} as its bytes suggest"), f"{label} (no mark)"
    if _decodes(source, "utf-8"):
        return "utf-8", "UTF-8"
    return _western(source), "cp1252 (not UTF-8)"


def _decodes(source: Source, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for chunk in source.chunks():
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _strict(source: Source, codec: str, said: str) -> str:
    try:
        "a".encode(codec)
        if not _decodes(source, codec):
            source.data.decode(codec)
    except LookupError as exc:
        raise UsageError(
            f"There is no encoding {codec!r}. Name one such as utf-8, utf-16 or cp1252."
        ) from exc
    except UnicodeDecodeError as exc:
        raise BadData(
            f"{source.name} is not {said} ({_place(exc)}). "
            "Save it as UTF-8, or name its encoding with --encoding."
        ) from exc
    except UnicodeError as exc:
        raise BadData(f"{source.name} is not {said}. Name another one with --encoding.") from exc
    return codec


def _utf16_without_mark(source: Source) -> str | None:
    sample = source.head
    pairs = len(sample) // 2
    if pairs == 0 or len(sample) % 2:
        return None
    first, second = sample[0::2].count(0) / pairs, sample[1::2].count(0) / pairs
    if second > 0.4 and first < 0.05:
        return "utf-16-le"
    if first > 0.4 and second < 0.05:
        return "utf-16-be"
    return None


def _western(source: Source) -> str:
    # Nearly any bytes decode as cp1252, so the result must also look like a Western language.
    not_utf8 = _why_not_utf8(source)
    if not_utf8.end == len(source.data) and not source.data[: not_utf8.start].isascii():
        raise BadData(
            f"{source.name} is UTF-8 and ends in the middle of a character: it is cut short. "
            "Fetch it again."
        )
    try:
        text = source.data.decode("cp1252")
    except UnicodeDecodeError as exc:
        raise _no_encoding(source, exc) from exc
    letters = [char for char in text if char.isalpha()]
    foreign = sum(not char.isascii() for char in letters)
    if "\0" in text or foreign > _MAX_FOREIGN_LETTERS * len(letters):
        raise _no_encoding(source, not_utf8) from not_utf8
    return "cp1252"


def _why_not_utf8(source: Source) -> UnicodeDecodeError:
    try:
        source.data.decode("utf-8")
    except UnicodeDecodeError as exc:
        return exc
    raise AssertionError("the file is UTF-8")


def _no_encoding(source: Source, exc: UnicodeDecodeError) -> BadData:
    return BadData(
        f"{source.name} is neither UTF-8, UTF-16 nor cp1252 ({_place(exc)}). "
        "Save it as UTF-8, or name its encoding with --encoding."
    )


def _place(exc: UnicodeDecodeError) -> str:
    before = exc.object[: exc.start].decode(exc.encoding, "ignore")
    line = 1 + len(_LINE_END.findall(before))
    return f"byte 0x{exc.object[exc.start]:02X} at line {line}"
