"""A database with comments and the worker's jobs, with an embedder that is known."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from analyzer import language, runs
from analyzer.jobs import worker
from tests.fakes import FakeEmbedder
from tests.faults.nights import SETTINGS, TOPICS


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
