"""How dates, numbers and counts are written, in the language of the request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

from webui.language import current, locale, lookup_plural, ngettext
from webui.language import gettext as _


def percent(share: float) -> str:
    """Return a share as a percentage that does not claim a certainty that is not there."""
    if 0 < share < 0.005:
        return f"<{_share(0.01, current().locale)}"
    if 0.995 <= share < 1:
        return f">{_share(0.99, current().locale)}"
    return _share(share, current().locale)


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return ``1 comment`` or ``1,234 comments``; ``words.COUNTED`` holds what can be counted."""
    said = lookup_plural(f"%(num)s {one}", f"%(num)s {many or one + 's'}", count)
    return said % {"num": number(count)}


def date(iso: str) -> str:
    """Return ``2 October 2025`` for an ISO 8601 date or time; ``October 2025`` for a month."""
    try:
        if len(iso) == len("2025-10"):
            return month(iso)
        when = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return str(format_date(when, "long", locale=locale()))


def month(iso: str, *, short: bool = False) -> str:
    """Return ``October 2025`` for ``2025-10``, short ``Oct 2025``.

    Raises:
        ValueError: it is no month.

    """
    when = datetime.fromisoformat(f"{iso}-01")
    return str(format_skeleton("yMMM" if short else "yMMMM", when, locale=locale()))


def number(value: float) -> str:
    """Return a number with a separator of thousands and no needless decimals."""
    return _decimal(value, "#,##0.##########", current().locale)


def decimal(value: float, places: int = 2) -> str:
    """Return a number with so many decimals."""
    said = _decimal(value, f"#,##0.{'0' * places}", current().locale)
    return said.replace("-", "\N{MINUS SIGN}")


# A page writes hundreds of figures, and the same ones again for whoever opens it next.
@lru_cache(maxsize=8192)
def _share(share: float, where: str) -> str:
    return str(format_percent(share, locale=where))


@lru_cache(maxsize=8192)
def _decimal(value: float, pattern: str, where: str) -> str:
    return str(format_decimal(value, format=pattern, locale=where))


def points(moved: float) -> str:
    """Return a move of a probability in percentage points, with its sign."""
    size = round(abs(moved) * 100)
    if size == 0:
        return _("under 1 point")
    sign = "+" if moved > 0 else "\N{MINUS SIGN}"
    return sign + ngettext("%(num)s point", "%(num)s points", size)


def cell(value: str | float | None, kind: str) -> str:
    """Return a cell of a table as its column says; a figure that is not to be had is a dash."""
    if value is None:
        return "\N{EN DASH}"
    if isinstance(value, str):
        return month(value) if kind == "month" else value
    return CELLS[kind](value)


CELLS: dict[str, Callable[[float], str]] = {
    "share": percent,
    "number": number,
    "decimal": decimal,
    "text": number,
}
FILTERS = {
    "cell": cell,
    "percent": percent,
    "plural": plural,
    "date": date,
    "month": month,
    "number": number,
    "decimal": decimal,
    "points": points,
}
