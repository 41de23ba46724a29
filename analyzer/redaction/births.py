"""Dates of birth: a date beside a word of birth. A date alone is no personal data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.redaction.spans import Place
from analyzer.words import MONTHS

_NAMES = "|".join(sorted(MONTHS, key=lambda month: (-len(month), month)))
_YEAR = r"(?:19|20)\d{2}"
_DATE = (
    rf"(?:\d{{1,2}}[./ -]\d{{1,2}}[./ -](?:{_YEAR}|\d{{2}})|{_YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th|º|°)?(?:\s?[-.]\s?|\s+(?:of\s+|de\s+|di\s+)?)(?:{_NAMES})\b\.?"
    rf"(?:,?\s+(?:of\s+|de\s+|del\s+)?{_YEAR}|-{_YEAR}|-\d{{2}}\b)?|"
    rf"(?:{_NAMES})\b\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+{_YEAR})?)"
)
_CUE = (
    r"born|d\.?o\.?b\.?|date of birth|birth ?date|birthday|"
    r"nacid[oa]s?|nac[ií]|nacimiento|f\. ?nac\.?|cumplea[ñn]os|cumplo(?:\s\w+)?\saños|"
    r"nat[oa]|nascita|nacqui|compleanno|compio(?:\s\w+)?\sanni"
)
CUES = (
    "born", "dob", "d.o.b", "birth", "nacid", "nací", "naci ", "nacimiento", "f. nac", "f.nac",
    "cumplea", "cumplo", " nato", " nata", "nascita", "nacqui", "compleanno", "compio",
)  # fmt: skip
_AFTER = re.compile(
    rf"\b(?:{_CUE})(?![^\W\d_])[^\d\n.!?;]{{0,34}}?\b(?P<it>{_DATE})(?!\d)", re.IGNORECASE
)
_BEFORE = re.compile(
    rf"\b(?P<it>{_DATE})(?!\d)\s?(?:\(\s?(?:{_CUE})|,?\s(?:is|was|es|è|era)\s"
    r"(?:my|her|his|mi|su|el|la|il|mio|mia|suo|sua|\s)*\s?(?:birthday|birth ?date|date of birth|"
    r"cumplea[ñn]os|fecha de nacimiento|compleanno|data di nascita))",
    re.IGNORECASE,
)


def births(text: str) -> Iterator[Place]:
    """Yield dates with a word of birth before or behind them."""
    for pattern in (_AFTER, _BEFORE):
        for match in pattern.finditer(text):
            yield match.span("it")
