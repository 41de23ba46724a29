"""Bytes -> text. No encoding is guessed that the bytes do not prove or the caller did not name."""

from __future__ import annotations

import re

from analyzer.errors import BadData, UsageError
from analyzer.importers.source import Source

_BOMS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8"),
    (b"\xff\xfe", "utf-16-le", "UTF-16 LE"),
    (b"\xfe\xff", "utf-16-be", "UTF-16 BE"),
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_SAMPLE = 8192
_MAX_FOREIGN_LETTERS = 0.25


def decode(source: Source) -> tuple[str, str]:
    """Return the file's text without its byte order mark, and a sentence that names the encoding.

    Order: the encoding that the caller named, a byte order mark, UTF-16 by its NUL bytes, strict
    UTF-8, cp1252.

    Raises:
        UsageError: there is no encoding of the name given.
        BadData: the bytes do not decode, or there is no text.

    """
    text, note = _decode(source)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise BadData(f"{source.name} is empty.")
    return text, f"Encoding: {note}."


def _decode(source: Source) -> tuple[str, str]:
    data = source.data
    if source.encoding is not None:
        said = f"{source.encoding} as named"
        return _strict(source, source.encoding, said), said
    for mark, codec, label in _BOMS:
        if data.startswith(mark):
            return _strict(source, codec, f"{label} as its byte order mark says"), label
    if (found := _utf16_without_mark(data)) is not None:
        label = f"UTF-16 {found[-2:].upper()}"
        return _strict(source, found, f"{label} as its bytes suggest"), f"{label} (no mark)"
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as exc:
        return _western(source, exc), "cp1252 (not UTF-8)"


def _strict(source: Source, codec: str, said: str) -> str:
    try:
        return source.data.decode(codec)
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


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:_SAMPLE]
    pairs = len(sample) // 2
    if pairs == 0 or len(data) % 2:
        return None
    first, second = sample[0::2].count(0) / pairs, sample[1::2].count(0) / pairs
    if second > 0.4 and first < 0.05:
        return "utf-16-le"
    if first > 0.4 and second < 0.05:
        return "utf-16-be"
    return None


def _western(source: Source, not_utf8: UnicodeDecodeError) -> str:
    # Nearly any bytes decode as cp1252, so the result must also look like a Western language.
    try:
        text = source.data.decode("cp1252")
    except UnicodeDecodeError as exc:
        raise _no_encoding(source, exc) from exc
    letters = [char for char in text if char.isalpha()]
    foreign = sum(not char.isascii() for char in letters)
    if "\0" in text or foreign > _MAX_FOREIGN_LETTERS * len(letters):
        raise _no_encoding(source, not_utf8) from not_utf8
    return text


def _no_encoding(source: Source, exc: UnicodeDecodeError) -> BadData:
    return BadData(
        f"{source.name} is neither UTF-8, UTF-16 nor cp1252 ({_place(exc)}). "
        "Save it as UTF-8, or name its encoding with --encoding."
    )


def _place(exc: UnicodeDecodeError) -> str:
    before = exc.object[: exc.start].decode(exc.encoding, "ignore")
    line = 1 + len(_LINE_END.findall(before))
    return f"byte 0x{exc.object[exc.start]:02X} at line {line}"
