"""Mail addresses, web addresses, handles, IP addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv6Address

from analyzer.redaction.spans import Place

_DOMAINS = (
    "com|org|net|edu|gov|info|biz|io|co|app|dev|me|tv|eu|uk|es|it|us|ie|fr|de|pt|ch|at|nl|be|mx|ar|"
    "cl|br|ca|au|cat|example|ly|gl|be|cc|link|shop|store|online|site|xyz|to|gg"
)
_MAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_AT = r"\s?[(\[{<]\s?(?:at|arroba|chiocciola|@)\s?[)\]}>]\s?"
_DOT = r"\s?[(\[{<]\s?(?:dot|punto|\.)\s?[)\]}>]\s?|\s+(?:dot|punto)\s+|\s?\.\s?"
_LOCAL = r"[\w+-]+(?:(?:\.|\s(?:dot|punto)\s)[\w+-]+){0,3}"
AT_CUES = ("@", " dot ", "(at", "[at", "{at", "<at", "( at", "[ at", "arroba", "chiocciola")
# "name at company dot com": a bare "at" needs a spelled dot, "we met at booking.com" is no mail.
_SPELLED = re.compile(
    rf"(?<![\w.]){_LOCAL}(?:"
    rf"(?:{_AT}|\s(?:arroba|chiocciola)\s|\s?@\s?)[\w-]+(?:(?:{_DOT})[\w-]+){{0,2}}(?:{_DOT})"
    rf"|\sat\s(?!the\b)[\w-]+(?:\sdot\s[\w-]+){{0,2}}\sdot\s)(?:{_DOMAINS})\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
# Without https:// only what leads to a page: "booking.com" is a company.
_PATH = re.compile(
    rf"(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:{_DOMAINS})(?::\d+)?[/?#][^\s<>\"']+", re.IGNORECASE
)
_HANDLE = re.compile(r"(?<![\w@/.])@\w[\w.]{0,28}\w\b")
NETWORKS = (
    "instagram", "insta", "ig", "twitter", "tiktok", "tik tok", "telegram", "snapchat", "facebook",
    "fb", "linkedin", "skype", "discord",
)  # fmt: skip
_NAMED_HANDLE = re.compile(
    rf"\b(?:{'|'.join(NETWORKS)})(?:\s(?:handle|user(?:name)?|account|name|cuenta|usuario|utente))?"
    r"(?:\s?[:=]\s?|\s(?:is|es|è)\s)(?P<it>@?[a-z][\w.]{2,29})\b",
    re.IGNORECASE,
)
_IP4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_IP6 = re.compile(r"(?<![\w:])(?:[\da-f]{0,4}:){2,7}[\da-f]{1,4}(?![\w:])", re.IGNORECASE)
# Shorter ones (::1) name no machine of a person.
MIN_IP6 = 6
_VERSION = re.compile(
    r"(?:\b(?:versions?|versi[oó]n|versione|v|ver|release|firmware|build|update|ios|android|"
    r"windows|macos|chrome|app)[\s:.]*|[vV])$",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}'\"»”’"


def mails(text: str) -> Iterator[Place]:
    """Yield mail addresses."""
    yield from (match.span() for match in _MAIL.finditer(text))


def spelled_mails(text: str) -> Iterator[Place]:
    """Yield mail addresses as people write them to be read by people only."""
    yield from (match.span() for match in _SPELLED.finditer(text))


def links(text: str) -> Iterator[Place]:
    """Yield web addresses."""
    return _without_mark(text, _LINK)


def pages(text: str) -> Iterator[Place]:
    """Yield addresses of pages without their https://."""
    return _without_mark(text, _PATH)


def _without_mark(text: str, pattern: re.Pattern[str]) -> Iterator[Place]:
    for match in pattern.finditer(text):
        yield match.start(), match.start() + len(match[0].rstrip(_TRAILING))


def handles(text: str) -> Iterator[Place]:
    """Yield names of accounts: @name, and what a network's name stands before."""
    if "@" in text:
        yield from (match.span() for match in _HANDLE.finditer(text))
    for match in _NAMED_HANDLE.finditer(text):
        # "insta: great" is a word; an account has a sign or a digit, or stands behind an @.
        if re.search(r"[@\d_.]", match["it"]):
            yield match.span("it")


def ips(text: str) -> Iterator[Place]:
    """Yield IP addresses of either version; what is called a version is none."""
    for match in _IP4.finditer(text) if text.count(".") > 2 else ():
        called = _VERSION.search(text[max(0, match.start() - 16) : match.start()])
        if not called and all(int(part) <= 255 for part in match[0].split(".")):
            yield match.span()
    for match in _IP6.finditer(text) if text.count(":") > 1 else ():
        if _is_ip6(match[0]):
            yield match.span()


def _is_ip6(text: str) -> bool:
    try:
        return len(text) > MIN_IP6 and IPv6Address(text) is not None
    except AddressValueError:
        return False
