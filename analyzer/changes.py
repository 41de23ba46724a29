"""What a run changed, told by ids alone: the themes before it, the themes after it.

Both are what people see, edits applied. A segment that only one of them has says nothing of where
themes came from; it counts in their sizes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["new", "grown", "shrunk", "split", "merged", "gone"]

# A theme has grown or shrunk if its number of segments changed by this share.
NOTICEABLE = 0.1
# A part of a theme that went elsewhere is told from this share of its segments on.
PART = 0.05
# A theme came from another, or went into it, if at least this share of its segments did.
MOST = 0.5


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """One thing that happened to a theme; the counts are of its segments before and after.

    ``split``: ``moved`` segments of ``other_id`` are in ``theme_id`` now. ``merged``: ``moved``
    segments of ``theme_id``, which is gone, are in ``other_id``.
    """

    kind: Kind
    theme_id: str
    other_id: str | None
    before: int
    after: int
    moved: int


def theme_changes(
    before: Mapping[str, int], after: Mapping[str, int], moves: Mapping[tuple[str, str], int]
) -> list[ThemeChange]:
    """Return the changes of one side.

    ``before`` and ``after`` are the numbers of segments by theme id; ``moves`` counts the segments
    that both know, by (theme before, theme after).
    """
    rows = [
        *(_came(theme, after[theme], moves) for theme in after if theme not in before),
        *(_went(theme, before[theme], moves) for theme in before if theme not in after),
    ]
    told = {(row.other_id, row.theme_id) for row in rows if row.kind == "split"}
    for (old, new), count in moves.items():
        part = old != new and old in after and (old, new) not in told
        if part and count >= max(PART * before[old], 2):
            was = before.get(new, 0)
            rows.append(ThemeChange("split", new, old, was, after[new], count))
    for theme in before.keys() & after.keys():
        if abs(after[theme] - before[theme]) >= max(NOTICEABLE * before[theme], 1):
            kind: Kind = "grown" if after[theme] > before[theme] else "shrunk"
            rows.append(ThemeChange(kind, theme, None, before[theme], after[theme], 0))
    return sorted(rows, key=lambda row: (row.kind, row.theme_id, row.other_id or ""))


def _came(theme: str, size: int, moves: Mapping[tuple[str, str], int]) -> ThemeChange:
    source, count = _largest((old, n) for (old, new), n in moves.items() if new == theme)
    if source and count >= MOST * size:
        return ThemeChange("split", theme, source, 0, size, count)
    return ThemeChange("new", theme, None, 0, size, 0)


def _went(theme: str, size: int, moves: Mapping[tuple[str, str], int]) -> ThemeChange:
    target, count = _largest((new, n) for (old, new), n in moves.items() if old == theme)
    if target and count >= MOST * size:
        return ThemeChange("merged", theme, target, size, 0, count)
    return ThemeChange("gone", theme, None, size, 0, 0)


def _largest(counted: Iterable[tuple[str, int]]) -> tuple[str | None, int]:
    return max(counted, key=lambda row: (row[1], row[0]), default=(None, 0))
