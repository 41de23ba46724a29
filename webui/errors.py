"""Errors become a page: what is wrong, and the way on. A reader never sees a traceback."""

from __future__ import annotations

import sqlite3

from flask import Flask, Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from analyzer.database import translated
from analyzer.errors import BadData, BothsidesError, InputOutput, Locked, UsageError
from webui import compose, db
from webui.render import page as rendered
from webui.security import Refused

Kind = type[BothsidesError]

# The first row that fits is taken: error, status, heading.
TROUBLES: tuple[tuple[Kind, int, str], ...] = (
    (db.NotAnalysedError, 503, "Nothing has been analysed yet"),
    (Locked, 503, "The database is busy"),
    (InputOutput, 503, "The database cannot be read"),
    (BadData, 400, "The file cannot be read"),
    (UsageError, 400, "That is not possible"),
    (BothsidesError, 500, "The database cannot be shown"),
)

# Status -> heading, message.
STATUSES: dict[int, tuple[str, str]] = {
    400: ("The request cannot be read", "Something in it is not as it must be."),
    404: ("There is no such page", "The address is mistyped, or belongs to an earlier analysis."),
    405: ("That is not possible here", "These pages can be read; nothing can be sent to them."),
    413: (
        "That is too large",
        "A file may have 50 MB. Send it in parts, or import it on the machine itself: "
        "bothsides import FILE",
    ),
}
OTHERWISE = (
    "Something went wrong",
    "This is a defect of Bothsides. The window in which it runs shows the details.",
)


def init_app(app: Flask) -> None:
    """Give each error its page."""
    app.register_error_handler(BothsidesError, _ours)
    app.register_error_handler(sqlite3.DatabaseError, _sqlite)
    app.register_error_handler(HTTPException, _http)


def _ours(error: Exception) -> Response:
    assert isinstance(error, BothsidesError)
    status, heading = next((s, h) for kind, s, h in TROUBLES if isinstance(error, kind))
    steps = (
        compose.steps(db.database(), error.has_comments)
        if isinstance(error, db.NotAnalysedError)
        else ()
    )
    return rendered("error.html", compose.error_page(status, heading, str(error), steps), status)


def _sqlite(error: Exception) -> Response:
    try:
        with translated(db.database()):
            raise error
    except BothsidesError as ours:
        return _ours(ours)


def _http(error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.code or 500
    heading, message = STATUSES.get(status, OTHERWISE)
    if isinstance(error, Refused):
        heading, message = error.heading, error.message
    response = rendered("error.html", compose.error_page(status, heading, message), status)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
