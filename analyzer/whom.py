"""Whom an erasure is about: a respondent or a comment as people name them -> comments, tombstones.

A comment stands for its row in the source: all answers that one person gave there at once.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzer import tombstones
from analyzer.errors import UsageError
from analyzer.gate import respondent_hash
from analyzer.store import respondent_key
from analyzer.types import SIDES, Side

if TYPE_CHECKING:
    from sqlite_utils import Database

_OWN_ID = re.compile(r"[0-9a-f]{32}")
_ROWS = """
    SELECT DISTINCT c.side, c.kind, coalesce(json_extract(i.mapping, '$.id'), 'row'), c.source_id
    FROM comments c JOIN imports i ON i.id = c.import_id
"""
Row = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Whom:
    """Respondents and comments as exports name them; ``side`` and ``kind`` tell equal ids apart."""

    respondents: Sequence[str] = ()
    comments: Sequence[str] = ()
    side: Side | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """The ids of the comments that are there, and the tombstones to be laid."""

    ids: Sequence[str]
    digests: Sequence[bytes]


def named(db: Database, whom: Whom) -> Named:
    """Return what is to be erased; what was erased before may be named again.

    Raises:
        UsageError: nobody and nothing is named, there is no such comment and never was one that was
            erased, or comments of several sides or kinds are meant.
    """
    if not whom.respondents and not whom.comments:
        raise UsageError("Say whom to erase: --respondent ID or --comment ID.")
    stones, key = tombstones.known(db.conn), respondent_key(db)
    digests: dict[bytes, None] = {}
    rows: dict[Row, None] = {}
    for number, respondent in enumerate(whom.respondents, start=1):
        known = respondent_hash(key, respondent.strip())
        side = _side_of(db.conn, stones, known, whom.side, number)
        digests[stones.of_respondent(side, known)] = None
        rows.update(dict.fromkeys(_rows_of(db.conn, side, known)))
    for number, comment in enumerate(whom.comments, start=1):
        rows.update(dict.fromkeys(_rows_named(db.conn, stones, comment.strip(), whom, number)))
    digests.update((stones.of_source(*row), None) for row in rows)
    return Named(_ids(db.conn, rows), list(digests))


def _side_of(
    db: sqlite3.Connection,
    stones: tombstones.Tombstones,
    known: str,
    side: Side | None,
    number: int,
) -> str:
    asked = SIDES if side is None else (side,)
    found = [own for own in asked if _rows_of(db, own, known)]
    if not found:
        found = [own for own in asked if stones.of_respondent(own, known) in stones.digests]
    if not found:
        raise UsageError(
            f"No comment is of respondent {number} of those named, and none was erased. Write the "
            "id as it stands in the imported file."
        )
    if len(found) > 1:
        raise UsageError(
            f"Respondent {number} of those named is one among employees and one among customers. "
            "Say whom you mean: --side"
        )
    return found[0]


def _rows_of(db: sqlite3.Connection, side: str, known: str) -> list[Row]:
    found = db.execute(
        f"{_ROWS} WHERE c.side = ?1 AND c.respondent = ?2 UNION {_ROWS} WHERE c.side = ?1 "
        "AND c.id IN (SELECT comment_id FROM former WHERE respondent = ?2)",
        [side, known],
    )
    return [tuple(row) for row in found]


def _rows_named(
    db: sqlite3.Connection,
    stones: tombstones.Tombstones,
    comment: str,
    whom: Whom,
    number: int,
) -> list[Row]:
    column = "id" if _OWN_ID.fullmatch(comment) else "source_id"
    found: list[Row] = [
        tuple(row)
        for side, kind in _kinds(db, whom)
        for row in db.execute(
            f"{_ROWS} WHERE c.side = ? AND c.kind = ? AND c.{column} = ?", [side, kind, comment]
        )
    ]
    if not found and not _was_erased(db, stones, comment, whom):
        raise UsageError(
            f"There is no comment {number} of those named, and none was erased. Write its id as "
            "exports have it in source_id."
        )
    if len(kinds := sorted({row[:2] for row in found})) > 1:
        said = ", ".join(f"--side {side} --kind {kind}" for side, kind in kinds)
        raise UsageError(f"Comment {number} of those named is one of several: say which, {said}.")
    return found


def _was_erased(
    db: sqlite3.Connection, stones: tombstones.Tombstones, comment: str, whom: Whom
) -> bool:
    if not stones.digests:
        return False
    columns = {
        row[0]
        for row in db.execute("SELECT coalesce(json_extract(mapping, '$.id'), 'row') FROM imports")
    }
    return any(
        stones.of_source(side, kind, column, comment) in stones.digests
        for side, kind in _kinds(db, whom)
        for column in columns
    )


def _kinds(db: sqlite3.Connection, whom: Whom) -> list[tuple[str, str]]:
    """Return the sides and kinds that are meant and known."""
    return [
        (side, kind)
        for side, kind in db.execute("SELECT DISTINCT side, kind FROM imports ORDER BY side, kind")
        if whom.side in (None, side) and whom.kind in (None, kind)
    ]


def _ids(db: sqlite3.Connection, rows: dict[Row, None]) -> list[str]:
    return [
        found[0]
        for side, kind, column, source_id in rows
        for found in db.execute(
            "SELECT c.id FROM comments c JOIN imports i ON i.id = c.import_id WHERE c.side = ? "
            "AND c.kind = ? AND c.source_id = ? "
            "AND coalesce(json_extract(i.mapping, '$.id'), 'row') = ?",
            [side, kind, source_id, column],
        )
    ]
