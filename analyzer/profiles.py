"""What somebody said of a file, kept under the hash of its header for the next one like it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from analyzer.database import transaction, translated
from analyzer.errors import UsageError
from analyzer.importers.mapping import Mapping as ColumnMapping
from analyzer.importers.mapping import Profile, from_dict

if TYPE_CHECKING:
    from sqlite_utils import Database

    from analyzer.types import Side


@dataclass(frozen=True, slots=True)
class Kept:
    """A profile in the database: ``file`` is the name of the file for which it was told last."""

    header: str
    side: str | None
    kind: str | None
    columns: str | None
    file: str
    kept_at: str


def known_profile(db: sqlite3.Connection, header: str) -> Profile | None:
    """Return the profile that is kept for a header (``table.header_hash``), or None."""
    row = db.execute(
        "SELECT side, kind, mapping FROM profiles WHERE header = ?", [header]
    ).fetchone()
    if row is None:
        return None
    side, kind, mapping = row
    return Profile(_mapping(mapping), side=cast("Side", side), kind=kind)


def known_in(path: Path) -> Callable[[str], Profile | None]:
    """Return :func:`known_profile` of a database, which need not be there and is only read.

    The function raises Locked or InputOutput if the database cannot be used.
    """

    def known(header: str) -> Profile | None:
        if not path.is_file():
            return None
        uri = f"{path.resolve().as_uri()}?mode=ro"
        with translated(path), closing(sqlite3.connect(uri, uri=True)) as db:
            # A database of an older version gets the table when it is written.
            there = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'profiles'").fetchone()
            return known_profile(db, header) if there else None

    return known


def all_known(path: Path) -> dict[str, Profile]:
    """Return the profiles of a database by header; see :func:`known_in`."""
    if not path.is_file():
        return {}
    uri = f"{path.resolve().as_uri()}?mode=ro"
    with translated(path), closing(sqlite3.connect(uri, uri=True)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'profiles'").fetchone():
            return {}
        headers = db.execute("SELECT header FROM profiles").fetchall()
        found = ((header, known_profile(db, header)) for (header,) in headers)
        return {header: profile for header, profile in found if profile is not None}


def keep(
    db: Database,
    header: str,
    *,
    side: str,
    kind: str,
    mapping: ColumnMapping | None,
    file: str,
    now: str,
) -> bool:
    """Keep what was said of a file; return whether it is news. Without a mapping the last stays.

    A header that was told for both sides has none from then on: a guess could show what employees
    said in confidence among the words of customers.
    """
    kept = known_profile(db.conn, header)
    told: tuple[str | None, str | None] = (side, kind)
    if kept is not None and kept.side != side:
        told = (None, None)
    if mapping is None and kept is not None:
        mapping = kept.mapping
    if kept is not None and (kept.side, kept.kind, kept.mapping) == (*told, mapping):
        return False
    text = None if mapping is None else json.dumps(asdict(mapping), ensure_ascii=False)
    with transaction(db):
        db.execute(
            "INSERT OR REPLACE INTO profiles VALUES (?, ?, ?, ?, ?, ?)",
            [header, *told, text, file, now],
        )
    return True


def kept_profiles(db: sqlite3.Connection) -> list[Kept]:
    """Return all profiles, the newest first."""
    rows = db.execute(
        "SELECT header, side, kind, mapping, file, kept_at FROM profiles "
        "ORDER BY kept_at DESC, header"
    )
    return [
        Kept(header, side, kind, str(named) if (named := _mapping(mapping)) else None, file, at)
        for header, side, kind, mapping, file, at in rows.fetchall()
    ]


def forget(db: Database, header: str) -> Kept:
    """Take a profile away; ``header`` may be the beginning of its hash.

    Raises:
        UsageError: there is none, or there are several.
    """
    found = [kept for kept in kept_profiles(db.conn) if kept.header.startswith(header)]
    if len(found) != 1:
        many = "There are several profiles" if found else "There is no profile"
        raise UsageError(f"{many} {header!r}. See: bothsides profiles list")
    with transaction(db):
        db.execute("DELETE FROM profiles WHERE header = ?", [found[0].header])
    return found[0]


def _mapping(text: str | None) -> ColumnMapping | None:
    return None if text is None else from_dict(json.loads(text))
