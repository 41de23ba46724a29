"""Reviews as Google Takeout holds them: whose place it is, and what the writer wrote himself."""

from __future__ import annotations

import re
from dataclasses import replace

from analyzer.importers.table import Changed, Table, loose

LOCATION = "location"
COMMENT = "comment"
_TRANSLATED, _ORIGINAL = "(Translated by Google)", "(Original)"
_ACCOUNT = re.compile(r"^accounts/[^/]+/(?=locations/)")
_LOCATION = re.compile(r"^locations/[^/]+")


def prepared(table: Table) -> Table:
    """Return the table with ids that are one for all accounts, locations, and original texts.

    A location may be in several accounts, and its reviews with it.
    """
    by_name = {loose(column): column for column in table.columns}
    # A month of ratings without a word has no comment at all.
    name, comment = by_name["name"], by_name.get("comment", COMMENT)
    more = (LOCATION,) if comment in table.columns else (comment, LOCATION)

    def change(cells: dict[str, str]) -> dict[str, str]:
        review = _ACCOUNT.sub("", cells[name])
        location = _LOCATION.match(review)
        text = original(cells.get(comment, ""))
        return {
            **cells, name: review, comment: text, LOCATION: location[0] if location else ""
        }  # fmt: skip

    return replace(table, columns=(*table.columns, *more), rows=Changed(table.rows, change))


def original(text: str) -> str:
    """Return a review without Google's translation of it, which comes before it or behind it."""
    before, translated, behind = text.partition(_TRANSLATED)
    if not translated:
        return text
    if before.strip():
        return before.replace(_ORIGINAL, "").strip()
    return behind.partition(_ORIGINAL)[2].strip() or behind.strip()
