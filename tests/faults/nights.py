"""Two nights of exports for the fault tests, and one batch with an embedder that is known."""

from __future__ import annotations

import csv
import os
import random
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from analyzer import embed, exports, language, runs
from analyzer.database import connect_readonly
from analyzer.ingest import Report, ingest
from analyzer.settings import Settings
from tests.fakes import FakeEmbedder

TOPICS = ("queue", "rota", "pay", "breakfast", "parking", "noise", "towels", "manager")
SUBJECTS = ("The", "Again the", "Every week the", "On Monday the", "All summer the", "Here the")
ENDS = ("was late", "is bad", "made us wait", "never works", "got worse", "was a joke", "is unfair")
# For 40 comments a side: the defaults are for hundreds.
SMALL = {"neighbours": 5, "resolution": 1, "min_theme_segments": 3, "min_probability": 0.2}
SETTINGS = Settings(SMALL)
# Night by night: file in the inbox, rows from, rows to, and every how many a text has changed.
NIGHTS = (
    (("employee-exit/exit.csv", 0, 40, 0), ("customer/reviews.csv", 0, 40, 0)),
    (
        ("employee-exit/exit.csv", 20, 60, 7),
        ("customer/reviews.csv", 30, 60, 5),
        ("customer-ticket/tickets.csv", 0, 20, 0),
    ),
)


def text_of(file: str, row: int, edition: int) -> str:
    """Return the text of a row, the same whenever it is asked for; ``edition`` 1: corrected."""
    draw = random.Random(f"{file} {row} {edition}")
    topics = TOPICS[:5] if file.startswith("employee") else TOPICS[3:]
    first, second = (
        f"{draw.choice(SUBJECTS)} {draw.choice(topics)} of room {row} {draw.choice(ENDS)}"
        for _ in range(2)
    )
    return f"{first}. {second}."


def drop(inbox: Path, night: int) -> None:
    """Put a night's exports into the inbox, written a minute ago."""
    for file, start, stop, every in NIGHTS[night]:
        rows = (
            (f"r{row}", text_of(file, row, int(every > 0 and row % every == 0)))
            for row in range(start, stop)
        )
        write(inbox / file, rows)


def write(path: Path, rows: Iterable[tuple[str, str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([("id", "text"), *rows])
    os.utime(path, (time.time() - 60,) * 2)
    return path


def batch(inbox: Path, database: Path) -> tuple[Report, FakeEmbedder]:
    """Run one batch; the embedder tells what it was asked to embed."""
    fake = FakeEmbedder(TOPICS)
    # The detector loads for seconds, in which nothing happens that a kill could harm.
    language.detect = lambda texts: ["en"] * len(texts)
    runs.load_embedder = lambda name, progress=None: fake
    embed.CHECKPOINT = 16
    return ingest(inbox, database, SETTINGS, analysis={"embedder": "fake"}), fake


def exported(database: Path, folder: Path) -> dict[str, str]:
    """Return every export of a database."""
    found = {}
    with closing(connect_readonly(database)) as db:
        for name in exports.EXPORTS:
            exports.write(db, name, "csv", folder / name)
            found[name] = (folder / name).read_text(encoding="utf-8")
    return found
