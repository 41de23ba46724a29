"""The command line as a user has it: files in, tables out, every failure with its code."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from analyzer import database
from analyzer.cli import main

CANARY = "Zanzibarquux"
HEADERS = {
    "themes": "theme_id,side,label,terms,comments,segments",
    "segments": "source_id,side,segment_index,theme_id,confidence,text",
    "pairs": "employee_theme_id,customer_theme_id,kind,probability,similarity,status",
}
# For 18 comments a side: the defaults are for hundreds.
SMALL = "neighbours = 4\nresolution = 1\nmin_theme_segments = 3\nmin_probability = 0.6\n"
STAFF = (
    "We are always two people short on the late shift",
    "Nobody is there to cover when somebody calls in sick",
    "One person does the work of three at the front desk",
    "They never replace the people who leave",
    "I was alone at reception for the whole evening",
    "There are not enough hands at the weekend",
)
PAY = (
    "The pay is too low for such a city",
    "My wage has not gone up in three years",
    "The supermarket next door pays two pounds more an hour",
    "I cannot pay my rent with this salary",
    "We earn less than anybody else in town",
    "A raise was promised and never came",
)
FOOD_STAFF = (
    "The breakfast room runs out of eggs before nine",
    "Breakfast is chaos because the buffet is too small",
    "Guests shout at us when the breakfast coffee machine breaks",
    "The breakfast buffet is never filled up in time",
    "We open breakfast with cold trays every morning",
    "The toaster at breakfast has been broken for weeks",
)
WAIT = (
    "We waited an hour to check in",
    "The queue at reception did not move at all",
    "Only one person at the desk and a line out of the door",
    "It took forty minutes until somebody gave us the key",
    "Long wait at the front desk after a long flight",
    "Nobody came to the reception although we rang three times",
)
FOOD = (
    "Breakfast was cold and the eggs were gone by nine",
    "The breakfast buffet was too small for so many guests",
    "No coffee at breakfast because the machine was broken",
    "The breakfast trays were empty and nobody filled them",
    "We paid for breakfast and found nothing but dry toast",
    "Breakfast was the worst part of the stay",
)
PARK = (
    "Parking cost more than the room",
    "There was no space in the car park although we had booked one",
    "The garage is so narrow that we scratched the car",
    "Parking was far away from the hotel",
    "They charged us twice for the parking",
    "The car park was dark and dirty",
)


def run(*args: object) -> Result:
    """Run a command. Whatever happens, no exception of ours comes through."""
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def ok(*args: object) -> Result:
    result = run(*args)
    assert result.exit_code == 0, result.output
    return result


def table(path: Path, rows: Iterable[Iterable[object]], header: str = "id,text") -> Path:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header.split(","), *rows])
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def numbered(prefix: str, *groups: tuple[str, ...]) -> list[tuple[str, str]]:
    texts = [text for group in groups for text in group]
    return [(f"{prefix}{i}", text) for i, text in enumerate(texts)]


def snapshot(path: Path) -> bytes | None:
    """Return the database's bytes with nothing left in the log; None if there is no file."""
    if not path.exists():
        return None
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path.read_bytes()


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "work.db"


@pytest.fixture
def employees(tmp_path: Path) -> Path:
    return table(tmp_path / "employees.csv", numbered("e", STAFF, PAY, FOOD_STAFF))


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    return table(tmp_path / "customers.csv", numbered("c", WAIT, FOOD, PARK))


@pytest.fixture
def filled(db: Path, employees: Path, customers: Path) -> Path:
    ok("import", employees, "--side", "employee", "--db", db)
    ok("import", customers, "--side", "customer", "--db", db)
    return db


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory, minilm) -> Path:
    """Return a database that was imported and analysed with the real model. Tests only read it."""
    folder = tmp_path_factory.mktemp("analysed")
    path = folder / "work.db"
    for side, prefix, groups in (
        ("employee", "e", (STAFF, PAY, FOOD_STAFF)),
        ("customer", "c", (WAIT, FOOD, PARK)),
    ):
        ok(
            "import",
            table(folder / f"{side}.csv", numbered(prefix, *groups)),
            "--side",
            side,
            "--db",
            path,
        )
    (folder / "small.toml").write_text(SMALL)
    ok("analyze", "--db", path, "--embedder", "minilm", "--settings", folder / "small.toml")
    return path


