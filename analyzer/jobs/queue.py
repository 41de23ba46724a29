"""The table of jobs: who asked for what, who does it, how far it is.

::

    queued --claim--> running --> done | failed | cancelled
       ^                 |
       +--- lease over --+    (the worker died; after ATTEMPTS deaths: failed)

A worker holds the lock of the database while it claims and works (:func:`analyzer.files.held`), so
two never do. The lease says to everybody else that it is alive.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from analyzer.database import transaction

if TYPE_CHECKING:
    from sqlite_utils import Database

State = Literal["queued", "running", "done", "failed", "cancelled"]

LEASE_SECONDS = 20.0
# A job whose worker died so many times is not begun again by itself.
ATTEMPTS = 3
DIED = (
    "The worker ended {attempts} times while it did this, each time without a word: the machine "
    "may lack memory. Free some, then try again."
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a job: so much of it is done, in so many seconds."""

    name: str
    done: int
    total: int
    seconds: float

    @property
    def over(self) -> bool:
        """Whether it is done."""
        return self.done >= self.total


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work.

    Times of people are ISO 8601; ``lease_until`` and ``wait_until`` are Unix times. ``checkpoint``
    is what was there before the first attempt. ``cancel``: somebody asked for its end.
    """

    id: int
    kind: str
    args: Mapping[str, Any]
    state: State
    who: str
    asked_at: str
    started_at: str | None
    ended_at: str | None
    owner: str | None
    lease_until: float
    wait_until: float
    attempts: int
    cancel: bool
    stages: Sequence[Stage]
    checkpoint: Mapping[str, int]
    error: str | None
    result: Mapping[str, Any]

    @property
    def active(self) -> bool:
        """Whether it waits or is worked on."""
        return self.state in ("queued", "running")


_COLUMNS = ", ".join(Job.__dataclass_fields__)
_JSON = ("args", "checkpoint", "result")


def add(db: Database, kind: str, args: Mapping[str, Any], who: str) -> int:
    """Ask for a job; return its number."""
    with transaction(db):
        return _add(db, kind, args, who)


def add_once(db: Database, kind: str, args: Mapping[str, Any], who: str) -> int:
    """Ask for a job unless the same waits already; return its number."""
    text = _dumped(args)
    with transaction(db):
        row = db.execute(
            "SELECT id FROM jobs WHERE state = 'queued' AND kind = ? AND args = ?", [kind, text]
        ).fetchone()
        return int(row[0]) if row else _add(db, kind, args, who)


def _add(db: Database, kind: str, args: Mapping[str, Any], who: str) -> int:
    cursor = db.execute(
        "INSERT INTO jobs (kind, args, state, who, asked_at) VALUES (?, ?, 'queued', ?, ?)",
        [kind, _dumped(args), who, _now()],
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _dumped(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


_DUE = "(state = 'queued' AND wait_until <= :now) OR (state = 'running' AND lease_until < :now)"


def due(db: sqlite3.Connection, now: float) -> bool:
    """Return whether there is something to claim; a database of an older version has nothing."""
    there = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'jobs'").fetchone()
    return bool(
        there and db.execute(f"SELECT 1 FROM jobs WHERE {_DUE} LIMIT 1", {"now": now}).fetchone()
    )


def claim(db: Database, owner: str, now: float) -> Job | None:
    """Take the oldest job that waits, or whose worker's lease is over; None if there is none.

    A job that was to be cancelled when its worker died is, and one whose workers died too often has
    failed.
    """
    with transaction(db):
        for row in db.execute(
            f"SELECT {_COLUMNS} FROM jobs WHERE {_DUE} ORDER BY id", {"now": now}
        ):
            found = _job(row)
            if found.state == "running" and (found.cancel or found.attempts >= ATTEMPTS):
                state = "cancelled" if found.cancel else "failed"
                text = None if found.cancel else DIED.format(attempts=found.attempts)
                _end(db, found.id, state, text, {})
                continue
            db.execute(
                "UPDATE jobs SET state = 'running', owner = ?, lease_until = ?, "
                "attempts = attempts + 1, started_at = coalesce(started_at, ?), stages = '[]', "
                "checkpoint = coalesce(checkpoint, ?) WHERE id = ?",
                [owner, now + LEASE_SECONDS, _now(), _dumped(_standing(db)), found.id],
            )
            return job(db.conn, found.id)
    return None


def _standing(db: Database) -> dict[str, int]:
    """Return the newest import and run: what comes after them is the job's own."""
    return {
        table: int(db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])
        for table in ("imports", "runs")
    }


