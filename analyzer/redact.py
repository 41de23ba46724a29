"""Mask personal data that has a fixed form, before anything is stored or embedded.

Mail addresses, web addresses, cards (with check digit), IBANs (with check digits), phone numbers
and
handles become a word in brackets. Names need a roster and come with confidentiality (see the docs).
"""

from __future__ import annotations

import re
from collections.abc import Callable

_MAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_CARD = re.compile(r"(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.])")
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+|00)?\(?\d[\d()\s./-]{6,18}\d(?![\w-])")
_HANDLE = re.compile(r"(?<![\w@/])@\w{2,30}\b")
# What looks like a phone and is none: dates and years, one after the other, and the hour or
# the beginning of one more date behind.
_DAY = r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|(?:19|20)\d{2})"
_DATES = re.compile(rf"{_DAY}(?:[\s/-]+{_DAY})*(?:\s[\s/-]*\d{{1,2}}(?:[./-]\d{{1,2}})?)?")


def _luhn(text: str) -> bool:
    digits = [int(c) for c in text if c.isdigit()][::-1]
    doubled = (sum(divmod(2 * d, 10)) for d in digits[1::2])
    return len(digits) >= 13 and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _iban(text: str) -> bool:
    compact = text.replace(" ", "")
    moved = compact[4:] + compact[:4]
    return 15 <= len(compact) <= 34 and int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def _phone(text: str) -> bool:
    digits = sum(c.isdigit() for c in text)
    plain = text.isdigit()
    # Bare runs of digits are phones only when as long as one; "2024 / 2025" and dates are not.
    return (9 if plain else 8) <= digits <= 15 and not _DATES.fullmatch(text.strip())


def _always(text: str) -> bool:
    return True


_RULES: tuple[tuple[re.Pattern[str], Callable[[str], bool], str], ...] = (
    (_MAIL, _always, "[email]"),
    (_URL, _always, "[link]"),
    (_IBAN, _iban, "[account]"),
    (_CARD, _luhn, "[card]"),
    (_PHONE, _phone, "[phone]"),
    (_HANDLE, _always, "[handle]"),
)


def redact(text: str) -> str:
    """Return the text with personal data of a fixed form masked."""
    for pattern, holds, mask in _RULES:
        text = pattern.sub(lambda m, ok=holds, mask=mask: mask if ok(m[0]) else m[0], text)  # type: ignore[misc]
    return text
