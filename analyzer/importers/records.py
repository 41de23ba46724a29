"""Table + Mapping -> Records. Every data row becomes a record, counts as empty or is rejected."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from analyzer.errors import BadData
from analyzer.importers.dates import Dates, read_dates
from analyzer.importers.mapping import Mapping
from analyzer.importers.plan import Answer, Plan
from analyzer.importers.table import Row, Table, loose, present
from analyzer.importers.versions import older
from analyzer.types import Record, Rejected, Side

_SCORE = re.compile(
    r"([+-]?\d+(?:[.,]\d+)?)(?:\s*(?:/|out of|of|su|de)\s*\d+(?:[.,]\d+)?)?(?:\s*stars?)?",
    re.IGNORECASE,
)
# How a mark says that it is none.
_NOT_MARKED = frozenset(("", "false", "0", "no", "n", "f", "null", "none", "n/a", "-"))
_SCORE_WORDS = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0}
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+?\d{2}", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file gave.

    An answer is a cell of a column of text; ``rows`` counts data rows, rejected ones included. Of
    the answers of the rows that were not rejected, ``records`` are those with text, ``empty`` are
    blank or may not be read, ``duplicate`` are in an older version of a row. ``header`` is the hash
    of the columns; ``side`` and ``kind`` are what the format or a profile says, if it does.
    ``ratings``: it is right for the format to hold no text at all.
    ``notes`` are sentences for a person.
    """

    format: str
    mapping: Mapping
    rows: int
    records: tuple[Record, ...]
    rejected: tuple[Rejected, ...]
    empty: int
    notes: tuple[str, ...]
    duplicate: int = 0
    header: str = ""
    side: Side | None = None
    kind: str | None = None
    ratings: bool = False

    @property
    def answers(self) -> int:
        """The answers of the rows that were not rejected."""
        return (self.rows - len(self.rejected)) * len(self.mapping.text)


def load(
    table: Table, plan: Plan, *, form: str, notes: Iterable[str] = (), longest: int | None = None
) -> Loaded:
    """Turn every row into records, one for each answer that is not blank.

    Args:
        table: the rows; they are gone through several times, so that few are held at once.
        plan: what the columns hold; its names are columns of the table.
        form: the name of the file's format.
        notes: sentences to put after the table's own.
        longest: the characters that a cell may have; None: any number.

    """
    mapping = plan.mapping
    dates, old = _dates_and_older(table, plan)
    seen: Counter[str] = Counter()
    records: list[Record] = []
    rejected: list[Rejected] = []
    rows = empty = duplicate = sensitive = 0
    for place, row in enumerate(table.rows):
        rows += 1
        made = _too_long(row, longest) or _row_records(row, plan, dates, place, seen)
        if isinstance(made, Rejected):
            rejected.append(made)
            continue
        empty += len(mapping.text) - len(made)
        sensitive += _sensitive(row, plan)
        if place in old:
            duplicate += len(made)
        else:
            records.extend(made)
    said = [*table.notes, *notes, *dates.notes]
    if old:
        said.append(f"{len(old)} rows are older versions of others (by {plan.newest}), not read.")
    elif mapping.id is not None and (repeated := sum(count - 1 for count in seen.values())):
        said.append(f"{repeated} rows repeat the id of an earlier row (column {mapping.id}).")
    if sensitive:
        said.append(f"{sensitive} answers are marked sensitive, not read.")
    if not rows:
        said.append("There is a header and no row." if table.columns else "There is no row.")
    return Loaded(
        form, mapping, rows, tuple(records), tuple(rejected), empty, tuple(said), duplicate
    )


def refuse_rounded(loaded: Loaded, file: str) -> None:
    """Raise BadData if rows share an id such as 6,34E+17, which a spreadsheet has rounded.

    All but one of them would be lost as duplicates.
    """
    count = Counter((record.source_id, record.column) for record in loaded.records)
    lost = [key for (key, _), found in count.items() if found > 1 and _ROUNDED.fullmatch(key)]
    if lost:
        raise BadData(
            f"{file}: a spreadsheet has rounded {len(lost)} of the ids in column "
            f"{loaded.mapping.id!r} (to such as 6.34E+17), so that rows share them. Fetch the "
            "export again and import it as it is, or name the columns with --map and leave out id=."
        )


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


