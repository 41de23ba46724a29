"""The process that does the jobs, one after the other; ``bothsides worker``."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import sqlite3
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzer.database import opened, translated
from analyzer.errors import BothsidesError, Locked
from analyzer.files import held
from analyzer.jobs import queue
from analyzer.jobs.watch import Cancelled, Lost, Stopped, Watch
from analyzer.settings import Settings

if TYPE_CHECKING:
    from sqlite_utils import Database

    from analyzer.jobs.queue import Job, State

log = logging.getLogger("bothsides.worker")

POLL_SECONDS = 0.5
# After the database was locked by somebody else.
AGAIN_SECONDS = 5.0
SETTLE_SECONDS = 30.0


def work(
    database: Path,
    settings: Settings,
    *,
    once: bool = False,
    stop: threading.Event | None = None,
) -> int:
    """Do the jobs of a database until ``stop``, or with ``once`` until none waits.

    Return how many were done. A job that was begun when ``stop`` came is left for the next worker.

    Raises:
        Locked: with ``once``, another process is at work on the database.

    """
    stop = stop or threading.Event()
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    count = 0
    while not stop.is_set():
        try:
            did = _turn(database, settings, owner, stop)
        except Locked:
            if once:
                raise
            stop.wait(AGAIN_SECONDS)
            continue
        count += did
        if did:
            continue
        if once:
            break
        stop.wait(POLL_SECONDS)
    return count


def _turn(database: Path, settings: Settings, owner: str, stop: threading.Event) -> bool:
    """Do one job; return whether there was one."""
    if not _is_due(database):
        return False
    with held(database), opened(database, create=False) as db:
        job = queue.claim(db, owner, time.time())
        if job is None:
            return False
        _do(db, database, settings, job, owner, stop)
    return True


def _is_due(database: Path) -> bool:
    if not database.is_file():
        return False
    with translated(database):
        uri = f"{database.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as db:
            return queue.due(db, time.time())


def _do(
    db: Database,
    database: Path,
    settings: Settings,
    job: Job,
    owner: str,
    stop: threading.Event,
) -> None:
    """Do a job and note how it ended, whatever happened."""
    from analyzer.jobs.tasks import TASKS, Context

    log.info("job %s: %s begins, attempt %s", job.id, job.kind, job.attempts)
    state: State
    error: str | None = None
    result: Mapping[str, Any] = {}
    try:
        with Watch(database, job, owner, stop.is_set) as watch:
            result = TASKS[job.kind](job, Context(database, settings, watch.progress))
        state = "done"
    except Lost:
        log.warning("job %s was taken by another worker", job.id)
        return
    except Stopped:
        _settle(lambda: queue.put_back(db, job.id, owner))
        return
    except Locked:
        until = time.time() + AGAIN_SECONDS
        _settle(lambda: queue.put_back(db, job.id, owner, until))
        return
    except Cancelled:
        state = "cancelled"
    except BothsidesError as exc:
        state, error = "failed", str(exc)
    except Exception as exc:
        # What the error says may quote a comment: its kind and its place do not.
        state, error = "failed", _defect(exc)
    log.info("job %s: %s", job.id, state)
    _settle(lambda: queue.end(db, job.id, owner, state, error=error, result=result))


def _defect(exc: Exception) -> str:
    frames = "".join(traceback.format_tb(exc.__traceback__))
    log.error("%s\n%s", type(exc).__name__, frames)
    last = traceback.extract_tb(exc.__traceback__)[-1]
    return (
        f"This is a defect of Bothsides ({type(exc).__name__} in {Path(last.filename).name}, line "
        f"{last.lineno}). The database is as it was. The worker's log has more; please report it."
    )


def _settle(note: Callable[[], object]) -> None:
    """Note how a job ended, and try again while somebody else writes."""
    until = time.monotonic() + SETTLE_SECONDS
    while True:
        try:
            note()
            return
        except sqlite3.OperationalError:
            # At last the lease will be over: the job is looked at again then.
            if time.monotonic() > until:
                log.warning("the database is locked; the job will be looked at again")
                return
            time.sleep(POLL_SECONDS)


def end_with_parent(stop: threading.Event) -> None:
    """Stop when standard input is closed: whoever began this worker has ended."""

    def wait() -> None:
        # Not sys.stdin: its lock would be held by this thread when the interpreter ends.
        while os.read(0, 1):
            continue
        stop.set()

    threading.Thread(target=wait, daemon=True).start()
