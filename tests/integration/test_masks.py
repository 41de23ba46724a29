"""What is masked before it is stored, from the command line to the database and back."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analyzer import arrivals, queries, raw
from analyzer.check import check
from analyzer.cli import main
from analyzer.database import connect_readonly
from analyzer.undo import undo

HEADER = "id,text,team,lead\n"
FIRST = (
    "1,Laura Pérez never answers her phone 07700 900123,Bar,Laura Pérez\n"
    "2,The rota is late again,Bar,\n"
)
KEY = raw.new_key()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(HEADER + FIRST, encoding="utf-8")
    (tmp_path / "roster.csv").write_text("name\nLaura Pérez\nRose Taylor\n", encoding="utf-8")
    return tmp_path


def run(folder: Path, *args: str, key: str | None = None) -> Result:
    env = {"BOTHSIDES_DB": str(folder / "t.db"), raw.KEY_VARIABLE: key}
    return CliRunner().invoke(main, list(args), env=env)


def imported(folder: Path, *args: str, file: str = "a.csv", key: str | None = None) -> Result:
    columns = "text=text,id=id,unit=team,attr=lead"
    return run(
        folder, "import", str(folder / file), "--side", "employee", "--map", columns, *args, key=key
    )


def texts(folder: Path) -> dict[str, str]:
    with closing(connect_readonly(folder / "t.db")) as db:
        return {comment.source_id: comment.text for comment in queries.comments(db)}


def state(folder: Path) -> str:
    with closing(connect_readonly(folder / "t.db")) as db:
        return arrivals.state(db)


def settings(folder: Path, text: str) -> str:
    (folder / "s.toml").write_text(text)
    return str(folder / "s.toml")


def test_names_of_the_roster_are_stored_nowhere(folder: Path) -> None:
    done = imported(folder, "--roster", str(folder / "roster.csv"))
    assert done.exit_code == 0, done.output
    assert "1 values hold personal data and were masked, in: lead." in done.output
    assert texts(folder)["1"] == "[name] never answers her phone [phone]"
    with closing(connect_readonly(folder / "t.db")) as db:
        attributes = [comment.attributes for comment in queries.comments(db)]
    assert {"lead": "[name]"} in attributes
    for file in folder.glob("t.db*"):
        content = file.read_bytes()
        assert "Pérez".encode() not in content
        assert b"Taylor" not in content


def test_a_roster_that_is_missing_stops_the_import_before_anything_is_written(folder: Path) -> None:
    done = imported(folder, "--roster", str(folder / "none.csv"))
    assert done.exit_code == 74
    assert "none.csv" in done.output
    assert not (folder / "t.db").exists()


def test_an_export_that_comes_again_under_a_longer_roster_is_masked_in_silence(
    folder: Path,
) -> None:
    imported(folder)
    assert "Laura" in texts(folder)["1"]
    (folder / "b.csv").write_text(HEADER + FIRST.replace("late again", "early"), encoding="utf-8")
    imported(folder, file="b.csv")
    before = state(folder)
    done = imported(folder, "--roster", str(folder / "roster.csv"), "--json", file="b.csv")
    receipt = json.loads(done.output)["files"][0]
    counted = {name: receipt[name] for name in ("new", "changed", "unchanged", "masked_anew")}
    assert counted == {"new": 0, "changed": 0, "unchanged": 2, "masked_anew": 1}
    assert texts(folder)["1"] == "[name] never answers her phone [phone]"
    assert state(folder) != before, "the next analysis is due"
    assert check(folder / "t.db").problems == ()
    again = imported(folder, "--roster", str(folder / "roster.csv"), "--json", file="b.csv")
    assert json.loads(again.output)["files"][0]["masked_anew"] == 0
    # Former values hold no more than present ones, and an undo brings nothing back.
    for number in (2, 3, 4):
        undo(folder / "t.db", number)
    assert texts(folder) == {
        "1": "[name] never answers her phone [phone]", "2": "The rota is late again"
    }  # fmt: skip
    assert check(folder / "t.db").problems == ()


def test_a_text_that_was_edited_under_a_longer_roster_is_changed(folder: Path) -> None:
    imported(folder)
    (folder / "b.csv").write_text(HEADER + FIRST.replace("never", "rarely"), encoding="utf-8")
    done = imported(folder, "--roster", str(folder / "roster.csv"), "--json", file="b.csv")
    assert json.loads(done.output)["files"][0]["changed"] == 1


def test_what_no_export_brings_any_more_is_masked_by_redact(folder: Path) -> None:
    imported(folder)
    before = state(folder)
    counted = run(folder, "redact", "--roster", str(folder / "roster.csv"), "--dry-run")
    assert "1 of 2 comments would be masked anew." in counted.output
    assert state(folder) == before
    done = run(folder, "redact", "--roster", str(folder / "roster.csv"))
    assert "1 of 2 comments were masked anew." in done.output
    assert texts(folder)["1"] == "[name] never answers her phone [phone]"
    assert state(folder) != before
    assert b"Laura" not in (folder / "t.db").read_bytes()
    assert "0 of 2" in run(folder, "redact", "--roster", str(folder / "roster.csv")).output


def test_raw_texts_are_sealed_and_read_with_a_reason_only(folder: Path) -> None:
    on = settings(folder, "keep_raw = 1\n")
    assert imported(folder, "--settings", on, key=KEY).exit_code == 0
    for file in folder.glob("t.db*"):
        assert b"900123" not in file.read_bytes()
    short = run(folder, "raw", "show", "1", "--reason", "because", key=KEY)
    assert short.exit_code == 2
    assert "at least 10 letters" in short.output
    assert json.loads(run(folder, "raw", "readings", "--json").output) == {"readings": []}
    why = "a threat was reported to us"
    shown = run(folder, "raw", "show", "1", "--reason", why, "--who", "ana", key=KEY)
    assert shown.output == "Laura Pérez never answers her phone 07700 900123\n"
    (reading,) = json.loads(run(folder, "raw", "readings", "--json").output)["readings"]
    assert (reading["who"], reading["reason"]) == ("ana", why)
    assert "900123" not in json.dumps(reading)
    for args in (("raw", "show", "none"), ("raw", "show", "2")):
        code = run(folder, *args, "--reason", why, key=KEY).exit_code
        assert code == (2 if args[2] == "none" else 0)


def test_without_the_key_nothing_is_written_and_nothing_shown(folder: Path) -> None:
    on = settings(folder, "keep_raw = 1\n")
    for wrong in (None, "short", "ä" * 44):
        done = imported(folder, "--settings", on, key=wrong)
        assert done.exit_code == 78, done.output
        assert "bothsides raw key" in done.output
        assert not (folder / "t.db").exists()
    imported(folder, "--settings", on, key=KEY)
    before = (folder / "t.db").read_bytes()
    (folder / "b.csv").write_text(HEADER + "3,More of it,Bar,\n", encoding="utf-8")
    other = raw.new_key()
    done = imported(folder, "--settings", on, file="b.csv", key=other)
    assert done.exit_code == 78
    assert "not the one that sealed" in done.output
    assert (folder / "t.db").read_bytes() == before
    shown = run(folder, "raw", "show", "1", "--reason", "to see whether", key=other)
    assert shown.exit_code == 78
    assert json.loads(run(folder, "raw", "readings", "--json").output) == {"readings": []}


def test_an_undo_takes_raw_texts_back_too(folder: Path) -> None:
    on = settings(folder, "keep_raw = 1\n")
    imported(folder, "--settings", on, key=KEY)
    (folder / "b.csv").write_text(HEADER + FIRST.replace("never", "rarely"), encoding="utf-8")
    imported(folder, "--settings", on, file="b.csv", key=KEY)
    imported(folder, "--settings", on, file="b.csv", key=KEY)

    def kept() -> list[tuple[str, int]]:
        with closing(sqlite3.connect(folder / "t.db")) as db:
            return db.execute(
                "SELECT source_id, r.import_id FROM raw_texts r JOIN comments c "
                "ON c.id = r.comment_id ORDER BY 1, 2"
            ).fetchall()

    assert kept() == [("1", 1), ("1", 2), ("2", 1)]
    undo(folder / "t.db", 2)
    assert kept() == [("1", 1), ("1", 3), ("2", 1)]
    why = ("--reason", "to see what is left", "--who", "ana")
    assert "rarely" in run(folder, "raw", "show", "1", *why, key=KEY).output
    undo(folder / "t.db", 3)
    assert "never" in run(folder, "raw", "show", "1", *why, key=KEY).output
    undo(folder / "t.db", 1)
    assert kept() == []
    assert check(folder / "t.db").problems == ()


def test_raw_texts_come_with_the_next_export_once_they_are_asked_for(folder: Path) -> None:
    imported(folder)
    assert run(folder, "raw", "show", "1", "--reason", "was it kept?", key=KEY).exit_code == 2
    imported(folder, "--settings", settings(folder, "keep_raw = 1\n"), key=KEY)
    assert "Laura" in run(folder, "raw", "show", "1", "--reason", "it is kept now", key=KEY).output


def test_presidio_that_is_missing_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "presidio_analyzer", None)
    done = imported(folder, "--settings", settings(folder, 'redactor = "presidio"\n'))
    assert done.exit_code == 78
    assert 'pip install "bothsides[presidio]"' in done.output
    assert not (folder / "t.db").exists()
    other = imported(folder, "--settings", settings(folder, 'redactor = "mine"\n'))
    assert other.exit_code == 78
    assert "own, presidio" in other.output


def test_presidio_masks_what_the_own_recognisers_leave(folder: Path) -> None:
    pytest.importorskip("presidio_analyzer", reason='needs pip install "bothsides[presidio]"')
    (folder / "a.csv").write_text(
        HEADER + "1,pay 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa or ring 07700 900123,Bar,\n"
    )
    done = imported(folder, "--settings", settings(folder, 'redactor = "presidio"\n'))
    assert done.exit_code == 0, done.output
    assert "Presidio masks besides" in done.output
    assert texts(folder)["1"] == "pay [account] or ring [phone]"
