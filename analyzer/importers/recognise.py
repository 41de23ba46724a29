"""A table -> the export that it is, and the plan by which it is read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.errors import BadData
from analyzer.importers.mapping import Mapping, listed
from analyzer.importers.personal import is_personal
from analyzer.importers.plan import Answer, Plan
from analyzer.importers.questions import open_columns
from analyzer.importers.synonyms import ATTR, SINGLE, fold
from analyzer.importers.table import Table, loose
from analyzer.importers.vendors import VENDORS, Names, Vendor

# How ``table.column_names`` tells columns of one name apart.
_AGAIN = re.compile(r" \(\d+\)$")


def recognise(columns: Sequence[str], form: str | None = None) -> Vendor | None:
    """Return the export that has these columns; ``form`` is its name where the header tells it."""
    names = {loose(column) for column in columns}
    for vendor in VENDORS:
        if vendor.name == form or any(names.issuperset(known) for known in vendor.known_by):
            return vendor
    return None


def plan_of(vendor: Vendor, table: Table, file: str) -> Plan:
    """Return how an export that was recognised is read.

    Raises:
        BadData: it is never read, or has no text; the message says what to do.

    """
    if vendor.refused:
        raise BadData(f"{file} is an export of {vendor.label}. {vendor.refused}")
    answers = _answers(vendor, table)
    if not answers and not _is_blank(table):
        raise BadData(
            f"{file} is an export of {vendor.label} without free text. "
            f"{vendor.without_text or 'Export it again with the texts.'}"
        )
    used = {column for text, answer in answers.items() for column in (text, *answer.columns())}
    mapping = _mapping(vendor, table, tuple(answers), used)
    read = {*mapping.columns(), *used}
    personal = [c for c in table.columns if is_personal(c) and c not in read]
    notes = [f"Recognised as {vendor.label}: {mapping}."]
    if vendor.note:
        notes.append(vendor.note)
    if personal:
        notes.append(f"Personal, not read: {listed(personal)}.")
    return Plan(
        mapping,
        answers,
        _first(vendor.newest, table.columns) if mapping.id else None,
        vendor.month_first,
        tuple(notes),
    )


def told_plan(mapping: Mapping, vendor: Vendor | None, table: Table) -> Plan:
    """Return how a table is read whose columns somebody named; what it forbids stays forbidden."""
    if vendor is None:
        return Plan(mapping)
    own = _answers(vendor, table) if vendor.answers else {}
    answers = {
        column: Answer(sensitive=own[column].sensitive) for column in mapping.text if column in own
    }
    same_id = mapping.id is not None and mapping.id == _first(vendor.id, table.columns)
    newest = _first(vendor.newest, table.columns) if same_id else None
    return Plan(mapping, answers, newest, vendor.month_first)


def _answers(vendor: Vendor, table: Table) -> dict[str, Answer]:
    if vendor.answers is not None:
        return vendor.answers(table)
    if vendor.survey:
        return {
            column: Answer(question=table.questions.get(column) or _repeated(column, table.columns))
            for column in _own_words(vendor, table)
        }
    texts = [column for name in vendor.text if (column := _first((name,), table.columns))]
    title = _first(vendor.title, table.columns)
    return {column: Answer(title=title if column == texts[0] else None) for column in texts}


def _own_words(vendor: Vendor, table: Table) -> tuple[str, ...]:
    known = [
        column
        for column in table.text
        if not is_personal(column) and not is_personal(table.questions.get(column, ""))
    ]
    asked = table.columns if table.asked is None else table.asked
    rest = (*vendor.id, *vendor.date, *vendor.respondent, *vendor.attr, *vendor.rest)
    candidates = [
        column for column in asked if column not in table.text and not _is_one_of(rest, column)
    ]
    found = {*known, *open_columns(table, candidates)}
    return tuple(column for column in table.columns if column in found)


def _repeated(column: str, columns: Sequence[str]) -> str | None:
    """Return what "Why?" asks where it is asked more than once: it goes with the one before."""
    asked = [_AGAIN.sub("", other) for other in columns]
    place = columns.index(column)
    if asked.count(asked[place]) == 1:
        return None
    before = [other for other in asked[:place] if other != asked[place]]
    return f"{before[-1]} {asked[place]}" if before else None


def _is_one_of(names: Names, column: str) -> bool:
    name = loose(column)
    return any(name == n or (n.endswith("*") and name.startswith(n[:-1])) for n in names)


def _mapping(vendor: Vendor, table: Table, text: tuple[str, ...], used: set[str]) -> Mapping:
    columns = table.columns
    free = [column for column in columns if column not in used and not is_personal(column)]
    unit = _first(vendor.unit, columns)
    attr = [column for name in vendor.attr if (column := _first((name,), columns))]
    if vendor.survey or vendor.answers:
        # What a survey knows of people besides is named by whoever made it.
        unit = next((column for column in free if fold(column) in SINGLE["unit"]), None)
        attr += [
            c for c in free if fold(c) in ATTR and c != unit and not _is_one_of(vendor.rest, c)
        ]
    return Mapping(
        text=text,
        id=_first(vendor.id, columns),
        date=_first(vendor.date, columns),
        unit=unit,
        score=_first(vendor.score, columns),
        respondent=_first(vendor.respondent, columns),
        attr=tuple(dict.fromkeys(attr)),
    )


def _first(names: Names, columns: Sequence[str]) -> str | None:
    by_name = {loose(column): column for column in reversed(columns)}
    return next((by_name[name] for name in names if name in by_name), None)


def _is_blank(table: Table) -> bool:
    return next(iter(table.rows), None) is None
