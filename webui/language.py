"""The languages of the interface: which there are, which one a request is answered in, its words.

The catalogues are the ``.po`` files themselves, read when a language is first asked for: there is
no compiled copy that could be older. ``scripts/translate`` brings them up to date with the sources.
"""

from __future__ import annotations

import gettext as catalogues
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

FOLDER = Path(__file__).with_name("translations")


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its code, its name in itself, and the locale of its dates and numbers."""

    code: str
    name: str
    locale: str


LANGUAGES = {
    language.code: language
    for language in (
        # The texts are British: the day before the month.
        Language("en", "English", "en_GB"),
        Language("es", "Español", "es"),
        Language("it", "Italiano", "it"),
    )
}
SOURCE = "en"
_current: ContextVar[str] = ContextVar("language", default=SOURCE)


def current() -> Language:
    """Return the language of this request."""
    return LANGUAGES[_current.get()]


def use(code: str) -> None:
    """Answer in this language until another is used.

    Raises:
        KeyError: there is no such language.

    """
    _current.set(LANGUAGES[code].code)


def best(wanted: Iterable[str]) -> str:
    """Return the code of the first that there is; ``wanted`` are tags such as ``es-MX``."""
    for tag in wanted:
        code = tag.replace("_", "-").split("-")[0].lower()
        if code in LANGUAGES:
            return code
    return SOURCE


def locale() -> Locale:
    """Return how this request's language writes dates and numbers."""
    return _locale(current().locale)


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(name)


def po_file(code: str) -> Path:
    """Return the file of a language's translations."""
    return FOLDER / code / "LC_MESSAGES" / "messages.po"


@cache
def catalogue(code: str) -> catalogues.NullTranslations:
    """Return the translations of a language; the source language translates to itself."""
    if code == SOURCE:
        return catalogues.NullTranslations()
    with po_file(code).open("rb") as file:
        read = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return catalogues.GNUTranslations(compiled)


def lookup(message: str) -> str:
    """Return the translation of a message, its ``%(name)s`` still in it."""
    return catalogue(_current.get()).gettext(message)


def lookup_plural(one: str, many: str, count: int) -> str:
    """Return the translation that fits the count, its ``%(num)s`` still in it."""
    return catalogue(_current.get()).ngettext(one, many, count)


def gettext(message: str, /, **values: object) -> str:
    """Return a message in this request's language, with its values in it."""
    return lookup(message) % values if values else lookup(message)


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the message that fits the count; ``%(num)s`` in it is the count."""
    return lookup_plural(one, many, count) % {"num": count, **values}


class Text(str):
    """A text of a table: written in English, translated whenever it is shown.

    It is its English self to ``==``, ``hash`` and ``join``; ``str()``, an f-string and a template
    give it in the language of the request.
    """

    __slots__ = ()

    def __str__(self) -> str:
        """Return it in this request's language."""
        return lookup(str.__str__(self))

    def __html__(self) -> Markup:
        """Return it in this request's language, escaped."""
        return escape(str(self))

    def __format__(self, spec: str) -> str:
        """Return it in this request's language, formatted."""
        return format(str(self), spec)
