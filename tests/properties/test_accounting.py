"""Rows in = accepted + empty + duplicate + rejected, whatever is in a file, and nothing half-kept.

10,000 files, small ones: what is odd about a cell is odd in a short one, too. Cells of a megabyte
and workbooks, which take long to write, have tests of their own.
"""

from __future__ import annotations

import csv
import io
import json
import random
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer import intake, language
from analyzer.errors import BadData
from analyzer.importers.mapping import Mapping
from analyzer.intake import Receipt
from analyzer.settings import Settings

COLUMNS = ("id", "text", "more", "date", "score")
MAPPINGS = (
    Mapping(text=("text", "more"), id="id", date="date", score="score"),
    Mapping(text=("text",), id="id"),
    Mapping(text=("text", "more"), attr=("date", "score")),
    None,
)
# Every row that cannot be read is to be counted here, not to refuse the file.
TOLERANT = Settings({"max_bad_rows": 1.0})
FILES = 10_000

AWKWARD = (
    "", " ", "\t", "\0", "a\0b", '"', '""', 'a"b', '"a', "'", ",", ";", "|", "\n", "\r", "\r\n",
    "two\nlines", "two\r\nlines", "\u2028", "\x85", "\x0c", "\ufeff", "\ufeffa", "=1+1", "@SUM(A1)",
    "+1", "-1", '=HYPERLINK("x")', "N/A", "none", "null", "NaN", "4", "4/5", "x", "2026-01-02",
    "13/2/2026", "2/13/2026", "1", "2", "3", "word", "another word", "\ud800", "\udc00", "é",
    "ñandú", "日本語", "😀", "👩\u200d👩\u200d👧", "\U00010000", "\U000e0001", "\U0010ffff",
    "\ue000", "\ufffe", "e\u0301", "İ", "<b>bold</b>", "&nbsp;", "\\", "{}", "[]", "a@example.org",
)  # fmt: skip
cell = st.sampled_from(AWKWARD) | st.text(st.characters(exclude_categories=()), max_size=6)
row = st.lists(cell, min_size=len(COLUMNS), max_size=len(COLUMNS))
ragged = st.lists(cell, max_size=len(COLUMNS) + 2)


@dataclass(frozen=True)
class File:
    """A generated file; ``rows`` is how many rows are in it, None where nobody can tell."""

    name: str
    data: bytes
    rows: int | None


def as_csv(rows: list[list[str]], delimiter: str, end: str, *, quote: bool) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(
        out,
        delimiter=delimiter,
        lineterminator=end,
        quoting=csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL,
    )
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return out.getvalue()


def blank(cells: list[str]) -> bool:
    return not any(cell.strip() for cell in cells)


@st.composite
def tables(draw: st.DrawFn) -> File:
    rows = draw(st.lists(row | ragged, max_size=5))
    delimiter, end = draw(st.sampled_from(",;\t|")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    codec = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]))
    quote = draw(st.booleans())
    text = as_csv(rows, delimiter, end, quote=quote)
    # Unless it quotes all, the writer leaves a "\n" as it is where lines end at "\r".
    certain = quote or not any(set(c) & {"\r", "\n"} for cells in rows for c in cells)
    known = sum(not blank(cells) for cells in rows) if certain else None
    try:
        return File("x.csv", text.encode(codec), known)
    except UnicodeEncodeError:
        errors = "replace" if codec == "cp1252" else "surrogatepass"
        codec = codec.replace("-sig", "")
        return File("x.csv", text.encode(codec, errors), None)


@st.composite
def broken_tables(draw: st.DrawFn) -> File:
    rows = draw(st.lists(ragged, max_size=5))
    text = ",".join(COLUMNS) + "\n" + "\n".join(",".join(cells) for cells in rows)
    return File("x.csv", text.encode("utf-8", "surrogatepass"), None)


@st.composite
def documents(draw: st.DrawFn) -> File:
    rows = draw(st.lists(ragged, max_size=5))
    items: list[object] = [dict(zip(COLUMNS, cells, strict=False)) for cells in rows]
    if draw(st.booleans()):
        items.append(draw(st.sampled_from([None, 7, "x", [], {}, {"text": {"a": "b"}}])))
    # Escaped, lone surrogates are valid JSON.
    escaped = draw(st.booleans()) or any(
        "\ud800" <= c <= "\udfff" for r in rows for c in "".join(r)
    )
    lines = [json.dumps(item, ensure_ascii=escaped) for item in items]
    if draw(st.booleans()):
        return File("x.jsonl", "\n".join(lines).encode(), None if len(lines) < 2 else len(lines))
    return File("x.json", f"[{','.join(lines)}]".encode(), len(items))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    # 20,000 commits wait for the disk four minutes, and in memory for nothing.
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield tmp_path_factory.mktemp("accounting") / "x.db"
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder) / "x.db"


