"""What an import may not bring back: rows that were erased, and rows older than the retention."""

from __future__ import annotations

import hmac
import sqlite3
from collections import Counter
from dataclasses import dataclass, replace

from analyzer import tombstones
from analyzer.importers.records import Loaded
from analyzer.tombstones import Tombstones
from analyzer.types import Rejected

ERASED = "erased"


@dataclass(frozen=True)
class Gate:
    """What was erased, before which date comments were removed, and as of which erasure."""

    stones: Tombstones
    cutoff: str | None
    erasures: int


def open_gate(db: sqlite3.Connection) -> Gate:
    """Return the gate as it is now."""
    cutoff = db.execute("SELECT max(cutoff) FROM erasures").fetchone()[0]
    return Gate(tombstones.known(db), cutoff, tombstones.erasures(db))


def respondent_hash(key: bytes, respondent: str) -> str:
    """Return what comments have in the place of a respondent's id."""
    return hmac.new(key, respondent.encode(), "sha256").hexdigest()[:32]


def let_in(loaded: Loaded, gate: Gate, side: str, kind: str, key: bytes) -> Loaded:
    """Return a file's answers without the rows that may not come in, which count as rejected."""
    if not gate.stones.digests and gate.cutoff is None:
        return loaded
    refused: dict[int, str] = {}
    for record in loaded.records:
        if record.row in refused:
            continue
        known = respondent_hash(key, record.respondent) if record.respondent else None
        place = (side, kind, loaded.mapping.id or "row", record.source_id)
        if gate.stones.cover(*place, known):
            refused[record.row] = ERASED
        elif gate.cutoff and record.date and record.date[:10] < gate.cutoff:
            refused[record.row] = f"older than what is kept (before {gate.cutoff})"
    if not refused:
        return loaded
    answers = Counter(record.row for record in loaded.records if record.row in refused)
    bad = [*loaded.rejected, *(Rejected(row, reason) for row, reason in refused.items())]
    return replace(
        loaded,
        records=tuple(record for record in loaded.records if record.row not in refused),
        rejected=tuple(sorted(bad, key=lambda row: row.row)),
        empty=loaded.empty - sum(len(loaded.mapping.text) - count for count in answers.values()),
    )
