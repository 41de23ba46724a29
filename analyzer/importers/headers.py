"""One, two or three header rows -> columns, and what the header says of free text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analyzer.importers.table import Line, Row, Table, column_names, loose, plain

MOST_ROWS = 3
# So many rows are looked at for a header below a title.
MOST_ABOVE = 10
_IMPORT_ID = '{"ImportId"'
_LEGACY_CODE = re.compile(r"V\d+")
_LABELS = {"qualtrics": "Qualtrics", "surveymonkey": "SurveyMonkey"}
# What SurveyMonkey writes below a question that is answered in words.
OPEN_ENDED = frozenset(("open-endedresponse", "other(pleasespecify)"))

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Header:
    """The columns, from so many rows. ``form`` and what follows are those of a Table."""

    columns: tuple[str, ...]
    rows: int = 1
    form: str | None = None
    text: tuple[str, ...] = ()
    asked: tuple[str, ...] | None = None
    questions: Mapping[str, str] = field(default_factory=dict)

    def table(self, rows: Sequence[Row], notes: tuple[str, ...]) -> Table:
        """Return the table that has this header."""
        if self.rows > 1:
            notes = (*notes, f"Header of {_LABELS[str(self.form)]}: {self.rows} rows.")
        return Table(self.columns, rows, notes, self.form, self.text, self.asked, self.questions)


def read_header(lines: Sequence[Line]) -> Header:
    """Read the header at the beginning of the lines. A line that cannot be read is no header."""
    rows = [line.cells if line.problem is None else [] for line in lines[:MOST_ROWS]]
    for kind in (_qualtrics, _qualtrics_legacy, _survey_monkey):
        if (header := kind(rows)) is not None:
            return header
    return Header(column_names(rows[0]))


def header_at(lines: Sequence[Line], fits: Callable[[tuple[str, ...]], bool]) -> int:
    """Return the place of the first header row: 0, or below a title or merged cells.

    What people put above a header is narrower than it: a row counts as one only if it is wider than
    all above it and its columns fit, and those of the first row do not or have gaps.
    """
    first = read_header(lines)
    if first.rows > 1 or (fits(first.columns) and not _has_gaps(lines[0].cells)):
        return 0
    widest = _filled(lines[0])
    for place, line in enumerate(lines[1:MOST_ABOVE], start=1):
        if _filled(line) > max(widest, 1) and fits(read_header(lines[place:]).columns):
            return place
        widest = max(widest, _filled(line))
    return 0


def above(lines: Sequence[Line], place: int) -> tuple[str, ...]:
    """Return a note on the rows above the header, if there are any."""
    if not place:
        return ()
    return (f"The header is in row {lines[place].number}; what stands above it was not read.",)


def _filled(line: Line) -> int:
    return 0 if line.problem else sum(bool(cell.strip()) for cell in line.cells)


def _has_gaps(cells: Sequence[str]) -> bool:
    filled = [place for place, cell in enumerate(cells, start=1) if cell.strip()]
    return len(filled) != max(filled, default=0)


def _qualtrics(rows: Rows) -> Header | None:
    """Codes, questions in any language, and JSON: the last of them is what tells."""
    for place in range(1, len(rows)):
        if not any(cell.lstrip().startswith(_IMPORT_ID) for cell in rows[place]):
            continue
        columns = column_names(rows[0])
        ids = [_import_id(cell) for cell in rows[place]]
        # "QID2_TEXT_...Topics" is Text iQ's own tagging of QID2_TEXT.
        text = tuple(c for c, found in zip(columns, ids, strict=False) if found.endswith("_TEXT"))
        asked = _asked(columns, rows[1], text) if place == 2 else {}
        return Header(columns, place + 1, "qualtrics", text, (), asked)
    return None


def _import_id(cell: str) -> str:
    try:
        found = json.loads(cell)
    except ValueError:
        return ""
    return str(found.get("ImportId", "")) if isinstance(found, dict) else ""


def _qualtrics_legacy(rows: Rows) -> Header | None:
    """V1, V2, ... Q1 above the names of what the V are and the questions."""
    if len(rows) < 2 or not {"v1", "v2"} <= _names(rows[0]):
        return None
    if not {"responseid", "responseset"} <= _names(rows[1]):
        return None
    pairs = list(_padded(rows[0], rows[1]))
    columns = column_names(
        [below if _LEGACY_CODE.fullmatch(plain(top)) else top for top, below in pairs]
    )
    text = tuple(column for column in columns if column.endswith("_TEXT"))
    asked = _asked(columns, [below for _, below in pairs], columns)
    return Header(columns, 2, "qualtrics", text, None, asked)


def _survey_monkey(rows: Rows) -> Header | None:
    """Each question above its first answer only; below it, what the answers are."""
    if len(rows) < 2 or not {"respondentid", "collectorid"} <= _names(rows[0]):
        return None
    pairs = list(_padded(rows[0], rows[1]))
    if any(below.strip() for top, below in pairs if loose(top) in ("respondentid", "collectorid")):
        return None
    names, kinds, question = [], [], ""
    for top, below in pairs:
        question = plain(top) or question
        answer = plain(below)
        kinds.append(loose(answer))
        whole = kinds[-1] in ("", "response", "open-endedresponse")
        names.append(question if whole else f"{question} - {answer}")
    columns = column_names(names)
    by_kind = list(zip(columns, kinds, strict=True))
    text = tuple(column for column, kind in by_kind if kind in OPEN_ENDED)
    # "Response" stands below a choice as below a line of text.
    asked = tuple(column for column, kind in by_kind if kind == "response")
    return Header(columns, 2, "surveymonkey", text, asked)


def _asked(columns: Iterable[str], cells: Iterable[str], wanted: Sequence[str]) -> dict[str, str]:
    found = ((column, plain(cell)) for column, cell in zip(columns, cells, strict=False))
    return {column: said for column, said in found if column in wanted and said not in ("", column)}


def _names(cells: Sequence[str]) -> set[str]:
    return {loose(plain(cell)) for cell in cells}


def _padded(first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[str, str]]:
    for place in range(max(len(first), len(second))):
        yield (
            first[place] if place < len(first) else "",
            second[place] if place < len(second) else "",
        )
