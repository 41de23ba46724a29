"""What a run changed, told by ids alone: the themes before it, the themes after it.

Both are what people see, edits applied. A segment that only one of them has says nothing of where
themes came from; it counts in their sizes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["new", "grown", "shrunk", "split", "merged", "gone"]

# A theme has grown or shrunk if its number of segments changed by this share.
NOTICEABLE = 0.1
# Where a theme's segments went is told but for this share of them.
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
    before: Mapping[str, int],
    after: Mapping[str, int],
    moves: Mapping[tuple[str, str], int],
    strays: Mapping[tuple[str, str], int] | None = None,
) -> list[ThemeChange]:
    """Return the changes of one side.

    ``before`` and ``after`` are the numbers of segments by theme id; ``moves`` counts the segments
    that both know, by (theme before, theme after). ``strays`` are those of them that only stayed
    with the theme before until they had one of their own: they make no theme a part of it.
    """
    own = Counter(moves)
    own.subtract(strays or {})
    rows = [
        *(_came(theme, after[theme], own) for theme in after if theme not in before),
        *(_went(theme, before[theme], moves) for theme in before if theme not in after),
    ]
    told: set[tuple[str | None, str | None]] = {
        (row.other_id, row.theme_id) for row in rows if row.kind == "split"
    }
    told |= {(row.theme_id, row.other_id) for row in rows if row.kind == "merged"}
    for old in before:
        rows += [
            ThemeChange("split", new, old, before.get(new, 0), after[new], count)
            for new, count in _parts(old, before[old], moves)
            if (old, new) not in told and new in after
        ]
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


def _parts(old: str, size: int, moves: Mapping[tuple[str, str], int]) -> list[tuple[str, int]]:
    """Return where a theme's segments went, the most first, but for a part too small to tell."""
    went = sorted(((n, new) for (was, new), n in moves.items() if was == old and new != old),
                  key=lambda row: (-row[0], row[1]))  # fmt: skip
    left, parts = sum(count for count, _ in went), []
    for count, new in went:
        if left <= PART * size:
            break
        parts.append((new, count))
        left -= count
    return parts


def _largest(counted: Iterable[tuple[str, int]]) -> tuple[str | None, int]:
    return max(counted, key=lambda row: (row[1], row[0]), default=(None, 0))
