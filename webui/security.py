"""What every request must be and every response must carry."""

from __future__ import annotations

import re

from flask import Flask, Response, abort, request
from werkzeug.exceptions import MethodNotAllowed

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
METHODS = ("GET", "HEAD")
# What may be sent to, and is no reading.
FORMS = ("preferences.choose",)
# Flask's TRUSTED_HOSTS is not used: Werkzeug cuts each name of it at the first colon, so that
# "[::1]" becomes "[" and never matches.
_OURS = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)


def init_app(app: Flask) -> None:
    """Check each request before anything else sees it; mark each response."""
    app.before_request(_check)
    app.after_request(_mark)


def _check() -> None:
    # A page of another site can let its own name point to 127.0.0.1 (DNS rebinding) and would then
    # read our pages as its own: the browser sends that site's name as Host.
    if not _OURS.fullmatch(request.environ.get("HTTP_HOST", "")):
        abort(400)
    if request.method == "POST" and request.endpoint in FORMS:
        return
    if request.method not in METHODS:
        raise MethodNotAllowed(METHODS)


def _mark(response: Response) -> Response:
    response.headers.update(HEADERS)
    if request.endpoint == "static":
        # Kept, and asked for again by its hash: a page costs no style sheet after the first.
        response.headers["Cache-Control"] = "no-cache"
    return response
