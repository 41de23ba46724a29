"""Where the experience map is, and its text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.errors import InputOutput, Misconfigured

if TYPE_CHECKING:
    from analyzer.settings import Settings

DEFAULT_MAP = Path(__file__).parent.parent / "models" / "experience_map.toml"
# How files begin that editors call Unicode and that are not UTF-8.
MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
NEXT = (
    "Correct the path (FILE, or the setting experience_map); "
    "without both, the map that comes with Bothsides is used."
)


def path_of(settings: Settings) -> Path:
    """Return the map that the settings name, or the one that comes with Bothsides."""
    return Path(settings.experience_map) if settings.experience_map else DEFAULT_MAP


def read(path: Path) -> str:
    """Return the text of a map.

    Raises:
        InputOutput: it is not there, is a folder, or cannot be read.
        Misconfigured: it is not a text in UTF-8.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError as exc:
        raise InputOutput(f"There is no experience map {path}. {NEXT}") from exc
    except IsADirectoryError as exc:
        raise InputOutput(f"{path} is a folder, not an experience map. {NEXT}") from exc
    except OSError as exc:
        raise InputOutput(
            f"The experience map {path} cannot be read: {exc.strerror}. {NEXT}"
        ) from exc
    if mark := MARKS.get(raw[:2]):
        raise Misconfigured(f"{path}:1: the map is in {mark}. Save it again as UTF-8.")
    if b"\0" in raw:
        raise Misconfigured(f"{path}:1: this is a binary file. Name a TOML file (text in UTF-8).")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        line = raw.count(b"\n", 0, exc.start) + 1
        raise Misconfigured(
            f"{path}:{line}: the map is not in UTF-8. Save it again as UTF-8."
        ) from exc
