"""A column of strings -> ISO 8601 dates. The whole column decides what 3/4/2026 means."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from analyzer.importers.table import present

_TIME = r"(?:[T,\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap])?\.?(?:m\.?)?)?"
_ISO = re.compile(r"\d{8}|\d{4}-\d{2}-\d{2}(?:[T\s]\S.*)?")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME, re.IGNORECASE)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _TIME, re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?")
_MILLISECONDS = re.compile(r"\d{12,13}")
# How Excel counts days: 1 is the first of 1900. Five digits are days of 1927 to 2173.
_DAY_NUMBER = re.compile(r"(\d{5})(?:[.,](\d+))?")
_DAY_ZERO = dt.datetime(1899, 12, 30)
_ZONE = re.compile(r"\s*(?:UTC|GMT)$")
_SPACED_OFFSET = re.compile(r"\s+([+-]\d{2}:?\d{2})$")
_CLOCK = re.compile(r"\d:\d{2}")
_YEARS = range(1900, 2101)

# English names are dateutil's; these are Spanish and Italian, with the short forms that differ.
_MONTHS: dict[str, str] = {
    name: english
    for english, names in {
        "Jan": "enero ene gennaio gen",
        "Feb": "febrero febbraio",
        "Mar": "marzo",
        "Apr": "abril abr aprile",
        "May": "mayo maggio mag",
        "Jun": "junio giugno giu",
        "Jul": "julio luglio lug",
        "Aug": "agosto ago",
        "Sep": "septiembre setiembre settembre set sett",
        "Oct": "octubre ottobre ott",
        "Nov": "noviembre novembre",
        "Dec": "diciembre dic dicembre",
    }.items()
    for name in names.split()
}
_MONTH_WORD = re.compile(rf"\b({'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?", re.I)
_OF = re.compile(r"\b(?:de|del|di)\b|[º°]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dates:
    """One ISO date or None for each string given; ``unreadable`` are the positions of no date."""

    values: tuple[str | None, ...]
    unreadable: frozenset[int]
    notes: tuple[str, ...]


def read_dates(strings: Sequence[str], *, month_first: bool = False) -> Dates:
    """Read a whole column; blank and "N/A" are None.

    A time is kept; a zone is turned into UTC and dropped.
    Day and month of a date such as 3/4/2026 are told apart by the column: a first number above 12
    means day first, a second one month first; where both occur the majority wins and the others
    are unreadable; where neither does it is day first, or as the caller says. Numbers of five
    digits are days as Excel counts them if there is nothing else. Years lie in 1900..2100.
    """
    stripped = [present(text) or "" for text in strings]
    numbers = [_DAY_NUMBER.fullmatch(text) for text in stripped if text]
    if numbers and all(numbers):
        return _day_numbers(stripped)
    day_first, notes = _order(stripped, month_first=month_first)
    values: list[str | None] = []
    unreadable: set[int] = set()
    months = False
    for place, text in enumerate(stripped):
        value = _date(text, day_first) if text else None
        if text and value is None:
            unreadable.add(place)
        months = months or _MONTH.fullmatch(text) is not None
        values.append(value)
    if months:
        notes = (*notes, "Months without a day are read as their first day.")
    return Dates(tuple(values), frozenset(unreadable), notes)


def _day_numbers(strings: Sequence[str]) -> Dates:
    values = [_day_number(text) if text else None for text in strings]
    return Dates(
        tuple(values),
        frozenset(n for n, text in enumerate(strings) if text and values[n] is None),
        ("Dates read as Excel's day numbers.",),
    )


def _day_number(text: str) -> str | None:
    days = float(text.replace(",", "."))
    moment = _DAY_ZERO + dt.timedelta(seconds=round(days * 86400))
    if moment.year not in _YEARS:
        return None
    return moment.date().isoformat() if days.is_integer() else moment.isoformat(timespec="seconds")


def _order(strings: Sequence[str], *, month_first: bool) -> tuple[bool, tuple[str, ...]]:
    found = [match for text in strings if (match := _YEAR_LAST.fullmatch(text))]
    if not found:
        return True, ()
    days = sum(int(match[1]) > 12 for match in found)
    months = sum(int(match[3]) > 12 for match in found)
    day_first = days > months or (days == months and (days > 0 or not month_first))
    read = "day/month/year" if day_first else "month/day/year"
    why = ""
    if not days and not months:
        why = ": none shows whether the day or the month comes first"
    elif days and months:
        why = ", as most are; the others are kept aside"
    return day_first, (f"Dates read as {read}{why}.",)


def _date(text: str, day_first: bool) -> str | None:
    try:
        moment, clock = _moment(text, day_first)
        if moment.tzinfo is not None:
            moment = moment.astimezone(dt.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    if moment.year not in _YEARS:
        return None
    return moment.isoformat(timespec="seconds") if clock else moment.date().isoformat()


def _moment(text: str, day_first: bool) -> tuple[dt.datetime, bool]:
    """Return the moment, and whether the text tells the time. Raises ValueError."""
    if _ISO.fullmatch(text):
        iso = _SPACED_OFFSET.sub(r"\1", _ZONE.sub("Z", text))
        return dt.datetime.fromisoformat(iso), len(text) > 10
    if match := _YEAR_FIRST.fullmatch(text):
        return _built(match[1], match[2], match[3], match.groups()[3:])
    if match := _YEAR_LAST.fullmatch(text):
        day, month = (match[1], match[3]) if day_first else (match[3], match[1])
        return _built(match[4], month, day, match.groups()[4:])
    if match := _MONTH.fullmatch(text):
        return dt.datetime(int(match[1]), int(match[2]), 1), False
    if _SECONDS.fullmatch(text):
        return dt.datetime.fromtimestamp(float(text), dt.UTC), True
    if _MILLISECONDS.fullmatch(text):
        return dt.datetime.fromtimestamp(int(text) / 1000, dt.UTC), True
    return _named(text)


def _built(
    year: str, month: str, day: str, clock: Sequence[str | None]
) -> tuple[dt.datetime, bool]:
    hour, minute, second, half = clock
    full_year = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 69 else 1900)
    hours = int(hour or 0)
    if half is not None:
        if not 1 <= hours <= 12:
            raise ValueError("no such hour")
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    moment = dt.datetime(full_year, int(month), int(day), hours, int(minute or 0), int(second or 0))
    return moment, hour is not None


def _named(text: str) -> tuple[dt.datetime, bool]:
    from dateutil import parser

    if not any(char.isalpha() for char in text):
        raise ValueError("no month")
    english = _MONTH_WORD.sub(lambda match: _MONTHS[match[1].lower()], _OF.sub(" ", text))
    # dateutil fills what is missing from a default: two defaults show whether it did.
    first, second = (
        parser.parse(english, default=default, tzinfos=lambda name, offset: offset)
        for default in (dt.datetime(2000, 1, 1), dt.datetime(2001, 2, 2))
    )
    if first != second:
        raise ValueError("not a whole date")
    return first, _CLOCK.search(text) is not None
