"""A worker beside the pages: begun with them, begun again if it dies, ended with them."""

from __future__ import annotations

import logging
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analyzer.limits import command, package_path

log = logging.getLogger("bothsides.worker")

# Before it is begun again: more each time that it dies soon.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
LIVED_LONG = 60.0
GRACE_SECONDS = 10.0
_MAIN = "from analyzer.cli import main; main()"


@contextmanager
def worker_beside(database: Path) -> Iterator[Keeper]:
    """Run ``bothsides worker`` as a child while the block runs.

    It ends when we end, however we do: its standard input closes. A job that it had begun is left
    for the next worker, which begins where this one's checkpoints are.
    """
    over = threading.Event()
    keeper = Keeper(database, over)
    thread = threading.Thread(target=keeper.keep, daemon=True)
    thread.start()
    ours = os.getpid()
    try:
        yield keeper
    finally:
        # A process that a server forked in the block leaves through here as well.
        if os.getpid() == ours:
            _end(keeper, over, thread)


def _end(keeper: Keeper, over: threading.Event, thread: threading.Thread) -> None:
    over.set()
    keeper.end()
    thread.join(GRACE_SECONDS)


class Keeper:
    """Begins the worker, again and again."""

    def __init__(self, database: Path, over: threading.Event) -> None:
        self._database, self._over = database, over
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process that works, None before the first."""
        with self._lock:
            return self._process.pid if self._process else None

    def keep(self) -> None:
        """Keep a worker running until it is over."""
        pause = FIRST_PAUSE
        while True:
            with self._lock:
                if self._over.is_set():
                    return
                self._process = process = self._begun()
            began = time.monotonic()
            code = process.wait()
            assert process.stdin is not None
            process.stdin.close()
            if self._over.is_set():
                return
            pause = FIRST_PAUSE if time.monotonic() - began > LIVED_LONG else pause * 2
            pause = min(pause, LONGEST_PAUSE)
            log.warning("the worker ended (%s); it is begun again in %.0f s", code, pause)
            self._over.wait(pause)

    def _begun(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own command, no shell
            command("-c", _MAIN, "worker", "--beside", "--db", str(self._database.absolute())),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": package_path()},
            # Ctrl+C is for us: we end the worker in order.
            start_new_session=True,
        )

    def end(self) -> None:
        """End the worker: it puts its job back; if it takes too long it is killed."""
        with self._lock:
            process = self._process
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
