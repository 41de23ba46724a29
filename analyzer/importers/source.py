"""A file, and what the caller knows about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from analyzer.errors import BadData, InputOutput
from analyzer.importers.bounds import USUAL, Bounds

HEAD = 8192
# How files begin that hold no table, and what to do with them.
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n", "a PNG image. Comments in an image cannot be read"),
    (b"\xff\xd8\xff", "a JPEG image. Comments in an image cannot be read"),
    (b"GIF8", "a GIF image. Comments in an image cannot be read"),
    (b"%PDF-", "a PDF document. Export the comments as CSV, JSON or Excel"),
    (b"{\\rtf", "an RTF document. Export the comments as CSV, JSON or Excel"),
    (b"\x1f\x8b", "a gzip archive. Unpack it and import the file in it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive. Unpack it and import the files in it"),
    (b"Rar!\x1a", "a RAR archive. Unpack it and import the files in it"),
    (b"SQLite format 3\0", "an SQLite database. Name the file of comments, and this with --db"),
)
# White space in any encoding, and byte order marks.
_BLANK = b" \t\r\n\v\f\x00\xef\xbb\xbf\xff\xfe"


def _any(columns: tuple[str, ...]) -> bool:
    return True


# Without slots: what was read once is kept in __dict__ by cached_property.
@dataclass(frozen=True)
class Source:
    """What a reader is given.

    ``sheet`` and ``encoding`` are the caller's choice or None; ``fits`` tells whether a header
    holds the columns that are wanted. ``called`` is its name for people, where the file has
    another. Whoever can reads from ``opened`` and not ``data``, which holds the whole file.

    Raises:
        InputOutput: (when it is read) there is no such file, it is a folder, or it cannot be read.

    """

    path: Path
    sheet: str | None = None
    encoding: str | None = None
    fits: Callable[[tuple[str, ...]], bool] = _any
    called: str | None = None
    bounds: Bounds = USUAL

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        return self.called or self.path.name

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Open the file for reading bytes."""
        # A pipe would be read once, and by the first who looks; nobody may write to it at all.
        if self.path.is_fifo() or self.path.is_socket():
            raise InputOutput(
                f"{self.path} is a pipe and not a file. Save what it gives as a file."
            )
        try:
            with self.path.open("rb") as file:
                yield file
        except FileNotFoundError as exc:
            raise InputOutput(f"There is no file {self.path}.") from exc
        except IsADirectoryError as exc:
            raise InputOutput(f"{self.path} is a folder. Name the files in it.") from exc
        except PermissionError as exc:
            raise InputOutput(
                f"{self.path} may not be read. Change its permissions or copy it."
            ) from exc
        except OSError as exc:
            raise InputOutput(f"{self.path} cannot be read: {exc.strerror}.") from exc

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        """Yield the file's bytes, so many at a time."""
        with self.opened() as file:
            while chunk := file.read(size):
                yield chunk

    @cached_property
    def head(self) -> bytes:
        """The first bytes of the file, HEAD at most."""
        with self.opened() as file:
            return file.read(HEAD)

    @cached_property
    def data(self) -> bytes:
        """All bytes of the file."""
        with self.opened() as file:
            return file.read()


def refuse_blank(source: Source) -> None:
    """Raise BadData if the file is empty or holds only white space and a byte order mark."""
    if not any(chunk.strip(_BLANK) for chunk in source.chunks()):
        raise BadData(f"{source.name} is empty.")


def refuse_foreign(source: Source) -> None:
    """Raise BadData if the file is an image, a document, an archive or a database."""
    for start, what in _FOREIGN:
        if source.head.startswith(start):
            raise BadData(f"{source.name} is {what}.")
