"""The batch user's commands: what waits in a folder goes in, and any of it can be taken back."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analyzer import embed, language, runs
from analyzer.cli import main
from analyzer.database import opened
from analyzer.embed import text_hash
from tests.fakes import FakeEmbedder
from tests.faults import nights

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeEmbedder:
    """Embed with the known embedder; every test may ask what it was given."""
    fake = FakeEmbedder(nights.TOPICS)
    monkeypatch.setattr(runs, "load_embedder", lambda name, progress=None: fake)
    monkeypatch.setattr(language, "detect", lambda texts: ["en"] * len(texts))
    return fake


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with settings for small data, which every command then has."""
    settings = tmp_path / "small.toml"
    settings.write_text("".join(f"{k} = {v}\n" for k, v in nights.SMALL.items()))
    monkeypatch.setenv("BOTHSIDES_SETTINGS", str(settings))
    monkeypatch.setenv("BOTHSIDES_DB", str(tmp_path / "b.db"))
    return tmp_path


def run(*args: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    assert result.exit_code == code, result.output
    return result


def run_json(*args: object, code: int = 0) -> dict:
    return json.loads(run(*args, "--json", code=code).stdout)


def ingest(work: Path, *args: object, code: int = 0) -> dict:
    return run_json("ingest", "--inbox", work / "inbox", *args, code=code)


def exported(work: Path, db: str = "b.db") -> dict[str, str]:
    return nights.exported(work / db, work)


def import_(file: Path, side: str, db: Path) -> int:
    return run_json("import", file, "--side", side, "--db", db)["files"][0]["batch"]


def employees(work: Path, start: int, stop: int, edition: int = 0) -> Path:
    rows = ((f"r{n}", nights.text_of("employee-exit/exit.csv", n, edition)) for n in
            range(start, stop))  # fmt: skip
    return nights.write(work / f"e{start}-{stop}-{edition}.csv", rows)


def customers(work: Path, start: int, stop: int) -> Path:
    rows = ((f"r{n}", nights.text_of("customer/reviews.csv", n, 0)) for n in range(start, stop))
    return nights.write(work / f"c{start}-{stop}.csv", rows)


# --- ingest


def test_a_night_goes_in_is_analysed_and_moved_beside_its_receipts(work: Path) -> None:
    nights.drop(work / "inbox", 0)
    report = ingest(work)
    assert {file["file"]: file["state"] for file in report["files"]} == {
        "customer/reviews.csv": "done", "employee-exit/exit.csv": "done"
    }  # fmt: skip
    assert [file["kind"] for file in report["files"]] == ["review", "exit"]
    assert report["analysis"]["run"] == 1
    assert report["analysis"]["themes"]["employee"]["new"]
    assert report["analysis"]["themes"]["customer"]["gone"] == []
    done = work / "inbox" / "done" / "customer"
    receipt = json.loads((done / "reviews.csv.receipt.json").read_text())
    assert [receipt[key] for key in ("rows", "new", "unchanged", "batch")] == [40, 40, 0, 1]
    assert receipt["analysis"] == report["analysis"]
    text = (done / "reviews.csv.receipt.txt").read_text()
    assert "new 40" in text
    assert "customer themes: new" in text
    assert (done / "reviews.csv").is_file()
    assert not list((work / "inbox" / "customer").iterdir())


def test_the_second_night_counts_what_is_new_changed_and_unchanged(work: Path) -> None:
    for night in (0, 1):
        nights.drop(work / "inbox", night)
        report = ingest(work)
    counts = {
        file["file"]: tuple(file[key] for key in ("rows", "new", "changed", "unchanged"))
        for file in report["files"]
    }
    assert counts == {
        "employee-exit/exit.csv": (40, 20, 3, 17),
        "customer/reviews.csv": (30, 20, 2, 8),
        "customer-ticket/tickets.csv": (20, 20, 0, 0),
    }
    names = {path.name for path in (work / "inbox" / "done" / "customer").glob("*.csv")}
    assert len(names) == 2, "a name that is taken gets the time"


def test_a_night_without_anything_new_makes_no_run(work: Path) -> None:
    nights.drop(work / "inbox", 0)
    ingest(work)
    nights.drop(work / "inbox", 0)
    report = ingest(work)
    assert report["analysis"] is None
    assert [file["unchanged"] for file in report["files"]] == [40, 40]
    assert [file["earlier"] for file in report["files"]] == [1, 2]
    assert ingest(work) == {"inbox": str(work / "inbox"), "files": [], "analysis": None}


def test_a_wrong_file_is_rejected_with_the_reason_after_the_others(work: Path) -> None:
    inbox = work / "inbox"
    nights.drop(inbox, 0)
    nights.write(inbox / "lost.csv", [("1", "In no folder")])
    nights.write(inbox / "customer-tickets" / "plural.csv", [("1", "No such kind")])
    (inbox / "customer" / "a.xlsx").write_bytes(b"PK\x03\x04 cut short")
    os.utime(inbox / "customer" / "a.xlsx", (time.time() - 60,) * 2)
    report = ingest(work, code=65)
    states = {file["file"]: file["state"] for file in report["files"]}
    assert [states[name] for name in ("lost.csv", "customer-tickets/plural.csv")] == [
        "rejected"
    ] * 2
    assert states["customer/a.xlsx"] == "rejected"
    assert states["customer/reviews.csv"] == states["employee-exit/exit.csv"] == "done"
    reason = json.loads((inbox / "rejected" / "lost.csv.receipt.json").read_text())["reason"]
    assert "customer/" in reason
    assert report["analysis"]["run"] == 1


def test_rows_that_cannot_be_read_stand_in_the_receipt_with_their_reason(work: Path) -> None:
    rows = [(f"r{n}", nights.text_of("customer/a.csv", n, 0)) for n in range(200)]
    nights.write(work / "inbox" / "customer" / "a.csv", [*rows, ("", "A row without an id")])
    file = ingest(work)["files"][0]
    assert file["rejected"] == 1
    assert file["rejected_rows"] == [{"row": 202, "reason": "id is blank", "column": "id"}]
    text = (work / "inbox" / "done" / "customer" / "a.csv.receipt.txt").read_text()
    assert "row 202" in text


def test_unfinished_and_hidden_files_stay(work: Path) -> None:
    folder = work / "inbox" / "customer"
    for name in ("a.csv.part", ".b.csv"):
        nights.write(folder / name, [("1", "Still on its way")])
    assert ingest(work)["files"] == []
    assert len(list(folder.iterdir())) == 2


def test_a_file_that_still_changes_is_left_for_the_next_batch(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    young = nights.write(work / "inbox" / "customer" / "young.csv", [("1", "A long queue here")])
    growing = nights.write(work / "inbox" / "customer" / "growing.csv", [("2", "Loud music")])
    for path in (young, growing):
        os.utime(path)
    waited = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        with growing.open("a") as handle:
            handle.write("3,More of it\n")

    monkeypatch.setattr("analyzer.inbox.time.sleep", sleep)
    report = ingest(work)
    assert [file["file"] for file in report["files"]] == ["customer/young.csv"]
    assert waited == [10.0]
    assert growing.exists()


def test_a_profile_in_the_folder_says_what_the_columns_hold(work: Path) -> None:
    folder = work / "inbox" / "customer-ticket-web"
    file = nights.write(folder / "a.csv", [("1", "We waited an hour"), ("2", "No towels")])
    file.write_text(file.read_text().replace("id,text", "Nr,Q7"))
    os.utime(file, (time.time() - 60,) * 2)
    (folder / "profile.toml").write_text('text = "Q7"\nid = "Nr"\n')
    receipt = ingest(work)["files"][0]
    assert (receipt["side"], receipt["kind"], receipt["new"]) == ("customer", "ticket", 2)
    assert (folder / "profile.toml").exists()


def test_a_wrong_profile_is_no_fault_of_the_file(work: Path) -> None:
    folder = work / "inbox" / "customer"
    nights.drop(work / "inbox", 0)
    (folder / "profile.toml").write_text("text = 3\n")
    report = ingest(work, code=78)
    assert {f["file"]: f["state"] for f in report["files"]} == {
        "customer/reviews.csv": "left", "employee-exit/exit.csv": "done"
    }  # fmt: skip
    assert (folder / "reviews.csv").exists()


@pytest.mark.parametrize("lock", ["b.db.lock", "inbox/.bothsides.lock"])
def test_a_second_batch_ends_at_once_with_75(work: Path, lock: str) -> None:
    nights.drop(work / "inbox", 0)
    with (work / lock).open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        result = run("ingest", "--inbox", work / "inbox", code=75)
    assert "Another batch" in result.output
    assert (work / "inbox" / "customer" / "reviews.csv").exists()
    ingest(work)


def test_an_inbox_that_is_not_there_is_said(work: Path) -> None:
    assert "no folder" in run("ingest", "--inbox", work / "none", code=74).output


def test_an_analysis_that_fails_is_made_up_for_by_the_next_batch(
    work: Path, fake: FakeEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analyzer.errors import Misconfigured

    def broken(name: str, progress: object = None) -> FakeEmbedder:
        raise Misconfigured("The model is not there.")

    nights.drop(work / "inbox", 0)
    with monkeypatch.context() as patch:
        patch.setattr(runs, "load_embedder", broken)
        report = ingest(work, code=78)
    assert report["analysis"]["error"] == "The model is not there."
    assert [file["state"] for file in report["files"]] == ["done", "done"]
    assert ingest(work)["analysis"]["run"] == 1


def test_a_name_that_is_no_text_is_rejected_and_said(work: Path) -> None:
    folder = work / "inbox" / "customer"
    folder.mkdir(parents=True)
    name = os.fsencode(folder) + b"/a\xff.csv"
    with open(name, "w") as handle:  # noqa: PTH123 - the name is bytes
        handle.write("id,text\n1,A long queue\n")
    os.utime(name, (time.time() - 60,) * 2)
    report = ingest(work, code=65)
    assert report["files"][0]["file"] == "customer/a\\xff.csv"
    assert "UTF-8" in report["files"][0]["reason"]


def test_a_receipt_holds_no_text_of_a_comment(work: Path) -> None:
    rows = [(f"r{n}", f"Zanzibarquux {nights.text_of('customer/a.csv', n, 0)}") for n in range(200)]
    nights.write(work / "inbox" / "customer" / "a.csv", [*rows, ("", "Zanzibarquux")])
    nights.write(work / "inbox" / "customer" / "b.csv", [("", "Zanzibarquux")])
    shown = run("ingest", "--inbox", work / "inbox", code=65).output
    receipts = [path.read_text() for path in (work / "inbox").rglob("*.receipt.*")]
    assert len(receipts) == 4
    lines = "".join([shown, *receipts]).splitlines()
    assert not [line for line in lines if "quux" in line.casefold()]


# --- checkpoints


def test_an_analysis_that_was_killed_does_not_embed_again(
    work: Path, fake: FakeEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_(employees(work, 0, 40), "employee", work / "b.db")
    monkeypatch.setattr(embed, "CHECKPOINT", 16)
    embedded = fake.embed

    def dies(texts: list[str], progress: object = None) -> object:
        if fake.calls == 4:
            raise KeyboardInterrupt
        return embedded(texts)

    monkeypatch.setattr(fake, "embed", dies)
    run("analyze", code=1)
    first = list(fake.seen)
    assert len(first) == 4 * 16
    monkeypatch.setattr(fake, "embed", embedded)
    run("analyze")
    assert len(fake.seen) == len(set(fake.seen)), "no text was embedded twice"
    run("analyze")
    assert len(fake.seen) == len(set(fake.seen))


def test_an_import_while_an_analysis_runs_is_noticed(
    work: Path, fake: FakeEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_(employees(work, 0, 40), "employee", work / "b.db")
    embedded = fake.embed

    def meanwhile(texts: list[str], progress: object = None) -> object:
        if not fake.calls:
            fake.calls += 1
            import_(employees(work, 0, 40, edition=1), "employee", work / "b.db")
        return embedded(texts)

    monkeypatch.setattr(fake, "embed", meanwhile)
    assert "Run it again" in run("analyze", code=75).output
    run("analyze")
    run("check")


# --- undo


def test_after_an_undo_everything_is_as_if_the_batch_had_never_come(work: Path) -> None:
    with_it, without = work / "with.db", work / "without.db"
    first, second, third = (
        employees(work, 0, 40), employees(work, 20, 60, edition=1), employees(work, 30, 50)
    )  # fmt: skip
    for db, files in ((with_it, (first, second, third)), (without, (first, third))):
        import_(customers(work, 0, 40), "customer", db)
        for file in files:
            import_(file, "employee", db)
    run("analyze", "--db", with_it)
    done = run_json("undo", 3, "--db", with_it)
    assert (done["gone"], done["restored"]) == (10, 10)
    assert done["kept"] == 0, "the third file says otherwise of all that both hold"
    for db in (with_it, without):
        run("check", "--db", db)
        run("analyze", "--db", db)
    # Themes that stood keep their ids, and segments at their borders; what is said is the same.
    assert said(work, "with.db") == said(work, "without.db")
    run("check", "--db", with_it)
    texts = [nights.text_of("employee-exit/exit.csv", n, 1) for n in range(20, 60)]
    parts = [part.strip() for text in texts for part in (text, *re.findall(r"[^.]+\.", text))]
    only_there = {text_hash(part) for part in parts} - vectors(without)
    assert only_there
    assert vectors(with_it).isdisjoint(only_there)


def said(work: Path, db: str) -> list[list[str]]:
    """Return the segments without their themes, sorted."""
    rows = csv.DictReader(exported(work, db)["segments"].splitlines())
    columns = ("side", "source_id", "segment_index", "text")
    return sorted([row[column] for column in columns] for row in rows)


def vectors(path: Path) -> set[bytes]:
    with closing(sqlite3.connect(path)) as db:
        return {row[0] for row in db.execute("SELECT text_hash FROM embeddings")}


def test_what_came_of_a_batch_goes_with_it_before_the_next_analysis(work: Path) -> None:
    db = work / "b.db"
    import_(employees(work, 0, 40), "employee", db)
    import_(customers(work, 0, 40), "customer", db)
    run("analyze")
    known = vectors(db)
    done = run_json("undo", 2)
    assert done["segments"] == 80
    assert done["themes"]
    assert done["pairs"]
    texts = (nights.text_of("customer/reviews.csv", n, 0) for n in range(40))
    assert known - vectors(db) >= {text_hash(text) for text in texts}
    assert done["vectors"] == len(known - vectors(db))
    own = (nights.text_of("employee-exit/exit.csv", n, 0) for n in range(40))
    parts = {part for text in own for part in (text, *re.findall(r"[^.]+\.", text))}
    assert vectors(db) == {text_hash(part.strip()) for part in parts}, "nothing else is left"
    run("check")
    assert not any(row.startswith("c") for row in exported(work)["themes"].splitlines())
    assert exported(work)["pairs"].count("\n") == 1
    assert nights.text_of("customer/reviews.csv", 7, 0).encode() not in db.read_bytes()


def test_the_counts_of_themes_are_those_of_the_segments_that_are_left(work: Path) -> None:
    db = work / "b.db"
    import_(employees(work, 0, 40), "employee", db)
    import_(employees(work, 40, 60), "employee", db)
    run("analyze")
    run("undo", 2)
    with closing(sqlite3.connect(db)) as reader:
        for table, of in (("themes", "t.id"), ("broad_themes", "t.broad_id")):
            wrong = reader.execute(
                f"""
                SELECT x.id FROM {table} x WHERE (comments, segments) <> (
                    SELECT count(DISTINCT comment_id), count(*) FROM segments s
                    JOIN themes t ON t.id = s.theme_id WHERE {of} = x.id)
                OR abs(mean - (SELECT avg(polarity) FROM segments s
                    JOIN themes t ON t.id = s.theme_id WHERE {of} = x.id)) > 1e-6
                OR abs(positive + neutral + negative - 1) > 1e-5
                """
            ).fetchall()
            assert wrong == []
        assert reader.execute("SELECT sum(segments) FROM themes").fetchone()[0] == 80


def test_a_comment_that_a_later_batch_brought_as_well_stays(work: Path) -> None:
    db = work / "b.db"
    import_(employees(work, 0, 40), "employee", db)
    import_(employees(work, 0, 40), "employee", db)
    run("analyze")
    before = exported(work)
    done = run_json("undo", 1)
    assert (done["gone"], done["kept"], done["themes"]) == (0, 40, [])
    assert exported(work) == before
    assert run_json("undo", 2)["gone"] == 40


def test_a_batch_is_taken_back_once_and_listed_as_such(work: Path) -> None:
    import_(employees(work, 0, 40), "employee", work / "b.db")
    run("undo", 1)
    assert "taken back already" in run("undo", 1, code=1).output
    assert "no batch 7" in run("undo", 7, code=2).output
    assert "taken back" in run("batches").output
    assert run_json("batches")["batches"][0]["undone_at"]


def test_a_batch_of_an_older_version_is_refused_and_left(work: Path) -> None:
    db = work / "b.db"
    import_(employees(work, 0, 40), "employee", db)
    with opened(db, create=False) as writer:
        writer.execute("DELETE FROM carried")
        writer.execute("UPDATE imports SET tracked = 0")
    assert "older version" in run("undo", 1, code=1).output
    run("check")
    second = import_(employees(work, 20, 60, edition=1), "employee", db)
    run("undo", second)
    run("analyze")
    after = exported(work)
    run("analyze", "--db", work / "b.db")
    assert exported(work) == after


def test_an_undo_is_followed_by_an_analysis_in_the_next_batch(work: Path) -> None:
    nights.drop(work / "inbox", 0)
    ingest(work)
    run("undo", 1)
    assert ingest(work)["analysis"]["run"] == 2


# --- why


def test_why_says_where_a_theme_and_a_pair_come_from(work: Path) -> None:
    for night in (0, 1):
        nights.drop(work / "inbox", night)
        ingest(work)
    first = exported(work)["pairs"].splitlines()[1].split(",")
    text = run("why", "pair", f"{first[0]}/{first[1]}").output
    for said in ("seed 0", "strategy leiden", "fake:48", "resolution=1", "numpy=", "sha256"):
        assert said in text
    found = run_json("why", "theme", first[0])
    assert found["run"]["fingerprint"] == "fake:48"
    assert found["current"] is True
    assert len(found["inputs"]) == 5
    assert sum(file["comments"] for file in found["inputs"]) == found["found"]["comments"]
    assert all(len(file["sha256"]) == 64 and file["imported_at"] for file in found["inputs"])
    import_(employees(work, 100, 120), "employee", work / "b.db")
    assert "changed since" in run("why", "theme", first[0]).output


def test_why_of_what_is_not_there_is_a_usage_error(work: Path) -> None:
    import_(employees(work, 0, 40), "employee", work / "b.db")
    assert "not analysed" in run("why", "theme", "e1", code=1).output
    run("analyze")
    run("why", "theme", "e99", code=2)
    run("why", "pair", "e1", "c1", code=2)
    run("why", "pair", "e1", code=2)


def test_a_name_as_long_as_names_can_be_holds_up_nobody(work: Path) -> None:
    nights.drop(work / "inbox", 0)
    long = work / "inbox" / "customer" / ("n" * 251 + ".csv")
    (work / "inbox" / "customer" / "reviews.csv").rename(long)
    report = ingest(work)
    assert [file["state"] for file in report["files"]] == ["done", "done"]
    done = work / "inbox" / "done" / "customer"
    assert (done / long.name).exists()
    assert len(list(done.glob("*.receipt.json"))) == 1


def test_a_file_that_cannot_be_moved_stays_and_holds_up_no_other(work: Path) -> None:
    nights.drop(work / "inbox", 0)
    (work / "inbox" / "done").mkdir()
    (work / "inbox" / "done" / "customer").write_text("a file where a folder should be")
    report = ingest(work, code=74)
    assert {f["file"]: f["state"] for f in report["files"]} == {
        "customer/reviews.csv": "left", "employee-exit/exit.csv": "done"
    }  # fmt: skip
    left = next(file for file in report["files"] if file["state"] == "left")
    assert "done/customer" in left["reason"]
    (work / "inbox" / "done" / "customer").unlink()
    again = ingest(work)["files"]
    assert [file["state"] for file in again] == ["done"]


def test_a_file_that_was_imported_before_says_what_it_brought_then(work: Path) -> None:
    for _ in range(2):
        nights.drop(work / "inbox", 0)
        report = ingest(work)
    first = next(file for file in report["files"] if file["file"] == "customer/reviews.csv")
    assert first["new"] == 0
    assert first["earlier_counts"]["new"] == first["unchanged"] > 0
    text = (work / "inbox" / "done" / "customer").glob("*.receipt.txt")
    assert any(
        f"as batch {first['earlier']}: new {first['unchanged']}" in p.read_text() for p in text
    )


def test_what_excel_keeps_beside_an_open_workbook_is_left(work: Path) -> None:
    lock = work / "inbox" / "customer" / "~$reviews.xlsx"
    nights.drop(work / "inbox", 0)
    lock.write_bytes(b"somebody")
    assert len(ingest(work)["files"]) == 2
    assert lock.exists()


def test_a_file_that_came_in_for_both_sides_is_said_with_the_way_back(work: Path) -> None:
    file = nights.write(work / "a.csv", [("1", "The queue was long")])
    common = ("--db", work / "b.db", "--json")
    first = json.loads(run("import", file, "--side", "customer", *common).stdout)["files"][0]
    wrong = json.loads(run("import", file, "--side", "employee", *common).stdout)["files"][0]
    assert not any("too" in note for note in first["notes"])
    assert f"bothsides undo {first['batch']}" in wrong["notes"][-1]
    run("undo", first["batch"], "--db", work / "b.db")
    again = json.loads(run("import", file, "--side", "employee", *common).stdout)["files"][0]
    assert not any("mistake" in note for note in again["notes"])
