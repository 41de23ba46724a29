"""Bank accounts (IBAN) and payment cards, by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.redaction import checks
from analyzer.redaction.spans import Place

_IBAN = re.compile(r"(?<![^\W_])([A-Za-z]{2})[ -]?\d{2}")
_CARD = re.compile(r"(?<![\w.,])\d(?:[ -]?\d){12,18}(?!\d)")
_IMEI = re.compile(r"\bimei\b\W{0,4}(?:\w+\W{1,3})?$", re.IGNORECASE)


def ibans(text: str) -> Iterator[Place]:
    """Yield IBANs, however they are grouped: as long as their country's, with the right check."""
    for match in _IBAN.finditer(text):
        size = checks.IBAN_LENGTHS.get(match[1].upper())
        end = None if size is None else _after(text, match.start(), size)
        if end is None or (end < len(text) and text[end].isalnum()):
            continue
        compact = re.sub("[ -]", "", text[match.start() : end]).upper()
        if compact.isascii() and checks.iban(compact):
            yield match.start(), end


def _after(text: str, start: int, size: int) -> int | None:
    """Return where so many letters and digits end, with at most one space or hyphen between."""
    at, left = start, size
    while at < len(text):
        if text[at].isalnum():
            left -= 1
            if not left:
                return at + 1
        elif text[at] not in " -" or not text[at - 1].isalnum():
            return None
        at += 1
    return None


def cards(text: str) -> Iterator[Place]:
    """Yield payment cards; what follows after a space (12/27) is not part of one."""
    for match in _CARD.finditer(text):
        if _IMEI.search(text[max(0, match.start() - 20) : match.start()]):
            continue
        ends = [m.end() for m in re.finditer(r"\d+", match[0])]
        for end in reversed(ends):
            digits = re.sub(r"\D", "", match[0][:end])
            if checks.card(digits):
                yield match.start(), match.start() + end
                break
