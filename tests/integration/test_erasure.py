"""A hundred people are erased: no byte of theirs is left, and nothing brings them back."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analyzer import (
    editing,
    erasure,
    forgetting,
    language,
    projection,
    queries,
    runs,
    search,
    store,
    tombstones,
)
from analyzer.check import check
from analyzer.cli import main
from analyzer.database import connect_readonly, opened, transaction
from analyzer.editing import By
from analyzer.embed import text_hash
from analyzer.errors import Locked, UsageError
from analyzer.ingest import Report, ingest
from analyzer.intake import import_file
from analyzer.settings import Settings
from analyzer.whom import Whom
from tests.fakes import FakeEmbedder

TOPICS = ("rota", "pay", "breakfast", "manager", "queue", "parking", "noise")
SETTINGS = Settings(
    {"neighbours": 5, "resolution": 1, "min_theme_segments": 3, "min_probability": 0.2}
)
PEOPLE, OTHERS, GUESTS = 100, 80, 80
# A guest and an employee, who is not to be erased, with one id.
SHARED = 150
BY = By("Ana", "said", "2026-01-01T00:00:00+00:00")
SAID = {
    "en": ("The {topic} is bad and {word} knows it", "Ask {word} how the {topic} was in May"),
    "es": ("El {topic} es un desastre, ¡{word}!", "Nadie como {word} para el {topic} en mayo"),
    "it": ("Il {topic} è pessimo perché {word}", "Più {word} e meno {topic}, così è"),
}


def word(person: int, edition: int = 0) -> str:
    """Return a word that only this person writes, with letters of the language."""
    return ("Zorblax{}q{}", "Ñandúblas{}q{}", "Perchécanàr{}q{}")[person % 3].format(
        f"{person:03d}", edition
    )


def text_of(person: int, edition: int = 0) -> str:
    code = ("en", "es", "it")[person % 3]
    own = word(person, edition)
    return ". ".join(
        part.format(topic=TOPICS[(person + at) % 4], word=own) for at, part in enumerate(SAID[code])
    )


def needles() -> list[bytes]:
    """Return what must not be left: words as written and as an index folds them, ids."""
    found = []
    for person in range(PEOPLE):
        for edition in (0, 1):
            own = word(person, edition)
            folded = unicodedata.normalize("NFD", own.casefold())
            plain = "".join(c for c in folded if not unicodedata.combining(c))
            found += [own.encode(), own.casefold().encode(), plain.encode()]
            found += [json.dumps(own).strip('"').encode(), own.encode("utf-16-le")]
        found += [f"SRC-{person:04d}".encode(), f"staff-{person:04d}".encode()]
    return found


def left(*places: Path) -> dict[str, int]:
    """Return how many needles are in each file of these places that has any."""
    files = [f for place in places for f in (place.rglob("*") if place.is_dir() else [place])]
    counts = {
        str(file): sum(needle in data for needle in needles())
        for file in files
        if file.is_file()
        for data in [file.read_bytes()]
    }
    return {file: count for file, count in counts.items() if count}


def drop(inbox: Path, edition: int) -> None:
    rows = [("id", "respondent", "date", "text")]
    for person in range(PEOPLE + OTHERS):
        own = edition if person % 2 else 0
        said = text_of(person, own) if person < PEOPLE else (
            f"The {TOPICS[person % 4]} of room {person} is bad. The {TOPICS[person // 4 % 4]} too"
        )  # fmt: skip
        rows.append((f"SRC-{person:04d}", f"staff-{person:04d}", "2026-02-03", said))
    write(inbox / "employee-pulse" / "pulse.csv", rows)
    rows = [("id", "respondent", "date", "text")]
    rows += [
        (f"G-{n}", f"staff-{SHARED:04d}" if n == 5 else f"guest-{n}", "2026-02-04",
         f"The {TOPICS[3 + n % 4]} on day {n} was bad. We left early")
        for n in range(GUESTS)
    ]  # fmt: skip
    write(inbox / "customer" / "reviews.csv", rows)


def write(path: Path, rows: list[tuple[str, ...]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows(rows)
    os.utime(path, (1.7e9, 1.7e9))


def batch(folder: Path) -> Report:
    return ingest(
        folder / "inbox", folder / "b.db", SETTINGS, analysis={"embedder": "fake"}, stable=0
    )


def run(*args: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a database of two batches, people's edits, exports and a backup."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "load_embedder", lambda name, progress=None: FakeEmbedder(TOPICS))
        patch.setattr(language, "detect", lambda texts: ["en"] * len(texts))
        for edition in (0, 1):
            drop(folder / "inbox", edition)
            assert batch(folder).exit_code == 0
        decide(folder / "b.db")
        (folder / "out").mkdir()
        for name in ("themes", "segments", "pairs", "evidence", "levels", "sentiment"):
            for form in ("csv", "jsonl"):
                target = folder / "out" / f"{name}.{form}"
                run("export", name, "--db", folder / "b.db", "--format", form, "-o", target)
        run("backup", folder / "backup.db", "--db", folder / "b.db")
        yield folder


def decide(database: Path) -> None:
    """Let labels, key terms, edits and the record of changes quote people who are to be erased."""
    with opened(database, create=False) as db, transaction(db):
        result = projection.read_found(db.conn)
        assert result is not None
        first, *others = result.themes
        quoting = replace(first, label=f"{word(1, 1)} again", terms=(word(1, 1).lower(), "rota"))
        projection.write_found(db.conn, 2, replace(result, themes=(quoting, *others)))
        projection.project(db.conn)
        db.execute("UPDATE theme_changes SET label = ?", [f"as {word(2)} says"])
        held = db.execute(
            "SELECT source_id FROM comments c JOIN segments s ON s.comment_id = c.id "
            "WHERE theme_id = ? ORDER BY source_id LIMIT 2",
            [others[0].id],
        ).fetchall()
    editing.rename(database, first.id, f"What {word(3, 1)} meant", BY)
    editing.note(database, [first.id], f"Quoted: {text_of(4)}", By("Ana", word(6), BY.at))
    editing.split(database, others[0].id, BY, places=[(row[0], 0) for row in held])
    source = next(row[0] for row in held)
    editing.move(database, (source, 1), first.id, BY) if source < f"SRC-{PEOPLE:04d}" else None


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it; the files that the database knows of are those of the copy."""
    monkeypatch.setattr(runs, "load_embedder", lambda name, progress=None: FakeEmbedder(TOPICS))
    monkeypatch.setattr(language, "detect", lambda texts: ["en"] * len(texts))
    copy = Path(shutil.copytree(made, tmp_path / "copy"))
    for database in (copy / "b.db", copy / "backup.db"):
        with closing(sqlite3.connect(database)) as db:
            db.execute("UPDATE files SET path = replace(path, ?, ?)", [str(made), str(copy)])
            db.commit()
    return copy


