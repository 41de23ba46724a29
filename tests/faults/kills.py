"""Kill a batch at a random moment, go on, and compare with a batch that nobody killed.

``python -m tests.faults.kills --kills 300 --seed 1`` prints its figures as JSON; exit code 1 and
the failures if any differed. A kill is SIGKILL, either after a random time or at a random call into
SQLite or the file system: time alone would hardly ever meet a commit or a rename.

Each process is a fork of this one, which has imported everything and opened nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import posix
import random
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import bertopic  # noqa: F401 - so that no fork has to import it
import spacy  # noqa: F401

from analyzer.check import check
from tests.faults import nights

# Calls of the system that change what is on the disk; those into SQLite are all watched.
SYSTEM = {"rename", "replace", "link", "unlink", "mkdir", "fsync", "open"}
AGAIN = 0.3


@dataclass
class Figures:
    """What was seen. ``phases`` counts where the kills met the batch."""

    kills: int = 0
    trials: int = 0
    seconds: float = 0.0
    batch_seconds: list[float] = field(default_factory=list)
    batch_calls: list[int] = field(default_factory=list)
    phases: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "phases": dict(self.phases.most_common())}


class Watch:
    """Counts the watched calls of this process, and kills it at one of them."""

    def __init__(self, at: int | None = None) -> None:
        self.calls = 0
        self.at = at

    def __call__(self, frame: object, event: str, function: object) -> None:
        if event != "c_call":
            return
        owner = getattr(function, "__self__", None)
        if isinstance(owner, sqlite3.Connection) or (
            owner is posix and getattr(function, "__name__", "") in SYSTEM
        ):
            self.calls += 1
            if self.calls == self.at:
                os.kill(os.getpid(), signal.SIGKILL)


def forked(work: Callable[[], object], seconds: float | None = None) -> object:
    """Run ``work`` in a process of its own; None if it was killed, by us or by itself."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            answer = work()
        except BaseException as exc:
            answer = {"error": f"{type(exc).__name__}: {exc}"}
        os.write(write, json.dumps(answer).encode())
        os._exit(0)
    os.close(write)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(read, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return json.loads(told) if told else None


def batch(work: Path, at: int | None = None, *, watched: bool = False) -> dict[str, object]:
    watch = Watch(at)
    began = time.monotonic()
    if watched or at:
        sys.setprofile(watch)
    report, fake = nights.batch(work / "inbox", work / "b.db")
    sys.setprofile(None)
    return {
        "code": report.exit_code,
        "embedded": len(fake.seen),
        "calls": watch.calls,
        "seconds": round(time.monotonic() - began, 2),
    }


def count(database: Path, table: str) -> int:
    if not database.exists():
        return 0
    with closing(sqlite3.connect(database)) as db:
        try:
            return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
        except sqlite3.OperationalError:
            return 0  # killed before the schema was there


def waiting(work: Path) -> list[str]:
    inbox = work / "inbox"
    return sorted(
        str(path.relative_to(inbox))
        for path in inbox.rglob("*.csv")
        if path.relative_to(inbox).parts[0] != "done"
    )


def phase(work: Path, night: int, before: Path) -> str:
    """Say where a batch was killed, by what it has left."""
    grown = {
        table: count(work / "b.db", table) - count(before / "b.db", table)
        for table in ("imports", "embeddings", "runs")
    }
    files = len(nights.NIGHTS[night])
    if grown["runs"]:
        return "run stored" if waiting(work) else "all files moved"
    if grown["imports"] < files:
        return "before the first import" if not grown["imports"] else "between imports"
    return "analysing" if grown["embeddings"] else "all imported"


def moved(work: Path) -> list[str]:
    done = work / "inbox" / "done"
    names = sorted(str(p.relative_to(done)) for p in done.rglob("*") if p.is_file())
    return [re.sub(r"\d{8}T\d{6}", "STAMP", name) for name in names]


def trial(before: Path, work: Path, night: int, draw: random.Random, figures: Figures) -> int:
    """Kill one batch, perhaps several times, and let it end; return how often it was killed."""
    shutil.copytree(before, work)
    nights.drop(work / "inbox", night)
    kills = 0
    while True:
        if draw.random() < 0.5:
            forked(partial(batch, work), draw.uniform(0, figures.batch_seconds[night]))
        else:
            forked(partial(batch, work, draw.randint(1, figures.batch_calls[night])))
        kills += 1
        figures.phases[phase(work, night, before)] += 1
        if draw.random() > AGAIN:
            return kills


def compare(work: Path, reference: Path, told: object, stored: int) -> list[str]:
    """Return what differs from the batch that nobody killed."""
    wrong = []
    if not isinstance(told, dict) or told.get("code") != 0:
        return [f"the resumed batch ended with {told}"]
    if told["embedded"] != count(work / "b.db", "embeddings") - stored:
        wrong.append(f"{told['embedded']} texts embedded, {stored} were there")
    if problems := check(work / "b.db").problems:
        wrong.append(f"check: {problems}")
    if left := waiting(work):
        wrong.append(f"still in the inbox: {left}")
    if moved(work) != moved(reference):
        wrong.append(f"moved: {moved(work)}")
    ours, theirs = (nights.exported(place / "b.db", place) for place in (work, reference))
    wrong += [f"export {name} differs" for name in ours if ours[name] != theirs[name]]
    for table in ("comments", "embeddings", "segments"):
        if count(work / "b.db", table) != count(reference / "b.db", table):
            wrong.append(f"rows of {table} differ")
    return wrong


def measure(kills: int, seed: int, root: Path) -> Figures:
    """Kill until there were so many kills; every night in turn."""
    figures = Figures()
    began = time.monotonic()
    states = [root / "night0"]
    (states[0] / "inbox").mkdir(parents=True)
    for night in range(len(nights.NIGHTS)):
        states.append(Path(shutil.copytree(states[night], root / f"night{night + 1}")))
        nights.drop(states[-1] / "inbox", night)
        fresh = Path(shutil.copytree(states[-1], root / "fresh"))
        figures.batch_calls.append(_undisturbed(fresh, watched=True)["calls"])
        shutil.rmtree(fresh)
        figures.batch_seconds.append(_undisturbed(states[-1], watched=False)["seconds"])
    while figures.kills < kills:
        draw = random.Random(f"{seed} {figures.trials}")
        night = figures.trials % len(nights.NIGHTS)
        work = root / "work"
        figures.kills += trial(states[night], work, night, draw, figures)
        stored = count(work / "b.db", "embeddings")
        wrong = compare(work, states[night + 1], forked(partial(batch, work)), stored)
        figures.failures += [f"trial {figures.trials}, night {night}: {text}" for text in wrong]
        figures.trials += 1
        shutil.rmtree(work)
    figures.seconds = round(time.monotonic() - began, 1)
    return figures


def _undisturbed(work: Path, *, watched: bool) -> dict[str, Any]:
    told = forked(partial(batch, work, watched=watched))
    assert isinstance(told, dict), "an undisturbed batch ends"
    assert told.get("code") == 0, told
    return told


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(given.kills, given.seed, Path(folder))
    sys.stdout.write(json.dumps(figures.as_dict()) + "\n")
    sys.exit(bool(figures.failures))


if __name__ == "__main__":
    main()
