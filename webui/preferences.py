"""The choice of language and theme: a form, two cookies, no script."""

from __future__ import annotations

import re
from collections.abc import Container

from flask import Blueprint, Response, abort, redirect, request

from webui.frame import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, YEAR
from webui.language import LANGUAGES

preferences = Blueprint("preferences", __name__)

# A path of these pages and nothing else: "//host" and "/\host" lead away.
_OURS = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


@preferences.post("/preferences")
def choose() -> Response:
    """Keep ``language`` or ``theme``, whichever the form names, and go back to ``next``."""
    chosen = {
        LANGUAGE_COOKIE: _one_of("language", LANGUAGES),
        THEME_COOKIE: _one_of("theme", THEMES),
    }
    response = redirect(_way_back(), 303)
    for cookie, value in chosen.items():
        if value is not None:
            response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", httponly=True)
    assert isinstance(response, Response)
    return response


def _one_of(field: str, values: Container[str]) -> str | None:
    asked = request.form.get(field)
    if asked is not None and asked not in values:
        abort(400)
    return asked


def _way_back() -> str:
    asked = request.form.get("next", "")
    return asked if _OURS.fullmatch(asked) else "/"
