"""Files of others are what VENDOR.json says, and nothing else is among them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "webui" / "static" / "vendor" / "VENDOR.json"
FILES = json.loads(RECORD.read_text(encoding="utf-8"))
FOLDERS = ("webui/static/vendor", "webui/fonts", "tests/browser/vendor")
PERMITTED = {"0BSD", "MIT", "Bitstream-Vera", "MPL-2.0"}


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["file"])
def test_a_file_has_its_hash(entry: dict[str, str]) -> None:
    content = (ROOT / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"], "run scripts/vendor"
    assert entry["licence"] in PERMITTED
    assert set(entry) == {
        "file", "package", "version", "licence", "source", "source_sha256", "sha256"
    }  # fmt: skip


def test_every_file_is_on_record() -> None:
    there = {
        str(path.relative_to(ROOT))
        for folder in FOLDERS
        for path in (ROOT / folder).iterdir()
        if path != RECORD
    }
    assert there == {entry["file"] for entry in FILES}


def test_the_versions_are_those_asked_for() -> None:
    versions = {entry["package"]: entry["version"] for entry in FILES}
    assert versions["htmx.org"] == "2.0.11"
    assert versions["@picocss/pico"] == "2.1.1"
    assert versions["uplot"].startswith("1.6.")


def test_what_is_served_is_under_a_permissive_licence() -> None:
    served = {e["licence"] for e in FILES if e["file"].startswith("webui/")}
    assert served <= {"0BSD", "MIT", "Bitstream-Vera"}
