"""backup, restore and check: a copy is whole, what it replaces is kept, damage is seen."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from analyzer import arrivals, queries, results, store
from analyzer.backup import backup, restore
from analyzer.cli import main
from analyzer.database import connect_readonly, opened
from analyzer.errors import Locked
from analyzer.files import replacing
from analyzer.types import Comment, Rejected
from tests.builders import side_analysis, without_erasure


def comment(number: int, text: str = "The rota is late again", side: str = "employee") -> Comment:
    kind = {"employee": "pulse", "customer": "review"}[side]
    key = arrivals.comment_id(side, kind, "id", str(number), "text")
    return Comment(key, side, kind, str(number), "text", text, "en")  # type: ignore[arg-type]


def add(path: Path, *comments: Comment) -> None:
    row = store.ImportRow(
        "a.csv", "00", "employee", "pulse", "csv", {"id": "id"}, "2025-01-01T00:00:00", 9, 0, 0
    )
    with opened(path, create=True) as db:
        store.add_import(db, row, comments, [Rejected(3, "5 cells")])


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Return an analysed database of three comments a side."""
    path = tmp_path / "b.db"
    own = [comment(n) for n in range(3)]
    others = [comment(n, "A long queue", "customer") for n in range(3)]
    add(path, *own, *others)
    sides = {
        "employee": side_analysis("employee", own, [(0, own[0].text, 0, 0.1)], ["rota"]),
        "customer": side_analysis("customer", others, [(0, "A long queue", 0, 0.1)], ["queue"]),
    }
    run = results.RunRow("2025-01-02", 1.0, 0, "leiden", "fake", "fake:4", {}, {}, ["00"], [])
    from analyzer.embed import text_hash
    from analyzer.types import Analysis

    with opened(path, create=False) as writer:
        results.replace_analysis(writer, run, Analysis(sides, (), {}, ()))  # type: ignore[arg-type]
        vector = np.full(4, 0.5, dtype="<f4").tobytes()
        keys = [text_hash(text) for text in (own[0].text, "A long queue")]
        store.SqliteVectors(writer).save("fake:4", dict.fromkeys(keys, vector))
    return path


def run(*args: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    return result


def ids(path: Path) -> set[str]:
    with closing(connect_readonly(path)) as db:
        return {comment.source_id for comment in queries.comments(db)}


def test_a_backup_holds_everything_and_is_for_its_owner_alone(db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    run("backup", copy, "--db", db)
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(db)) as ours, closing(sqlite3.connect(copy)) as theirs:
        assert sorted(ours.iterdump()) == sorted(theirs.iterdump())
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"b.db", "b.db.use.lock", "copy.db"}
    run("check", "--db", copy)


