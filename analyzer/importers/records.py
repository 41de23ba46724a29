"""Table + Mapping -> Records. Every data row becomes a record, counts as empty or is rejected."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from analyzer.importers.dates import Dates, read_dates
from analyzer.importers.mapping import Mapping
from analyzer.importers.table import Row, Table, present
from analyzer.types import Record, Rejected

_SCORE = re.compile(
    r"([+-]?\d+(?:[.,]\d+)?)(?:\s*(?:/|out of|of|su|de)\s*\d+(?:[.,]\d+)?)?(?:\s*stars?)?",
    re.IGNORECASE,
)
_SCORE_WORDS = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0}
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file gave.

    ``rows`` counts data rows, rejected ones included; ``empty`` counts blank text cells of the
    rows that were not rejected, one per text column and row; ``notes`` are sentences for a person.
    """

    format: str
    mapping: Mapping
    rows: int
    records: tuple[Record, ...]
    rejected: tuple[Rejected, ...]
    empty: int
    notes: tuple[str, ...]


def load(table: Table, mapping: Mapping, *, form: str, notes: Iterable[str] = ()) -> Loaded:
    """Turn every row into records, one for each text cell that is not blank.

    Args:
        table: the rows; they are read once.
        mapping: names that are columns of the table (see ``mapping.resolve``).
        form: the name of the file's format.
        notes: sentences to put after the table's own.

    """
    rows = list(table.rows)
    dates = _column_dates(rows, mapping)
    seen: Counter[str] = Counter()
    records: list[Record] = []
    rejected: list[Rejected] = []
    empty = 0
    for place, row in enumerate(rows):
        made = _row_records(row, mapping, dates, place, seen)
        if isinstance(made, Rejected):
            rejected.append(made)
        else:
            records.extend(made)
            empty += len(mapping.text) - len(made)
    said = [*table.notes, *notes, *dates.notes]
    repeated = sum(count - 1 for count in seen.values())
    if mapping.id is not None and repeated:
        said.append(f"{repeated} rows repeat the id of an earlier row (column {mapping.id}).")
    if not rows:
        said.append("There is a header and no row." if table.columns else "There is no row.")
    return Loaded(form, mapping, len(rows), tuple(records), tuple(rejected), empty, tuple(said))


def read_score(text: str) -> float:
    """Read ``4``, ``4.5``, ``4,5``, ``4/5``, ``4 out of 5`` or ``FOUR``.

    Raises:
        ValueError: it is none of these.

    """
    if (word := _SCORE_WORDS.get(text.strip().lower())) is not None:
        return word
    if (match := _SCORE.fullmatch(text.strip())) is None:
        raise ValueError("not a number")
    return float(match[1].replace(",", "."))


def _column_dates(rows: list[Row], mapping: Mapping) -> Dates:
    if mapping.date is None:
        return Dates((None,) * len(rows), frozenset(), ())
    return read_dates([row.cells[mapping.date] if row.cells else "" for row in rows])


def _row_records(
    row: Row, mapping: Mapping, dates: Dates, place: int, seen: Counter[str]
) -> list[Record] | Rejected:
    cells = row.cells
    if cells is None:
        return Rejected(row.number, row.problem or "cannot be read")
    if (problem := _unfit(row.number, cells)) is not None:
        return problem
    if place in dates.unreadable:
        return Rejected(row.number, "date is not a date", mapping.date)
    if mapping.id is not None and not cells[mapping.id].strip():
        return Rejected(row.number, "id is blank", mapping.id)
    try:
        score = _score(cells, mapping)
    except ValueError:
        return Rejected(row.number, "score is not a number", mapping.score)
    source_id = _source_id(cells, mapping, seen)
    attributes = {name: cells[name].strip() for name in mapping.attr if cells[name].strip()}
    return [
        Record(
            row=row.number,
            source_id=source_id,
            column=column,
            text=cells[column],
            date=dates.values[place],
            unit=_optional(cells, mapping.unit),
            score=score,
            respondent=_optional(cells, mapping.respondent),
            attributes=attributes,
        )
        for column in mapping.text
        if cells[column].strip()
    ]


def _unfit(number: int, cells: dict[str, str]) -> Rejected | None:
    for column, cell in cells.items():
        if "\0" in cell:
            return Rejected(number, "holds a NUL byte", column)
        # JSON can write half of a character, which no database can store.
        if _SURROGATE.search(cell):
            return Rejected(number, "holds half a character (a lone surrogate)", column)
    return None


def _score(cells: dict[str, str], mapping: Mapping) -> float | None:
    text = None if mapping.score is None else present(cells[mapping.score])
    return None if text is None else read_score(text)


def _optional(cells: dict[str, str], column: str | None) -> str | None:
    return None if column is None else cells[column].strip() or None


def _source_id(cells: dict[str, str], mapping: Mapping, seen: Counter[str]) -> str:
    if mapping.id is not None:
        given = cells[mapping.id].strip()
        seen[given] += 1
        return given
    joined = "\x1f".join(cells[column] for column in mapping.columns())
    made = "row-" + hashlib.sha256(joined.encode()).hexdigest()[:16]
    seen[made] += 1
    return made if seen[made] == 1 else f"{made}-{seen[made]}"