def erase_all(database: Path, **more: bool) -> erasure.Erased:
    people = [f"staff-{person:04d}" for person in range(PEOPLE)]
    return erasure.erase(database, Whom(people, side="employee"), who="ana", why="asked", **more)


def test_before_the_erasure_all_of_them_are_in_every_place(folder: Path) -> None:
    found = left(folder)
    for file in ("b.db", "backup.db", "out/segments.csv", "out/sentiment.jsonl", "out/themes.csv"):
        assert found[str(folder / file)] >= 1
    assert found[str(folder / "b.db")] > 3 * PEOPLE


def test_no_byte_of_100_people_is_left_in_database_log_exports_and_restored_backup(
    folder: Path,
) -> None:
    database = folder / "b.db"
    done = erase_all(database, files=True)
    assert done.comments == PEOPLE
    assert len(done.cleaned.deleted) == 12 + 2, "all exports, and the files of both batches"
    assert (done.cleaned.left, done.sources) == ([], [])
    assert done.backups == [str(folder / "backup.db")]
    assert left(folder) == {
        str(folder / "backup.db"): len([n for n in needles() if n in
                                        (folder / "backup.db").read_bytes()])
    }  # fmt: skip
    assert check(database).problems == ()
    told = json.loads(run("restore", folder / "backup.db", "--db", database, "--json").stdout)
    assert (told["erased"], told["comments"]) == (PEOPLE, OTHERS + GUESTS)
    (folder / "backup.db").unlink()
    assert left(folder) == {}
    assert check(database).problems == ()
    run("audit", "verify", "--db", database)


def test_a_restore_where_the_database_is_lost_still_knows_who_was_erased(folder: Path) -> None:
    erase_all(folder / "b.db")
    for suffix in ("", "-wal", "-shm"):
        (folder / f"b.db{suffix}").unlink(missing_ok=True)
    told = json.loads(
        run("restore", folder / "backup.db", "--db", folder / "b.db", "--json").stdout
    )
    assert told["erased"] == PEOPLE
    assert left(folder / "b.db") == {}


