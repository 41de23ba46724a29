"""What a run has changed: themes and pairs before it, and after it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from analyzer.types import SIDES

THEME_CHANGES = ("new", "grown", "shrunk", "split", "merged", "gone")


@dataclass(frozen=True, slots=True)
class Standing:
    """The themes at one moment, with how many segments each holds, and the pairs."""

    themes: Mapping[str, int]
    sides: Mapping[str, str]
    pairs: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of themes by side and by what became of them; pairs as (employee, customer)."""

    themes: Mapping[str, Mapping[str, tuple[str, ...]]]
    pairs_new: tuple[tuple[str, str], ...]
    pairs_gone: tuple[tuple[str, str], ...]


def standing(db: sqlite3.Connection) -> Standing:
    """Return the themes and pairs that there are."""
    themes = db.execute("SELECT id, segments, side FROM themes").fetchall()
    pairs = db.execute("SELECT employee_theme_id, customer_theme_id FROM pairs").fetchall()
    return Standing(
        {row[0]: row[1] for row in themes},
        {row[0]: row[2] for row in themes},
        frozenset((row[0], row[1]) for row in pairs),
    )


def between(before: Standing, after: Standing) -> Changes:
    """Return what became of the themes and pairs, told by their ids alone.

    Ids cannot tell a split or a merger: those stay empty unless a run has kept a record of them.
    """
    both = before.themes.keys() & after.themes.keys()
    found = {
        "new": after.themes.keys() - both,
        "grown": {key for key in both if after.themes[key] > before.themes[key]},
        "shrunk": {key for key in both if after.themes[key] < before.themes[key]},
        "gone": before.themes.keys() - both,
    }
    sides = {**before.sides, **after.sides}
    return Changes(
        {
            side: {
                change: tuple(sorted(key for key in found.get(change, ()) if sides[key] == side))
                for change in THEME_CHANGES
            }
            for side in SIDES
        },
        tuple(sorted(after.pairs - before.pairs)),
        tuple(sorted(before.pairs - after.pairs)),
    )
