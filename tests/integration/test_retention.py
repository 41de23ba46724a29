"""What is older than it may be goes, stays away, and nothing else changes."""

from __future__ import annotations

import csv
import json
import os
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from analyzer import access_log, language, queries, retention
from analyzer.check import check
from analyzer.cli import main
from analyzer.database import connect_readonly, opened
from analyzer.ingest import ingest
from analyzer.intake import import_file
from analyzer.retention import months_before
from analyzer.settings import Settings

TODAY = date(2026, 5, 31)
SETTINGS = Settings({"max_bad_rows": 0.5})
ROWS = (
    ("old", "2024-05-30", "Nobody plans the zebra"),
    ("border", "2024-05-31", "The rota is late"),
    ("month", "2024-06", "The pay is late"),
    ("time", "2023-05-06T07:08:09", "The giraffe is late"),
    ("new", "2026-05-01", "The manager listens"),
    ("bad", "no date", "Kept aside"),
)


def write(
    path: Path, *rows: tuple[str, ...], head: tuple[str, ...] = ("id", "date", "text")
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([head, *rows])
    os.utime(path, (1.7e9, 1.7e9))
    return path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(language, "detect", lambda texts: ["en"] * len(texts))
    database = tmp_path / "a.db"
    import_file(write(tmp_path / "a.csv", *ROWS), database, SETTINGS, side="employee")
    return database


def ids(path: Path) -> set[str]:
    with closing(connect_readonly(path)) as db:
        return {row.source_id for row in queries.comments(db)}


def imported(path: Path, day: str) -> None:
    """Let all imports be of this day."""
    with opened(path, create=False) as db:
        db.execute("UPDATE imports SET imported_at = ?", [f"{day}T04:00:00+00:00"])


def run(path: Path, settings: Settings = SETTINGS, *, dry_run: bool = False) -> retention.Retained:
    return retention.run(path, settings, who="timer", today=TODAY, dry_run=dry_run)


def test_months_are_those_of_the_calendar() -> None:
    assert months_before(TODAY, 24) == date(2024, 5, 31)
    assert months_before(TODAY, 3) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)


def test_a_dry_run_counts_and_changes_nothing(path: Path) -> None:
    imported(path, "2026-04-01")
    before = ids(path)
    told = run(path, dry_run=True)
    assert (told.comments, told.aside, told.comments_before) == (2, 1, "2024-05-31")
    assert ids(path) == before
    assert run(path, Settings({"retention_comments_months": 0}), dry_run=True).comments == 0


def test_old_comments_and_rows_kept_aside_go_without_a_byte_left(path: Path) -> None:
    imported(path, "2026-04-01")
    done = run(path)
    assert (done.comments, done.aside) == (2, 1)
    assert ids(path) == {"border", "month", "new"}
    data = path.read_bytes()
    assert b"zebra" not in data
    assert b"giraffe" not in data
    assert b"not a date" not in data
    assert check(path).problems == ()
    with closing(connect_readonly(path)) as db:
        line = access_log.lines(db)[-1]
        assert (line.what, line.rows, line.who) == ("retention", 2, "timer")
        assert db.execute("SELECT count(*) FROM tombstones").fetchone()[0] == 0
    again = run(path)
    assert (again.comments, again.aside, again.removed) == (0, 0, None)


def test_an_import_brings_nothing_back_that_was_too_old(path: Path, tmp_path: Path) -> None:
    run(path)
    receipt = import_file(tmp_path / "a.csv", path, SETTINGS, side="employee")
    assert receipt.rejected == 3
    assert sorted(str(row["reason"])[:5] for row in receipt.rejected_rows) == [
        "date ",
        "older",
        "older",
    ]
    assert receipt.rows - receipt.rejected == receipt.answers == receipt.unchanged == 3
    assert ids(path) == {"border", "month", "new"}


def test_undated_comments_are_as_old_as_their_import_and_stay_away(
    path: Path, tmp_path: Path
) -> None:
    file = write(tmp_path / "b.csv", ("u1", "Undated words"), head=("id", "text"))
    import_file(file, path, SETTINGS, side="customer")
    imported(path, "2024-05-30")
    assert run(path).comments == 3
    assert "u1" not in ids(path)
    receipt = import_file(file, path, SETTINGS, side="customer")
    assert [row["reason"] for row in receipt.rejected_rows] == ["erased"]
    assert check(path).problems == ()


def test_former_texts_that_are_too_old_go_and_the_comment_stays(path: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", ("old", "2026-05-02", "Somebody plans it now"))
    import_file(file, path, SETTINGS, side="employee")
    done = run(path)
    assert (done.comments, done.former) == (1, 1)
    assert "old" in ids(path)
    assert b"zebra" not in path.read_bytes()
    assert check(path).problems == ()


def test_files_that_ingest_took_go_after_their_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "detect", lambda texts: ["en"] * len(texts))
    monkeypatch.setattr("analyzer.runs.analyze", lambda *a, **k: pytest.fail("not asked for"))
    inbox, database = tmp_path / "inbox", tmp_path / "a.db"
    monkeypatch.setattr("analyzer.arrivals.is_analysed", lambda db: True)
    write(inbox / "employee" / "a.csv", *ROWS)
    write(inbox / "employee" / "b.csv", ROWS[4])
    write(inbox / "nobody" / "c.csv", ROWS[4])
    ingest(inbox, database, SETTINGS, stable=0)
    mine = inbox / "done" / "employee" / "b.csv"
    mine.write_text("changed", encoding="utf-8")
    assert run(database, SETTINGS).files == []
    with opened(database, create=False) as db:
        db.execute("UPDATE files SET written_at = '2026-04-30T00:00:00'")
    done = run(database, SETTINGS)
    assert done.cleaned is not None
    assert {Path(file).name for file in done.cleaned.deleted} == {"a.csv", "c.csv"}
    assert done.cleaned.left == [str(mine)]
    assert sorted(p.name for p in inbox.rglob("*.csv")) == ["b.csv"]
    assert len(list(inbox.rglob("*.receipt.json"))) == 3, "receipts hold no text and stay"
    assert run(database, SETTINGS).files == []


def test_the_command_answers_in_words_and_in_json(path: Path) -> None:
    def told(*more: str) -> str:
        result = CliRunner().invoke(main, ["retention", "run", "--db", str(path), *more])
        assert result.exit_code == 0, result.output
        return result.output

    assert "would be removed" in told("--dry-run")
    assert json.loads(told("--dry-run", "--json"))["dry_run"] is True
    assert "comments older than" in told()
