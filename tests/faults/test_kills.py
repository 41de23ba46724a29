"""A batch that is killed and started again ends as if nobody had killed it."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analyzer.check import check
from tests.faults import nights

ROOT = Path(__file__).parents[2]
# The measurement of 300 is `scripts/bench faults`.
KILLS = os.environ.get("BOTHSIDES_TEST_KILLS", "15")


def test_random_kills_change_nothing_in_the_end() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.kills", "--kills", KILLS, "--seed", "7"],
        cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout, done.stderr
    figures = json.loads(done.stdout)
    assert figures["failures"] == []
    assert figures["kills"] >= int(KILLS)
    assert len(figures["phases"]) >= 2, "kills met the batch in more than one place"


def cli(*args: object) -> list[str]:
    return [sys.executable, "-c", "from analyzer.cli import main; main()", *map(str, args)]


@pytest.mark.slow
def test_the_real_command_with_a_real_model_survives_kills(tmp_path: Path) -> None:
    settings = tmp_path / "small.toml"
    settings.write_text("".join(f"{k} = {v}\n" for k, v in nights.SMALL.items()))

    def ingest(work: Path) -> list[str]:
        (work / "inbox").mkdir(parents=True, exist_ok=True)
        return cli(
            "ingest", "--inbox", work / "inbox", "--db", work / "b.db", "--embedder", "fast",
            "--settings", settings, "--json",
        )  # fmt: skip

    reference, killed = tmp_path / "reference", tmp_path / "killed"
    nights.drop(reference / "inbox", 0)
    shutil.copytree(reference, killed)
    began = time.monotonic()
    subprocess.run(ingest(reference), cwd=ROOT, check=True, capture_output=True)
    seconds = time.monotonic() - began
    draw = random.Random(3)
    for _ in range(3):
        process = subprocess.Popen(
            ingest(killed), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(draw.uniform(0.2, 0.9) * seconds)
        process.kill()
        process.wait()
    subprocess.run(ingest(killed), cwd=ROOT, check=True, capture_output=True)
    assert check(killed / "b.db").problems == ()
    assert nights.exported(killed / "b.db", killed) == nights.exported(
        reference / "b.db", reference
    )
    assert not list((killed / "inbox" / "customer").iterdir())