def beat(
    db: sqlite3.Connection, number: int, owner: str, now: float, stages: Sequence[Stage]
) -> bool | None:
    """Renew the lease and note how far the job is.

    Return whether it is to be cancelled; None: it is not this owner's any more.
    """
    text = json.dumps([asdict(stage) for stage in stages])
    row = db.execute(
        "UPDATE jobs SET lease_until = ?, stages = ? "
        "WHERE id = ? AND owner = ? AND state = 'running' RETURNING cancel",
        [now + LEASE_SECONDS, text, number, owner],
    ).fetchall()
    return bool(row[0][0]) if row else None


def end(
    db: Database,
    number: int,
    owner: str,
    state: State,
    *,
    error: str | None = None,
    result: Mapping[str, Any] | None = None,
) -> bool:
    """Note how a job ended; return False if it is not this owner's any more."""
    with transaction(db):
        own = db.execute(
            "SELECT 1 FROM jobs WHERE id = ? AND owner = ? AND state = 'running'", [number, owner]
        ).fetchone()
        if own:
            _end(db, number, state, error, result or {})
        return bool(own)


def _end(
    db: Database, number: int, state: str, error: str | None, result: Mapping[str, Any]
) -> None:
    db.execute(
        "UPDATE jobs SET state = ?, error = ?, result = ?, ended_at = ?, owner = NULL WHERE id = ?",
        [state, error, _dumped(result), _now(), number],
    )


def put_back(db: Database, number: int, owner: str, until: float = 0.0) -> None:
    """Let a job wait again, until a Unix time; the attempt does not count."""
    with transaction(db):
        db.execute(
            "UPDATE jobs SET state = CASE cancel WHEN 1 THEN 'cancelled' ELSE 'queued' END, "
            "owner = NULL, attempts = attempts - 1, wait_until = ? "
            "WHERE id = ? AND owner = ? AND state = 'running'",
            [until, number, owner],
        )


def ask_cancel(db: Database, number: int) -> bool:
    """Cancel a job: at once if it waits, else its worker hears of it; False if it has ended."""
    with transaction(db):
        db.execute("UPDATE jobs SET cancel = 1 WHERE id = ? AND state = 'running'", [number])
        db.execute(
            "UPDATE jobs SET state = 'cancelled', cancel = 1, ended_at = ? "
            "WHERE id = ? AND state = 'queued'",
            [_now(), number],
        )
        row = db.execute("SELECT cancel FROM jobs WHERE id = ?", [number]).fetchone()
    return bool(row and row[0])


def retry(db: Database, number: int) -> bool:
    """Let a job that failed or was cancelled wait again; False if it is in another state."""
    with transaction(db):
        changed = db.execute(
            "UPDATE jobs SET state = 'queued', attempts = 0, cancel = 0, wait_until = 0, "
            "error = NULL, ended_at = NULL, started_at = NULL, stages = '[]', checkpoint = NULL "
            "WHERE id = ? AND state IN ('failed', 'cancelled')",
            [number],
        )
    return changed.rowcount == 1


def job(db: sqlite3.Connection, number: int) -> Job | None:
    """Return one job, None if there is none of that number."""
    row = db.execute(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", [number]).fetchone()
    return _job(row) if row else None


def jobs(db: sqlite3.Connection, most: int = 50) -> list[Job]:
    """Return the newest jobs, the newest first."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM jobs ORDER BY id DESC LIMIT ?", [most])
    return [_job(row) for row in rows]


def _job(row: sqlite3.Row | tuple[Any, ...]) -> Job:
    values = dict(zip(Job.__dataclass_fields__, row, strict=True))
    for key in _JSON:
        values[key] = json.loads(values[key] or "{}")
    values["stages"] = tuple(Stage(**stage) for stage in json.loads(values["stages"]))
    values["cancel"] = bool(values["cancel"])
    return Job(**values)
