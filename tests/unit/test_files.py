"""Files get their names whole or not at all, and never over another."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from analyzer.errors import BadData, InputOutput, Locked
from analyzer.files import (
    fitting,
    free_name,
    held,
    in_use,
    keep_under,
    publish,
    replacing,
    stamped,
    temporary,
)
from analyzer.inbox import side_of


def test_a_finished_file_never_takes_the_name_of_one_that_came_meanwhile(tmp_path: Path) -> None:
    target = tmp_path / "a.db"
    with temporary(target) as made:
        made.write_text("new")
        target.write_text("came meanwhile")
        with pytest.raises(InputOutput, match="there already"):
            publish(made, target)
    assert target.read_text() == "came meanwhile"
    assert list(tmp_path.iterdir()) == [target]


def test_where_there_are_no_links_a_file_gets_its_name_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*names: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    target = tmp_path / "a.db"
    with temporary(target) as made:
        made.write_text("new")
        publish(made, target)
    keep_under(target, tmp_path / "b.db")
    assert target.read_text() == (tmp_path / "b.db").read_text() == "new"


def test_a_name_that_is_taken_gets_the_time_and_then_a_number(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert free_name(path) == path
    path.touch()
    names = set()
    for _ in range(3):
        name = free_name(path)
        assert name.suffix == ".csv"
        name.touch()
        names.add(name)
    assert len(names) == 3
    assert "before" in stamped(path, "before").name


def test_a_lock_is_held_by_one_and_free_afterwards(tmp_path: Path) -> None:
    with held(tmp_path / "a.db"), pytest.raises(Locked), held(tmp_path / "a.db"):
        pass
    with held(tmp_path / "a.db"), held(tmp_path / "b.db"):
        pass


@pytest.mark.parametrize(
    ("name", "side", "kind"),
    [
        ("employee/a.csv", "employee", None),
        ("employee-pulse/a.csv", "employee", "pulse"),
        ("customer-ticket-web-2/deep/a.csv", "customer", "ticket"),
    ],
)
def test_the_folder_says_whose_comments_they_are(
    name: str, side: str, kind: str | None, tmp_path: Path
) -> None:
    assert side_of(tmp_path / name, tmp_path) == (side, kind, None)


def test_a_file_beside_the_folders_says_itself_whose_it_is(tmp_path: Path) -> None:
    assert side_of(tmp_path / "a.csv", tmp_path) == (None, None, None)


@pytest.mark.parametrize("name", ["misc/a.csv", "customer-exit/a.csv", "employees/a.csv"])
def test_a_file_in_another_folder_is_nobodys(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadData, match="customer-survey"):
        side_of(tmp_path / name, tmp_path)


def test_many_may_use_a_database_and_nobody_while_it_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with in_use(path), in_use(path), pytest.raises(Locked, match="in use"), replacing(path):
        pass
    with replacing(path), pytest.raises(Locked, match="backup"), in_use(path):
        pass
    with in_use(path), held(path):
        pass


def test_a_name_that_is_too_long_is_shortened_and_stays_distinct() -> None:
    assert fitting("a.csv", ".receipt.json") == "a.csv.receipt.json"
    long = [fitting("é" * 124 + f"{n}.csv", ".receipt.json") for n in (1, 2)]
    assert len(set(long)) == 2
    for name in long:
        assert len(name.encode()) <= 255
        assert name.endswith(".csv.receipt.json")


@pytest.mark.parametrize("name", ["Customer-Review/a.csv", "CUSTOMER/a.csv"])
def test_the_case_of_a_folder_does_not_matter(name: str, tmp_path: Path) -> None:
    assert side_of(tmp_path / name, tmp_path).side == "customer"
