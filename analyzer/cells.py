"""Cells of tables that people open in a spreadsheet: what it would calculate is marked as text.

After OWASP, "CSV Injection": an apostrophe before a cell makes Excel, LibreOffice and Google Sheets
show it and not calculate it.
"""

from __future__ import annotations

import re
import unicodedata

# The full-width forms are read as the plain ones by Excel in some languages.
_BEGINS = frozenset("=+-@＝＋－＠")
_CONTROLS = frozenset("\t\r\n")
# A number is what it says in a spreadsheet too.
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def safe(text: str) -> str:
    """Return the text of a cell so that no spreadsheet takes it for a formula.

    Plain numbers (``-4``, ``+3.5``) stay as they are.
    """
    if text[:1] in _CONTROLS or _first(text) in _BEGINS:
        return text if _NUMBER.fullmatch(text) else f"'{text}"
    return text


def _first(text: str) -> str:
    """Return the first character that is seen: spaces and marks without a width hide nothing."""
    seen = (char for char in text if not char.isspace() and unicodedata.category(char)[0] != "C")
    return next(seen, "")
