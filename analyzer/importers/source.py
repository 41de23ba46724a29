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
