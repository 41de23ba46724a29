"""Jobs, with an embedder that is known, and something to show for every page of work."""

from __future__ import annotations

import csv
import io
import time
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook

from analyzer import language, runs
from analyzer.database import connect_readonly, opened
from analyzer.jobs import queue, worker
from analyzer.jobs.queue import Stage
from tests.fakes import FakeEmbedder
from tests.faults.nights import SETTINGS, TOPICS, text_of
from tests.people import form_client
from webui import create_app

HEADER = ("id", "comment", "date", "store", "rating")
FORM = {"c0": "id", "c1": "text", "c2": "date", "c3": "unit", "c4": "score"}
STAGES = (
    Stage("read", 400, 400, 0.4),
    Stage("embed", 650, 1800, 12.5),
    Stage("discover", 0, 1, 0.0),
)


def known_models(patch: pytest.MonkeyPatch) -> FakeEmbedder:
    """Let this process embed with a fake and find every text English."""
    fake = FakeEmbedder(TOPICS)
    patch.setattr(language, "detect", lambda texts: ["en"] * len(texts))
    patch.setattr(runs, "load_embedder", lambda name, progress=None: fake)
    return fake


def do_jobs(database: Path) -> int:
    """Do what waits, in this process."""
    return worker.work(database, SETTINGS, once=True)


def send(client: FlaskClient, *files: tuple[bytes, str]) -> str:
    """Send files as the form does; return where it leads."""
    sent = [(io.BytesIO(data), name) for data, name in files]
    answer = client.post("/import", data={"files": sent}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.location


def fill(database: Path, patch: pytest.MonkeyPatch) -> dict[str, str]:
    """Let the pages of work have something to show; return their addresses by name."""
    known_models(patch)
    client = form_client(create_app({"DATABASE": database}))
    good = send(client, (_table(300, 2), "desk reviews.csv"))
    job = _begin(client, good, "customer-review")
    bad = _begin(client, send(client, (_table(30, 3), "exit talks.csv")), "employee-exit")
    do_jobs(database)
    columns = send(client, (_table(30, 2), "may.csv"), (_table(30, 0), "june.csv"))
    sheets = send(client, (_workbook(), "both.xlsx"))
    running = client.post("/runs").location
    with opened(database, create=False) as db:
        claimed = queue.claim(db, "a test", time.time())
        assert claimed is not None
        queue.beat(db.conn, claimed.id, "a test", time.time() + 3600, STAGES)
    with closing(connect_readonly(database)) as db:
        receipt = max(found.result.get("batch") or 0 for found in queue.jobs(db))
    assert receipt
    return {
        "import": "/import", "columns": columns, "sheets": sheets, "receipt": f"/imports/{receipt}",
        "runs": "/runs", "run": "/runs/1", "done": job, "failed": bad, "running": running,
    }  # fmt: skip


def _begin(client: FlaskClient, where: str, of: str) -> str:
    answer = client.post(where, data={**FORM, "of": of, "action": "import"})
    assert answer.status_code == 303
    return str(answer.location)


def _table(rows: int, wrong: int) -> bytes:
    """Return a CSV file; so many of its rows have a date that is none."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for n in range(rows):
        when = "soon" if n < wrong else f"2026-01-{n % 28 + 1:02d}"
        writer.writerow((f"w{n}", text_of("customer/x", n, 0), when, f"Store {n % 7}", n % 5 + 1))
    return out.getvalue().encode()


def _workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    for name in ("May", "June"):
        sheet = book.create_sheet(name)
        sheet.append(["id", "comment"])
        sheet.append([1, f"The desk was slow in {name}"])
    del book["Sheet"]
    book.save(out)
    return out.getvalue()
