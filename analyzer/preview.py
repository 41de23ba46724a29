"""What a file would become: its first rows as they would be stored, and the worst of them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from analyzer import clean
from analyzer.errors import BadData, UsageError
from analyzer.importers import Loaded, Mapping, Opened
from analyzer.importers.mapping import by_place, roles_of
from analyzer.importers.personal import AMBIGUOUS, is_personal
from analyzer.importers.synonyms import fold
from analyzer.redaction import redact
from analyzer.types import Record

FIRST = 20
WORST = 5
CHARACTERS = 280
# A row is odd for lacking what this share of the others have.
USUAL = 0.8
# A text is far longer, or shorter, than the others from so many median deviations of the logarithm.
FAR = 6.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file; one with personal data may only be the respondent, if anything."""

    name: str
    personal: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """An answer as it would be stored, shortened; or, without a text, a row that is kept aside.

    ``why`` says what is wrong with it, or odd.
    """

    row: int
    column: str | None
    text: str | None
    source_id: str | None = None
    date: str | None = None
    unit: str | None = None
    score: float | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What is known of a file before it is imported.

    ``sheets`` are those that could be meant; several: one has to be chosen, and the rest is not
    known yet. ``mapping`` is None if no column of text was found; ``problem`` says so, or what is
    wrong with the columns that were named. ``told``: the file is not known by this mapping.
    """

    format: str
    sheets: tuple[str, ...] = ()
    side: str | None = None
    kind: str | None = None
    columns: tuple[Column, ...] = ()
    mapping: Mapping | None = None
    told: bool = False
    problem: str | None = None
    notes: tuple[str, ...] = ()
    rows: int = 0
    answers: int = 0
    empty: int = 0
    rejected: int = 0
    first: tuple[Sample, ...] = ()
    worst: tuple[Sample, ...] = ()


def preview(opened: Opened, roles: dict[int, str] | None) -> Preview:
    """Return what the file would become, read as it is known or as ``roles`` say.

    ``roles`` are keys of a mapping by the places of their columns; see ``mapping.by_place``.
    """
    known = Preview(
        format=opened.vendor.label if opened.vendor else opened.form.name,
        side=opened.side,
        kind=opened.kind,
        columns=tuple(
            Column(name, is_personal(name) and fold(name) not in AMBIGUOUS)
            for name in opened.table.columns
        ),
    )
    told: Mapping | None = None
    try:
        told = _told(opened, roles)
        loaded = opened.load(told)
    except (BadData, UsageError) as exc:
        return replace(known, problem=str(exc), mapping=told, told=told is not None)
    return replace(
        known,
        mapping=loaded.mapping,
        told=told is not None,
        notes=loaded.notes,
        rows=loaded.rows,
        answers=loaded.answers,
        empty=loaded.empty,
        rejected=len(loaded.rejected),
        first=tuple(_sample(record) for record in loaded.records[:FIRST]),
        worst=worst(loaded),
    )


def _told(opened: Opened, roles: dict[int, str] | None) -> Mapping | None:
    """Return the mapping that the roles say; None: it is the one that the file is known by."""
    if roles is None:
        return None
    mapping = by_place(roles, opened.table.columns)
    try:
        known = roles_of(opened.known())
    except (BadData, UsageError):
        return mapping
    return None if roles_of(mapping) == known else mapping


def worst(loaded: Loaded, count: int = WORST) -> tuple[Sample, ...]:
    """Return the rows to look at first: those that are kept aside, then the oddest answers."""
    aside = [
        Sample(bad.row, bad.column, None, why=f"kept aside: {bad.reason}")
        for bad in loaded.rejected[:count]
    ]
    judged = _judged(loaded.records)
    odd = sorted(
        ((score, why, record) for record in loaded.records for score, why in [judged(record)]),
        key=lambda row: (-row[0], row[2].row),
    )
    found = [_sample(record, why) for score, why, record in odd[: count - len(aside)] if score > 0]
    return (*aside, *found)


def _judged(records: Sequence[Record]) -> Callable[[Record], tuple[float, str]]:
    """Return what says how odd a record is among the others (0: not at all), and why."""
    lengths = [math.log(len(record.text)) for record in records]
    middle = statistics.median(lengths) if lengths else 0.0
    spread = statistics.median(abs(length - middle) for length in lengths) if lengths else 0.0
    usual = {
        name: sum(getattr(record, name) is not None for record in records) >= USUAL * len(records)
        for name in ("date", "score", "unit")
    }

    def judge(record: Record) -> tuple[float, str]:
        if not any(char.isalpha() for char in record.text):
            return 4.0, "has no letter"
        for name, is_usual in usual.items():
            if is_usual and getattr(record, name) is None:
                return 3.0, f"has no {name}, unlike the others"
        far = (math.log(len(record.text)) - middle) / max(spread, 0.1)
        if abs(far) >= FAR:
            return abs(far) / 100, f"is far {'longer' if far > 0 else 'shorter'} than the others"
        return 0.0, ""

    return judge


def _sample(record: Record, why: str | None = None) -> Sample:
    text = redact(clean.normalise(record.text)).text
    return Sample(
        record.row,
        record.column,
        text if len(text) <= CHARACTERS else f"{text[:CHARACTERS]}…",
        record.source_id[:CHARACTERS],
        record.date,
        record.unit and record.unit[:CHARACTERS],
        record.score,
        why,
    )
