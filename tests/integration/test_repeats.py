"""Each export three times, its rows in another order and in parts that overlap: no row twice."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest

from analyzer import intake, language
from analyzer.database import connect_readonly
from analyzer.settings import load

ROOT = Path(__file__).parents[2]
# Vendors' exports whose header is one row.
EXPORTS = ("typeform.csv", "trustpilot.csv", "trustpilot_pages.csv", "freshdesk.csv",
           "freshservice.csv", "zendesk_view.csv")  # fmt: skip
FILES = [
    *sorted((ROOT / "fixtures").glob("[ep]*.csv")),
    *(ROOT / "tests" / "exports" / name for name in EXPORTS),
]


def _written(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *rows])
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_row_comes_twice(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "detect", lambda texts: [None] * len(texts))
    database, settings = tmp_path / "b.db", load(None, {})

    def imported(path: Path) -> intake.Receipt:
        return intake.import_file(path, database, settings, side="customer")

    def stored() -> list[tuple[str, ...]]:
        with connect_readonly(database) as db:
            query = "SELECT source_id, column_name, text FROM comments ORDER BY 1, 2"
            return [tuple(row) for row in db.execute(query)]

    text = file.read_text(encoding="utf-8-sig")
    delimiter = csv.Sniffer().sniff(text.splitlines()[0], ",;\t").delimiter
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    whole = imported(_written(tmp_path / "whole.csv", header, rows))
    assert whole.new > 0
    once = stored()
    mixed = random.Random(4).sample(rows, len(rows))
    most = max(len(rows) * 2 // 3, 1)
    parts = {"mixed": mixed, "first": mixed[:most], "last": mixed[-most:], "again": rows}
    for name, part in parts.items():
        receipt = imported(_written(tmp_path / f"{name}.csv", header, part))
        assert (receipt.new, receipt.changed) == (0, 0), name
        assert stored() == once, name
