"""What is around every page: navigation, notices, messages, language and theme.

A page's own content is its context; this is about the request. ``webui.rights`` has found out who
looks (``g.viewer``); a notice for every page goes to ``g.notices``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import Flask, Response, current_app, g, request, url_for
from flask_wtf.csrf import generate_csrf

from analyzer.access.roles import Viewer
from webui import language, navigation
from webui.language import Language, Text
from webui.words import MESSAGES

Theme = Literal["auto", "light", "dark"]
THEMES: dict[Theme, Text] = {
    "auto": Text("As the system"),
    "light": Text("Light"),
    "dark": Text("Dark"),
}
LANGUAGE_COOKIE, THEME_COOKIE, MESSAGE_COOKIE = "language", "theme", "said"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things to choose; ``lang`` is the language in which its label is written."""

    value: str
    label: str
    chosen: bool
    lang: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that every page says; ``tone`` is info, good or bad."""

    text: str
    tone: Literal["info", "good", "bad"] = "info"


@dataclass(frozen=True, slots=True)
class Frame:
    """What is around a page.

    ``scheme`` is what browsers call the colours; ``theme`` is None if the system chooses.
    ``viewer`` is the name of who has signed in, ``local`` says that nobody has to. Each form that
    changes something sends ``csrf`` as ``csrf_token``; the token is made when a template first
    writes it. ``here`` is this page's address.
    """

    language: Language
    languages: tuple[Choice, ...]
    theme: str | None
    scheme: str
    themes: tuple[Choice, ...]
    local: bool
    viewer: str | None
    navigation: tuple[navigation.Link, ...]
    notices: tuple[Notice, ...]
    message: Notice | None
    csrf: object
    here: str
    preferences: str


def init_app(app: Flask) -> None:
    """Choose each request's language before anything can go wrong in it."""
    app.before_request(_choose_language)
    app.after_request(_mark)


def _choose_language() -> None:
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    wanted = [tag for tag, _ in request.accept_languages]
    language.use(language.best([chosen, *wanted]))


def _mark(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = language.current().code
        response.vary.update(("Accept-Language", "Cookie", "HX-Request"))
        if MESSAGE_COOKIE in request.cookies and "message" in g:
            response.delete_cookie(MESSAGE_COOKIE, samesite="Strict", httponly=True)
    return response


def viewer() -> Viewer | None:
    """Return who looks at this page; None: somebody who has not signed in, or is not asked yet."""
    found: Viewer | None = g.get("viewer")
    return found


class FormToken:
    """The form token as text. Made when it is written: a page without a form sets no cookie."""

    def __str__(self) -> str:
        token: str = generate_csrf()
        return token


def say(response: Response, key: str) -> Response:
    """Let the next page say a message of ``words.MESSAGES``; for the answer to a form.

    Raises:
        KeyError: there is no such message.

    """
    assert MESSAGES[key]
    response.set_cookie(MESSAGE_COOKIE, key, max_age=60, samesite="Strict", httponly=True)
    return response


def current() -> Frame:
    """Return what is around the page of this request."""
    code = language.current().code
    theme = chosen_theme()
    return Frame(
        language=language.current(),
        languages=tuple(
            Choice(other.code, other.name, other.code == code, other.code)
            for other in language.LANGUAGES.values()
        ),
        theme=None if theme == "auto" else theme,
        scheme="light dark" if theme == "auto" else theme,
        themes=tuple(Choice(key, str(label), key == theme, code) for key, label in THEMES.items()),
        local=(looks := viewer()) is not None and looks.local,
        viewer=None if looks is None or looks.local else looks.name,
        navigation=navigation.links(looks, current_app.view_functions, url_for),
        notices=tuple(g.get("notices", ())),
        message=_message(),
        csrf=FormToken(),
        here=request.full_path.rstrip("?"),
        preferences=url_for("preferences.choose"),
    )


def chosen_theme() -> Theme:
    """Return the theme that the cookie names; auto if it names none."""
    asked = request.cookies.get(THEME_COOKIE)
    return next((key for key in THEMES if key == asked), "auto")


def _message() -> Notice | None:
    key = request.cookies.get(MESSAGE_COOKIE, "")
    if key not in MESSAGES:
        return None
    g.message = key
    return Notice(str(MESSAGES[key]), "good")
