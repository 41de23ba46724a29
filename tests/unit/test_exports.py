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
from analyzer.rows import (
    BroadRow,
    ClosestRow,
    PairDetail,
    PairRow,
    QuoteRow,
    SegmentRow,
    SignRow,
    ThemeRow,
)
from analyzer.types import Polarity

HEADERS = {
    "themes": "theme_id,side,label,terms,comments,segments",
    "segments": "source_id,side,segment_index,theme_id,confidence,text",
    "pairs": "employee_theme_id,customer_theme_id,kind,probability,similarity,status",
    "evidence": "employee_theme_id,customer_theme_id,employee_label,customer_label,kind,"
    "probability,similarity,status,employee_positive,employee_neutral,employee_negative,employee_mean,"
    "customer_positive,customer_neutral,customer_negative,customer_mean,signs,shared_terms,closest,"
    "edge,reason,source",
    "levels": "broad_id,side,broad_label,broad_comments,broad_segments,theme_id,label,nature,"
    "comments,segments,positive,neutral,negative,mean",
    "sentiment": "source_id,side,segment_index,polarity,judgement",
}
BROAD = BroadRow("be1", "employee", "rota", ("rota",), 2, 3, 1, Polarity(0.0, 0.25, 0.75, -0.5))
LEFT = ThemeRow(
    "e1", "employee", 'rota, "late"', ("rota", "é"), 2, 3, 1, "be1", "subject",
    Polarity(0.0, 0.25, 0.75, -0.5),
)  # fmt: skip
# Of an analysis of the version before.
RIGHT = ThemeRow("c1", "customer", "queue", ("queue",), 1, 1, 1, None, None, None)
TEXT = 'A long,\n"queue" é 😀'
SEGMENT = SegmentRow(
    "007", "employee", 0, "e1", 0.5, -1e-9, TEXT, TEXT, 0, len(TEXT), "pulse", None, None, None
)
TYPES = {
    "themes": (str, str, str, str, int, int),
    "segments": (str, str, int, str, float, str),
    "pairs": (str, str, str, float, float, str),
    "evidence": (
        *(str,) * 5, float, float, str, *(float,) * 4, *(type(None),) * 4, *(list,) * 3,
        *(type(None),) * 3,
    ),
    "levels": (str, str, str, int, int, str, str, str, int, int, *(float,) * 4),
    "sentiment": (str, str, int, float, str),
}  # fmt: skip
PAIR = PairRow(LEFT, RIGHT, "same-topic", 2 / 3, 1e-7, "suggested")
DETAIL = PairDetail(
    PAIR, (SignRow("similarity", 0.5, 1.5, 0.25, "why"),), ("é",),
    (ClosestRow(QuoteRow("007", "pulse", 0, TEXT), QuoteRow("9", "review", 2, "queue"), 0.5),),
    None, None, None,
)  # fmt: skip


@pytest.fixture
def db(monkeypatch: pytest.MonkeyPatch):
    rows = {
        "themes": [LEFT], "segments": [SEGMENT], "pairs": [PAIR], "pair_details": [DETAIL],
        "broad_themes": [BROAD],
    }  # fmt: skip
    for name, found in rows.items():
        monkeypatch.setattr(exports.queries, name, lambda _db, found=found: iter(found))
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


def test_evidence_is_nested_in_json_lines_and_json_text_in_csv(db, tmp_path: Path) -> None:
    exports.write(db, "evidence", "jsonl", tmp_path / "out.jsonl")
    exports.write(db, "evidence", "csv", tmp_path / "out.csv")
    nested = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert nested["signs"] == [
        {"name": "similarity", "value": 0.5, "weight": 1.5, "moved": 0.25, "note": "why"}
    ]
    assert nested["closest"] == [
        {
            "employee": {"source_id": "007", "kind": "pulse", "segment_index": 0, "text": TEXT},
            "customer": {"source_id": "9", "kind": "review", "segment_index": 2, "text": "queue"},
            "cosine": 0.5,
        }
    ]
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        (flat,) = csv.DictReader(file)
    for name in ("signs", "shared_terms", "closest"):
        assert json.loads(flat[name]) == nested[name]
    assert flat["employee_negative"] == "0.750000"


def test_what_is_not_known_is_empty_in_csv_and_null_in_json_lines(
    db, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(exports.queries, "themes", lambda _db: iter([RIGHT]))
    exports.write(db, "levels", "csv", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().splitlines()[1] == ",customer,,,,c1,queue,,1,1,,,,"
    exports.write(db, "levels", "jsonl", tmp_path / "out.jsonl")
    row = json.loads((tmp_path / "out.jsonl").read_text())
    assert row["broad_id"] is None
    assert row["mean"] is None


def test_no_figure_is_a_negative_zero(db, tmp_path: Path) -> None:
    exports.write(db, "sentiment", "csv", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().splitlines()[1] == "007,employee,0,0.000000,neutral"
    exports.write(db, "sentiment", "jsonl", tmp_path / "out.jsonl")
    assert "-0.0" not in (tmp_path / "out.jsonl").read_text()


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
