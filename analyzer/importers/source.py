"""A file's bytes, and what the caller knows about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analyzer.errors import BadData, InputOutput


def _any(columns: tuple[str, ...]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Source:
    """What a reader is given.

    ``name`` is for messages; ``sheet`` and ``encoding`` are the caller's choice or None; ``fits``
    tells whether a header holds the columns that are wanted.
    """

    name: str
    data: bytes
    sheet: str | None = None
    encoding: str | None = None
    fits: Callable[[tuple[str, ...]], bool] = _any


def read_bytes(path: Path) -> bytes:
    """Return the file's bytes.

    Raises:
        InputOutput: there is no such file, it is a folder, or it cannot be read.
        BadData: it is empty or holds white space only.

    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as exc:
        raise InputOutput(f"There is no file {path}.") from exc
    except IsADirectoryError as exc:
        raise InputOutput(f"{path} is a folder. Name the files in it.") from exc
    except PermissionError as exc:
        raise InputOutput(f"{path} may not be read. Change its permissions or copy it.") from exc
    except OSError as exc:
        raise InputOutput(f"{path} cannot be read: {exc.strerror}.") from exc
    if not data.strip():
        raise BadData(f"{path.name} is empty.")
    return data