@pytest.fixture(autouse=True)
def _no_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The language of a text changes no count, and telling it takes longer than all the rest."""
    monkeypatch.setattr(language, "detect", lambda texts: [None] * len(texts))


def state(database: Path) -> tuple[int, ...]:
    """Return how many imports, comments and rejected rows there are: nothing is ever deleted."""
    if not database.is_file():
        return (0, 0, 0)
    tables = ("imports", "comments", "rejected_rows")
    counts = ", ".join(f"(SELECT coalesce(max(rowid), 0) FROM {table})" for table in tables)
    with closing(sqlite3.connect(database)) as db:
        return tuple(db.execute(f"SELECT {counts}").fetchone())


def is_accounted_for(receipt: Receipt) -> bool:
    texts = len(receipt.mapping["text"])  # type: ignore[arg-type]
    accepted = receipt.new + receipt.changed + receipt.unchanged
    counts = (accepted, receipt.empty, receipt.duplicate, receipt.rejected)
    return (
        min(counts) >= 0
        and receipt.rejected == len(receipt.rejected_rows)
        and receipt.answers == accepted + receipt.empty + receipt.duplicate
        and receipt.rows * texts == receipt.answers + receipt.rejected * texts
    )


def check(file: File, mapping: Mapping | None, folder: Path, database: Path) -> None:
    path = folder / file.name
    path.write_bytes(file.data)
    before = state(database)
    try:
        receipt = intake.import_file(path, database, TOLERANT, side="employee", mapping=mapping)
    except BadData:
        assert state(database) == before
        return
    assert is_accounted_for(receipt)
    if file.rows is not None:
        assert receipt.rows == file.rows
    imports, comments, rejected = state(database)
    assert (imports, comments) == (before[0] + 1, before[1] + receipt.new)
    assert rejected == before[2] + receipt.rejected


@settings(
    max_examples=FILES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tables() | broken_tables() | documents(), st.sampled_from(MAPPINGS))
def test_every_row_of_ten_thousand_files_is_accounted_for(
    database: Path, file: File, mapping: Mapping | None
) -> None:
    check(file, mapping, database.parent, database)


@pytest.mark.parametrize("char", ["a", "é", "😀", "\n", '"', " "])
@pytest.mark.parametrize("name", ["x.csv", "x.json", "x.jsonl"])
def test_cells_of_a_megabyte_are_accounted_for(
    database: Path, char: str, name: str, tmp_path: Path
) -> None:
    rows = [["1", char * 1_000_000, "more", "", ""], ["2", "text", char * 1_000_000, "", ""]]
    if name == "x.csv":
        text = as_csv(rows, ",", "\n", quote=False)
    else:
        items = [json.dumps(dict(zip(COLUMNS, cells, strict=True))) for cells in rows]
        text = "\n".join(items) if name == "x.jsonl" else f"[{','.join(items)}]"
    check(File(name, text.encode(), 2), MAPPINGS[0], tmp_path, database)


in_sheet = cell.filter(lambda text: not any(ord(c) < 32 or "\ud800" <= c <= "\udfff" for c in text))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(in_sheet, max_size=len(COLUMNS)), max_size=5), st.sampled_from(MAPPINGS))
def test_every_row_of_a_workbook_is_accounted_for(
    database: Path, rows: list[list[str]], mapping: Mapping | None
) -> None:
    book = openpyxl.Workbook()
    for cells in [list(COLUMNS), *rows]:
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    # Formulas have no value until Excel has computed them.
    known = not any(text.startswith("=") for cells in rows for text in cells)
    count = sum(not blank(cells) for cells in rows) if known else None
    check(File("x.xlsx", out.getvalue(), count), mapping, database.parent, database)


# --- files cut short ------------------------------------------------------------------------------

CODECS = {"utf16.csv": "utf-16"}
LONG = 'Comment {}, "quoted" – with\na second line, ñ and 😀'
WHOLE = [[str(n), LONG.format(n), f"more of {n}", "2026-03-01", "4"] for n in range(120)]


def whole_file(name: str) -> bytes:
    items = [dict(zip(COLUMNS, cells, strict=True)) for cells in WHOLE]
    if name == "x.xlsx":
        book = openpyxl.Workbook()
        for cells in [list(COLUMNS), *WHOLE]:
            book.active.append(cells)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()
    if name == "x.json":
        return json.dumps({"reviews": items}, ensure_ascii=False, indent=1).encode()
    if name == "x.jsonl":
        return "\n".join(json.dumps(item, ensure_ascii=False) for item in items).encode()
    return as_csv(WHOLE, ",", "\r\n", quote=False).encode(CODECS.get(name, "utf-8"))


@pytest.mark.parametrize("name", ["x.csv", "utf16.csv", "x.json", "x.jsonl", "x.xlsx"])
def test_a_file_cut_anywhere_is_read_with_its_whole_rows_right_or_refused(
    name: str, tmp_path: Path
) -> None:
    data = whole_file(name)
    right = {(cells[0], column): cells[1 + (column == "more")] for cells in WHOLE
             for column in ("text", "more")}  # fmt: skip
    outcomes = Counter[str]()
    for offset in random.Random(name).sample(range(1, len(data)), 100):
        database = tmp_path / f"{offset}.db"
        path = tmp_path / name
        path.write_bytes(data[:offset])
        try:
            receipt = intake.import_file(
                path, database, Settings(), side="employee", mapping=MAPPINGS[0]
            )
        except BadData:
            assert not database.exists()
            outcomes["refused"] += 1
            continue
        assert is_accounted_for(receipt)
        with closing(sqlite3.connect(database)) as db:
            found = db.execute("SELECT source_id, column_name, text FROM comments").fetchall()
        ids = {key for key, _, _ in found}
        # The row where the file ends may have lost its end; every other row is there, and whole.
        begun = data[:offset].decode(CODECS.get(name, "utf-8"), "ignore").count("Comment ")
        assert begun - 1 <= len(ids) <= begun
        assert ids == {str(number) for number in range(len(ids))}
        wrong = {key for key, column, text in found if right.get((key, column)) != text}
        assert wrong <= {str(begun - 1)}
        outcomes["read"] += 1
    assert outcomes.total() == 100
    assert outcomes["refused"] > 0
