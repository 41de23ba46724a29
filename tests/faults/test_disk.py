"""A full disk, a folder that cannot be written: the right exit code, and no part of a batch."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analyzer import language, queries, runs
from analyzer.check import check
from analyzer.cli import main
from analyzer.database import connect_readonly
from tests.fakes import FakeEmbedder
from tests.faults import nights

Mount = Callable[..., Path]


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """Return a function that mounts a small file system in memory."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root on Linux may mount a file system")
    mounted: list[Path] = []

    def make(size: str) -> Path:
        folder = tmp_path / f"disk{len(mounted)}"
        folder.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder],
            capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            pytest.skip(f"mount is not permitted here: {done.stderr.strip()}")
        mounted.append(folder)
        return folder

    yield make
    for folder in mounted:
        subprocess.run(["umount", folder], check=True)


def make_readonly(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeEmbedder(nights.TOPICS, dimension=384)
    monkeypatch.setattr(runs, "load_embedder", lambda name, progress=None: fake)
    monkeypatch.setattr(language, "detect", lambda texts: ["en"] * len(texts))


def run(*args: object) -> Result:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def comments_of(path: Path) -> int:
    with closing(connect_readonly(path)) as db:
        return queries.comment_count(db)


def rows(start: int, stop: int) -> list[tuple[str, str]]:
    return [(f"r{row}", nights.text_of("customer/big.csv", row, 0)) for row in range(start, stop)]


def test_an_import_on_a_full_disk_leaves_the_database_as_it_was(
    mount: Mount, tmp_path: Path
) -> None:
    db = mount("1m") / "b.db"
    small = nights.write(tmp_path / "small.csv", rows(0, 20))
    assert run("import", small, "--side", "customer", "--db", db).exit_code == 0
    big = nights.write(tmp_path / "big.csv", rows(20, 9000))
    result = run("import", big, "--side", "customer", "--db", db)
    assert result.exit_code == 74, result.output
    assert "full" in result.output
    assert comments_of(db) == 20
    assert check(db).problems == ()


def test_a_batch_on_a_full_disk_leaves_its_files_and_goes_on_when_there_is_space(
    mount: Mount, tmp_path: Path
) -> None:
    disk, inbox = mount("1300k"), tmp_path / "inbox"
    nights.drop(inbox, 0)
    settings = tmp_path / "small.toml"
    settings.write_text("".join(f"{k} = {v}\n" for k, v in nights.SMALL.items()))
    ballast = disk / "ballast"
    ballast.write_bytes(b"x" * 800_000)
    command = ("ingest", "--inbox", inbox, "--db", disk / "b.db", "--settings", settings)
    result = run(*command)
    assert result.exit_code == 74, result.output
    assert "full" in result.output
    ballast.unlink()
    subprocess.run(["mount", "-o", "remount,size=16m", disk], check=True)
    assert check(disk / "b.db").problems == ()
    again = run(*command)
    assert again.exit_code == 0, again.output
    assert check(disk / "b.db").problems == ()
    assert comments_of(disk / "b.db") == 80
    assert not list(inbox.glob("customer/*"))


def test_nothing_is_imported_from_an_inbox_that_cannot_be_written(
    mount: Mount, tmp_path: Path
) -> None:
    inbox = mount("1m")
    nights.drop(inbox, 0)
    make_readonly(inbox)
    result = run("ingest", "--inbox", inbox, "--db", tmp_path / "b.db")
    assert result.exit_code == 74, result.output
    assert "Read-only" in result.output
    assert not (tmp_path / "b.db").exists()


@pytest.mark.parametrize("command", ["import", "ingest", "analyze", "undo", "restore"])
def test_a_database_in_a_folder_that_cannot_be_written_stays_as_it_is(
    command: str, mount: Mount, tmp_path: Path
) -> None:
    disk, inbox = mount("4m"), tmp_path / "inbox"
    file = nights.write(tmp_path / "a.csv", rows(0, 20))
    db, copy = disk / "b.db", tmp_path / "copy.db"
    assert run("import", file, "--side", "customer", "--db", db).exit_code == 0
    assert run("backup", copy, "--db", db).exit_code == 0
    before = db.read_bytes()
    make_readonly(disk)
    nights.drop(inbox, 0)
    args = {
        "import": [nights.write(tmp_path / "b.csv", rows(20, 40)), "--side", "customer"],
        "ingest": ["--inbox", inbox], "analyze": [], "undo": [1], "restore": [copy],
    }[command]  # fmt: skip
    result = run(command, *args, "--db", db)
    assert result.exit_code == 74, result.output
    assert db.read_bytes() == before
    assert len(list(inbox.rglob("*.csv"))) == 2


def test_a_backup_that_does_not_fit_leaves_nothing(mount: Mount, tmp_path: Path) -> None:
    db, disk = tmp_path / "b.db", mount("200k")
    file = nights.write(tmp_path / "a.csv", rows(0, 3000))
    assert run("import", file, "--side", "customer", "--db", db).exit_code == 0
    result = run("backup", disk / "copy.db", "--db", db)
    assert result.exit_code == 74, result.output
    assert list(disk.iterdir()) == []
    assert shutil.disk_usage(disk).used == 0
