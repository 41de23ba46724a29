"""What every request must be and every response must carry."""

from __future__ import annotations

import re

from flask import Flask, Response, abort, request
from werkzeug.exceptions import MethodNotAllowed

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
METHODS = ("GET", "HEAD")
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
    rule = request.url_rule
    if request.method == "POST" and rule is not None and "POST" in (rule.methods or ()):
        _refuse_other_sites()
    elif request.method not in METHODS:
        raise MethodNotAllowed(METHODS)


def _refuse_other_sites() -> None:
    """Refuse a form that a page of another site sends. What is no browser says nothing of it."""
    site = request.headers.get("Sec-Fetch-Site")
    # Our own pages send no referrer, and therefore "Origin: null".
    origin = request.headers.get("Origin")
    ours = origin is None or origin == request.host_url.rstrip("/")
    if site != "same-origin" if site is not None else not ours:
        abort(403)


def _mark(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response
