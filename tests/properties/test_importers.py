"""What must hold for any file: nothing changes on the way in, and no row is lost."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analyzer.importers import Loaded, Mapping, read_file
from analyzer.importers.dates import read_dates

COLUMNS = ("id", "text", "more", "date", "score")
MAPPING = Mapping(text=("text", "more"), id="id")
FULL = Mapping(text=("text", "more"), id="id", date="date", score="score")

# A NUL rejects its row and a surrogate cannot be written, each on purpose.
any_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
western = st.text("abc dEf,;|\t\"'\n\réñü", max_size=30)
odd = st.sampled_from(["", "4", "x", "2024-01-02", "13/2/2024", "2/13/2024", "N/A", "4/5", " "])
# Each example writes a file: the first one may wait for the disk.
unhurried = settings(deadline=None)
delimiters = st.sampled_from([",", ";", "\t", "|"])


def written(rows: list[list[str]], delimiter: str) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return out.getvalue()


def load(
    data: bytes, mapping: Mapping, *, name: str = "x.csv", encoding: str | None = None
) -> Loaded:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return read_file(path, mapping=mapping, encoding=encoding)


def table(text: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    """Rows of distinct ids, two texts, and a date and a score that are blank."""
    return st.lists(st.tuples(text, text), max_size=8).map(
        lambda pairs: [[str(n), a, b, "", ""] for n, (a, b) in enumerate(pairs)]
    )


def came_back(loaded: Loaded, rows: list[list[str]]) -> bool:
    wanted = [
        (row[0], column, cell)
        for row in rows
        for column, cell in (("text", row[1]), ("more", row[2]))
        if cell.strip()
    ]
    return wanted == [(r.source_id, r.column, r.text) for r in loaded.records]


@unhurried
@given(
    table(any_text),
    delimiters,
    st.sampled_from(
        [("utf-8", None), ("utf-8-sig", None), ("utf-16", None), ("utf-16-be", "utf-16-be")]
    ),
)
def test_any_text_comes_back_unchanged(
    rows: list[list[str]], delimiter: str, codec: tuple[str, str | None]
) -> None:
    loaded = load(written(rows, delimiter).encode(codec[0]), MAPPING, encoding=codec[1])
    assert came_back(loaded, rows)
    assert (loaded.rows, loaded.rejected) == (len(rows), ())


@unhurried
@given(table(western), delimiters, st.sampled_from(["cp1252", "utf-16-le", "utf-16-be"]))
def test_western_text_comes_back_without_any_mark(
    rows: list[list[str]], delimiter: str, codec: str
) -> None:
    text = written(rows, delimiter)
    letters = [char for char in text if char.isalpha()]
    assume(sum(not char.isascii() for char in letters) <= len(letters) / 4)
    assert came_back(load(text.encode(codec), MAPPING), rows)


@unhurried
@given(table(any_text))
def test_any_text_comes_back_from_json_lines(rows: list[list[str]]) -> None:
    assume(rows)
    lines = [json.dumps(dict(zip(COLUMNS, row, strict=True))) for row in rows]
    assert came_back(load("\n".join(lines).encode(), MAPPING, name="x.jsonl"), rows)


def is_accounted_for(loaded: Loaded) -> bool:
    with_records = {record.row for record in loaded.records}
    rejected = [bad.row for bad in loaded.rejected]
    only_empty = loaded.rows - len(with_records) - len(rejected)
    blank_cells = loaded.empty - (2 * len(with_records) - len(loaded.records))
    distinct = len(rejected) == len(set(rejected)) and not with_records & set(rejected)
    return distinct and blank_cells == 2 * only_empty


@unhurried
@given(st.lists(st.tuples(odd, any_text, any_text, odd, odd).map(list), max_size=12), delimiters)
def test_every_row_is_a_record_empty_or_rejected(rows: list[list[str]], delimiter: str) -> None:
    loaded = load(written(rows, delimiter).encode(), FULL)
    assert is_accounted_for(loaded)
    assert loaded.rows == sum(any(cell.strip() for cell in row) for row in rows)


@unhurried
@given(st.text('ab,"\n\r; \0', max_size=80))
def test_broken_text_loses_no_row_and_raises_nothing_else(body: str) -> None:
    assert is_accounted_for(load(f"id,text,more,date,score\n{body}".encode(), FULL))


@unhurried
@given(st.lists(any_text | odd | st.from_regex(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"), max_size=8))
def test_a_date_is_read_or_unreadable_and_never_an_exception(strings: list[str]) -> None:
    dates = read_dates(strings)
    assert len(dates.values) == len(strings)
    assert all(dates.values[place] is None for place in dates.unreadable)
