"""Which columns hold personal data, told by their names; nothing of them is ever read."""

from __future__ import annotations

import re
import unicodedata

from analyzer.importers.synonyms import PERSONAL, fold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[a-z]+")
# A header of more words is a question: "Did the mobile app work?" asks for no number.
_MOST_WORDS = 3
_CONTACT = _words(
    "email emails mail mails correo phone telephone telefono cellphone cellulare movil fax ip "
    "photo foto avatar picture selfie username nickname surname firstname lastname fullname "
    "displayname apellido apellidos cognome birth birthday birthdate dob ssn passport pasaporte "
    "passaporto iban latitude longitude latitud longitud latitudine longitudine indirizzo "
    "direccion"
)
_NAME = frozenset(("name", "names", "nombre", "nome"))
_OF_A_PERSON = _words(
    "first last full sur given family middle maiden display user screen nick real legal preferred "
    "person people reviewer reviewers recipient respondent respondents requester submitter "
    "assignee customer client guest patient member visitor author consumer contact employee staff "
    "worker colleague manager supervisor agent owner account holder sender participant completo "
    "empleado cliente dipendente autor autore"
)
_ASKED = re.compile(
    r"\b(?:your|su|tu|tuo|tua|suo|sua)\s+(?:(?:full|first|last|sur|work|personal|home|contact|"
    r"mobile|phone|telephone|e-?mail)\s+)*(?:name|surname|e-?mail|mail|phone|telephone|number|"
    r"address|nombre|apellidos?|correo|telefono|nome|cognome|indirizzo)\b(?!\s+(?:of|is|was)\b)",
    re.IGNORECASE,
)
# These alone may also name a place or a thing, so a person may say that they do.
AMBIGUOUS = frozenset(("name", "nome", "nombre"))


def is_personal(column: str) -> bool:
    """Return whether a column of this name holds a person's name, address, number or photo."""
    if fold(column) in PERSONAL:
        return True
    last = column.rpartition(".")[2]
    if last != column and fold(last) in PERSONAL - AMBIGUOUS:
        return True
    words = _words_of(column)
    return any(_short_is_personal(found) for found in (words, _words_of(last))) or (
        len(words) > _MOST_WORDS and _ASKED.search(_plain(column)) is not None
    )


def _short_is_personal(words: list[str]) -> bool:
    if not words or len(words) > _MOST_WORDS:
        return False
    if _CONTACT & set(words):
        return True
    return words[-1] in _NAME and bool(_OF_A_PERSON & set(words[:-1]))


def _words_of(column: str) -> list[str]:
    return _WORD.findall(_plain(_CAMEL.sub(" ", column)).casefold())


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char))
