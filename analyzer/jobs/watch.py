"""The heartbeat of a running job: its lease, its progress, and whether it is to stop."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import TracebackType

from analyzer.errors import BothsidesError
from analyzer.jobs import queue
from analyzer.jobs.queue import Job, Stage

BEAT_SECONDS = 1.0
# A run's last transaction keeps the database for itself for a while: a beat is left out then.
PATIENCE_SECONDS = 0.2


class Cancelled(BothsidesError):
    """Somebody cancelled the job."""


class Stopped(BothsidesError):
    """The worker is to end; the job is to be done by the next one."""


class Lost(BothsidesError):
    """The job is not this worker's any more."""


class Watch:
    """Beats in a thread of its own; ``progress`` raises in the job's thread what the beats heard.

    A context manager. ``stop`` says whether the worker is to end.
    """

    def __init__(self, database: Path, job: Job, owner: str, stop: Callable[[], bool]) -> None:
        self._database, self._job, self._owner, self._stop = database, job, owner, stop
        self._stages: dict[str, Stage] = {}
        self._began: dict[str, float] = {}
        self._heard: type[BothsidesError] | None = None
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._beats, daemon=True)

    def __enter__(self) -> Watch:
        """Begin to beat."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        """End, with a last beat."""
        self._over.set()
        self._thread.join()

    def progress(self, stage: str, done: int, total: int) -> None:
        """Note how far a stage is.

        Raises:
            Cancelled, Stopped, Lost: the job is to end.

        """
        began = self._began.setdefault(stage, time.monotonic())
        with self._lock:
            self._stages[stage] = Stage(stage, done, total, round(time.monotonic() - began, 1))
        if self._heard is not None:
            raise self._heard(f"Job {self._job.id} was ended.")

    def _beats(self) -> None:
        connection = sqlite3.connect(self._database, timeout=PATIENCE_SECONDS, isolation_level=None)
        with closing(connection):
            while True:
                ended = self._over.wait(BEAT_SECONDS)
                self._beat(connection)
                if ended:
                    return

    def _beat(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            stages = list(self._stages.values())
        try:
            cancel = queue.beat(connection, self._job.id, self._owner, time.time(), stages)
        except sqlite3.OperationalError:
            # Somebody writes, or the disk is full: the job itself will meet that and say so.
            return
        if cancel is None:
            self._heard = Lost
        elif cancel:
            self._heard = Cancelled
        elif self._stop():
            self._heard = Stopped
