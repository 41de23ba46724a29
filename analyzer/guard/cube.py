"""The cube: every figure that may be shown, computed after runs and edits, by one function.

A cell is a theme, or the whole side, and a filter of at most two attributes: kind, unit, whole
quarter, and every attribute column with few values. There is no OR, and there are no other figures.
Cells of both sides have the same shape. Those of customers are exact. Those of employees have gone
through all of ``publish``: the table holds no true count of them, so that not even a mistake in a
page could show one.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from analyzer.guard import crowd, words
from analyzer.guard.crowd import SideData
from analyzer.guard.groups import MOST_ATTRIBUTES, Crowd, Groups, groups, named
from analyzer.guard.publish import Published, Thresholds, publish
from analyzer.types import SIDES, Side

# What the settings may raise and never lower; a run of before these settings has none.
LEAST = {"min_group_figures": 5, "min_group_comments": 10}
EVERYBODY = ""
_EMPTY = ("", "") * MOST_ATTRIBUTES


def thresholds(db: sqlite3.Connection) -> Thresholds:
    """Return how many respondents figures and comments of employees need, by the newest run."""
    row = db.execute("SELECT settings FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    settings = json.loads(row[0]) if row else {}
    figures, comments = (max(int(settings.get(n, least)), least) for n, least in LEAST.items())
    return Thresholds(figures, max(figures, comments))


def is_built(db: sqlite3.Connection) -> bool:
    """Return whether there is a cube."""
    return db.execute("SELECT 1 FROM cube_state").fetchone() is not None


def refresh(db: sqlite3.Connection) -> tuple[str, ...]:
    """Compute what has changed of the cube anew; return the themes that had.

    To be called inside the transaction that changed comments or memberships.
    """
    least = thresholds(db)
    return tuple(theme for side in SIDES for theme in _refresh(db, side, least))


def _refresh(db: sqlite3.Connection, side: Side, least: Thresholds) -> list[str]:
    data = crowd.read(db, side)
    basis = {theme: f"{[*least]} {data.basis(theme)}" for theme in data.themes}
    known = dict(
        db.execute("SELECT theme_id, basis FROM cube_state WHERE side = ?", [side]).fetchall()
    )
    changed = [theme for theme in {**known, **basis} if known.get(theme) != basis.get(theme)]
    if not changed:
        return []
    for table in ("cube", "cube_state"):
        db.executemany(
            f"DELETE FROM {table} WHERE side = ? AND theme_id = ?",
            [(side, theme) for theme in changed],
        )
    now = [theme for theme in data.themes if theme in changed]
    rows = _customers(data, now) if side == "customer" else _employees(db, data, now, least)
    db.executemany("INSERT INTO cube VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    db.executemany(
        "INSERT INTO cube_state VALUES (?, ?, ?)", [(side, theme, basis[theme]) for theme in now]
    )
    if side == "employee" and EVERYBODY in changed:
        words.write(db, least.figures)
    return changed


def _customers(data: SideData, themes: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    for theme in themes:
        comments, judged = data.themes[theme]
        if len(comments):
            own = groups(data.crowd, comments, judged)
            for at, (people, *so) in enumerate(own.sizes.T.tolist()):
                place = _place(data.crowd, own, at)
                yield "customer", theme, *place, people, int(own.comments[at]), *so, 1, 1, 1, 1


def _employees(
    db: sqlite3.Connection, data: SideData, themes: Iterable[str], least: Thresholds
) -> Iterator[tuple[Any, ...]]:
    key = bytes(db.execute("SELECT value FROM secrets WHERE name = 'cube'").fetchone()[0])
    if not data.crowd.people:
        return
    whole = _published(data, EVERYBODY, key, least, None)
    for theme in themes:
        found = whole if theme == EVERYBODY else _published(data, theme, key, least, whole)
        there = found.shown[0] | found.readable[0]
        there[0] = found.groups.sizes[0, 0] >= least.figures
        for at in np.flatnonzero(there).tolist():
            people, *so = (int(figure) or None for figure in found.figures[:, at])
            may = [int(flag) for flag in found.readable[:, at]]
            place = _place(data.crowd, found.groups, at)
            yield "employee", theme, *place, people, None, *so, *may


def _published(
    data: SideData, theme: str, key: bytes, least: Thresholds, whole: Published | None
) -> Published:
    comments, judged = data.themes[theme]
    own = groups(data.crowd, comments, judged)
    return publish(data.crowd, own, theme, key, least, whole)


def _place(of: Crowd, own: Groups, at: int) -> Sequence[str]:
    flat = [part for pair in named(of, own.filters[at].tolist()) for part in pair]
    return (*flat, *_EMPTY[len(flat) :])
