"""The cube: every figure that may be shown, computed once a run and after edits, by one function.

A cell is a theme, or the whole side, and a filter of at most two attributes: kind, unit, whole
quarter, and every attribute column with few values. There is no OR, and there are no other figures.
Cells of both sides have the same shape. Those of customers are exact. Those of employees have gone
through all of ``publish``: the table holds no true count of them, so that not even a mistake in a
page could show one.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from analyzer.guard import crowd, words
from analyzer.guard.groups import MOST_ATTRIBUTES, Crowd, Groups, groups, named
from analyzer.guard.publish import Published, publish
from analyzer.types import Side

# What the settings may raise and never lower; a run of before these settings has none.
LEAST = {"min_group_figures": 5, "min_group_comments": 10}
EVERYBODY = ""
_EMPTY = ("", "") * MOST_ATTRIBUTES


def thresholds(db: sqlite3.Connection) -> tuple[int, int]:
    """Return how many respondents figures and comments of employees need, by the newest run."""
    row = db.execute("SELECT settings FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    settings = json.loads(row[0]) if row else {}
    figures, comments = (max(int(settings.get(n, least)), least) for n, least in LEAST.items())
    return figures, max(figures, comments)


def is_built(db: sqlite3.Connection) -> bool:
    """Return whether there is a cube."""
    return db.execute("SELECT 1 FROM cube_state").fetchone() is not None


def refresh(db: sqlite3.Connection) -> bool:
    """Compute the cube anew if anything that it shows has changed; return whether it had.

    To be called inside the transaction that changed comments or memberships.
    """
    least = thresholds(db)
    sides: dict[Side, crowd.SideData] = {
        "employee": crowd.read(db, "employee"), "customer": crowd.read(db, "customer")
    }  # fmt: skip
    basis = json.dumps([least, *(data.basis for data in sides.values())])
    row = db.execute("SELECT basis FROM cube_state").fetchone()
    if row is not None and row[0] == basis:
        return False
    key = db.execute("SELECT value FROM secrets WHERE name = 'cube'").fetchone()[0]
    db.execute("DELETE FROM cube")
    rows = "INSERT INTO cube VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    db.executemany(rows, _customers(sides["customer"]))
    db.executemany(rows, _employees(sides["employee"], bytes(key), least))
    words.write(db, least[0])
    db.execute("DELETE FROM cube_state")
    db.execute("INSERT INTO cube_state VALUES (?)", [basis])
    return True


def _customers(data: crowd.SideData) -> Iterator[tuple[Any, ...]]:
    for theme, (comments, judged) in data.themes.items():
        if len(comments):
            own = groups(data.crowd, comments, judged)
            sizes = np.array([members.size for members in own.members])
            for at, (people, *so) in enumerate(sizes.T.tolist()):
                place = _place(data.crowd, own, at)
                yield "customer", theme, *place, people, int(own.comments[at]), *so, 1, 1, 1, 1


def _employees(
    data: crowd.SideData, key: bytes, least: tuple[int, int]
) -> Iterator[tuple[Any, ...]]:
    whole: Published | None = None
    for theme, (comments, judged) in data.themes.items():
        if not len(comments):
            continue
        own = groups(data.crowd, comments, judged)
        found = publish(data.crowd, own, theme, key, least[0], whole)
        whole = whole or found
        sizes = np.array([members.size for members in own.members])
        readable = (sizes >= least[1]) & found.shown
        readable[0, 0] = sizes[0, 0] >= least[1]
        there = found.shown[0] | readable[0]
        there[0] = sizes[0, 0] >= least[0]
        for at in np.flatnonzero(there).tolist():
            people, *so = (int(figure) or None for figure in found.figures[:, at])
            may = [int(flag) for flag in readable[:, at]]
            yield "employee", theme, *_place(data.crowd, own, at), people, None, *so, *may


def _place(of: Crowd, own: Groups, at: int) -> Sequence[str]:
    flat = [part for pair in named(of, own.filters[at].tolist()) for part in pair]
    return (*flat, *_EMPTY[len(flat) :])
