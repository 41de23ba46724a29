"""A database that holds every payload wherever a file can put it, imported over the pages."""

from __future__ import annotations

import csv
import io
import re
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from analyzer import queries
from analyzer.database import connect_readonly
from tests.faults.nights import text_of
from tests.payloads import FORMULAS, SCRIPTS
from tests.working import do_jobs, known_models, send

HEADER = ("id", "comment", "date", "store", "rating", "<script>alert(1)</script>")
FORM = {"action": "import", "analyze": "yes", "c0": "id", "c1": "text", "c2": "date",
        "c3": "unit", "c4": "score", "c5": "attr"}  # fmt: skip


def fill(client: FlaskClient, database: Path, patch: pytest.MonkeyPatch) -> None:
    """Import two files by the forms, and analyse."""
    known_models(patch)
    for of, side in (("employee-exit", "employee/x"), ("customer-review", "customer/x")):
        where = send(client, (_table(side), f"<img src=x onerror=alert(1)> {side[:2]}.csv"))
        answer = client.post(where, data={**FORM, "of": of})
        assert answer.status_code == 303
    assert do_jobs(database) == 3


def _table(side: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for n, payload in enumerate((*SCRIPTS, *FORMULAS)):
        text = f"{payload} {text_of(side, n, 0)}"
        key = f"s-{n}" if payload in SCRIPTS else f"{payload}{n}"
        writer.writerow((key, text, "2026-01-02", payload, n % 5, payload))
    # Some are alone in their comment.
    for n, payload in enumerate(FORMULAS):
        writer.writerow((f"{payload}a{n}", f"{text_of(side, n, 1)} {payload}", "", "", "", ""))
    return out.getvalue().encode()


def pages_of(database: Path) -> list[str]:
    """Return the address of every page that shows what was imported."""
    with closing(connect_readonly(database)) as db:
        themes = [f"/themes/{row.id}" for row in queries.themes(db)]
        pairs = [f"/pairs/{row.employee.id}/{row.customer.id}" for row in queries.pairs(db)]
        uploads = [f"/import/{row[0]}" for row in db.execute("SELECT id FROM uploads")]
        jobs = [f"/jobs/{row[0]}" for row in db.execute("SELECT id FROM jobs")]
    assert all(re.fullmatch(r"[\w/]+", url) for url in (*themes, *pairs, *uploads))
    return ["/", "/themes", "/import", "/runs", "/runs/1", "/imports/1", "/imports/2",
            *themes, *pairs, *uploads, *jobs]  # fmt: skip
