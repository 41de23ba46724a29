"""Where themes came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Born:
    """From which theme one split off, and in which run (None: by an edit)."""

    parent: str | None
    run: int | None


def line_of(theme: str, born: Mapping[str, Born]) -> dict[str, int]:
    """Return a theme (0) and those that it came from, each with the run that told them apart."""
    line = {theme: 0}
    while (row := born.get(theme)) is not None and row.parent and row.parent not in line:
        if row.run is None:
            break
        theme = row.parent
        line[theme] = row.run
    return line