def test_a_backup_never_takes_the_place_of_a_file(db: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")
    run("backup", tmp_path / "copy.db", "--db", db, code=74)
    assert (tmp_path / "copy.db").read_text() == "mine"
    run("backup", tmp_path / "none" / "copy.db", "--db", db, code=74)
    run("backup", tmp_path / "new.db", "--db", tmp_path / "none.db", code=74)


def test_a_backup_made_while_others_write_is_of_one_moment(db: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 100
        while not stop.is_set():
            add(db, comment(number), comment(number + 1))
            number += 2

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            run("backup", tmp_path / f"copy{n}.db", "--db", db)
    finally:
        stop.set()
        writer.join()
    for n in range(5):
        copied = {int(key) for key in ids(tmp_path / f"copy{n}.db")} - {0, 1, 2}
        assert copied == set(range(100, 100 + len(copied)))
        assert len(copied) % 2 == 0, "an import is in the copy whole or not at all"


def test_a_restore_puts_the_backup_back_and_keeps_what_was_there(db: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "copy.db", "--db", db)
    add(db, comment(7))
    told = json.loads(run("restore", tmp_path / "copy.db", "--db", db, "--json").stdout)
    assert ids(db) == {"0", "1", "2"}
    assert ids(Path(told["aside"])) == {"0", "1", "2", "7"}
    assert told["comments"] == 6
    assert not Path(f"{db}-wal").exists()
    run("check", "--db", db)


def test_what_a_killed_writer_left_in_the_log_is_kept_with_the_old_database(
    db: Path, tmp_path: Path
) -> None:
    run("backup", tmp_path / "copy.db", "--db", db)
    # As after a kill: a log beside the database, and nobody who has it open.
    with opened(db, create=False) as writer:
        row = store.ImportRow("b", "1", "employee", "pulse", "csv", {"id": "id"}, "2025", 1, 0, 0)
        store.add_import(writer, row, [comment(7)], [])
        left = {suffix: Path(f"{db}{suffix}").read_bytes() for suffix in ("", "-wal")}
    for suffix, data in left.items():
        Path(f"{db}{suffix}").write_bytes(data)
    told = json.loads(run("restore", tmp_path / "copy.db", "--db", db, "--json").stdout)
    assert ids(db) == {"0", "1", "2"}
    assert ids(Path(told["aside"])) == {"0", "1", "2", "7"}


def test_a_restore_where_nothing_was_makes_the_database(db: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "copy.db", "--db", db)
    run("restore", tmp_path / "copy.db", "--db", tmp_path / "new.db")
    assert ids(tmp_path / "new.db") == {"0", "1", "2"}


def test_a_restore_over_a_damaged_database_keeps_the_damaged_one(db: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "copy.db", "--db", db)
    damaged = b"not a database at all" * 300
    db.write_bytes(damaged)
    told = json.loads(run("restore", tmp_path / "copy.db", "--db", db, "--json").stdout)
    assert Path(told["aside"]).read_bytes() == damaged
    assert ids(db) == {"0", "1", "2"}


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE somebody (else_ TEXT)")
        other.commit()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def zeroed(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[3 * 4096 : 5 * 4096] = bytes(2 * 4096)
    path.write_bytes(data)


def of_the_future(path: Path) -> None:
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('bothsides', 'm999_more', '2030-01-01')"
        )
        newer.commit()


@pytest.mark.parametrize(
    "spoil", [foreign, cut, zeroed, of_the_future, lambda path: path.write_text("a,b\n1,2\n")]
)
def test_what_is_no_whole_backup_is_refused(
    spoil: Callable[[Path], None], db: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    if spoil is not foreign:
        run("backup", copy, "--db", db)
    spoil(copy)
    before = db.read_bytes()
    result = run("restore", copy, "--db", db, code=65)
    assert "copy.db" in result.output
    assert db.read_bytes() == before
    assert not list(tmp_path.glob("*before-restore*"))
    assert not list(tmp_path.glob(".*.tmp"))


def test_a_restore_waits_for_nobody_who_has_the_database_open(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analyzer.backup.BUSY_SECONDS", 0.1)
    run("backup", tmp_path / "copy.db", "--db", db)
    with closing(connect_readonly(db)) as reader:
        reader.execute("SELECT count(*) FROM comments").fetchone()
        run("restore", tmp_path / "copy.db", "--db", db, code=75)
    assert ids(db) == {"0", "1", "2"}
    run("restore", db, "--db", db, code=2)
    run("restore", tmp_path / "none.db", "--db", db, code=74)


# --- check


def test_a_whole_database_is_said_to_be_whole(db: Path) -> None:
    assert "is whole: 6 comments, 2 vectors, schema m0" in run("check", "--db", db).output
    assert json.loads(run("check", "--db", db, "--json").stdout)["problems"] == []


SPOILED = {
    "id is not the hash": "UPDATE comments SET source_id = '99' WHERE source_id = '2'",
    "rows of segments name rows of themes": "UPDATE segments SET theme_id = 'e77'",
    "reach over the end": "UPDATE segments SET end_at = 500",
    "of the other side": "UPDATE segments SET theme_id = 'c1'",
    "closest segments": """INSERT INTO pairs VALUES ('e1', 'c1', 'same-topic', 1, 1, '', '[]',
        '[]', NULL, NULL, NULL, 0);
        INSERT INTO closest VALUES ('e1', 'c1', 0, 'x', 0, 'y', 0, 0.5)""",
    "taken back": "UPDATE imports SET undone_at = '2025-02-02'",
    "number of arrival": "DELETE FROM arrivals WHERE number = 2",
    "did not carry": "UPDATE carried SET last = 2",
    "former values": """INSERT INTO former SELECT id, import_id, text, NULL, NULL, NULL, NULL, NULL,
        '{}' FROM comments LIMIT 1""",
    "rejected rows are not all": "DELETE FROM rejected_rows",
    "not all of one length": "INSERT INTO embeddings VALUES ('fake:4', zeroblob(16), x'0000')",
    "hash of 16 bytes": "INSERT INTO embeddings VALUES ('fake:4', x'00', zeroblob(16))",
    "index of words": "DELETE FROM comment_words_docsize WHERE id = 1",
    "erase --finish": """INSERT INTO erasures (at, kind, why, comments)
        VALUES ('2025-02-02', 'request', '', 1)""",
    "Access log: ": """INSERT INTO access_log
        VALUES (1, '2025-02-02', 'ana', 'page', '{}', 9, 'database', zeroblob(32))""",
    "vector is not there": "DELETE FROM embeddings",
    "not of length 1": "UPDATE embeddings SET vector = x'0000803F0000803F0000803F0000803F'",
    "result of run 1 is damaged": "UPDATE found SET result = substr(result, 1, 50)",
    "model of run 1 is damaged": "INSERT INTO models VALUES (1, '{}', 1, x'504B0304')",
    "m999_more": """INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
        VALUES ('bothsides', 'm999_more', '2030-01-01')""",
}


@pytest.mark.parametrize("said", SPOILED)
def test_each_kind_of_damage_is_found_and_named(said: str, db: Path) -> None:
    with closing(sqlite3.connect(db)) as writer:
        writer.executescript(SPOILED[said])
    assert said in run("check", "--db", db, code=1).output


def test_a_file_that_is_cut_is_not_whole(db: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "copy.db", "--db", db)
    zeroed(tmp_path / "copy.db")
    assert "SQLite" in run("check", "--db", tmp_path / "copy.db", code=1).output
    (tmp_path / "junk.db").write_text("junk" * 5000)
    run("check", "--db", tmp_path / "junk.db", code=74)
    run("check", "--db", tmp_path / "none.db", code=74)


def test_a_database_of_an_older_version_is_brought_up_to_date_and_whole(
    db: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(db)) as older:
        without_erasure(older)
        for table in ("carried", "former", "arrivals"):
            older.execute(f"DROP TABLE {table}")
        for table, column in (
            ("imports", "tracked"), ("imports", "undone_at"), ("runs", "comments_state")
        ):  # fmt: skip
            older.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        older.execute("DELETE FROM _sqlite_migrations WHERE name = 'm005_batches'")
        older.commit()
    run("backup", tmp_path / "copy.db", "--db", db)
    run("check", "--db", db)
    run("restore", tmp_path / "copy.db", "--db", db)
    run("check", "--db", db)
    assert "older version" in run("undo", 1, "--db", db, code=1).output
    add(db, comment(1, "The rota is better now"))
    run("undo", 2, "--db", db)
    run("check", "--db", db)


def test_no_database_is_replaced_under_a_command_that_writes_to_it(
    db: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    backup(db, copy)
    with opened(db, create=False), pytest.raises(Locked, match="in use"):
        restore(copy, db)
    with replacing(db), pytest.raises(Locked, match="backup"), opened(db, create=False):
        pass
    assert restore(copy, db).aside


def test_a_backup_that_is_damaged_where_sqlite_cannot_see_it_is_refused(
    db: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    backup(db, copy)
    raw = copy.read_bytes()
    vector = np.full(4, 0.5, dtype="<f4").tobytes()
    assert raw.count(vector) == 2
    copy.write_bytes(raw.replace(vector, vector[:12] + b"\0\0\0\x40", 1))
    before = snapshot(db)
    assert "not of length 1" in run("restore", copy, "--db", db, code=65).output
    assert snapshot(db) == before


def snapshot(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())