def rows_of(path: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(ok("export", name, "--db", path).stdout)))


# What a user does


def test_an_import_counts_every_row(db: Path, employees: Path) -> None:
    result = ok("import", employees, "--side", "employee", "--db", db, "--json")
    (receipt,) = json.loads(result.stdout)["files"]
    assert (receipt["rows"], receipt["new"], receipt["changed"], receipt["rejected"]) == (
        18,
        18,
        0,
        0,
    )
    assert (receipt["side"], receipt["kind"], receipt["format"]) == ("employee", "exit", "csv")


def test_importing_the_same_file_twice_adds_nothing(filled: Path, employees: Path) -> None:
    def comments() -> list[tuple[object, ...]]:
        with sqlite3.connect(filled) as reader:
            found = reader.execute("SELECT * FROM comments ORDER BY id").fetchall()
        reader.close()
        return found

    before = comments()
    result = ok("import", employees, "--side", "employee", "--db", filled, "--json")
    (receipt,) = json.loads(result.stdout)["files"]
    assert (receipt["new"], receipt["changed"], receipt["unchanged"]) == (0, 0, 18)
    assert comments() == before


def test_several_files_come_in_with_one_command(db: Path, tmp_path: Path) -> None:
    files = [table(tmp_path / f"{i}.csv", [(f"{i}", STAFF[i])]) for i in range(3)]
    result = ok("import", *files, "--side", "employee", "--db", db, "--json")
    assert [receipt["new"] for receipt in json.loads(result.stdout)["files"]] == [1, 1, 1]


def test_a_profile_says_the_same_as_a_map(tmp_path: Path) -> None:
    file = table(tmp_path / "x.csv", [("1", "a", "The pay is low")], "nr,junk,words")
    (tmp_path / "p.toml").write_text('text = "words"\nid = "nr"\n')
    receipts = []
    for name, given in (
        ("a.db", ("--map", "text=words,id=nr")),
        ("b.db", ("--profile", tmp_path / "p.toml")),
    ):
        out = ok(
            "import", file, "--side", "employee", "--db", tmp_path / name, "--json", *given
        ).stdout
        receipts.append(json.loads(out))
    assert receipts[0] == receipts[1]


def test_a_dry_run_reads_and_writes_nothing(db: Path, employees: Path) -> None:
    result = ok("import", employees, "--side", "employee", "--db", db, "--dry-run", "--json")
    assert json.loads(result.stdout)["files"][0]["new"] == 18
    assert not db.exists()


def test_a_dry_run_against_a_database_says_what_would_change_and_changes_nothing(
    filled: Path, tmp_path: Path
) -> None:
    before = snapshot(filled)
    file = table(
        tmp_path / "employees.csv", [("e0", "Another text of mine"), ("e99", "A new one for you")]
    )
    result = ok("import", file, "--side", "employee", "--db", filled, "--dry-run", "--json")
    (receipt,) = json.loads(result.stdout)["files"]
    assert (receipt["new"], receipt["changed"], receipt["dry_run"]) == (1, 1, True)
    assert snapshot(filled) == before


def test_personal_data_is_masked_before_it_is_stored(db: Path, tmp_path: Path) -> None:
    file = table(
        tmp_path / "x.csv", [("1", "Call me on +44 20 7946 0958 or jo@mail.example please now")]
    )
    ok("import", file, "--side", "customer", "--db", db)
    assert b"7946" not in (snapshot(db) or b"")
    assert b"jo@mail" not in (snapshot(db) or b"")


def test_a_respondent_is_stored_as_a_hash(db: Path, tmp_path: Path) -> None:
    file = table(tmp_path / "x.csv", [("1", "The pay is low", "STAFF-0815")], "id,text,person")
    ok(
        "import",
        file,
        "--side",
        "employee",
        "--db",
        db,
        "--map",
        "text=text,id=id,respondent=person",
    )
    assert b"STAFF-0815" not in (snapshot(db) or b"")


@pytest.mark.parametrize("name", HEADERS)
def test_an_export_begins_with_the_header_of_the_contract(analysed: Path, name: str) -> None:
    assert ok("export", name, "--db", analysed).stdout.splitlines()[0] == HEADERS[name]