def _dates_and_older(table: Table, plan: Plan) -> tuple[Dates, frozenset[int]]:
    """Read what only whole columns tell: the dates, and the rows of which there is a newer one."""
    mapping = plan.mapping
    key = mapping.id if plan.newest is not None else None
    wanted = [name for name in (mapping.date, key, plan.newest) if name is not None]
    columns: dict[str, list[str]] = {name: [] for name in wanted}
    for row in table.rows if columns else ():
        for name, cells in columns.items():
            cells.append(row.cells[name] if row.cells else "")
    dates = Dates((), frozenset(), ())
    if mapping.date is not None:
        dates = read_dates(columns[mapping.date], month_first=plan.month_first)
    if key is None or plan.newest is None:
        return dates, frozenset()
    return dates, older(columns[key], columns[plan.newest])


def _row_records(
    row: Row, plan: Plan, dates: Dates, place: int, seen: Counter[str]
) -> list[Record] | Rejected:
    cells, mapping = row.cells, plan.mapping
    if cells is None:
        return Rejected(row.number, row.problem or "cannot be read")
    if (problem := _unfit(row.number, cells)) is not None:
        return problem
    texts = {column: _text(cells, column, plan.answers.get(column)) for column in mapping.text}
    if not any(texts.values()):
        # Stores leave the link out of a rating without a word: it is empty, not wrong.
        return []
    if place in dates.unreadable:
        return Rejected(row.number, "date is not a date", mapping.date)
    if mapping.id is not None and not cells[mapping.id].strip():
        return Rejected(row.number, "id is blank", mapping.id)
    try:
        score = _score(cells, mapping.score)
    except ValueError:
        return Rejected(row.number, "score is not a number", mapping.score)
    source_id = _source_id(cells, mapping, seen)
    return [
        Record(
            row=row.number,
            source_id=source_id,
            column=column,
            text=text,
            date=dates.values[place] if dates.values else None,
            unit=_optional(cells, mapping.unit),
            score=_own_score(cells, plan.answers.get(column), score),
            respondent=_optional(cells, mapping.respondent),
            attributes=_attributes(cells, mapping, plan.answers.get(column)),
        )
        for column, text in texts.items()
        if text
    ]


def _text(cells: dict[str, str], column: str, answer: Answer | None) -> str:
    """Return the answer's text, behind its title; blank where it is blank or may not be read."""
    text = cells[column] if cells[column].strip() else ""
    if answer is None:
        return text
    if answer.sensitive is not None and _is_marked(cells[answer.sensitive]):
        return ""
    title = cells[answer.title].strip() if answer.title is not None else ""
    # "{{dc.title}}" is a place where Zendesk would have put a text.
    if not title or "{{" in title or _begins_with(text, title):
        return text
    return f"{title}\n{text}" if text else title


def _begins_with(text: str, title: str) -> bool:
    start = loose(title).rstrip("….")
    return loose(text[: 2 * len(title) + 20]).startswith(start)


def _is_marked(cell: str) -> bool:
    return cell.strip().casefold() not in _NOT_MARKED


def _sensitive(row: Row, plan: Plan) -> int:
    """Return how many answers of a row were not read since they are marked."""
    return sum(
        bool(row.cells and row.cells[column].strip() and _is_marked(row.cells[answer.sensitive]))
        for column, answer in plan.answers.items()
        if answer.sensitive is not None
    )


def _own_score(cells: dict[str, str], answer: Answer | None, score: float | None) -> float | None:
    if answer is None or answer.score is None:
        return score
    try:
        return _score(cells, answer.score)
    except ValueError:
        return None


def _attributes(cells: dict[str, str], mapping: Mapping, answer: Answer | None) -> dict[str, str]:
    found = {name: cells[name].strip() for name in mapping.attr if cells[name].strip()}
    if answer is not None and answer.question:
        found["question"] = answer.question
    return found


def _too_long(row: Row, longest: int | None) -> Rejected | None:
    """Return why a row is kept aside for the length of a cell, if it is."""
    for column, cell in (row.cells or {}).items():
        if longest is not None and len(cell) > longest:
            return Rejected(row.number, f"a cell of more than {longest:,} characters", column)
    return None


def _unfit(number: int, cells: dict[str, str]) -> Rejected | None:
    for column, cell in cells.items():
        if "\0" in cell:
            return Rejected(number, "holds a NUL byte", column)
        # JSON can write half of a character, which no database can store.
        if _SURROGATE.search(cell):
            return Rejected(number, "holds half a character (a lone surrogate)", column)
    return None


def _score(cells: dict[str, str], column: str | None) -> float | None:
    text = None if column is None else present(cells[column])
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
