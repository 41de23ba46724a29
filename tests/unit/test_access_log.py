"""The access log: whatever is changed in it or cut off is found; no answer without its line."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from analyzer import access_log
from analyzer.access_log import Entry, Head
from analyzer.cli import main
from analyzer.database import connect_readonly, opened
from analyzer.errors import BadData, Misconfigured

LINES = 12
KEY = "a key that stands nowhere else"


@pytest.fixture(params=[None, KEY], ids=["key in the database", "key in the environment"])
def log(request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if request.param:
        monkeypatch.setenv(access_log.KEY, request.param)
    path = tmp_path / "a.db"
    with opened(path, create=True):
        pass
    for number in range(LINES):
        access_log.note(path, Entry("ana", "page theme", {"theme": f"e{number}"}, number + 1))
    return path


def broken(path: Path, *heads: Head) -> access_log.Broken | None:
    with closing(connect_readonly(path)) as db:
        return access_log.verify(db, heads)


def spoil(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


def test_a_log_that_nobody_touched_is_whole(log: Path) -> None:
    assert broken(log) is None
    kept = access_log.kept_head(log)
    assert kept is not None
    assert kept.lines == LINES
    assert access_log.head_file(log).stat().st_mode & 0o777 == 0o600
    with closing(connect_readonly(log)) as db:
        lines = access_log.lines(db)
        assert access_log.head(db) == kept
        assert access_log.examine(log, db) is None
    assert [line.rows for line in lines] == list(range(1, LINES + 1))
    assert [line.number for line in access_log.lines(connect_readonly(log), newest=2)] == [11, 12]


@pytest.mark.parametrize("number", range(1, LINES + 1))
@pytest.mark.parametrize(
    "change",
    ["at = '2020-01-01'", "who = 'eve'", "what = 'page pair'", "filter = '{}'", "rows = 0",
     "signer = 'other'", "hash = zeroblob(32)"],
)  # fmt: skip
def test_any_line_that_was_altered_is_found(log: Path, number: int, change: str) -> None:
    spoil(log, f"UPDATE access_log SET {change} WHERE number = {number}")
    if "signer" in change and not os.environ.get(access_log.KEY):
        with pytest.raises(Misconfigured, match=f"Line {number} "):
            broken(log)
        return
    found = broken(log)
    assert found is not None
    assert found.line == number


@pytest.mark.parametrize("number", range(1, LINES))
def test_any_line_that_was_taken_out_is_found(log: Path, number: int) -> None:
    spoil(log, f"DELETE FROM access_log WHERE number = {number}")
    found = broken(log)
    assert found is not None
    assert found.line == number
    spoil(log, f"UPDATE access_log SET number = number - 1 WHERE number > {number}")
    found = broken(log)
    assert found is not None
    assert found.line == number


@pytest.mark.parametrize("number", range(1, LINES))
def test_any_two_lines_that_were_swapped_are_found(log: Path, number: int) -> None:
    spoil(
        log,
        f"UPDATE access_log SET number = 99 WHERE number = {number}",
        f"UPDATE access_log SET number = {number} WHERE number = {number + 1}",
        f"UPDATE access_log SET number = {number + 1} WHERE number = 99",
    )
    found = broken(log)
    assert found is not None
    assert found.line == number


@pytest.mark.parametrize("number", range(1, LINES + 1))
def test_a_line_put_in_is_found(log: Path, number: int) -> None:
    spoil(
        log,
        f"UPDATE access_log SET number = -number WHERE number >= {number}",
        "UPDATE access_log SET number = 1 - number WHERE number < 0",
        f"INSERT INTO access_log SELECT {number}, at, who, what, filter, rows, signer, hash "
        "FROM access_log LIMIT 1",
    )
    assert broken(log) is not None


@pytest.mark.parametrize("cut", range(1, LINES + 1))
def test_a_tail_that_was_cut_is_found_by_any_head_kept_before(log: Path, cut: int) -> None:
    kept = access_log.kept_head(log)
    assert kept is not None
    spoil(log, f"DELETE FROM access_log WHERE number > {LINES - cut}")
    assert broken(log) is None, "without a head nobody can tell"
    found = broken(log, kept)
    assert found is not None
    assert found.line == LINES - cut + 1
    with closing(connect_readonly(log)) as db:
        assert access_log.examine(log, db) is not None
        access_log.head_file(log).unlink()
        assert (access_log.examine(log, db) is not None) == (cut < LINES)
        assert access_log.examine(log, db, str(kept)) is not None
    result = CliRunner().invoke(main, ["audit", "verify", "--db", str(log), "--head", str(kept)])
    assert result.exit_code == 1
    assert "cut off" in result.output


def test_a_cut_tail_is_found_when_lines_were_written_after_it(log: Path) -> None:
    kept = access_log.kept_head(log)
    assert kept is not None
    spoil(log, f"DELETE FROM access_log WHERE number > {LINES - 3}")
    for _ in range(5):
        access_log.note(log, Entry("eve", "page pair", {}, 1))
    found = broken(log, kept)
    assert found is not None
    assert "not the one that was there" in found.said


def test_the_key_in_the_database_cannot_sign_for_the_one_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.db"
    with opened(path, create=True):
        pass
    access_log.note(path, Entry("ana", "page", {}, 1))
    monkeypatch.setenv(access_log.KEY, KEY)
    assert "is not signed" in broken(path).said  # type: ignore[union-attr]
    access_log.note(path, Entry("ana", "page", {}, 2))
    assert broken(path) is None
    monkeypatch.delenv(access_log.KEY)
    with pytest.raises(Misconfigured):
        broken(path)
    with pytest.raises(Misconfigured):
        access_log.note(path, Entry("ana", "page", {}, 3))
    # Somebody who has the file, and so the key in it, signs every line anew.
    spoil(path, "DELETE FROM access_log")
    access_log.note(path, Entry("eve", "page", {}, 1))
    assert broken(path) is None
    monkeypatch.setenv(access_log.KEY, KEY)
    assert broken(path) is not None
    monkeypatch.setenv(access_log.KEY, "short")
    with pytest.raises(Misconfigured, match="too short"):
        broken(path)


def test_a_line_is_kept_or_lost_with_its_transaction(log: Path) -> None:
    with opened(log, create=False) as db:
        db.conn.execute("BEGIN")
        access_log.append(db.conn, Entry("ana", "erase", {}, 1))
        db.conn.execute("ROLLBACK")
        assert access_log.head(db.conn).lines == LINES
        access_log.append(db.conn, Entry("ana", "erase", {}, 1))
        assert access_log.head(db.conn).lines == LINES + 1
    assert broken(log) is None


def test_what_was_searched_for_is_told_by_a_hash_only(log: Path) -> None:
    with closing(connect_readonly(log)) as db:
        told = access_log.digest(db, "Zorblax  hours")
        assert told == access_log.digest(db, "zorblax hours")
        assert told != access_log.digest(db, "zorblax")
        assert "zorblax" not in told
    with pytest.raises(BadData):
        access_log.parse_head("twelve")


def test_the_commands_list_and_verify(log: Path) -> None:
    def run(*args: str) -> str:
        result = CliRunner().invoke(main, [*args, "--db", str(log)])
        assert result.exit_code == 0, result.output
        return result.output

    assert len(run("audit", "list").splitlines()) == LINES
    assert '"theme": "e11"' in run("audit", "list", "--newest", "1")
    said = run("audit", "verify")
    assert run("audit", "verify", "--head", said.rsplit(" ", 1)[1].strip()) == said
    assert '"broken": null' in run("audit", "verify", "--json")
