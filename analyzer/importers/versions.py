"""Several rows with one id, as edits and repeated exports leave them: which is the newest."""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.importers.dates import read_dates


def older(ids: Sequence[str], moments: Sequence[str]) -> frozenset[int]:
    """Return the places of the rows of whose id there is a newer one; of equals the last is newer.

    ``moments`` are milliseconds, seconds or dates. A row without an id is a row of its own.
    """
    newest: dict[str, tuple[tuple[int, str], int]] = {}
    found: set[int] = set()
    for place, (given, moment) in enumerate(zip(ids, _ordered(moments), strict=True)):
        if not (key := given.strip()):
            continue
        best = newest.get(key)
        if best is not None and best[0] > moment:
            found.add(place)
            continue
        if best is not None:
            found.add(best[1])
        newest[key] = (moment, place)
    return frozenset(found)


def _ordered(moments: Sequence[str]) -> list[tuple[int, str]]:
    """Return what puts moments in order: their count, or else their date."""
    dates = read_dates(moments).values
    return [
        (int(text), "") if text.strip().isdecimal() else (0, date or "")
        for text, date in zip(moments, dates, strict=True)
    ]
