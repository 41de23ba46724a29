"""The database -> one side's comments as arrays, and which of them each theme has."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from analyzer.guard.groups import Crowd, Flags
from analyzer.types import JUDGEMENTS, Labels, Side, judgement

# A column of the import is an attribute of the cube if it has at most so many values on its side.
FEW_VALUES = 12
KIND, UNIT, QUARTER = "kind", "unit", "quarter"
_JUDGED = ("positive", "neutral", "negative")
assert set(_JUDGED) == set(JUDGEMENTS)


@dataclass(frozen=True)
class SideData:
    """One side: its crowd, and of each theme its comments (n,) with how they judge (n, 3).

    ``rows`` is a hash of all comments, their words among them. The theme '' is the whole side:
    every comment, also those that were left out of the analysis.
    """

    crowd: Crowd
    themes: Mapping[str, tuple[Labels, Flags]]
    rows: bytes

    def basis(self, theme: str) -> str:
        """Return a text that is another whenever anything of a theme or of the side is."""
        own = hashlib.sha256(self.rows)
        for comments, judged in (self.themes[""], self.themes[theme]):
            own.update(comments.tobytes() + judged.tobytes())
        return own.hexdigest()


def quarter(date: str | None) -> str | None:
    """Return the whole quarter of an ISO 8601 date or month: 2025-Q4; None if there is none."""
    if date is None or len(date) < len("2025-10"):
        return None
    return f"{date[:4]}-Q{(int(date[5:7]) + 2) // 3}"


def attribute_name(column: str) -> str:
    """Return what the cube calls an attribute column of the import."""
    return f"attr:{column}"


def read(db: sqlite3.Connection, side: Side) -> SideData:
    """Return one side as it is shown: people's edits are in it."""
    rows = db.execute(
        "SELECT id, coalesce(respondent, kind || char(31) || source_id), kind, unit, date, "
        "attributes, text FROM comments WHERE side = ? ORDER BY id",
        [side],
    ).fetchall()
    number = {row[0]: at for at, row in enumerate(rows)}
    people = {key: at for at, key in enumerate(sorted({row[1] for row in rows}))}
    columns = _columns(rows)
    values = {name: sorted({v for v in column if v is not None}) for name, column in columns}
    known = {name: {value: at for at, value in enumerate(own)} for name, own in values.items()}
    codes = [
        [-1 if value is None else known[name][value] for value in column]
        for name, column in columns
    ]
    crowd = Crowd(
        person=np.array([people[row[1]] for row in rows], dtype=np.int64),
        people=len(people),
        attributes=tuple(values),
        values=tuple(tuple(own) for own in values.values()),
        codes=np.array(codes, dtype=np.int64).T.reshape(len(rows), len(columns)),
    )
    said = db.execute(
        "SELECT s.theme_id, s.comment_id, s.polarity FROM segments s "
        "JOIN comments c ON c.id = s.comment_id WHERE c.side = ? ORDER BY 1, 2, s.position",
        [side],
    ).fetchall()
    held = hashlib.sha256(repr(list(map(tuple, rows))).encode("utf-8", "surrogatepass"))
    return SideData(crowd, _themes(len(rows), number, said), held.digest())


def _columns(rows: Iterable[sqlite3.Row]) -> list[tuple[str, list[str | None]]]:
    """Return each attribute of the side with its value in every comment."""
    rows = list(rows)
    held = [json.loads(row[5]) for row in rows]
    names = sorted({name for attributes in held for name in attributes})
    own: list[tuple[str, list[str | None]]] = [
        (KIND, [row[2] for row in rows]),
        (UNIT, [row[3] for row in rows]),
        (QUARTER, [quarter(row[4]) for row in rows]),
    ]
    for name in names:
        column = [attributes.get(name) for attributes in held]
        if len({value for value in column if value is not None}) <= FEW_VALUES:
            own.append((attribute_name(name), column))
    return own


def _themes(
    count: int, number: Mapping[str, int], said: Iterable[tuple[str, str, float | None]]
) -> dict[str, tuple[Labels, Flags]]:
    judged: dict[str, dict[int, list[bool]]] = {}
    whole = np.zeros((count, 3), dtype=bool)
    for theme, comment, polarity in said:
        at = number[comment]
        flags = judged.setdefault(theme, {}).setdefault(at, [False] * 3)
        if polarity is not None:
            place = _JUDGED.index(judgement(polarity))
            flags[place] = whole[at, place] = True
    themes: dict[str, tuple[Labels, Flags]] = {"": (np.arange(count), whole)}
    for theme, own in judged.items():
        flags_of = dict(sorted(own.items()))
        chosen = np.array(list(flags_of), dtype=np.int64)
        themes[theme] = chosen, np.array(list(flags_of.values()), dtype=bool)
    return themes
