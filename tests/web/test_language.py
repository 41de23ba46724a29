"""The interface in its languages: whole catalogues, and a page in each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from tests import translations
from webui import language, words, written
from webui.language import LANGUAGES, Text, gettext, ngettext


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    language.use("en")


@pytest.mark.parametrize("code", translations.OTHERS)
def test_every_text_is_translated(code: str) -> None:
    catalogue = translations.updated(code)
    assert translations.missing(catalogue) == []
    assert language.po_file(code).read_bytes() == translations.written(catalogue), (
        "run scripts/translate"
    )


def test_the_texts_of_templates_and_tables_are_found() -> None:
    ids = {message.id for message in translations.extracted()}
    assert {"Skip to the content", "Employees say", "Why people leave", "Saved."} <= ids
    assert ("%(num)s comment", "%(num)s comments") in ids


def test_a_value_that_a_translation_loses_is_told() -> None:
    catalogue = translations.updated("es")
    catalogue["Page %(number)s of %(count)s"].string = "Página %(number)s"
    assert translations.missing(catalogue) == ["Page %(number)s of %(count)s"]


def test_what_templates_count_has_a_row() -> None:
    import re

    counted = {row.one.removeprefix("%(num)s ") for row in words.COUNTED}
    folder = translations.FOLDER / "templates"
    asked = {
        noun
        for path in folder.glob("*.html")
        for noun in re.findall(r"\|plural\(\"([^\"]+)\"", path.read_text(encoding="utf-8"))
    }
    assert asked
    assert asked <= counted


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (["es-MX", "en"], "es"), (["it_IT"], "it"), (["de", "fr", "it"], "it"), (["de"], "en"),
        ([], "en"), (["EN-us", "es"], "en"), (["*"], "en"),
    ],
)  # fmt: skip
def test_the_best_language_is_the_first_that_there_is(wanted: list[str], code: str) -> None:
    assert language.best(wanted) == code


def test_a_text_is_translated_when_it_is_shown() -> None:
    text = Text("Customers say")
    assert text == "Customers say"
    language.use("it")
    assert str(text) == f"{text}" == f"{text!s}" == "I clienti dicono"
    assert escape(Text("Blind spots of the customers' side")) == (
        "Punti ciechi dal lato dei clienti"
    )
    language.use("es")
    assert f"{text:>20}" == "  Los clientes dicen"


def test_counts_numbers_dates_and_shares_are_local() -> None:
    language.use("es")
    assert written.plural(1, "comment") == "1 comentario"
    assert written.plural(12345, "comment") == "12.345 comentarios"
    assert written.date("2025-10-02") == "2 de octubre de 2025"
    assert written.percent(0.5) == "50\N{NO-BREAK SPACE}%"
    assert written.points(-0.5) == "−50 puntos"
    language.use("it")
    assert written.plural(2, "theme") == "2 temi"
    assert written.date("2025-10") == "ottobre 2025"
    assert written.decimal(0.256) == "0,26"
    assert ngettext("%(num)s point", "%(num)s points", 1) == "1 punto"
    assert gettext("Page %(number)s of %(count)s", number=1, count=2) == "Pagina 1 di 2"


@pytest.mark.parametrize(
    ("code", "words"),
    [("es", "Los empleados dicen"), ("it", "I dipendenti dicono"), ("en", "Employees say")],
)
@pytest.mark.parametrize("path", ["/", "/themes", "/themes/e1", "/pairs/e1/c1"])
def test_a_page_speaks_the_browsers_language(
    client: FlaskClient, path: str, code: str, words: str
) -> None:
    answer = client.get(path, headers={"Accept-Language": f"{code}, en;q=0.5"})
    assert f'<html lang="{code}">' in answer.text
    assert words in answer.text
    assert answer.headers["Content-Language"] == code
    assert {"Accept-Language", "Cookie"} <= set(answer.vary)
    others = {"Los empleados dicen", "I dipendenti dicono", "Employees say"} - {words}
    assert not [other for other in others if other in answer.text]


def test_the_cookie_counts_more_than_the_browser(client: FlaskClient) -> None:
    client.set_cookie("language", "it")
    answer = client.get("/", headers={"Accept-Language": "es"})
    assert '<html lang="it">' in answer.text
    client.set_cookie("language", "klingon")
    answer = client.get("/", headers={"Accept-Language": "es"})
    assert '<html lang="es">' in answer.text


def test_every_language_has_its_catalogue() -> None:
    for code in LANGUAGES:
        assert code == language.SOURCE or language.po_file(code).is_file()
