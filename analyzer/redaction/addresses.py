"""Postal addresses: a street and a number, with flat, postcode and town; a postcode of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.redaction.lexicon import (
    INSIDE_STREETS,
    LOOSE_STREETS,
    NO_STREET,
    NO_STREET_NAME,
    TOWNS,
)
from analyzer.redaction.spans import Place

_UK_POSTCODE = (
    r"(?:GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d(?:\d|[ABEHMNPRV-Y])?|\d[A-HJKPSTUW]) ?"
    r"\d[ABD-HJLNP-UW-Z]{2})"
)
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|"
    "NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC"
)
_ZIP = rf"(?:{_STATES})\.?,?\s\d{{5}}(?:-\d{{4}})?"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][^\W\d_]*[\w'’.-]*"
_TOWN = rf"{_CAPITAL}(?:[ -](?:(?:de|del|di|la|el|upon|on|sur|dei|d['’])\s?)*{_CAPITAL}){{0,3}}"

# English: the number stands first.
_STREET_EN = (
    r"(?:Street|Str|St|Road|Rd|Avenue|Ave|Av|Lane|Ln|Drive|Dr|Close|Court|Ct|Crescent|Cres|Place|Pl|"
    r"Square|Sq|Terrace|Ter|Way|Gardens|Gdns|Grove|Hill|Row|Mews|Boulevard|Blvd|Parkway|Pkwy|Highway|"
    r"Hwy|Walk|Green|Parade|Quay|Circle|Trail)"
)
_FLAT_EN = re.compile(r"\b(?:Flat|Apartment|Apt\.?|Unit|Suite)\s[\w-]{1,5},?\s$", re.IGNORECASE)
_END_EN = (
    r"(?:,?\s(?:[Aa]pt|[Ff]lat|[Uu]nit|[Ss]uite|#)\.?\s?[\w-]{1,5})?"
    rf"(?:(?:,?\s{_TOWN}){{0,2}},?\s(?:{_ZIP}|{_UK_POSTCODE}))?"
)
_ENGLISH = re.compile(
    rf"(?<![\w.,:/-])\d{{1,5}}[A-Za-z]?(?:[-–/]\d{{1,4}})?,?\s"
    rf"(?:(?:[NSEW]\.?|{_CAPITAL}|\d{{1,3}}(?:st|nd|rd|th))[ ]){{1,4}}{_STREET_EN}\b\.?{_END_EN}"
    rf"(?<!\s)"
)
_LOW_ENGLISH = re.compile(
    r"(?<![\w.,:/-])\d{1,4}[a-z]?\s(?P<word>[a-z][\w'’]{2,})\s"
    r"(?:street|road|avenue|lane|crescent|terrace)\b(?:,?\s[a-z]+)??"
    rf"(?:,?\s(?:[a-z]+,?\s)?(?i:{_UK_POSTCODE}))?(?!\s(?:parking|food|lights?|view))",
)
# Spanish and Italian: the number stands last.
_STREET_ES = (
    r"(?:c/|cl\.|calle|avenida|avda\.?|av\.|paseo|p[ºo]\.|plaza|pza\.?|pl\.|ronda|camino|carretera|"
    r"ctra\.?|traves[ií]a|glorieta|urbanizaci[oó]n|urb\.|rambla|callej[oó]n|pasaje|cuesta)"
)
_STREET_IT = (
    r"(?:via|v\.|viale|v\.le|piazza|p\.zza|p\.za|piazzale|p\.le|corso|c\.so|vicolo|largo|strada|"
    r"contrada|lungomare|lungotevere|salita|borgo|localit[aà]|loc\.)"
)
_STREET = re.compile(
    rf"(?<![\w.@-])(?P<kind>(?i:{_STREET_ES}|{_STREET_IT}))(?:(?<=[./])\s?|\s)"
    r"(?P<name>(?:(?:\d{1,2}\s)?[^\W\d_][\w.'’ª-]*)(?:\s[^\W\d_][\w.'’ª-]*){0,5}?)"
    r"(?:\s?,\s?|\s)(?:(?i:n[º°o.]{1,2}|n[uú]m\.?|n[uú]mero|numero|civico|n)\s?)?"
    r"(?P<number>\d{1,4})(?![\d:.,/]\d|[€%])"
    r"(?P<end>(?:\s?/\s?[A-Za-z]\b|\s?-\s?[A-Z]\b|\s?(?i:bis)\b|\s?[A-Za-z]\b(?!['’\s]))?"
    r"(?:,?\s(?:\d{1,2}\s?(?:[ºª°]|-)(?:\s?[A-Z]\b|\s?\d{1,2}\b|\s?(?:izda?|dcha?)\b\.?)?|"
    r"(?i:piso|planta|esc\.?|escalera|portal|puerta|pta\.?|bloque|interno|int\.?|scala|sc\.?)\s\w{1,3}\b|"
    r"(?i:bajo|ático|entresuelo)\b(?:\s[A-Z]\b)?)){0,3}"
    rf"(?:\s?[,(-]?\s?(?:(?i:c\.?p\.?|cap)\s)?\d{{5}}\)?(?:,?\s(?:{_TOWN}))?(?:,?\s?\([A-Za-z]+\)|,?\s[A-Z]{{2}}\b)?)?)"
)
_UNITS = re.compile(
    r"\s?(?:minut\w*|min\b|metros|metri|km|euros?|eur\b|veces|volte|personas|persone|horas|ore\b|"
    r"años|anni|d[ií]as|giorni|noches|notti|meses|mesi|plazas|posti|estrellas|stelle|m\b|h\b|€|%)",
    re.IGNORECASE,
)
_ZIPS = re.compile(rf"(?<![\w-]){_ZIP}(?!\w)")
_TOWN_BEFORE = re.compile(rf"(?<![\w-]){_TOWN},?\s$")
_UK = re.compile(r"(?<![\w-])(?:[A-Z]{1,2}\d[A-Z\d]?) \d[ABD-HJLNP-UW-Z]{2}(?!\w)")
_TOWN_OF_PROVINCE = re.compile(rf"(?<![\w.,/-])\d{{5}},?\s{_TOWN}\s?\([A-Z]{{2}}\)")
# So many characters hold a town, or a flat.
REACH = 40
_CUED_POSTCODE = re.compile(
    r"\b(?:c[oó]digo postal|c\.?p\.|CP|CAP|zip(?: code)?|post ?code|postal code)"
    r"(?:\s(?:is|es|è|era|was))?\s?:?\s?(?P<it>\d{5}(?:-\d{4})?)(?!\w)",
    re.IGNORECASE,
)
_FIVE = re.compile(r"\d{5}")
_TOWN_POSTCODE = re.compile(rf"(?<![\w.,/-])\d{{5}},?\s(?P<town>{_CAPITAL})")
FIRST_CUES = (
    " street",
    " st",
    " road",
    " rd",
    " av",
    " lane",
    " ln",
    " drive",
    " dr",
    " close",
    " court",
    " ct",
    " cres",
    " place",
    " pl",
    " square",
    " sq",
    " ter",
    " way",
    " gardens",
    " gdns",
    " grove",
    " hill",
    " row",
    " mews",
    " boulevard",
    " blvd",
    " parkway",
    " pkwy",
    " highway",
    " hwy",
    " walk",
    " green",
    " parade",
    " quay",
    " circle",
    " trail",
)
LAST_CUES = (
    "c/",
    "cl.",
    "calle",
    "aven",
    "avda",
    "av.",
    "paseo",
    "pº.",
    "po.",
    "plaza",
    "pza",
    "pl.",
    "ronda",
    "camino",
    "carretera",
    "ctra",
    "traves",
    "glorieta",
    "urb",
    "rambla",
    "pasaje",
    "cuesta",
    " via ",
    "\nvia ",
    "(via ",
    " v.",
    "viale",
    "piazza",
    "p.z",
    "p.le",
    "corso",
    "c.so",
    "vicolo",
    "largo",
    "strada",
    "contrada",
    "lungo",
    "salita",
    "borgo",
    "localit",
    "loc.",
    ",via ",
)


def number_first(text: str) -> Iterator[Place]:
    """Yield English addresses: a number, a street, perhaps flat, town and postcode."""
    for match in _ENGLISH.finditer(text):
        yield _with(_FLAT_EN, text, match.start()), match.end()
    for match in _LOW_ENGLISH.finditer(text):
        if match["word"] not in NO_STREET:
            yield _with(_FLAT_EN, text, match.start()), match.end()


def number_last(text: str) -> Iterator[Place]:
    """Yield Spanish and Italian addresses: a street, a number, perhaps more of it."""
    for match in _STREET.finditer(text):
        if _is_street(match) and not _UNITS.match(text, match.end("number")):
            yield match.start(), match.start() + len(match[0].rstrip(" ,(-"))


def postcodes(text: str) -> Iterator[Place]:
    """Yield postcodes that say where somebody lives without a street: with town, state or cue."""
    yield from (match.span() for match in _UK.finditer(text))
    if not _FIVE.search(text):
        return
    for match in _ZIPS.finditer(text):
        start = _with(_TOWN_BEFORE, text, match.start())
        # "OR 12345" is as often a choice; with a town or a comma before it is a place.
        if start < match.start():
            yield start, match.end()
    yield from (match.span() for match in _TOWN_OF_PROVINCE.finditer(text))
    yield from (match.span("it") for match in _CUED_POSTCODE.finditer(text))
    for match in _TOWN_POSTCODE.finditer(text):
        if match["town"].casefold() in TOWNS:
            yield match.span()


def _with(before: re.Pattern[str], text: str, start: int) -> int:
    """Return where what stands before begins, or ``start``."""
    match = before.search(text, max(0, start - REACH), start)
    return match.start() if match else start


def _is_street(match: re.Match[str]) -> bool:
    kind, words = match["kind"].casefold(), match["name"].split()
    telling = [
        word for word in words if word.casefold() not in INSIDE_STREETS and not word[0].isdigit()
    ]
    if not telling:
        return False
    if all(word[0].isupper() for word in telling):
        return True
    if kind in LOOSE_STREETS and words[0].casefold() in INSIDE_STREETS:
        return False
    few = len(telling) <= 2
    return few and not any(word.casefold() in NO_STREET_NAME for word in telling)
