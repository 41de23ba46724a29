"""What the importers must do, format by format."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analyzer.errors import BadData, InputOutput, Misconfigured, UsageError
from analyzer.importers import (
    FORMATS,
    Loaded,
    Mapping,
    Profile,
    guess,
    parse_map,
    read_file,
    read_profile,
    resolve,
    synonyms,
)
from analyzer.importers.dates import read_dates
from analyzer.importers.records import read_score
from analyzer.importers.source import Source
from analyzer.importers.spreadsheet import sheet_names
from analyzer.importers.table import column_names

TEXT = Mapping(text=("text",))
ID_TEXT = Mapping(text=("text",), id="id")


def put(folder: Path, content: str | bytes, name: str = "x.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def texts(loaded: Loaded) -> list[str]:
    return [record.text for record in loaded.records]


def reasons(loaded: Loaded) -> list[tuple[int, str, str | None]]:
    return [(bad.row, bad.reason, bad.column) for bad in loaded.rejected]


# --- the file itself ---------------------------------------------------------------------------


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputOutput, match=r"There is no file .*x\.csv\."):
        read_file(tmp_path / "x.csv", mapping=None)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputOutput, match="is a folder"):
        read_file(tmp_path, mapping=None)


def test_a_file_that_may_not_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, mode: str) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputOutput, match="may not be read"):
        read_file(tmp_path / "x.csv", mapping=None)


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", " \n".encode("utf-16")])
@pytest.mark.parametrize("name", ["x.csv", "x.json", "x.jsonl"])
def test_an_empty_file_is_an_error(tmp_path: Path, content: bytes, name: str) -> None:
    with pytest.raises(BadData, match=rf"^{name} is empty\.$"):
        read_file(put(tmp_path, content, name), mapping=None)


def test_a_file_of_delimiters_alone_is_empty(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"^x\.csv is empty\.$"):
        read_file(put(tmp_path, ',,\n""\n'), mapping=None)


@pytest.mark.parametrize("content", ["[]", '{"reviews": [], "next": null}'])
def test_an_empty_list_gives_no_records_and_a_note(tmp_path: Path, content: str) -> None:
    loaded = read_file(put(tmp_path, content, "x.json"), mapping=TEXT)
    assert (loaded.rows, loaded.records, loaded.notes[-1]) == (0, (), "There is no row.")


def test_a_header_alone_gives_no_records_and_a_note(tmp_path: Path) -> None:
    loaded = read_file(put(tmp_path, "id,text\n"), mapping=None)
    assert (loaded.rows, loaded.records, loaded.rejected) == (0, (), ())
    assert "There is a header and no row." in loaded.notes


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b'[{"text": "a"}]', "json"),
        (b'\xef\xbb\xbf {"text": "a"}', "json"),
        (b"text\na\n", "csv"),
        (workbook({"A": [["text"], ["a"]]}), "xlsx"),
    ],
)
def test_an_unknown_suffix_is_told_by_content(tmp_path: Path, content: bytes, form: str) -> None:
    loaded = read_file(put(tmp_path, content, "x.txt"), mapping=None)
    assert (loaded.format, texts(loaded)) == (form, ["a"])


def test_a_workbook_is_known_whatever_it_is_called(tmp_path: Path) -> None:
    path = put(tmp_path, workbook({"A": [["text"], ["a"]]}), "x.csv")
    assert read_file(path, mapping=None).format == "xlsx"


def test_every_format_has_its_own_suffixes_and_help() -> None:
    suffixes = [suffix for form in FORMATS for suffix in form.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert all(form.help for form in FORMATS)


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = (
        "import sys, analyzer.importers; heavy = {'fastexcel', 'nanoarrow', 'dateutil', 'pandas'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    out = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=True,
    )
    assert out.stdout.strip() == "[]"


# --- encodings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codec", "mark", "note"),
    [
        ("utf-8", b"", "Encoding: UTF-8."),
        ("utf-8", b"\xef\xbb\xbf", "Encoding: UTF-8."),
        ("utf-16-le", b"\xff\xfe", "Encoding: UTF-16 LE."),
        ("utf-16-be", b"\xfe\xff", "Encoding: UTF-16 BE."),
        ("utf-16-le", b"", "Encoding: UTF-16 LE (no mark)."),
        ("utf-16-be", b"", "Encoding: UTF-16 BE (no mark)."),
        ("cp1252", b"", "Encoding: cp1252 (not UTF-8)."),
    ],
)
def test_the_encoding_is_found_and_said(tmp_path: Path, codec: str, mark: bytes, note: str) -> None:
    path = put(tmp_path, mark + "id,text\n1,the café – closed\n".encode(codec))
    loaded = read_file(path, mapping=ID_TEXT)
    assert texts(loaded) == ["the café – closed"]
    assert note in loaded.notes


def test_bytes_that_cp1252_does_not_know_are_an_error_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"neither UTF-8, .*\(byte 0x81 at line 3\).*--encoding"):
        read_file(put(tmp_path, b"id,text\n1,fine\n2,bad \x81\n"), mapping=None)


def test_cyrillic_bytes_are_not_taken_for_western_ones(tmp_path: Path) -> None:
    data = "id,text\n1,очень долго ждали и никто не помог\n".encode("cp1251")
    with pytest.raises(BadData, match="neither UTF-8, UTF-16 nor cp1252"):
        read_file(put(tmp_path, data), mapping=None)
    named = read_file(put(tmp_path, data), mapping=None, encoding="cp1251")
    assert texts(named) == ["очень долго ждали и никто не помог"]


def test_nul_bytes_are_not_western_text(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="neither UTF-8"):
        read_file(put(tmp_path, b"id,text\n1,caf\xe9\0 nice and long\n"), mapping=None)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [(b"\xef\xbb\xbfid,text\n1,caf\xe9\n", None), (b"id,text\n1,caf\xe9\n", "utf-8")],
)
def test_a_marked_or_named_encoding_is_strict(
    tmp_path: Path, data: bytes, encoding: str | None
) -> None:
    with pytest.raises(BadData, match=r"is not (?i:utf-8) as .* \(byte 0xE9 at line 2\)"):
        read_file(put(tmp_path, data), mapping=None, encoding=encoding)


@pytest.mark.parametrize("encoding", ["klingon", "hex"])
def test_an_unknown_encoding_is_a_usage_error(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(UsageError, match=f"no encoding '{encoding}'"):
        read_file(put(tmp_path, "text\na\n"), mapping=None, encoding=encoding)


def test_an_option_that_does_not_apply_is_said(tmp_path: Path) -> None:
    text = read_file(put(tmp_path, "text\na\n"), mapping=None, sheet="A")
    assert "Only a workbook has a --sheet: it was not used." in text.notes
    book = put(tmp_path, workbook({"A": [["text"], ["a"]]}), "x.xlsx")
    assert any("--encoding" in n for n in read_file(book, mapping=None, encoding="utf-8").notes)


# --- delimited text ----------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_recognised(tmp_path: Path, delimiter: str, end: str) -> None:
    rows = [["id", "text"], ["1", "a, b; c"], ["2", 'she said "no"|yes']]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    loaded = read_file(put(tmp_path, out.getvalue()), mapping=ID_TEXT)
    assert texts(loaded) == ["a, b; c", 'she said "no"|yes']
    assert [record.row for record in loaded.records] == [2, 3]
    shown = "tab" if delimiter == "\t" else f"'{delimiter}'"
    assert f"Delimiter: {shown}." in loaded.notes


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    assert texts(read_file(put(tmp_path, "comment\nfine\nbad\n"), mapping=None)) == ["fine", "bad"]


def test_a_row_number_is_the_line_where_the_record_begins(tmp_path: Path) -> None:
    path = put(tmp_path, 'id,text\n\n1,"two\nlines"\n2,x\n')
    assert [(r.row, r.text) for r in read_file(path, mapping=ID_TEXT).records] == [
        (3, "two\nlines"),
        (5, "x"),
    ]


def test_ragged_rows_are_kept_aside_with_their_reason(tmp_path: Path) -> None:
    path = put(tmp_path, "id,text,unit,score\n1,a,b,3,extra\n2,a\n3,good,u,4,, \n4,fine,u,5\n")
    loaded = read_file(path, mapping=ID_TEXT)
    assert texts(loaded) == ["good", "fine"]
    assert reasons(loaded) == [
        (2, "5 cells where the header has 4", None),
        (3, "2 cells where the header has 4", None),
    ]
    assert loaded.rows == 4


def test_rows_may_lack_the_unnamed_cells_at_the_end_of_a_header(tmp_path: Path) -> None:
    loaded = read_file(put(tmp_path, "id,text,\n1,a\n2,b,\n"), mapping=ID_TEXT)
    assert texts(loaded) == ["a", "b"]


def test_blank_lines_are_not_rows(tmp_path: Path) -> None:
    loaded = read_file(put(tmp_path, "\n\nid,text\n1,a\n\n  \n,,\n2,b\n"), mapping=ID_TEXT)
    assert (loaded.rows, texts(loaded)) == (2, ["a", "b"])


def test_a_broken_quote_costs_its_row_and_reading_goes_on(tmp_path: Path) -> None:
    loaded = read_file(put(tmp_path, 'id,text\n1,"bad"x\n2,good\n'), mapping=ID_TEXT)
    assert texts(loaded) == ["good"]
    assert [(bad.row, bad.reason[:21]) for bad in loaded.rejected] == [(2, "cannot be read as CSV")]


def test_every_line_that_an_open_quote_swallows_is_rejected(tmp_path: Path) -> None:
    loaded = read_file(
        put(tmp_path, 'id,text\n1,good\n2,"open\n3,lost\n\n4,lost\n'), mapping=ID_TEXT
    )
    assert texts(loaded) == ["good"]
    assert [bad.row for bad in loaded.rejected] == [3, 4, 6]
    assert loaded.rejected[1].reason == "is inside the broken quotes of line 3"
    assert loaded.rows == 4


def test_a_broken_header_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"The header of x\.csv \(line 1\)"):
        read_file(put(tmp_path, '"id"x,text\n1,a\n'), mapping=None)


def test_a_nul_in_a_cell_rejects_the_row(tmp_path: Path) -> None:
    loaded = read_file(put(tmp_path, "id,text\n1,a\0b\n2,good\n"), mapping=ID_TEXT)
    assert reasons(loaded) == [(2, "holds a NUL byte", "text")]
    assert texts(loaded) == ["good"]


def test_long_cells_are_read_and_the_limit_is_put_back(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    long = "word " * 60_000
    assert texts(read_file(put(tmp_path, f"id,text\n1,{long}\n"), mapping=ID_TEXT)) == [long]
    assert csv.field_size_limit() == before


def test_a_cell_above_ten_megabytes_costs_its_row_only(tmp_path: Path) -> None:
    path = put(tmp_path, f"id,text\n1,{'a' * (10 * 1024 * 1024 + 1)}\n2,good\n")
    loaded = read_file(path, mapping=ID_TEXT)
    assert (texts(loaded), [bad.row for bad in loaded.rejected]) == (["good"], [2])


def test_headers_are_cleaned_and_made_distinct() -> None:
    given = ["\ufeffid", "<strong>Why&nbsp;not?</strong>", " Why\n not? ", "", "a < b"]
    assert column_names(given) == ("id", "Why not?", "Why not? (2)", "column 4", "a < b")


def test_a_qualified_name_never_hides_a_given_one() -> None:
    assert column_names(["Why?", "Why? (2)", "Why?"]) == ("Why?", "Why? (2)", "Why? (3)")


def test_the_headers_of_qualtrics_are_not_comments(tmp_path: Path) -> None:
    ids = '"{""ImportId"":""_recordId""}","{""ImportId"":""QID2_TEXT""}"'
    path = put(tmp_path, f'ResponseId,Q2\nAntwort-ID,"Why, then?"\n{ids}\nR_1,slow\n')
    loaded = read_file(path, mapping=parse_map("text=Q2,id=ResponseId"))
    assert (texts(loaded), loaded.records[0].row) == (["slow"], 4)
    assert "Header of Qualtrics: 3 rows." in loaded.notes


# --- JSON --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        [{"id": 1, "text": "a"}, {"id": 2, "text": "b"}],
        {"reviews": [{"id": 1, "text": "a"}, {"id": 2, "text": "b"}], "next": None, "tags": ["x"]},
        {"1": {"text": "a"}, "2": {"text": "b"}},
    ],
)
def test_json_may_be_a_list_an_object_around_one_or_keyed_by_id(
    tmp_path: Path, document: object
) -> None:
    loaded = read_file(put(tmp_path, json.dumps(document), "x.json"), mapping=None)
    assert [(r.row, r.source_id, r.text) for r in loaded.records] == [(1, "1", "a"), (2, "2", "b")]


def test_an_id_inside_a_keyed_object_stays(tmp_path: Path) -> None:
    path = put(tmp_path, '{"k": {"id": "own", "text": "a"}}', "x.json")
    assert read_file(path, mapping=None).records[0].source_id == "own"


def test_json_is_flattened_with_dots_and_lists_joined(tmp_path: Path) -> None:
    item = {
        "id": 12345678901234567890,
        "body": {"text": "a"},
        "tags": ["x", None, 2],
        "ok": True,
        "parts": [{"a": 1}],
        "score": 4.50,
    }
    mapping = parse_map("text=body.text,id=id,score=score,attr=tags,attr=ok")
    loaded = read_file(put(tmp_path, json.dumps([item]), "x.json"), mapping=mapping)
    record = loaded.records[0]
    assert record.source_id == "12345678901234567890"
    assert (record.score, record.attributes) == (4.5, {"tags": "x, 2", "ok": "true"})
    assert "Lists of objects inside an object are not read: parts." in loaded.notes


def test_missing_keys_are_blank_cells(tmp_path: Path) -> None:
    path = put(tmp_path, '[{"id": 1}, {"text": "b", "id": 2}, {"id": 3, "text": null}]', "x.json")
    loaded = read_file(path, mapping=ID_TEXT)
    assert (loaded.rows, texts(loaded), loaded.empty) == (3, ["b"], 2)


def test_what_is_no_object_is_kept_aside(tmp_path: Path) -> None:
    loaded = read_file(put(tmp_path, '[{"text": "a"}, 7]', "x.json"), mapping=TEXT)
    assert reasons(loaded) == [(2, "is not an object", None)]


def test_a_bad_line_of_json_lines_is_kept_aside_with_its_number(tmp_path: Path) -> None:
    path = put(tmp_path, '{"text": "a"}\n\n{"text": \n[1]\n{"text": "b"}\n', "x.jsonl")
    loaded = read_file(path, mapping=TEXT)
    assert [(r.row, r.text) for r in loaded.records] == [(1, "a"), (5, "b")]
    assert [bad.row for bad in loaded.rejected] == [3, 4]
    assert loaded.rejected[0].reason.startswith("is not JSON")


def test_json_lines_in_a_json_file_and_json_in_a_lines_file_are_read(tmp_path: Path) -> None:
    lines = put(tmp_path, '{"text": "a"}\n{"text": "b"}\n', "x.json")
    assert texts(read_file(lines, mapping=TEXT)) == ["a", "b"]
    for document in ('[{"text": "a"},\n {"text": "b"}]', '{"r": [{"text": "a"}, {"text": "b"}]}'):
        whole = put(tmp_path, document, "x.ndjson")
        assert texts(read_file(whole, mapping=TEXT)) == ["a", "b"]


def test_one_line_of_json_lines_is_one_record(tmp_path: Path) -> None:
    path = put(tmp_path, '{"text": "a", "replies": [{"text": "b"}]}\n', "x.jsonl")
    assert texts(read_file(path, mapping=TEXT)) == ["a"]


@pytest.mark.parametrize("content", ["[1, 2]", "7", '"text"', '{"a": 1'])
def test_json_without_objects_is_an_error(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadData, match=r"^x\.json (holds no objects|is not JSON)"):
        read_file(put(tmp_path, content, "x.json"), mapping=TEXT)


def test_several_lists_of_objects_are_an_error_that_names_them(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="several lists of objects: a, b"):
        read_file(put(tmp_path, '{"a": [{"x": 1}], "b": [{"y": 1}]}', "x.json"), mapping=TEXT)


def test_json_that_is_nested_too_deeply_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="nested too deeply"):
        read_file(put(tmp_path, "[" * 100_000, "x.json"), mapping=TEXT)


def test_a_large_document_is_not_held(tmp_path: Path) -> None:
    item = {"id": 1, "text": "word " * 20, "metadata": {"a": "x" * 2000, "b": ["y" * 2000]}}
    text = json.dumps([item] * 4000)
    path = put(tmp_path, text, "x.json")
    size = len(text)
    del text
    tracemalloc.start()
    loaded = read_file(path, mapping=TEXT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (loaded.rows, len(loaded.records)) == (4000, 4000)
    assert peak < size / 2


def test_half_a_character_rejects_the_row(tmp_path: Path) -> None:
    loaded = read_file(put(tmp_path, '[{"text": "a\\ud800"}]', "x.json"), mapping=TEXT)
    assert loaded.rejected[0].reason == "holds half a character (a lone surrogate)"


# --- workbooks ---------------------------------------------------------------------------------


def test_cells_of_a_workbook_come_as_a_person_would_write_them(tmp_path: Path) -> None:
    header = ["text", "day", "moment", "whole", "long", "small", "yes", "padded"]
    row = [
        "a",
        dt.date(2026, 3, 1),
        dt.datetime(2026, 3, 1, 10, 30),
        5.0,
        634567890123456,
        0.0000001,
        True,
        "007",
    ]
    path = put(tmp_path, workbook({"A": [header, row]}), "x.xlsx")
    mapping = Mapping(text=("text",), attr=tuple(header[1:]))
    assert read_file(path, mapping=mapping).records[0].attributes == {
        "day": "2026-03-01",
        "moment": "2026-03-01T10:30:00",
        "whole": "5",
        "long": "634567890123456",
        "small": "0.0000001",
        "yes": "true",
        "padded": "007",
    }


def test_an_error_cell_is_blank_and_blank_rows_are_skipped(tmp_path: Path) -> None:
    rows = [[], ["id", "text"], ["1", "#DIV/0!"], [None, None], ["3", "good"]]
    loaded = read_file(put(tmp_path, workbook({"A": rows}), "x.xlsx"), mapping=ID_TEXT)
    assert [(r.row, r.text) for r in loaded.records] == [(5, "good")]
    assert (loaded.rows, loaded.empty) == (2, 1)


def test_the_sheet_whose_header_fits_is_taken(tmp_path: Path) -> None:
    sheets = {"About": [["Tickets of a year"], ["see next"]], "T": [["id", "message"], [1, "a"]]}
    loaded = read_file(put(tmp_path, workbook(sheets), "x.xlsx"), mapping=None)
    assert (texts(loaded), loaded.notes[0]) == (["a"], "Sheet: T.")


def test_several_sheets_that_fit_are_a_usage_error(tmp_path: Path) -> None:
    sheets = {"May": [["text"], ["a"]], "June": [["text"], ["b"]]}
    path = put(tmp_path, workbook(sheets), "x.xlsx")
    with pytest.raises(UsageError, match=r"May, June.*--sheet"):
        read_file(path, mapping=None)
    assert texts(read_file(path, mapping=None, sheet="june")) == ["b"]
    assert sheet_names(Source(path)) == ("May", "June")


def test_no_sheet_that_fits_is_an_error_that_lists_them(tmp_path: Path) -> None:
    path = put(tmp_path, workbook({"A": [["x"], [1]], "B": [["y"], [2]]}), "x.xlsx")
    with pytest.raises(BadData, match=r"It has: A, B\. Name one with --sheet"):
        read_file(path, mapping=None)


def test_a_sheet_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    path = put(tmp_path, workbook({"A": [["text"], ["a"]]}), "x.xlsx")
    with pytest.raises(UsageError, match=r"no sheet 'Z'. It has: A\."):
        read_file(path, mapping=None, sheet="Z")


@pytest.mark.parametrize("kept", [6, 300, 0.5, 0.9, -1])
def test_a_truncated_workbook_is_an_error_that_says_what_to_do(tmp_path: Path, kept: float) -> None:
    whole = workbook({"A": [["text"], *[[f"row {n}"] for n in range(500)]]})
    cut = int(len(whole) * kept) if isinstance(kept, float) else kept
    with pytest.raises(BadData, match=r"x\.xlsx is cut short.*save it as"):
        read_file(put(tmp_path, whole[:cut], "x.xlsx"), mapping=None)


def test_text_that_is_called_a_workbook_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="not an XLSX workbook"):
        read_file(put(tmp_path, "id,text\n1,a\n", "x.xlsx"), mapping=None)


def test_a_protected_workbook_says_so(tmp_path: Path) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
    with pytest.raises(BadData, match="protected by a password"):
        read_file(put(tmp_path, data, "x.xlsx"), mapping=None)


def test_a_blank_workbook_is_empty(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"^x\.xlsx is empty\.$"):
        read_file(put(tmp_path, workbook({"A": [], "B": [[None]]}), "x.xlsx"), mapping=None)


def test_a_stray_cell_in_the_last_corner_is_an_error_and_not_a_crash(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "text"
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(BadData, match="reaches to XFD1048576"):
        read_file(tmp_path / "x.xlsx", mapping=None)


# --- mappings ----------------------------------------------------------------------------------


def test_a_map_is_read_with_repeats_and_escapes() -> None:
    parsed = parse_map(r"text=pros, text=cons,id=review_id,attr=a\,b\=c,attr=d=e,attr=f\g")
    assert parsed == Mapping(("pros", "cons"), id="review_id", attr=("a,b=c", "d=e", r"f\g"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("text=a,sore=b", "no key 'sore'. Keys: text, id"),
        ("text", "no column for 'text'"),
        ("text=a,id=", "no column for 'id'"),
        ("text=a,id=b,id=c", "names 'id' twice"),
        ("id=b", "no column for 'text'"),
        ("", "no key ''"),
    ],
)
def test_a_wrong_map_names_the_key(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_map(text)


def test_a_profile_is_read(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        'text = ["pros", "cons"]\nid = "n"\nattr = "place"\nsheet = "A"\nencoding = "cp1252"\n',
        "p.toml",
    )
    mapping = Mapping(("pros", "cons"), id="n", attr=("place",))
    assert read_profile(path) == Profile(mapping, sheet="A", encoding="cp1252")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('text = "a"\ntxt = "b"', "no key 'txt'"),
        ("text = 3", "'text' must be text"),
        ("text = []", "at least one column"),
        ('text = "a"\nid = ["b"]', "'id' must be text"),
        ('text = "a"\nattr = [""]', "'attr' must be text"),
        ('id = "a"', "names no column for text"),
        ("text = ", "is not TOML"),
    ],
)
def test_a_wrong_profile_is_misconfigured(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(Misconfigured, match=message):
        read_profile(put(tmp_path, content, "p.toml"))


def test_a_missing_profile_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputOutput, match="There is no profile"):
        read_profile(tmp_path / "p.toml")


def test_names_match_without_case_and_spaces_and_the_exact_one_first() -> None:
    columns = ("Review  Text", "ID", "id")
    found = resolve(Mapping(("reviewtext",), id="id"), columns, "x.csv")
    assert found == Mapping(("Review  Text",), id="id")


def test_a_column_that_is_missing_is_named_with_those_there_are(tmp_path: Path) -> None:
    path = put(tmp_path, "a,b,c\n1,2,3\n", "reviews.csv")
    with pytest.raises(BadData) as error:
        read_file(path, mapping=Mapping(("review",)))
    assert str(error.value) == (
        "reviews.csv has no column 'review'. It has: a, b, c. Name another one with --map."
    )


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        (
            "review_id,date,rating,location,review",
            "text=review,id=review_id,date=date,unit=location,score=rating",
        ),
        ("id,pros,cons,job_title", "text=pros,text=cons,id=id,attr=job_title"),
        ("Positive_Review,Negative_Review", "text=Positive_Review,text=Negative_Review"),
        (
            "fecha,tienda,puntuación,Comentarios,empleado_id",
            "text=Comentarios,date=fecha,unit=tienda,score=puntuación,respondent=empleado_id",
        ),
        (
            "data,sede,voto,recensione,reparto",
            "text=recensione,date=data,unit=sede,score=voto,attr=reparto",
        ),
        ("attributes.body,attributes.rating", "text=attributes.body,score=attributes.rating"),
        ("comment,name,email,IP Address,label", "text=comment"),
    ],
)
def test_columns_are_guessed_by_name_in_three_languages(columns: str, wanted: str) -> None:
    mapping, notes = guess(columns.split(","), "x.csv")
    assert mapping == parse_map(wanted)
    assert notes[0].startswith("Columns chosen by name: text=")


def test_personal_columns_are_never_taken_and_said() -> None:
    taken = {
        *synonyms.TEXT,
        *synonyms.ATTR,
        *(n for names in synonyms.SINGLE.values() for n in names),
    }
    assert not taken & synonyms.PERSONAL
    _, notes = guess(["comment", "First Name", "e-mail", "Teléfono"], "x.csv")
    assert "Personal, not read: First Name, e-mail, Teléfono." in notes


def test_other_columns_of_free_text_are_said() -> None:
    mapping, notes = guess(["review", "feedback"], "x.csv")
    assert mapping.text == ("review",)
    assert "Also free text by name, not read: feedback. Add them with --map." in notes


def test_no_column_of_text_is_an_error_that_lists_the_columns() -> None:
    with pytest.raises(BadData) as error:
        guess(["a", "b"], "x.csv")
    assert str(error.value) == (
        "x.csv has no column that looks like free text. It has: a, b. "
        "Name one with --map text=COLUMN."
    )


def test_a_comment_in_the_place_of_a_header_is_not_quoted_at_length() -> None:
    secret = "My manager in the shop on the corner, whose name is known to all, shouted at me"
    with pytest.raises(BadData) as error:
        guess([secret], "x.csv")
    assert "known to all" not in str(error.value)


# --- dates and scores --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024-01-15", "2024-01-15"),
        ("20240115", "2024-01-15"),
        ("2024-1-5", "2024-01-05"),
        ("2024-01-15T10:30:00", "2024-01-15T10:30:00"),
        ("2024-01-15T10:30:00.123456789Z", "2024-01-15T10:30:00"),
        ("2024-01-15 23:30:00 -0800", "2024-01-16T07:30:00"),
        ("2024-01-15T10:30:00+02:00", "2024-01-15T08:30:00"),
        ("1705312200", "2024-01-15T09:50:00"),
        ("1705312200000", "2024-01-15T09:50:00"),
        ("9 September 2020", "2020-09-09"),
        ("May 18, 2022", "2022-05-18"),
        ("7/27/26 19:06:23", "2026-07-27T19:06:23"),
        ("7/27/2026 7:06 PM", "2026-07-27T19:06:00"),
        ("30/09/2021", "2021-09-30"),
        ("30.09.2021", "2021-09-30"),
        ("01-Feb-2024", "2024-02-01"),
        ("9 de septiembre de 2020", "2020-09-09"),
        ("3 gen 2024", "2024-01-03"),
        ("2025-10", "2025-10-01"),
        ("  ", None),
        ("N/A", None),
    ],
)
def test_dates_are_read(text: str, iso: str | None) -> None:
    dates = read_dates([text])
    assert (dates.values, dates.unreadable) == ((iso,), frozenset())


@pytest.mark.parametrize(
    "text",
    ["soon", "May", "01-Feb", "Monday", "10:30", "12", "31/02/2024", "2024-13-01", "7/27/26 25:00",
     "May 18, 2022 - Tester", "0001-01-01T00:00:00+05:00", "²/3/2024"],
)  # fmt: skip
def test_what_is_not_a_whole_date_is_unreadable(text: str) -> None:
    assert read_dates([text]).unreadable == {0}


@pytest.mark.parametrize(
    ("strings", "values", "note"),
    [
        (["3/4/2024", "13/4/2024"], ("2024-04-03", "2024-04-13"), "read as day/month/year."),
        (["3/4/2024", "4/13/2024"], ("2024-03-04", "2024-04-13"), "read as month/day/year."),
        (["3/4/2024"], ("2024-04-03",), "read as day/month/year: none shows"),
        (["1/13/2024", "2/14/2024", "13/1/2024"], ("2024-01-13", "2024-02-14", None),
         "read as month/day/year, as most are"),
    ],
)  # fmt: skip
def test_the_whole_column_tells_day_from_month(
    strings: list[str], values: tuple[str | None, ...], note: str
) -> None:
    dates = read_dates(strings)
    assert dates.values == values
    assert note in dates.notes[0]


@pytest.mark.parametrize(
    ("text", "score"),
    [("4", 4), ("4.5", 4.5), ("4,5", 4.5), ("4/5", 4), ("4 out of 5", 4), ("FIVE", 5), ("-1", -1)],
)
def test_scores_are_read(text: str, score: float) -> None:
    assert read_score(text) == score


@pytest.mark.parametrize("text", ["good", "nan", "inf", "4 apples", "1e5", "4/"])
def test_what_is_not_a_score_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="number"):
        read_score(text)


def test_a_bad_date_or_score_rejects_the_row_and_names_the_column(tmp_path: Path) -> None:
    rows = "id,text,when,stars\n1,a,secret,4\n2,b,2024-01-01,secret\n3,c,,\n4,d,N/A,n/a\n"
    mapping = parse_map("text=text,id=id,date=when,score=stars")
    loaded = read_file(put(tmp_path, rows), mapping=mapping)
    assert reasons(loaded) == [
        (2, "date is not a date", "when"),
        (3, "score is not a number", "stars"),
    ]
    assert [(r.text, r.date, r.score) for r in loaded.records] == [
        ("c", None, None),
        ("d", None, None),
    ]


# --- records -----------------------------------------------------------------------------------


def test_each_text_column_makes_its_own_record(tmp_path: Path) -> None:
    path = put(tmp_path, "id,pros,cons,place,who\n1,good,bad,,u7\n2,, ,X,u8\n3,,slow,Y,\n")
    mapping = parse_map("text=pros,text=cons,id=id,attr=place,respondent=who")
    loaded = read_file(path, mapping=mapping)
    assert [(r.source_id, r.column, r.text, r.respondent) for r in loaded.records] == [
        ("1", "pros", "good", "u7"),
        ("1", "cons", "bad", "u7"),
        ("3", "cons", "slow", None),
    ]
    assert [r.attributes for r in loaded.records] == [{}, {}, {"place": "Y"}]
    assert (loaded.rows, loaded.empty, loaded.mapping) == (3, 3, mapping)


def test_a_blank_id_rejects_the_row(tmp_path: Path) -> None:
    loaded = read_file(put(tmp_path, "id,text\n ,a\n2,b\n"), mapping=ID_TEXT)
    assert reasons(loaded) == [(2, "id is blank", "id")]


def test_rows_without_an_id_column_get_a_stable_one(tmp_path: Path) -> None:
    path = put(tmp_path, "text,other\nsame,1\nsame,2\nelse,3\nsame,4\n")
    ids = [r.source_id for r in read_file(path, mapping=TEXT).records]
    assert ids[0].startswith("row-")
    assert len(ids[0]) == 20
    assert (ids[1], ids[3]) == (f"{ids[0]}-2", f"{ids[0]}-3")
    assert ids[2] not in {ids[0], ids[1], ids[3]}
    fewer = put(tmp_path, "text,other\nelse,9\n", "y.csv")
    assert read_file(fewer, mapping=TEXT).records[0].source_id == ids[2]


def test_a_repeated_id_is_said(tmp_path: Path) -> None:
    loaded = read_file(put(tmp_path, "id,text\n1,a\n1,b\n"), mapping=ID_TEXT)
    assert "1 rows repeat the id of an earlier row (column id)." in loaded.notes


def test_no_message_holds_the_content_of_a_cell(tmp_path: Path) -> None:
    rows = 'id,text,when,stars\n1,hush,hush,1\n2,hush,,hush\n3,hush,,1,hush\n4,"hush"hush,,1\n'
    mapping = parse_map("text=text,id=id,date=when,score=stars")
    loaded = read_file(put(tmp_path, rows), mapping=mapping)
    assert len(loaded.rejected) == 4
    assert "hush" not in repr((loaded.rejected, loaded.notes))


def test_an_error_does_not_quote_a_first_row_that_is_somebodys_comment(tmp_path: Path) -> None:
    path = tmp_path / "headless.csv"
    path.write_text("E1;my manager Zanzibarquux never listened\nE2;fine\n", encoding="utf-8")
    with pytest.raises(BadData) as error:
        read_file(path, mapping=None)
    assert "Zanzibarquux" not in str(error.value)
    assert "(column 2)" in str(error.value)


# What people do to an export in Excel.

HEAD = "id;created_at;shop;stars;review"
CELLS = ("R1;01/02/2026;Mill Lane;1;Long queue", "R2;13/02/2026;Mill Lane;5;Lovely bread")


@pytest.mark.parametrize(
    ("above", "row"),
    [
        ((), None),
        (("Reviews of Mill Lane, 2026",), 2),
        (("Reviews;;;;", ";;;;", "Exported on Monday;;;;"), 4),
        (("Visit;;;Review;",), 2),
        (("sep=;",), None),
    ],
)
def test_a_title_above_the_header_is_not_read(
    tmp_path: Path, above: tuple[str, ...], row: int | None
) -> None:
    path = put(tmp_path, "\r\n".join((*above, HEAD, *CELLS, "")).encode("utf-8-sig"))
    loaded = read_file(path, mapping=None)
    assert [record.text for record in loaded.records] == ["Long queue", "Lovely bread"]
    assert [record.row for record in loaded.records] == [len(above) + 2, len(above) + 3]
    said = [note for note in loaded.notes if "The header is in row" in note]
    assert [f"row {row};" in note for note in said] == [True] * (row is not None)


def test_merged_cells_above_the_header_of_a_workbook_are_not_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for cells in (["Visit", "", "Opinion", ""], ["id", "created_at", "stars", "review"],
                  ["R1", 46000, 1, "Long queue"]):  # fmt: skip
        sheet.append(cells)
    sheet.merge_cells("A1:B1")
    path = tmp_path / "a.xlsx"
    book.save(path)
    (record,) = read_file(path, mapping=None).records
    assert (record.text, record.date, record.score) == ("Long queue", "2025-12-09", 1.0)


def test_a_row_of_data_is_no_header_though_a_cell_is_called_like_one(tmp_path: Path) -> None:
    path = put(tmp_path, b"type,words,when\nreview,Long queue,2026-01-01\n")
    with pytest.raises(BadData, match="no column that looks like free text"):
        read_file(path, mapping=None)


def test_a_file_of_one_column_may_hold_any_delimiter(tmp_path: Path) -> None:
    path = put(tmp_path, b"review\nGood; but slow; again\nBad; and slow\n")
    assert len(read_file(path, mapping=None).records) == 2


def test_day_numbers_of_excel_are_dates_if_the_column_holds_nothing_else(tmp_path: Path) -> None:
    assert read_dates(["46000", "", "46000.5", "46000,25"]).values == (
        "2025-12-09", None, "2025-12-09T12:00:00", "2025-12-09T06:00:00"
    )  # fmt: skip
    assert read_dates(["46000", "2026-01-01"]).unreadable == {0}
    assert read_dates(["99999"]).unreadable == {0}


def test_errors_of_excel_are_blank_and_counted(tmp_path: Path) -> None:
    rows = ("R1;########;Mill Lane;#N/A;Long queue", "R2;01/02/2026;Mill Lane;4;#NAME?")
    loaded = read_file(put(tmp_path, "\n".join((HEAD, *rows, "")).encode()), mapping=None)
    (record,) = loaded.records
    assert (record.text, record.date, record.score) == ("Long queue", None, None)
    assert loaded.empty == 1
    assert any(note.endswith("read as blank: 3.") for note in loaded.notes)


def test_ids_that_a_spreadsheet_rounded_are_refused_if_rows_share_them(tmp_path: Path) -> None:
    rows = [cells.replace("R1", "6,34E+17").replace("R2", "6,34E+17") for cells in CELLS]
    path = put(tmp_path, "\n".join((HEAD, *rows, "")).encode())
    with pytest.raises(BadData, match="rounded 1 of the ids in column 'id'"):
        read_file(path, mapping=None)
    without = "\n".join((HEAD, rows[0], rows[1].replace("34", "35"), ""))
    assert len(read_file(put(tmp_path, without.encode()), mapping=None).records) == 2


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"\x89PNG\r\n\x1a\n", "PNG image"),
        (b"%PDF-1.7\n", "PDF document"),
        (b"\x1f\x8b\x08", "gzip archive"),
        (b"SQLite format 3\0", "SQLite database"),
    ],
)
def test_what_is_no_table_is_said(tmp_path: Path, start: bytes, said: str) -> None:
    with pytest.raises(BadData, match=said):
        read_file(put(tmp_path, start + b"a,b\n" * 20), mapping=None)


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(InputOutput, match="pipe"):
        read_file(tmp_path / "a.csv", mapping=None)
