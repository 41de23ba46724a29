"""Telephone numbers: international, and as they are written in Spain, Italy, the UK and the USA."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from analyzer.redaction.cues import is_phone, is_reference
from analyzer.redaction.spans import Place

_RUN = re.compile(r"(?<![\w.,/@€$£-])(?:\+\s?|00(?=\d))?\(?\d(?:[ ().\-/–]{0,3}\d){5,18}(?!\d)")
_DIGITS = re.compile(r"\d+")
_AREA = re.compile(r"\(\d{3,5}\)")
# What looks like a phone and is none: dates and years, one after the other, and the hour or
# the beginning of one more date behind.
_DAY = r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|(?:19|20)\d{2})"
_DATES = re.compile(rf"{_DAY}(?:[\s/–-]+{_DAY})*(?:\s[\s/–-]*\d{{1,2}}(?:[./-]\d{{1,2}})?)?")
_AMOUNT = re.compile(
    r"[.,]\d|\s?(?:[€$£%°]|eur|euros?|usd|gbp|pounds?|dollars?|pesos?|lire|sterline|dollari|"
    r"d[oó]lares|libras|k[gm]|[mg]b|people|personas|persone|points?|puntos|punti|steps)\b",
    re.IGNORECASE,
)
# Digits behind the country's own, and how many they may be.
_ABROAD = {"44": (9, 10), "34": (9,), "39": (6, 7, 8, 9, 10, 11), "1": (10,), "33": (9,)}
_SPOKEN_PLUS = re.compile(r"\b(?:plus|m[aá]s|pi[uù])\s+$", re.IGNORECASE)
_WORDS = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|"
    "cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|"
    "due|tre|quattro|cinque|sei|sette|otto|nove"
)
_SPOKEN = re.compile(rf"\b(?:(?:{_WORDS})[ ,-]{{1,2}}){{6,}}(?:{_WORDS})\b", re.IGNORECASE)
_SAID = frozenset(_WORDS.split("|"))
LEAST_SAID = 6
MOST_DIGITS = 15


def phones(text: str) -> Iterator[Place]:
    """Yield telephone numbers in digits."""
    for match in _RUN.finditer(text):
        end = _end(text, match)
        if end is not None:
            yield match.start(), end


def spoken(text: str) -> Iterator[Place]:
    """Yield telephone numbers in words."""
    if (
        sum(word.strip(",") in _SAID for word in text.lower().replace("-", " ").split())
        >= LEAST_SAID
    ):
        yield from (match.span() for match in _SPOKEN.finditer(text))


def _end(text: str, match: re.Match[str]) -> int | None:
    """Return where the number ends, of which the last groups may be something else; None: none."""
    start = match.start()
    groups = [m.span() for m in _DIGITS.finditer(match[0])]
    parts = [match[0][a:b] for a, b in groups]
    after = text[match.end() : match.end() + 10]
    if after[:1].isalpha() or after[:1] == "_" or match[0].count("(") > match[0].count(")"):
        return None
    if match[0][0] == "+" or _SPOKEN_PLUS.search(text[max(0, start - 6) : start]):
        return _first(match, groups, parts, _is_abroad)
    if is_reference(text, start) or _DATES.fullmatch(match[0].strip()):
        return None
    if match[0].startswith("00"):
        return _first(match, groups, parts, _is_abroad)
    called = is_phone(text, start)
    if _AMOUNT.match(after) and not called:
        return None
    found = _first(match, groups, parts, _is_national)
    if found is not None:
        return found
    digits = sum(len(part) for part in parts)
    if called and 7 <= digits <= MOST_DIGITS:
        return match.end()
    return match.end() if _is_like_one(match[0], parts, digits) else None


def _first(
    match: re.Match[str],
    groups: Sequence[Place],
    parts: Sequence[str],
    holds: Callable[[Sequence[str]], bool],
) -> int | None:
    """Return where the longest number ends that the first groups make."""
    for count in range(len(parts), 0, -1):
        if holds(parts[:count]):
            return match.start() + groups[count - 1][1]
    return None


def _is_abroad(parts: Sequence[str]) -> bool:
    digits = "".join(part for at, part in enumerate(parts) if not (at == 1 and part == "0"))
    digits = digits.removeprefix("00")
    for code, sizes in _ABROAD.items():
        if digits.startswith(code):
            own = digits[len(code) :].removeprefix("0") if code == "44" else digits[len(code) :]
            return len(own) in sizes
    return 8 <= len(digits) <= MOST_DIGITS and digits[0] != "0"


def _is_national(parts: Sequence[str]) -> bool:
    digits, size, plain = "".join(parts), sum(map(len, parts)), len(parts) == 1
    single = len(parts) > 8 and all(len(part) == 1 for part in parts)
    if not (plain or single) and min(map(len, parts[1:])) < 2:
        return False
    spain = size == 9 and digits[0] in "6789"
    italy = (digits[0] == "3" and size in (9, 10)) or (digits[0] == "0" and 8 <= size <= 11)
    america = size == 10 and digits[0] in "23456789" and digits[3] in "23456789"
    america = america and [len(part) for part in parts] == [3, 3, 4]
    if plain and size in (11, 12) and digits[0] != "0":
        return digits[:2] in ("44", "34", "39") and _is_abroad(parts)
    if italy and digits[0] == "0" and plain:
        return size >= 9
    return spain or italy or america or (digits[0] == "1" and _is_national_of_one(parts))


def _is_national_of_one(parts: Sequence[str]) -> bool:
    """Tell whether it is an American number behind its 1."""
    return [len(part) for part in parts] == [1, 3, 3, 4]


def _is_like_one(text: str, parts: Sequence[str], digits: int) -> bool:
    """Tell whether it is grouped like a number of some other country."""
    grouped = len(parts) > 1 and all(len(part) > 1 for part in parts)
    return grouped and 8 <= digits <= 13 and (text[0] == "0" or bool(_AREA.match(text)))
