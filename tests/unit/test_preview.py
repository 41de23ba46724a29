from __future__ import annotations

from pathlib import Path

from analyzer.importers import open_file
from analyzer.preview import FIRST, WORST, preview


def made(tmp_path: Path, *rows: str, header: str = "id,comment,date,rating,email"):
    path = tmp_path / "x.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return open_file(path)


USUAL = [
    f"{n},The desk {n} was slow and the queue was long,2026-01-02,4,a@x.org" for n in range(40)
]


def test_the_first_rows_are_shown_as_they_would_be_stored(tmp_path: Path) -> None:
    seen = preview(made(tmp_path, "7,Write to ann@example.org,2026-01-02,4,x@x.org", *USUAL), None)
    assert len(seen.first) == FIRST
    assert "ann@example.org" not in (seen.first[0].text or "")
    assert (seen.first[0].row, seen.first[0].source_id) == (2, "7")
    assert [column.name for column in seen.columns if column.personal] == ["email"]


def test_the_worst_are_those_kept_aside_and_then_the_oddest(tmp_path: Path) -> None:
    odd = [
        "50,!!! ???,2026-01-02,4,",
        "51,No date at all here on this row,,4,",
        "52,Bad date in this row of it,soon,4,",
        f"53,{'long ' * 3000},2026-01-02,4,",
    ]
    seen = preview(made(tmp_path, *USUAL, *odd), None)
    assert [sample.why for sample in seen.worst] == [
        "kept aside: date is not a date", "has no letter", "has no date, unlike the others",
        "is far longer than the others",
    ]  # fmt: skip
    assert seen.worst[0].text is None
    assert len(seen.worst) <= WORST
    assert len(seen.worst[3].text or "") < 300


def test_usual_rows_are_not_called_odd(tmp_path: Path) -> None:
    assert preview(made(tmp_path, *USUAL), None).worst == ()


def test_what_is_said_of_columns_counts_and_is_known_from_what_is_guessed(tmp_path: Path) -> None:
    opened = made(tmp_path, *USUAL)
    guessed = preview(opened, {0: "id", 1: "text", 2: "date", 3: "score", 4: "-"})
    assert (guessed.told, guessed.problem) == (False, None)
    told = preview(opened, {0: "attr", 1: "text"})
    assert told.told
    assert told.mapping is not None
    assert (told.mapping.attr, told.mapping.date) == (("id",), None)


def test_wrong_columns_are_a_problem_and_no_end(tmp_path: Path) -> None:
    opened = made(tmp_path, *USUAL)
    assert "holds the comments" in (preview(opened, {0: "id"}).problem or "")
    assert "as date" in (preview(opened, {1: "text", 0: "date", 2: "date"}).problem or "")
    assert "personal" in (preview(opened, {1: "text", 4: "attr"}).problem or "")


def test_without_a_column_of_text_the_columns_are_still_told(tmp_path: Path) -> None:
    seen = preview(made(tmp_path, "1,2", header="a,b"), None)
    assert (seen.mapping, [column.name for column in seen.columns]) == (None, ["a", "b"])
    assert "no column that looks like free text" in (seen.problem or "")
