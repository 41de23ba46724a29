"""Which columns of a survey hold answers in people's own words, told by the answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from statistics import mean

from analyzer.importers.dates import read_dates
from analyzer.importers.personal import is_personal
from analyzer.importers.table import Table, loose, present

_SAMPLE_ROWS = 2000
_SAMPLE_DATES = 50
# Choices are short and come again; people's own words are longer and seldom do. "No" as an answer
# to "Anything else?" comes again, too, so it is the longer answers that count.
_LONG_WORDS = 4
_LONG_SHARE = 0.1
_DIFFERENT = 0.5
_MANY = 10
_CONTACT = re.compile(r"\S+@\S+\.\S+|\+?[\d\s()./-]{7,}|https?://\S+")


def open_columns(table: Table, candidates: Sequence[str]) -> tuple[str, ...]:
    """Return those of the columns whose cells look written by people, not chosen from a list.

    Personal columns are none, whatever is in them. A single answer of two words is enough.
    """
    wanted = [
        column
        for column in candidates
        if not is_personal(column) and not is_personal(table.questions.get(column, ""))
    ]
    answers: dict[str, list[str]] = {column: [] for column in wanted}
    for row in islice(table.rows, _SAMPLE_ROWS):
        for column in wanted if row.cells else ():
            if row.cells and (answer := present(row.cells[column])) is not None:
                answers[column].append(answer)
    return tuple(column for column in wanted if _is_open(column, answers[column]))


def _is_open(column: str, answers: Sequence[str]) -> bool:
    lettered = [answer for answer in answers if any(char.isalpha() for char in answer)]
    if not lettered or 2 * len(lettered) < len(answers):
        return False
    if sum(_CONTACT.fullmatch(answer) is not None for answer in answers) * 2 > len(answers):
        return False
    # A choice has a column of its own, with the choice above and in every cell.
    if {loose(answer) for answer in lettered} == {loose(column)}:
        return False
    if not _in_own_words(lettered):
        return False
    dates = read_dates(lettered[:_SAMPLE_DATES])
    return len(dates.unreadable) * 2 > len(dates.values)


def _in_own_words(answers: Sequence[str]) -> bool:
    words = [len(answer.split()) for answer in answers]
    long = [a for a, count in zip(answers, words, strict=True) if count >= _LONG_WORDS]
    if long and len(long) >= _LONG_SHARE * len(answers):
        return _mostly_different(long)
    if len(answers) >= _MANY:
        return mean(words) > 1 and _mostly_different(answers)
    return len(answers) == 1 and words[0] > 1


def _mostly_different(answers: Sequence[str]) -> bool:
    return len({loose(answer) for answer in answers}) > _DIFFERENT * len(answers)