def test_every_comment_is_in_the_exported_segments_with_a_theme_that_exists(analysed: Path) -> None:
    themes = {row["theme_id"]: row for row in rows_of(analysed, "themes")}
    segments = rows_of(analysed, "segments")
    assert {row["source_id"] for row in segments} == {f"{p}{i}" for p in "ec" for i in range(18)}
    for row in segments:
        assert themes[row["theme_id"]]["side"] == row["side"]
        assert 0 <= float(row["confidence"]) <= 1
    keys = [(row["side"], row["source_id"], row["segment_index"]) for row in segments]
    assert len(set(keys)) == len(keys)
    sizes = [row["theme_id"] for row in segments]
    assert all(sizes.count(key) == int(theme["segments"]) for key, theme in themes.items())


def test_themes_that_belong_together_are_the_likeliest_pairs(analysed: Path) -> None:
    theme_of = {row["source_id"]: row["theme_id"] for row in rows_of(analysed, "segments")}
    rows = rows_of(analysed, "pairs")
    pairs = {(row["employee_theme_id"], row["customer_theme_id"]): row for row in rows}
    staffing, pay, breakfast = theme_of["e0"], theme_of["e7"], theme_of["e15"]
    waiting, cold_breakfast, parking = theme_of["c1"], theme_of["c7"], theme_of["c15"]
    assert set(list(pairs)[:2]) == {(staffing, waiting), (breakfast, cold_breakfast)}
    assert pairs[breakfast, cold_breakfast]["kind"] == "same-topic"
    assert not any(pay == employee or parking == customer for employee, customer in pairs)
    likely = [float(row["probability"]) for row in rows]
    assert likely == sorted(likely, reverse=True)
    assert {row["status"] for row in rows} == {"suggested"}