def test_a_backup_of_another_database_is_not_put_over_one_that_knows_of_erasures(
    folder: Path, tmp_path: Path
) -> None:
    erase_all(folder / "b.db")
    with opened(tmp_path / "other.db", create=True):
        pass
    before = (folder / "b.db").read_bytes()
    result = run("restore", tmp_path / "other.db", "--db", folder / "b.db", code=65)
    assert "another database" in result.output
    assert (folder / "b.db").read_bytes() == before


def test_what_comes_in_again_is_rejected_and_counted(folder: Path) -> None:
    erase_all(folder / "b.db", files=True)
    drop(folder / "inbox", 0)
    report = batch(folder)
    employees = next(f.imported for f in report.files if "pulse" in f.file)
    guests = next(f.imported for f in report.files if "reviews" in f.file)
    assert employees is not None
    assert guests is not None
    assert (employees.rows, employees.rejected) == (PEOPLE + OTHERS, PEOPLE)
    assert {row["reason"] for row in employees.rejected_rows} == {"erased"}
    assert employees.rows - employees.rejected == employees.answers == employees.unchanged
    assert (guests.rejected, guests.unchanged) == (0, GUESTS)
    with closing(connect_readonly(folder / "b.db")) as db:
        assert queries.comment_count(db) == OTHERS + GUESTS
        themes = [row.label for row in queries.themes(db, hidden=True)]
    assert not any(label in themes for label in ("e1", "c1")), "the analysis named them anew"
    (folder / "backup.db").unlink()
    shutil.rmtree(folder / "inbox")
    assert left(folder) == {}
    assert check(folder / "b.db").problems == ()


def test_a_row_with_several_answers_is_one_rejected_row(tmp_path: Path) -> None:
    rows = [("id", "pros", "cons"), ("1", "Good people", ""), ("2", "Fair pay", "Late rota"),
            ("3", "Nothing bad", "Noise")]  # fmt: skip
    write(tmp_path / "a.csv", rows)
    database = tmp_path / "a.db"

    def add():
        return import_file(tmp_path / "a.csv", database, Settings(), side="employee")

    assert add().new == 5
    for source in ("1", "2"):
        erasure.erase(database, Whom(comments=[source]), who="ana")
    again = add()
    assert (again.rows, again.rejected, again.answers) == (3, 2, 2)
    assert again.answers == again.unchanged + again.empty + again.duplicate + again.new
    assert [row["row"] for row in again.rejected_rows] == [2, 3]


def test_whom_to_erase_has_to_be_clear(folder: Path) -> None:
    database = folder / "b.db"
    for whom in (
        Whom(), Whom(["nobody"]), Whom(comments=["nothing"]),
        Whom([f"staff-{SHARED:04d}"]),  # one of each side has this id
    ):  # fmt: skip
        with pytest.raises(UsageError):
            erasure.erase(database, whom, who="ana")
    assert queries.comment_count(connect_readonly(database)) == PEOPLE + OTHERS + GUESTS
    erasure.erase(database, Whom([f"staff-{SHARED:04d}"], side="customer"), who="ana")
    with closing(connect_readonly(database)) as db:
        gone = {row.source_id for row in queries.comments(db)}
    assert "G-5" not in gone
    assert f"SRC-{SHARED:04d}" in gone


def test_erasing_somebody_again_does_nothing_and_says_so(folder: Path) -> None:
    whom = Whom(["staff-0007"], side="employee")
    assert erasure.erase(folder / "b.db", whom, who="ana").comments == 1
    assert erasure.erase(folder / "b.db", whom, who="ana").comments == 0
    assert erasure.erase(folder / "b.db", Whom(comments=["SRC-0007"]), who="ana").comments == 0


def test_an_export_that_somebody_changed_is_left_and_named(folder: Path) -> None:
    mine = folder / "out" / "segments.csv"
    mine.write_text(mine.read_text(encoding="utf-8") + "mine\n", encoding="utf-8")
    done = erasure.erase(folder / "b.db", Whom(["staff-0007"], side="employee"), who="ana")
    assert done.cleaned.left == [str(mine)]
    assert mine.exists()
    assert not (folder / "out" / "themes.csv").exists()
    assert {Path(path).name.split(".")[0] for path in done.sources} == {"pulse"}
    assert all(Path(path).exists() for path in done.sources)


