"""What was told of a file is used for the next one with the same header, and can be forgotten."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analyzer import profiles
from analyzer.cli import main
from analyzer.database import opened
from analyzer.errors import BadData, UsageError
from analyzer.importers import Mapping, Profile, read_file
from analyzer.importers.table import header_hash
from analyzer.intake import import_file
from analyzer.settings import Settings

MAPPING = Mapping(text=("answer",), id="n", attr=("place",))
HEADER = "n,answer,place,other\n"
PLAIN = Settings()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "x.db"


def put(folder: Path, content: str, name: str = "x.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def bothsides(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def texts(database: Path) -> set[tuple[str, str, str]]:
    with closing(sqlite3.connect(database)) as db:
        return set(db.execute("SELECT side, kind, text FROM comments").fetchall())


def test_a_mapping_is_used_by_itself_for_the_next_file_and_said(
    tmp_path: Path, database: Path
) -> None:
    first = put(tmp_path, HEADER + "1,slow,Rome,x\n", "may.csv")
    told = import_file(first, database, PLAIN, side="employee", kind="pulse", mapping=MAPPING)
    assert told.notes[-1] == f"Kept for files with this header (profile {told.header})."
    # The same columns in another order and case, with nothing told.
    second = put(tmp_path, "Other,ANSWER,n,Place\nx,loud,2,Milan\n", "june.csv")
    receipt = import_file(second, database, PLAIN)
    assert (receipt.side, receipt.kind, receipt.new) == ("employee", "pulse", 1)
    assert (
        "Columns as kept for files with this header: text=ANSWER, id=n, attr=Place."
        in receipt.notes
    )
    assert texts(database) == {("employee", "pulse", "slow"), ("employee", "pulse", "loud")}


def test_the_side_alone_is_kept_too_but_not_of_a_header_that_both_sides_have(
    tmp_path: Path, database: Path
) -> None:
    path = put(tmp_path, "id,text\n1,slow\n")
    import_file(path, database, PLAIN, side="employee", kind="pulse")
    assert import_file(path, database, PLAIN).kind == "pulse"
    import_file(path, database, PLAIN, side="employee", kind="exit")
    assert import_file(path, database, PLAIN).kind == "exit"
    import_file(path, database, PLAIN, side="customer", kind="ticket")
    import_file(path, database, PLAIN, side="employee", kind="exit")
    with pytest.raises(UsageError, match="--side"):
        import_file(path, database, PLAIN)


def test_a_side_told_later_does_not_lose_the_columns(tmp_path: Path, database: Path) -> None:
    path = put(tmp_path, HEADER + "1,slow,Rome,x\n")
    import_file(path, database, PLAIN, side="employee", mapping=MAPPING)
    import_file(path, database, PLAIN, side="customer")
    with opened(database, create=False) as db:
        kept = profiles.known_profile(db.conn, header_hash(HEADER.strip().split(",")))
    assert kept == Profile(MAPPING)


def test_what_is_no_news_is_not_kept_again(tmp_path: Path, database: Path) -> None:
    path = put(tmp_path, HEADER + "1,slow,Rome,x\n")
    import_file(path, database, PLAIN, side="employee", mapping=MAPPING)
    again = import_file(path, database, PLAIN, side="employee", mapping=MAPPING)
    assert not any(note.startswith("Kept") for note in again.notes)


def test_another_header_has_no_profile(tmp_path: Path, database: Path) -> None:
    import_file(
        put(tmp_path, HEADER + "1,slow,Rome,x\n"), database, PLAIN, side="employee", mapping=MAPPING
    )
    other = put(tmp_path, "n,answer,place\n1,slow,Rome\n", "other.csv")
    with pytest.raises(UsageError, match=r"other\.csv does not say whose comments these are"):
        import_file(other, database, PLAIN)


def test_a_dry_run_and_a_refused_file_keep_nothing(tmp_path: Path, database: Path) -> None:
    path = put(tmp_path, HEADER + "1,slow,Rome,x\n")
    import_file(path, database, PLAIN, side="employee", mapping=MAPPING, dry_run=True)
    assert not database.exists()
    blank = put(tmp_path, HEADER + "1,,Rome,x\n", "blank.csv")
    with pytest.raises(BadData, match="holds no free text"):
        import_file(blank, database, PLAIN, side="employee", mapping=MAPPING)
    assert not database.exists()


def test_a_profile_chooses_the_sheet(tmp_path: Path, database: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["n", "answer", "place", "other"])
    book.active.append(["1", "slow", "Rome", "x"])
    book.create_sheet("Notes").append(["something", "else"])
    book.save(tmp_path / "x.xlsx")
    import_file(
        put(tmp_path, HEADER + "1,slow,Rome,x\n"), database, PLAIN, side="employee", mapping=MAPPING
    )
    assert import_file(tmp_path / "x.xlsx", database, PLAIN).unchanged == 1


def test_a_database_of_before_has_no_profiles_and_gets_the_table(
    tmp_path: Path, database: Path
) -> None:
    path = put(tmp_path, "id,text\n1,slow\n")
    import_file(path, database, PLAIN, side="employee")
    with closing(sqlite3.connect(database)) as db:
        db.execute("DROP TABLE profiles")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm008_profiles'")
        db.commit()
    assert profiles.known_in(database)("any") is None
    assert import_file(path, database, PLAIN, side="employee").unchanged == 1
    assert import_file(path, database, PLAIN).side == "employee"


def test_the_hash_of_a_header_knows_no_order_case_or_spaces() -> None:
    assert header_hash(["a b", "C"]) == header_hash(["c", "A  B"])
    assert header_hash(["ab"]) != header_hash(["a", "b"])
    assert len(header_hash(["\ud800"])) == 16


# --- personal columns -----------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["text", "attr", "id", "date", "score", "unit"])
def test_a_personal_column_cannot_be_named_as_anything_but_the_respondent(
    tmp_path: Path, key: str
) -> None:
    path = put(tmp_path, "answer,E-mail address,Name\nslow,canary@example.org,Canaria\n")
    named = {"text": ("answer",), key: "E-mail address"}
    if key in ("text", "attr"):
        named[key] = ("E-mail address",)
    with pytest.raises(UsageError, match=r"column E-mail address holds personal data.*respondent"):
        read_file(path, mapping=Mapping(**named))  # type: ignore[arg-type]


def test_a_respondent_may_be_personal_and_is_hashed(tmp_path: Path, database: Path) -> None:
    path = put(tmp_path, "answer,E-mail\nslow,canary@example.org\n")
    mapping = Mapping(text=("answer",), respondent="E-mail")
    import_file(path, database, PLAIN, side="employee", mapping=mapping)
    with closing(sqlite3.connect(database)) as db:
        assert "canary" not in "\n".join(db.iterdump())
        assert len(db.execute("SELECT respondent FROM comments").fetchone()[0]) == 32


def test_in_an_unknown_table_nothing_personal_is_read(tmp_path: Path, database: Path) -> None:
    personal = ["Name", "surname", "Author E-mail", "IP", "phone_number", "photo", "customer.name",
                "Country phone", "user_name"]  # fmt: skip
    header = ["id", "review", "country", *personal]
    rows = "\n".join(f"{n},slow and loud,Italy" + ",canary" * len(personal) for n in range(3))
    path = put(tmp_path, f"{','.join(header)}\n{rows}\n")
    receipt = import_file(path, database, PLAIN, side="customer")
    assert receipt.new == 3
    said = next(note for note in receipt.notes if note.startswith("Personal, not read"))
    assert said == f"Personal, not read: {', '.join(personal)}."
    with closing(sqlite3.connect(database)) as db:
        assert "canary" not in "\n".join(db.iterdump())


# --- files without text ---------------------------------------------------------------------------


@pytest.mark.parametrize("cells", ["1,\n2, \n", "1,5\n2,4\n", '1,"-"\n2,...\n'])
def test_a_column_without_a_word_is_no_text(tmp_path: Path, database: Path, cells: str) -> None:
    with pytest.raises(BadData, match=r"x\.csv holds no free text.*\(comment\).*--map text="):
        import_file(put(tmp_path, "id,comment\n" + cells), database, PLAIN, side="employee")
    assert not database.exists()


# --- the command line -----------------------------------------------------------------------------


def test_the_commands_list_and_forget(tmp_path: Path, database: Path) -> None:
    path = put(tmp_path, HEADER + "1,slow,Rome,x\n")
    done = bothsides("import", path, "--side", "employee", "--map", "text=answer,id=n",
                     "--db", database)  # fmt: skip
    assert done.exit_code == 0, done.output
    listed = bothsides("profiles", "list", "--db", database)
    header = listed.output.split()[0]
    assert listed.output == (f"{header}  employee exit, told for x.csv\n  text=answer, id=n\n")
    as_json = json.loads(bothsides("profiles", "list", "--db", database, "--json").output)
    assert as_json["profiles"][0]["header"] == header
    assert bothsides("import", path, "--db", database).exit_code == 0
    assert bothsides("profiles", "forget", "nothing", "--db", database).exit_code == 2
    assert bothsides("profiles", "forget", header[:6], "--db", database).exit_code == 0
    assert bothsides("profiles", "list", "--db", database).output == ""
    assert bothsides("import", path, "--db", database).exit_code == 2


def test_an_import_that_nobody_told_the_side_is_a_usage_error(
    tmp_path: Path, database: Path
) -> None:
    done = bothsides("import", put(tmp_path, "id,text\n1,slow\n"), "--db", database)
    assert done.exit_code == 2
    assert "Add --side employee or --side customer" in done.output
    assert not database.exists()


def test_an_export_may_say_the_side_itself(tmp_path: Path, database: Path) -> None:
    exports = Path(__file__).parents[1] / "exports"
    done = bothsides("import", exports / "glint.csv", "--db", database, "--json")
    assert done.exit_code == 0
    receipt = json.loads(done.output)["files"][0]
    assert (receipt["side"], receipt["kind"], receipt["format"]) == ("employee", "pulse", "glint")


def test_a_toml_profile_may_say_side_and_kind(tmp_path: Path, database: Path) -> None:
    profile = put(tmp_path, 'text = "answer"\nside = "customer"\nkind = "survey"\n', "p.toml")
    path = put(tmp_path, HEADER + "1,slow,Rome,x\n")
    done = bothsides("import", path, "--profile", profile, "--db", database)
    assert done.exit_code == 0, done.output
    assert texts(database) == {("customer", "survey", "slow")}
    assert bothsides("import", path, "--db", database).exit_code == 0


@pytest.mark.parametrize(
    "line", ['side = "guest"', 'kind = "letter"', 'side = "employee"\nkind = "review"']
)
def test_a_toml_profile_with_a_wrong_side_or_kind_is_misconfigured(
    tmp_path: Path, database: Path, line: str
) -> None:
    profile = put(tmp_path, f'text = "answer"\n{line}\n', "p.toml")
    path = put(tmp_path, HEADER + "1,slow,Rome,x\n")
    done = bothsides("import", path, "--side", "employee", "--profile", profile, "--db", database)
    assert done.exit_code == 78