def test_json_lines_and_csv_hold_the_same(analysed: Path, tmp_path: Path) -> None:
    for name in HEADERS:
        ok("export", name, "--db", analysed, "--format", "jsonl", "-o", tmp_path / "x.jsonl")
        lines = (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()
        plain = rows_of(analysed, name)
        assert [",".join(json.loads(line)) for line in lines] == [HEADERS[name]] * len(plain)
        assert [next(iter(json.loads(line).values())) for line in lines] == [
            next(iter(r.values())) for r in plain
        ]


def test_json_is_one_object_and_nothing_else_on_stdout(filled: Path, minilm) -> None:
    result = ok("analyze", "--db", filled, "--embedder", "minilm", "--json")
    summary = json.loads(result.stdout)
    assert isinstance(summary, dict)
    assert summary["comments"] == {"employee": 18, "customer": 18}
    assert summary["embedder"] == "minilm"
    assert summary["seed"] == 0
    listed = json.loads(ok("models", "list", "--json").stdout)
    assert [model["name"] for model in listed["models"]] == [
        "minilm",
        "multilingual",
        "fast",
        "both",
    ]


def test_auto_takes_both_where_there_is_english_and_says_why(filled: Path, both) -> None:
    summary = json.loads(ok("analyze", "--db", filled, "--json").stdout)
    assert summary["embedder"] == "both"
    assert "English" in summary["why_embedder"]
    assert "at least 20%" in summary["why_embedder"]


def test_auto_takes_multilingual_where_there_is_no_english(
    db: Path, tmp_path: Path, multilingual
) -> None:
    texts = [
        "Siempre nos falta personal en el turno de noche",
        "La cola en la recepción era interminable",
        "El desayuno estaba frío y no había café",
    ]
    file = table(tmp_path / "x.csv", list(enumerate(texts)))
    ok("import", file, "--side", "customer", "--db", db)
    summary = json.loads(ok("analyze", "--db", db, "--json").stdout)
    assert summary["embedder"] == "multilingual"
    assert "less than 20%" in summary["why_embedder"]


def test_a_model_of_several_is_built_by_its_parts(both) -> None:
    lines = ok("models", "build", "both").stdout.splitlines()
    assert lines == ["minilm: was built already", "multilingual: was built already"]


def test_the_same_input_and_seed_give_byte_identical_exports(
    tmp_path: Path, employees: Path, customers: Path, minilm
) -> None:
    found = []
    for name in ("a", "b"):
        path = tmp_path / f"{name}.db"
        order = [("employee", employees), ("customer", customers)]
        # The order of imports must not matter either.
        for side, file in order if name == "a" else order[::-1]:
            ok("import", file, "--side", side, "--db", path)
        ok("analyze", "--db", path, "--seed", 3)
        for table_name in HEADERS:
            ok("export", table_name, "--db", path, "-o", tmp_path / f"{name}-{table_name}")
        found.append([(tmp_path / f"{name}-{t}").read_bytes() for t in HEADERS])
    assert found[0] == found[1]
    assert all(len(content.splitlines()) > 1 for content in found[0][:2])


def test_analysing_again_embeds_nothing_new_and_exports_the_same(filled: Path, minilm) -> None:
    def vectors() -> int:
        with sqlite3.connect(filled) as reader:
            count = reader.execute("SELECT count(*) FROM embeddings").fetchone()[0]
        reader.close()
        return count

    ok("analyze", "--db", filled)
    before = vectors(), [ok("export", name, "--db", filled).stdout for name in HEADERS]
    ok("analyze", "--db", filled)
    assert (vectors(), [ok("export", name, "--db", filled).stdout for name in HEADERS]) == before


def test_one_side_alone_gives_themes_and_no_pairs(db: Path, customers: Path, minilm) -> None:
    ok("import", customers, "--side", "customer", "--db", db)
    summary = json.loads(ok("analyze", "--db", db, "--json").stdout)
    assert summary["themes"]["employee"] == 0
    assert summary["themes"]["customer"] >= 1
    assert summary["pairs"] == {}
    assert any("no employee comments" in note for note in summary["notes"])
    assert rows_of(db, "pairs") == []
    assert {row["side"] for row in rows_of(db, "themes")} == {"customer"}


def test_the_themes_can_be_saved_as_a_bertopic_model(analysed: Path, tmp_path: Path) -> None:
    ok("export", "bertopic", tmp_path / "model", "--side", "customer", "--db", analysed)
    files = {path.name for path in (tmp_path / "model").iterdir()}
    assert {"config.json", "topics.json", "topic_embeddings.safetensors"} <= files
    topics = json.loads((tmp_path / "model" / "topics.json").read_text(encoding="utf-8"))
    labels = {row["label"] for row in rows_of(analysed, "themes") if row["side"] == "customer"}
    assert set(topics["custom_labels"]) == labels


def test_models_verify_says_that_all_is_well() -> None:
    lines = ok("models", "verify").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["minilm", "multilingual", "fast", "both"]


# What goes wrong

Break = Callable[[Path], tuple[object, ...]]


def _truncated_workbook(folder: Path) -> tuple[object, ...]:
    book = openpyxl.Workbook()
    for row in [("id", "text"), *[(i, f"{CANARY} row {i}") for i in range(50)]]:
        book.active.append(row)
    book.save(folder / "whole.xlsx")
    data = (folder / "whole.xlsx").read_bytes()
    (folder / "cut.xlsx").write_bytes(data[: len(data) * 2 // 3])
    return (folder / "cut.xlsx",)


def _other_archive(folder: Path) -> tuple[object, ...]:
    with zipfile.ZipFile(folder / "x.xlsx", "w") as archive:
        archive.writestr("readme.txt", CANARY)
    return (folder / "x.xlsx",)


def _written(name: str, content: bytes, *more: str) -> Break:
    def make(folder: Path) -> tuple[object, ...]:
        (folder / name).write_bytes(content)
        return (folder / name, *more)

    return make


def _bad_rows(folder: Path) -> tuple[object, ...]:
    rows = [f"{i},{CANARY} {i}" for i in range(20)]
    rows[7] = f"7,{CANARY},and,more,{CANARY}"
    (folder / "bad.csv").write_text("id,text\n" + "\n".join(rows))
    return (folder / "bad.csv",)


ENCODED = f"id,text\n1,caffè {CANARY} perché\n".encode("cp1252")
GREEK = ("id,text\n1," + "το δωμάτιο ήταν βρώμικο και το προσωπικό αγενές " * 5).encode("cp1253")
PLAIN = f"id,text\n1,{CANARY} is here\n".encode()

FAILURES: dict[str, tuple[Break, int, str]] = {
    "truncated workbook": (_truncated_workbook, 65, "cut.xlsx"),
    "an archive that is no workbook": (_other_archive, 65, "x.xlsx"),
    "wrong encoding named": (_written("w.csv", ENCODED, "--encoding", "utf-8"), 65, "line 2"),
    "an encoding that is not found": (_written("g.csv", GREEK), 65, "--encoding"),
    "an encoding that does not exist": (
        _written("p.csv", PLAIN, "--encoding", "utf-99"),
        2,
        "utf-99",
    ),
    "empty file": (_written("empty.csv", b""), 65, "empty.csv is empty"),
    "blank file": (_written("blank.csv", b" \n\n"), 65, "blank.csv is empty"),
    "no text column": (
        _written("n.csv", f"id,hotel\n1,{CANARY}\n".encode()),
        65,
        "--map text=COLUMN",
    ),
    "broken json": (_written("b.json", f'[{{"text": "{CANARY}"'.encode()), 65, "b.json"),
    "too many bad rows": (_bad_rows, 65, "row 9"),
    "missing file": (lambda folder: (folder / "none.csv",), 74, "none.csv"),
    "a folder": (lambda folder: (folder,), 74, "folder"),
    "unknown column": (_written("p.csv", PLAIN, "--map", "text=words"), 65, "no column 'words'"),
    "unknown key": (_written("p.csv", PLAIN, "--map", "texte=text"), 2, "no key 'texte'"),
    "kind of the other side": (_written("p.csv", PLAIN, "--kind", "review"), 2, "exit, pulse"),
    "missing profile": (_written("p.csv", PLAIN, "--profile", "none.toml"), 74, "none.toml"),
    "missing settings": (_written("p.csv", PLAIN, "--settings", "none.toml"), 74, "none.toml"),
}


@pytest.mark.parametrize("present", [False, True], ids=["no database", "a database"])
@pytest.mark.parametrize("name", FAILURES)
def test_a_failed_import_says_why_with_its_code_and_leaves_the_database(
    name: str, present: bool, tmp_path: Path
) -> None:
    make, code, said = FAILURES[name]
    path = tmp_path / "work.db"
    if present:
        first = table(tmp_path / "first.csv", [("1", "We are short of people")])
        ok("import", first, "--side", "employee", "--db", path)
    before = snapshot(path)
    file, *more = make(tmp_path)
    result = run("import", file, "--side", "employee", "--db", path, *more)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert said in result.stderr
    assert result.stderr.startswith("Error: ")
    assert CANARY not in result.output
    assert snapshot(path) == before


@pytest.mark.parametrize(
    ("content", "environment", "said"),
    [
        ("resolutoin = 2", {}, "resolutoin"),
        ("resolution = 'high'", {}, "resolution"),
        ("neighbours = 1", {}, "must lie in"),
        ("resolution = ", {}, "is not TOML"),
        ("", {"BOTHSIDES_TERMS": "many"}, "terms"),
    ],
)
def test_bad_settings_are_a_configuration_error(
    filled: Path, tmp_path: Path, monkeypatch, content, environment, said
) -> None:
    (tmp_path / "s.toml").write_text(content)
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    before = snapshot(filled)
    result = run("analyze", "--db", filled, "--settings", tmp_path / "s.toml")
    assert (result.exit_code, result.stdout) == (78, "")
    assert said in result.stderr
    assert snapshot(filled) == before


def test_a_broken_experience_map_is_a_configuration_error(
    filled: Path, tmp_path: Path, monkeypatch
) -> None:
    (tmp_path / "map.toml").write_text('[[node]]\nid = "x"\n')
    monkeypatch.setenv("BOTHSIDES_EXPERIENCE_MAP", str(tmp_path / "map.toml"))
    result = run("analyze", "--db", filled)
    assert result.exit_code == 78
    assert "map.toml:1: node x: side is missing" in result.stderr
    monkeypatch.setenv("BOTHSIDES_EXPERIENCE_MAP", str(tmp_path / "none.toml"))
    assert run("analyze", "--db", filled).exit_code == 74


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--embedder", "gpt"), "no model 'gpt'"),
        (("--strategy", "kmeans"), "no strategy 'kmeans'"),
        (("--seed", "-1"), "seed"),
        (("--seed", "x"), "seed"),
    ],
)
def test_what_does_not_exist_is_a_usage_error(
    filled: Path, args: tuple[str, ...], said: str
) -> None:
    before = snapshot(filled)
    result = run("analyze", "--db", filled, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert snapshot(filled) == before


def test_a_map_and_a_profile_do_not_go_together(db: Path, employees: Path, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('text = "text"\n')
    result = run(
        "import", employees, "--side", "employee", "--db", db, "--map", "text=text", "--profile",
        tmp_path / "p.toml",
    )  # fmt: skip
    assert result.exit_code == 2
    assert "use one of them" in result.stderr
    assert not db.exists()


@pytest.mark.parametrize("command", ["import", "analyze"])
def test_a_locked_database_says_try_again_and_is_left_as_it_was(
    filled: Path, tmp_path: Path, monkeypatch, command: str, minilm
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    before = snapshot(filled)
    other = sqlite3.connect(filled, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        if command == "import":
            file = table(tmp_path / "new.csv", [("9", f"{CANARY} again and again")])
            result = run("import", file, "--side", "employee", "--db", filled)
        else:
            result = run("analyze", "--db", filled, "--embedder", "minilm")
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert result.exit_code == 75, result.output
    assert "Try again" in result.stderr
    assert CANARY not in result.output
    assert snapshot(filled) == before


@pytest.mark.parametrize(
    "args",
    [
        ("analyze",),
        ("export", "pairs"),
        ("serve",),
        ("export", "bertopic", "m", "--side", "employee"),
    ],
)
def test_a_missing_database_is_an_input_error_and_is_not_made(
    db: Path, args: tuple[str, ...]
) -> None:
    result = run(*args, "--db", db)
    assert result.exit_code == 74
    assert "bothsides import" in result.stderr
    assert not db.exists()


def test_a_file_that_is_no_database_is_left_as_it_is(employees: Path) -> None:
    before = employees.read_bytes()
    for args in (("analyze",), ("export", "pairs"), ("import", employees, "--side", "employee")):
        result = run(*args, "--db", employees)
        assert result.exit_code == 74, args
        assert "not a database" in result.stderr
    assert employees.read_bytes() == before


def test_exporting_before_analysing_says_what_to_do(filled: Path) -> None:
    result = run("export", "pairs", "--db", filled)
    assert result.exit_code == 1
    assert "Run: bothsides analyze" in result.stderr
    assert result.stdout == ""


def test_an_empty_database_says_what_to_do(db: Path, tmp_path: Path) -> None:
    ok("import", table(tmp_path / "x.csv", []), "--side", "employee", "--db", db)
    result = run("analyze", "--db", db)
    assert result.exit_code == 1
    assert "holds no comments" in result.stderr


def test_an_export_that_cannot_be_written_is_an_output_error(
    analysed: Path, tmp_path: Path
) -> None:
    result = run("export", "pairs", "--db", analysed, "-o", tmp_path / "no" / "x.csv")
    assert result.exit_code == 74
    assert "cannot be written" in result.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.1", "::", "example.org"])
def test_the_pages_are_for_this_machine_unless_users_and_a_proxy_stand_before_them(
    filled: Path, host: str
) -> None:
    result = run("serve", "--db", filled, "--host", host)
    assert result.exit_code == 78
    assert "bothsides user add" in result.stderr
    assert "--behind-proxy" in result.stderr
    assert "--host 127.0.0.1" in result.stderr


def test_the_sample_is_not_mixed_with_a_real_database(filled: Path) -> None:
    before = snapshot(filled)
    result = run("demo", "--no-serve", "--db", filled)
    assert result.exit_code == 2
    assert "must not be mixed" in result.stderr
    assert snapshot(filled) == before


def test_an_interrupted_reader_of_our_output_is_no_error(analysed: Path) -> None:
    code = f"from analyzer.cli import main; main(['export', 'segments', '--db', {str(analysed)!r}])"
    done = subprocess.run(
        f'"{sys.executable}" -c "{code}" | head -n 1',
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == HEADERS["segments"]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("args", "code"),
    [((), 2), (("import",), 2), (("analyze", "--db", "none.db"), 74), (("--help",), 0)],
)
def test_the_process_ends_with_the_code(args: tuple[str, ...], code: int, tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("bothsides")
    done = subprocess.run(
        [script, *args], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
