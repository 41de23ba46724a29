"""Keyed hashes of who and what was erased, so that no import and no backup brings it back.

The key comes from that of the respondents: a backup of this database, of whatever age, has the same
one. A copy of the hashes stands in a file beside the database, should that be lost.
"""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from analyzer.errors import BadData
from analyzer.files import write_beside

DIGEST = 16


@dataclass(frozen=True)
class Tombstones:
    """The hashes, and the key that makes them."""

    key: bytes
    digests: frozenset[bytes]

    def of_source(self, side: str, kind: str, id_column: str, source_id: str) -> bytes:
        """Return the hash of a row of a source; ``id_column`` as in ``arrivals.comment_id``."""
        return self._digest("source", side, kind, id_column, source_id)

    def of_respondent(self, side: str, respondent: str) -> bytes:
        """Return the hash of a respondent, who is told by the hash that comments have."""
        return self._digest("respondent", side, respondent)

    def cover(
        self, side: str, kind: str, id_column: str, source_id: str, respondent: str | None
    ) -> bool:
        """Return whether a comment was erased."""
        if not self.digests:
            return False
        if self.of_source(side, kind, id_column, source_id) in self.digests:
            return True
        return respondent is not None and self.of_respondent(side, respondent) in self.digests

    @property
    def lineage(self) -> str:
        """What databases that have the same key have in common."""
        return self._digest("lineage").hex()

    def _digest(self, *parts: str) -> bytes:
        told = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hmac.new(self.key, told, "sha256").digest()[:DIGEST]


class Place(NamedTuple):
    """Where a comment comes from; ``id_column`` as in ``arrivals.comment_id``."""

    comment_id: str
    side: str
    kind: str
    id_column: str
    source_id: str
    respondent: str | None


def known(db: sqlite3.Connection) -> Tombstones:
    """Return the tombstones of a database."""
    row = db.execute("SELECT value FROM secrets WHERE name = 'respondents'").fetchone()
    key = hmac.new(bytes(row[0]), b"tombstones", "sha256").digest()
    return Tombstones(key, frozenset(row[0] for row in db.execute("SELECT digest FROM tombstones")))


def lay(db: sqlite3.Connection, erasure: int, digests: Iterable[bytes]) -> None:
    """Keep hashes; one that is there already stays."""
    db.executemany(
        "INSERT OR IGNORE INTO tombstones VALUES (?, ?)", [(row, erasure) for row in digests]
    )


def erasures(db: sqlite3.Connection) -> int:
    """Return how often something was erased: another number, and what was read before is old."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM erasures").fetchone()[0])


def places(db: sqlite3.Connection) -> list[Place]:
    """Return where every comment comes from."""
    rows = db.execute(
        "SELECT c.id, c.side, c.kind, coalesce(json_extract(i.mapping, '$.id'), 'row'), "
        "c.source_id, c.respondent FROM comments c JOIN imports i ON i.id = c.import_id"
    )
    return [Place(*row) for row in rows]


def covered(db: sqlite3.Connection, stones: Tombstones) -> list[str]:
    """Return the ids of the comments that a tombstone covers."""
    if not stones.digests:
        return []
    return [
        row.comment_id
        for row in places(db)
        if stones.cover(row.side, row.kind, row.id_column, row.source_id, row.respondent)
    ]


def beside(database: Path) -> Path:
    """Return the file beside the database that holds a copy of its tombstones."""
    return database.with_name(f"{database.name}.erased")


def keep_beside(database: Path, stones: Tombstones) -> None:
    """Write the copy beside the database.

    Raises:
        InputOutput: it cannot be written.
    """
    text = "\n".join([stones.lineage, *sorted(row.hex() for row in stones.digests)])
    write_beside(beside(database), text + "\n")


def read_beside(database: Path) -> tuple[str, frozenset[bytes]] | None:
    """Return the lineage and the hashes that stand beside the database, None if there is no file.

    Raises:
        BadData: the file is not as :func:`keep_beside` writes it.
    """
    file = beside(database)
    try:
        lineage, *rows = file.read_text(encoding="ascii").split()
        return lineage, frozenset(bytes.fromhex(row) for row in rows)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as exc:
        raise BadData(
            f"{file} is no list of what was erased. Put the right one back, or move it away."
        ) from exc
