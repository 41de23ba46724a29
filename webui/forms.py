"""Parts of a page that lead to another state of it: filters, pages, crumbs. All by address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose; an empty value is all."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a filter: ``options`` for a select, none for a text, a date or a month."""

    name: str
    label: str
    value: str
    options: tuple[Option, ...] = ()
    kind: Literal["select", "search", "date", "month"] = "select"


@dataclass(frozen=True, slots=True)
class Filters:
    """A form that asks by GET: what is chosen stands in the address. ``clear`` is without any."""

    action: str
    fields: tuple[Field, ...]

    @property
    def used(self) -> bool:
        """Whether anything is chosen."""
        return any(field.value for field in self.fields)


@dataclass(frozen=True, slots=True)
class Crumb:
    """A page above this one; the last one, which is this page, has no address."""

    label: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """A list in pages: this one of how many, and the addresses of its neighbours."""

    number: int
    count: int
    previous: str | None
    next: str | None


def pages(path: str, asked: Mapping[str, str], number: int, count: int) -> Pages:
    """Return the neighbours of page ``number`` (from 1) of ``count``; other choices stay."""

    def address(to: int) -> str | None:
        if not 1 <= to <= count or to == number:
            return None
        kept = {key: value for key, value in asked.items() if key != "page" and value}
        if to > 1:
            kept["page"] = str(to)
        return f"{path}?{urlencode(kept)}" if kept else path

    return Pages(number, max(count, 1), address(number - 1), address(number + 1))
