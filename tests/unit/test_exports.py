"""The export tables: their headers are a contract."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path

import pytest

from analyzer import exports
from analyzer.errors import InputOutput
from analyzer.queries import PairRow, SegmentRow, ThemeRow

HEADERS = {
    "themes": "theme_id,side,label,terms,comments,segments",
    "segments": "source_id,side,segment_index,theme_id,confidence,text",
    "pairs": "employee_theme_id,customer_theme_id,kind,probability,similarity,status",
}
LEFT = ThemeRow("e1", "employee", 'rota, "late"', ("rota", "é"), 2, 3, 1)
RIGHT = ThemeRow("c1", "customer", "queue", ("queue",), 1, 1, 1)
TEXT = 'A long,\n"queue" é 😀'
SEGMENT = SegmentRow(
    "007", "employee", 0, "e1", 0.5, TEXT, TEXT, 0, len(TEXT), "pulse", None, None, None
)
TYPES = {
    "themes": (str, str, str, str, int, int),
    "segments": (str, str, int, str, float, str),
    "pairs": (str, str, str, float, float, str),
}


@pytest.fixture
def db(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports.queries, "themes", lambda _db: [LEFT, RIGHT])
    monkeypatch.setattr(exports.queries, "segments", lambda _db: iter([SEGMENT]))
    monkeypatch.setattr(
        exports.queries, "pairs",
        lambda _db: [PairRow(LEFT, RIGHT, "same-topic", 2 / 3, 1e-7, "suggested")],
    )  # fmt: skip
    connection = sqlite3.connect(":memory:")
    yield connection
    connection.close()


@pytest.mark.parametrize("name", HEADERS)
def test_a_csv_has_exactly_the_header_of_the_contract(db, name: str, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    exports.write(db, name, "csv", target)
    assert target.read_bytes().split(b"\n")[0].decode() == HEADERS[name]


def test_there_is_no_other_table_and_none_is_missing() -> None:
    assert {name: ",".join(export.columns) for name, export in exports.EXPORTS.items()} == HEADERS


@pytest.mark.parametrize("name", HEADERS)
def test_json_lines_have_the_same_columns_and_real_numbers(db, name: str, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    exports.write(db, name, "jsonl", target)
    for line in target.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert ",".join(row) == HEADERS[name]
        assert tuple(type(value) for value in row.values()) == TYPES[name]


def test_text_comes_through_csv_as_it_is(db, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    exports.write(db, "segments", "csv", target)
    (row,) = csv.DictReader(io.StringIO(target.read_bytes().decode("utf-8"), newline=""))
    assert row["text"] == TEXT
    assert row["source_id"] == "007"


def test_figures_are_written_with_six_places_never_with_an_exponent(db, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    exports.write(db, "pairs", "csv", target)
    assert target.read_text().splitlines()[1] == "e1,c1,same-topic,0.666667,0.000000,suggested"


def test_terms_are_parted_by_semicolons(db, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    exports.write(db, "themes", "csv", target)
    rows = list(csv.DictReader(io.StringIO(target.read_bytes().decode("utf-8"), newline="")))
    assert rows[0]["terms"] == "rota; é"
    assert rows[0]["label"] == 'rota, "late"'


def test_without_a_file_the_table_goes_to_stdout(db, capsys) -> None:
    exports.write(db, "pairs", "csv", None)
    assert capsys.readouterr().out.splitlines()[0] == HEADERS["pairs"]


def test_an_export_that_fails_halfway_leaves_the_file_that_was_there(
    db, tmp_path, monkeypatch
) -> None:
    def broken(_db):
        yield SEGMENT
        raise sqlite3.OperationalError("gone")

    monkeypatch.setattr(exports.queries, "segments", broken)
    target = tmp_path / "out.csv"
    target.write_text("before")
    with pytest.raises(sqlite3.OperationalError):
        exports.write(db, "segments", "csv", target)
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("where", ["missing/out.csv", "."])
def test_a_place_that_cannot_be_written_is_an_error_that_names_it(db, tmp_path, where: str) -> None:
    target = tmp_path / where
    with pytest.raises(InputOutput, match="cannot be written"):
        exports.write(db, "pairs", "csv", target)
    assert list(tmp_path.iterdir()) == []
