"""Errors become a page: what is wrong, and the way on. A reader never sees a traceback."""

from __future__ import annotations

import sqlite3

from flask import Flask, Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from analyzer.database import translated
from analyzer.errors import BadData, BothsidesError, InputOutput, Locked, UsageError
from webui import compose, db
from webui.language import Text
from webui.render import page as rendered
from webui.security import Refused

Kind = type[BothsidesError]

# The first row that fits is taken: error, status, heading.
TROUBLES: tuple[tuple[Kind, int, str], ...] = (
    (db.NotAnalysedError, 503, Text("Nothing has been analysed yet")),
    (Locked, 503, Text("The database is busy")),
    (InputOutput, 503, Text("The database cannot be read")),
    (BadData, 400, Text("The file cannot be read")),
    (UsageError, 400, Text("That is not possible")),
    (BothsidesError, 500, Text("The database cannot be shown")),
)

# Status -> heading, message.
STATUSES: dict[int, tuple[str, str]] = {
    400: (Text("The request cannot be read"), Text("Something in it is not as it must be.")),
    403: (Text("You may not do that"), Text("Your role has no right to it.")),
    404: (
        Text("There is no such page"),
        Text("The address is mistyped, or belongs to an earlier analysis."),
    ),
    405: (
        Text("That is not possible here"),
        Text("These pages can be read; nothing can be sent to them."),
    ),
    413: (
        Text("That is too large"),
        Text(
            "A file may have 50 MB. Send it in parts, or import it on the machine itself: "
            "bothsides import FILE"
        ),
    ),
}
OTHERWISE = (
    Text("Something went wrong"),
    Text("This is a defect of Bothsides. The window in which it runs shows the details."),
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
    return rendered(
        "error.html", compose.error_page(status, str(heading), str(error), steps), status
    )


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
    response = rendered(
        "error.html", compose.error_page(status, str(heading), str(message)), status
    )
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
