"""A real worker with an embedder that is known and slow: ``tests.slow_worker DB SECONDS``.

It writes what it embeds to ``DB.embedded``, a line each, so that a test can count.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from analyzer import embed, language, runs
from analyzer.jobs import queue, worker
from analyzer.types import Vectors
from tests.fakes import FakeEmbedder
from tests.faults.nights import SETTINGS, TOPICS


class Slow(FakeEmbedder):
    """Takes its time for each batch."""

    def __init__(self, seconds: float, log: Path) -> None:
        super().__init__(TOPICS)
        self._seconds, self._log = seconds, log

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        time.sleep(self._seconds)
        with self._log.open("a", encoding="utf-8") as log:
            log.writelines(f"{text}\n" for text in texts)
        return super().embed(texts, progress)


def main() -> None:
    database, seconds = Path(sys.argv[1]), float(sys.argv[2])
    slow = Slow(seconds, database.with_name(f"{database.name}.embedded"))
    language.detect = lambda texts: ["en"] * len(texts)
    runs.load_embedder = lambda name, progress=None: slow
    embed.CHECKPOINT = 8
    queue.LEASE_SECONDS = 2.0
    stop = threading.Event()
    worker.end_with_parent(stop)
    worker.work(database, SETTINGS, once="--once" in sys.argv, stop=stop)


if __name__ == "__main__":
    main()
