"""JSON read element by element, so that a document of any size needs little memory.

By the standard library's decoder on a window of the text, and not by a streaming parser: ijson
(yajl) turns half a character into "?" without a word, and is ended by the system when lists are
nested 100,000 deep.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from analyzer.importers.bounds import USUAL, Bounds, deeper_than

_CHUNK = 1 << 20
# A number that is cut is cut at most so many characters behind its last whole part: "1e+".
_TAIL = 3
_OF_NUMBERS = ".eE+-"
# Digits stay text, so that an id of 20 digits and a rating of 4.0 come back as they were written.
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=lambda _: None)


@dataclass(frozen=True, slots=True)
class Part:
    """A value in the document: the document itself, a member of it, or an element of a list.

    ``key`` is the member's name, None where the document is a list or no object at all. A list
    gives a part for each element (``index`` from 1), or one with the value ``[]`` if it is empty.
    """

    value: Any
    key: str | None = None
    index: int | None = None


def parts(text: TextIO, bounds: Bounds = USUAL) -> Iterator[Part]:
    """Yield the document part by part.

    Raises:
        json.JSONDecodeError: it is not JSON, or something follows; ``lineno`` is that of the file.
        RecursionError: it is nested too deeply.
        OverflowError: one value of it is longer than the bounds allow.

    """
    window = _Window(text, bounds)
    try:
        yield from _document(window)
        if window.peek():
            raise window.error("Extra data")
    except json.JSONDecodeError as exc:
        exc.lineno += window.lines_before
        raise


def _document(window: _Window) -> Iterator[Part]:
    if window.peek() == "[":
        yield from _elements(window, None)
    elif window.peek() == "{":
        window.take("{")
        while window.peek() != "}":
            if window.peek() != '"':
                raise window.error("Expecting property name enclosed in double quotes")
            key = window.value()
            window.take(":")
            if window.peek() == "[":
                yield from _elements(window, key)
            else:
                yield Part(window.value(), key)
            if window.peek() != "}":
                window.take(",")
                if window.peek() == "}":
                    raise window.error("Expecting property name enclosed in double quotes")
        window.take("}")
    else:
        yield Part(window.value())


def _elements(window: _Window, key: str | None) -> Iterator[Part]:
    window.take("[")
    if window.peek() == "]":
        yield Part([], key)
    index = 0
    while window.peek() != "]":
        index += 1
        yield Part(window.value(), key, index)
        if window.peek() != "]":
            window.take(",")
            if window.peek() == "]":
                raise window.error("Expecting value")
    window.take("]")


class _Window:
    """The part of the text that is being looked at; ``lines_before`` ended before it."""

    def __init__(self, source: TextIO, bounds: Bounds) -> None:
        self._source = source
        self._bounds = bounds
        self._text = ""
        self._at = 0
        self.lines_before = 0

    def peek(self) -> str:
        """Return the next character that is not white space, and "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\n\r":
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._grow():
                return ""

    def take(self, char: str) -> None:
        """Go past the next character, which must be this one."""
        if self.peek() != char:
            raise self.error(f"Expecting {char!r}")
        self._at += 1

    def value(self) -> Any:
        """Read a whole value, and more of the text until it is whole."""
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if not self._grow():
                    raise
                continue
            # A number at the end of the window may go on behind it: "1", "1." and "1e" are parts.
            rest = self._text[end : end + _TAIL]
            if len(rest) < _TAIL and not rest.strip(_OF_NUMBERS) and self._grow():
                continue
            if isinstance(value, dict | list) and deeper_than(value, self._bounds.depth):
                raise RecursionError
            self._at = end
            return value

    def error(self, message: str) -> json.JSONDecodeError:
        """Return an error at this place."""
        return json.JSONDecodeError(message, self._text, self._at)

    def _grow(self) -> bool:
        # Twice as much each time, so that a long value is not begun again too often.
        more = self._source.read(max(_CHUNK, len(self._text) - self._at))
        if not more:
            return False
        if len(self._text) - self._at > self._bounds.line:
            raise OverflowError
        self.lines_before += self._text.count("\n", 0, self._at)
        self._text = self._text[self._at :] + more
        self._at = 0
        return True
