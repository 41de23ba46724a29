"""`bothsides edit` and `bothsides history`: what they print, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analyzer.cli import main
from tests.integration.test_years import add, analyze, base, embedder, of  # noqa: F401


@pytest.fixture
def path(tmp_path, base, embedder) -> Path:  # noqa: F811
    database = tmp_path / "years.db"
    add(database, base)
    analyze(database)
    return database


def run(path: Path, *args: str) -> Result:
    return CliRunner().invoke(main, [*args, "--db", str(path)])


def rows(path: Path, table: str) -> list[list[str]]:
    return [line.split(",") for line in run(path, "export", table).stdout.splitlines()[1:]]


def pair(path: Path) -> tuple[str, str]:
    first = rows(path, "pairs")[0]
    return first[0], first[1]


def test_a_name_is_in_the_export_and_in_the_history_with_who_and_why(path) -> None:
    done = run(path, "edit", "rename", "e1", "Late shifts", "--who", "Ana", "--why", "clearer")
    assert done.exit_code == 0
    assert 'Ana: renamed e1 "' in done.stdout
    assert '" to "Late shifts" (clearer)' in done.stdout
    assert ["e1", "employee", "Late shifts"] in [row[:3] for row in rows(path, "themes")]
    (edit,) = json.loads(run(path, "history", "--json").stdout)["edits"]
    assert (edit["who"], edit["why"], edit["action"]) == ("Ana", "clearer", "rename")
    assert done.stdout == run(path, "history").stdout


def test_pairs_have_the_status_that_people_gave_them(path) -> None:
    ends = pair(path)
    assert run(path, "edit", "reject", *ends).exit_code == 0
    assert rows(path, "pairs")[0][-1] == "rejected"
    assert run(path, "edit", "accept", *ends).exit_code == 0
    assert rows(path, "pairs")[0][-1] == "accepted"
    assert run(path, "edit", "hide", *ends).exit_code == 0
    assert ends not in {(row[0], row[1]) for row in rows(path, "pairs")}


def test_the_segments_of_a_split_can_come_from_a_file(path, tmp_path) -> None:
    own = [row for row in rows(path, "segments") if row[3] == "e1"][:4]
    listed = tmp_path / "part.csv"
    listed.write_text(
        "source_id,segment_index\n" + "".join(f"{row[0]},{row[2]}\n" for row in own), "utf-8"
    )
    done = run(path, "edit", "split", "e1", "--segments", str(listed), "--name", "Mine")
    assert done.exit_code == 0, done.output
    (theme,) = [row for row in rows(path, "themes") if row[2] == "Mine"]
    assert theme[-1] == "4"
    assert {row[0] for row in rows(path, "segments") if row[3] == theme[0]} == {
        row[0] for row in own
    }


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [("a,b\n1,2\n", 65, "row 2"), ("source_id,segment_index\nx,y\n", 65, "row 2"),
     (None, 74, "There is no file"), ("source_id,segment_index\né,0\n", 65, "UTF-8")],
)  # fmt: skip
def test_a_file_of_segments_that_is_none_says_where(path, tmp_path, text, code, told) -> None:
    listed = tmp_path / "part.csv"
    if text is not None:
        listed.write_text(text, "cp1252")
    done = run(path, "edit", "split", "e1", "--segments", str(listed))
    assert (done.exit_code, told in done.stderr) == (code, True)
    assert json.loads(run(path, "history", "--json").stdout) == {"edits": []}


def test_the_other_edits_answer_with_one_line(path) -> None:
    for args, words in (
        (("merge", "e2", "--into", "e1"), "merged e2"),
        (("split", "e3", "--name", "Mine"), 'split e5 "Mine" off e3'),
        (("move", "rota-1", "0", "e4"), "moved segment 0 of rota-1 to e4"),
        (("note", "e1", "--text", "ask again"), "ask again"),
        (("undo", "1"), "undid edit 1 (merge e1 e2)"),
    ):
        done = run(path, "edit", *args)
        assert done.exit_code == 0, done.output
        assert words in done.stdout
        assert len(done.stdout.splitlines()) == 1
    assert "[undone by 5]" in run(path, "history").stdout.splitlines()[0]
    made = json.loads(run(path, "edit", "rename", "eb1", "All of it", "--json").stdout)
    assert (made["id"], made["targets"], made["undone_by"]) == (6, ["eb1"], None)


def test_what_cannot_be_done_is_a_usage_error(path) -> None:
    for args in (("rename", "e99", "x"), ("accept", "e1", "e2"), ("undo", "1"),
                 ("hide", "e1", "c1", "c2")):  # fmt: skip
        done = run(path, "edit", *args)
        assert (done.exit_code, done.stderr.startswith(("Error: ", "Usage: "))) == (2, True)


def test_what_was_done_already_is_said_and_not_recorded_again(path) -> None:
    ends = pair(path)
    for args, again, told in (
        (("accept", *ends), ("accept", *reversed(ends)), "is accepted already"),
        (("hide", "e3"), ("hide", "e3"), "is hidden already"),
        (("merge", "e2", "--into", "e1"), ("rename", "e2", "x"), "e2 was merged into e1"),
        (("note", "e1", "--text", "ask"), ("note", "e1", "--text", " "), "cannot be empty"),
    ):
        assert run(path, "edit", *args).exit_code == 0
        done = run(path, "edit", *again)
        assert (done.exit_code, told in done.stderr) == (2, True), done.output
    assert len(json.loads(run(path, "history", "--json").stdout)["edits"]) == 4


def test_why_takes_the_themes_of_a_pair_in_any_order(path) -> None:
    employee, customer = pair(path)
    there, back = (run(path, "why", "pair", *ids) for ids in
                   ((f"{employee}/{customer}",), (customer, employee)))  # fmt: skip
    assert (there.exit_code, there.stdout) == (0, back.stdout)


def test_editing_before_analysing_says_what_to_do(tmp_path, base, embedder) -> None:  # noqa: F811
    database = tmp_path / "new.db"
    add(database, base)
    done = run(database, "edit", "rename", "e1", "x")
    assert (done.exit_code, "bothsides analyze" in done.stderr) == (1, True)


def test_a_database_without_edits_says_so(path) -> None:
    done = run(path, "history")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "There are no edits yet.\n")


def test_the_pages_show_what_people_decided(path) -> None:
    from webui import create_app

    ends = pair(path)
    client = create_app({"DATABASE": path}).test_client()
    assert f"/pairs/{ends[0]}/{ends[1]}" in client.get("/").text
    run(path, "edit", "rename", ends[0], "Shifts & rotas")
    assert "Shifts &amp; rotas" in client.get(f"/themes/{ends[0]}").text
    run(path, "edit", "reject", *ends)
    assert f"/pairs/{ends[0]}/{ends[1]}" not in client.get("/").text
    assert f"/pairs/{ends[0]}/{ends[1]}" not in client.get(f"/themes/{ends[0]}").text
    assert "rejected" in client.get(f"/pairs/{ends[0]}/{ends[1]}").text
    run(path, "edit", "hide", ends[0])
    assert f"/themes/{ends[0]}" not in client.get("/themes").text
