"""The systemd units and the cron line of docs/batch.md work as they stand there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import nights

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
COMMAND = "/opt/bothsides/.venv/bin/bothsides"


def bothsides() -> str:
    found = Path(sys.executable).parent / "bothsides"
    if not found.exists():
        pytest.skip("the bothsides command is not installed beside this interpreter")
    return str(found)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for name in ("bothsides.service", "bothsides.timer"):
        found = re.search(rf"/system/{re.escape(name)}`:\n\n```ini\n(.*?)```", DOC, re.DOTALL)
        assert found
        unit = found[1].replace(COMMAND, bothsides()).replace("User=bothsides", "User=daemon")
        (tmp_path / name).write_text(unit)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *tmp_path.iterdir()],
        capture_output=True, text=True,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if "bothsides" in line]
    assert (done.returncode, said) == (0, [])


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_finds_nothing_wrong_with_the_unit_of_the_pages(tmp_path: Path) -> None:
    doc = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
    found = re.search(r"/system/bothsides-pages.service`:\n\n```ini\n(.*?)```", doc, re.DOTALL)
    assert found
    unit = found[1].replace(COMMAND, bothsides()).replace("User=bothsides", "User=daemon")
    file = tmp_path / "bothsides-pages.service"
    file.write_text(unit)
    verify = ["systemd-analyze", "verify", "--man=no", file]
    done = subprocess.run(verify, capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "bothsides" in line]
    assert (done.returncode, said) == (0, [])


def test_the_cron_line_runs_with_the_environment_of_cron(tmp_path: Path) -> None:
    found = re.search(r"^15 3 \* \* \* (.*)$", DOC, re.MULTILINE)
    assert found
    line = found[1].replace(COMMAND, bothsides()).replace("/srv/bothsides", str(tmp_path))
    # A rejected file needs no model, and shows that the exit code comes through.
    nights.write(tmp_path / "inbox" / "lost.csv", [("1", "In no folder")])
    environment = {
        "HOME": str(tmp_path), "LOGNAME": "bothsides", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh",
        # Not of cron: the command shall be of this tree, wherever it is installed from.
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    done = subprocess.run(["/bin/sh", "-c", line], cwd="/", env=environment)
    log = (tmp_path / "ingest.log").read_text()
    assert done.returncode == 65, log
    assert "Traceback" not in log
    receipt = tmp_path / "inbox" / "rejected" / "lost.csv.receipt.json"
    assert json.loads(receipt.read_text())["state"] == "rejected"