def test_figures_and_words_of_those_who_are_left_stay(folder: Path) -> None:
    database = folder / "b.db"
    erasure.erase(database, Whom(["staff-0001"], side="employee"), who="ana")
    with closing(connect_readonly(database)) as db:
        assert queries.comment_count(db) == PEOPLE + OTHERS + GUESTS - 1
        for row in queries.themes(db, hidden=True):
            counted = db.execute(
                "SELECT count(*), count(DISTINCT comment_id) FROM segments WHERE theme_id = ?",
                [row.id],
            ).fetchone()
            assert (row.segments, row.comments) == tuple(counted)
        assert search.search(db, word(1, 1)) == []
        (hit,) = search.search(db, word(0).upper())
        text = db.execute("SELECT text FROM comments WHERE id = ?", [hit.comment_id]).fetchone()[0]
        assert {text[slice(*span)] for span in hit.spans} == {word(0)}
    edits = json.loads(run("history", "--db", database, "--json").stdout)["edits"]
    kept = [edit for edit in edits if edit["action"] == "note"]
    assert word(4) in kept[0]["payload"]["text"], "the words of others are not touched"


def test_every_table_that_names_a_comment_is_reached(folder: Path) -> None:
    with opened(folder / "b.db", create=False) as db:
        named = set(forgetting.naming(db))
        tables = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {
            (table, row[1])
            for table in tables
            for row in db.execute(f"SELECT * FROM pragma_table_info('{table}')").fetchall()
            for row in [(table, row[1])]
        }
    for table, column in columns:
        if column.endswith("comment_id"):
            assert (table, column) in named


def test_a_run_and_an_import_that_began_before_keep_nothing(folder: Path) -> None:
    database = folder / "b.db"
    with opened(database, create=False) as db:
        cache = store.SqliteVectors(db)
        seen = tombstones.erasures(db.conn)
        erasure.erase(database, Whom(["staff-0007"], side="employee"), who="ana")
        with pytest.raises(Locked):
            cache.save("fake:48", {text_hash("x"): bytes(192)})
        row = store.ImportRow("a", "0", "employee", "pulse", "csv", {}, "2026", 1, 0, 0)
        with pytest.raises(Locked):
            store.add_import(db, row, [], [], erasures=seen)


def test_who_still_reads_the_old_state_is_told_of_and_it_can_be_finished(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = folder / "b.db"
    monkeypatch.setattr("analyzer.database.BUSY_SECONDS", 0.1)
    with closing(connect_readonly(database)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM comments").fetchone()
        with pytest.raises(Locked, match="--finish"):
            erase_all(database)
        assert any("erase --finish" in problem for problem in check(database).problems)
    run("erase", "--finish", "--db", database)
    assert left(database, folder / "out") == {}
    assert check(database).problems == ()


def test_a_kill_at_any_moment_leaves_all_or_nothing_and_it_can_be_repeated(
    folder: Path, tmp_path: Path
) -> None:
    import sys

    from tests.faults.kills import Watch, forked

    def work(place: Path, at: int | None) -> dict[str, int]:
        watch = Watch(at)
        sys.setprofile(watch)
        erase_all(place)
        sys.setprofile(None)
        return {"calls": watch.calls}

    for name in ("first.db", "again.db"):  # the first deletes the exports that all copies know of
        whole = Path(shutil.copy(folder / "b.db", tmp_path / name))
        told = forked(lambda whole=whole: work(whole, None))
    assert isinstance(told, dict)
    assert "calls" in told, told
    states = set()
    draw = random.Random(5)
    late = [told["calls"] - back for back in (1, 3, 6, 10, 15)]
    for at in [*sorted(draw.sample(range(1, told["calls"]), 7)), *late]:
        database = Path(shutil.copy(folder / "b.db", tmp_path / f"k{at}.db"))
        assert forked(lambda at=at, database=database: work(database, at)) is None
        with closing(connect_readonly(database)) as db:
            there = db.execute("SELECT count(*) FROM comments WHERE side = 'employee'").fetchone()
        assert there[0] in (PEOPLE + OTHERS, OTHERS)
        problems = check(database).problems
        assert all("erase --finish" in problem for problem in problems), problems
        states.add((there[0], len(problems)))
        erase_all(database)
        assert left(*tmp_path.glob(f"k{at}.db*")) == {}
        assert check(database).problems == ()
    assert len(states) >= 2, "kills met it before and after the commit"
