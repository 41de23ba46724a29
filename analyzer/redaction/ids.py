"""Numbers by which a state or an employer knows a person: by check digit, or by the word before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analyzer.redaction import checks
from analyzer.redaction.cues import is_reference
from analyzer.redaction.spans import Place

_OMO = "[0-9LMNP-V]"


@dataclass(frozen=True, slots=True)
class Form:
    """A row: how it is written, whether it can be one; ``cue``: what must stand before it."""

    name: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool]
    cue: re.Pattern[str] | None = None


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-])(?:{text})(?!\w|-\d)", re.IGNORECASE)


FORMS: tuple[Form, ...] = (
    Form("DNI", _pattern(r"\d{2}[. ]?\d{3}[. ]?\d{3}[ -]?[A-Z]"), checks.dni),
    Form("NIE", _pattern(r"[XYZ][ -]?\d[. ]?\d{3}[. ]?\d{3}[ -]?[A-Z]"), checks.dni),
    Form(
        "codice fiscale",
        _pattern(
            rf"[A-Z]{{3}} ?[A-Z]{{3}} ?{_OMO}{{2}}[A-EHLMPRST]{_OMO}{{2}} ?[A-Z]{_OMO}{{3}} ?[A-Z]"
        ),
        checks.codice_fiscale,
    ),
    Form(
        "National Insurance",
        _pattern(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:[ -]?\d{2}){3}[ -]?[A-D]"),
        checks.nino,
    ),
    Form("NHS", _pattern(r"\d{3}[ -]\d{3}[ -]\d{4}"), checks.nhs),
    Form(
        "NHS", _pattern(r"\d{10}"), checks.nhs,
        re.compile(r"\bnhs\b[^.!?\n\d]{0,20}$", re.IGNORECASE),
    ),
    Form("SSN", _pattern(r"\d{3}[- ]\d{2}[- ]\d{4}"), checks.ssn),
)  # fmt: skip

_NUMBER_WORD = (
    r"(?:numbers?|no\.?|num\.?|nr\.?|n\.?\s?[º°o]\.?|n\.|#|ids?|codes?|"
    r"n[uú]m(?:\.|ero)?|codice|card)"
)
_BETWEEN = r"(?:\s+(?:is|was|es|era|è))?\s?[,:=]?\s?"
_VALUE = r"(?P<it>(?=(?:[A-Z-]*\d){3})[A-Z]{0,4}[-/]?\d(?:[./ -]?[A-Z\d]){%d,15})(?![\w])"
# These words name a document: the number follows, with or without the word "number".
_DOCUMENTS = (
    r"passports?|driv(?:er'?s|ing) licen[cs]e|national insurance|nino|ni number|social security|"
    r"my social|ssn|nhs|tax id|itin|"
    r"pasaporte|dni|nie|nif|carn[eé] de conducir|seguridad social|nuss|tarjeta sanitaria|legajo|"
    r"passaporto|carta d['’]identit[aà]|patente|codice fiscale|c\.?f\.?|tessera sanitaria|matricola"
)
# These name a person or a thing as often: only "employee number" is a number.
_HOLDERS = (
    r"employee|staff|colleague|associate|worker|personnel|payroll|badge|id card|"
    r"emplead[oa]|trabajador(?:a)?|operari[oa]|n[oó]mina|tarjeta|dipendente|impiegat[oa]|tesserino"
)
CUES = (
    "passport", "licen", "insurance", "nino", "ni n", "social", "ssn", "nhs", "tax id", "itin",
    "pasaporte", "dni", "nie", "nif", "carn", "seguridad", "nuss", "sanitari", "legajo",
    "passaporto", "identit", "patente", "fiscale", " cf", "c.f", "matricola", "employee", "staff",
    "colleague", "associate", "worker", "personnel", "payroll", "badge", "id card", "emplead",
    "trabajador", "operari", "mina", "tarjeta", "dipendente", "impiegat", "tesserino",
)  # fmt: skip
_NAMED = (
    re.compile(
        rf"\b(?:{_DOCUMENTS})\b(?:\s?{_NUMBER_WORD})?{_BETWEEN}"
        rf"(?!(?:19|20)\d\d\b){_VALUE % 3}", re.IGNORECASE
    ),
    re.compile(
        rf"\b(?:(?:{_HOLDERS})\s?{_NUMBER_WORD}|{_NUMBER_WORD}\s(?:de\s|di\s|of\s)?(?:{_HOLDERS})|"
        rf"(?:employee|staff|empleado)\s?:){_BETWEEN}{_VALUE % 2}",
        re.IGNORECASE,
    ),
)  # fmt: skip
# So many letters and digits a number has behind its word; NHS 111 is a service.
LEAST = 4
_COMPACT = re.compile(r"[^A-Z0-9]")


def numbered(text: str) -> Iterator[Place]:
    """Yield national ids whose check digit is right; what is called an order or a part is none."""
    for form in FORMS:
        for match in form.pattern.finditer(text):
            if not form.holds(_COMPACT.sub("", match[0].upper())):
                continue
            cued = form.cue is None or form.cue.search(
                text, max(0, match.start() - 30), match.start()
            )
            if cued and not is_reference(text, match.start()):
                yield match.span()


def named(text: str) -> Iterator[Place]:
    """Yield what follows the words passport, employee number, matricola, DNI and their like."""
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            value = _first_part(match["it"])
            if sum(c.isalnum() for c in value) >= LEAST:
                yield match.start("it"), match.start("it") + len(value)


def _first_part(value: str) -> str:
    """Return the number without what a space sets apart: "884213 in 2019"."""
    kept = value
    while " " in kept:
        head, _, tail = kept.rpartition(" ")
        # Groups of digits belong together: "12 34 56 C".
        if re.fullmatch(r"\d{2,4}|[A-Z]", tail) and not head[-1:].isalpha():
            break
        kept = head
    return kept
