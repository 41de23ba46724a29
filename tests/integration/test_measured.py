"""The figures of issue 2 on real, human-labelled texts, through the command line.

The texts are no part of the project: where ``../shared/data`` is absent these tests are skipped.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not ((SHARED / "data").is_dir() and (SHARED / "eval").is_dir()),
        reason="measures on texts that are not part of the project (../shared/data is absent)",
    ),
]


def bothsides(*args: object) -> None:
    script = Path(sys.executable).with_name("bothsides")
    subprocess.run([script, *map(str, args)], check=True, capture_output=True, text=True)


def scored(script: str, *args: object) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, SHARED / "eval" / script, *map(str, args)],
        check=True,
        capture_output=True,
        text=True,
    )
    figures = re.findall(r"(\w+)\s*[=:]\s*([\d.]+)", done.stdout)
    return {name.lower(): float(value) for name, value in figures}


def exported(db: Path, name: str) -> Path:
    target = db.with_name(f"{name}.csv")
    bothsides("export", name, "--db", db, "-o", target)
    return target


def test_the_themes_of_banking77_are_those_that_people_found(tmp_path: Path) -> None:
    db = tmp_path / "work.db"
    data = SHARED / "data" / "banking77.csv"
    bothsides("import", data, "--side", "customer", "--map", "text=text,id=id", "--db", db)
    bothsides("analyze", "--db", db)
    figures = scored("score_themes.py", exported(db, "segments"), data)
    assert figures["coverage"] == 1
    assert figures["ari"] >= 0.54
    assert figures["nmi"] >= 0.81


def test_the_pairs_of_hwu64_and_clinc150_are_those_that_people_found(tmp_path: Path) -> None:
    db = tmp_path / "work.db"
    left, right = (SHARED / "data" / name for name in ("hwu64.csv", "clinc150.csv"))
    bothsides("import", left, "--side", "employee", "--map", "text=text,id=id", "--db", db)
    bothsides("import", right, "--side", "customer", "--map", "text=text,id=id", "--db", db)
    bothsides("analyze", "--db", db)
    gold = SHARED / "eval" / "gold_hwu64_clinc150.csv"
    figures = scored(
        "score_pairs.py",
        exported(db, "segments"),
        exported(db, "pairs"),
        "--left",
        left,
        "--right",
        right,
        "--gold",
        gold,
    )
    assert figures["f1"] >= 0.60
