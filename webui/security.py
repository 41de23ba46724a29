"""What every request must be and every response must carry."""

from __future__ import annotations

import re

from flask import Flask, Response, current_app, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from webui.language import Text
from webui.language import gettext as _

_FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture",
    "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "identity-credentials-get",
    "idle-detection", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-get", "screen-wake-lock", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
}
HSTS = "max-age=31536000; includeSubDomains"
SAFE_METHODS = frozenset({"GET", "HEAD"})
LOCAL_ONLY = Text("The pages answer at http://127.0.0.1 and http://localhost on this machine only.")
# How a page looks to the one browser that asks: worth no cookie on every page.
NO_TOKEN = frozenset({"preferences.choose"})
# Flask's TRUSTED_HOSTS is not used: Werkzeug cuts each name of it at the first colon, so that
# "[::1]" becomes "[" and never matches.
_OURS = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)


class Refused(HTTPException):
    """A request that is turned away, with a heading and a sentence for the person."""

    def __init__(self, code: int, heading: str, message: str) -> None:
        """Keep what the page says."""
        super().__init__(message)
        self.code = code
        self.heading = heading
        self.message = message


def init_app(app: Flask) -> None:
    """Check each request before anything else sees it; mark each response.

    ``PUBLIC_NAME`` is the name under which a proxy with TLS serves the pages; None: they are
    served to this machine alone.
    """
    behind_proxy = app.config.setdefault("PUBLIC_NAME", None) is not None
    app.config.update(
        # A browser takes a cookie with this beginning only over TLS, for this host and no other.
        SESSION_COOKIE_NAME="__Host-bothsides" if behind_proxy else "bothsides",
        SESSION_COOKIE_SECURE=behind_proxy,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        # What a method does not allow is answered 405, OPTIONS too.
        PROVIDE_AUTOMATIC_OPTIONS=False,
        # Called by check_form, for requests that a cookie may have signed.
        WTF_CSRF_CHECK_DEFAULT=False,
        # A form lives as long as its session.
        WTF_CSRF_TIME_LIMIT=None,
        # We send no Referer; _same_origin asks better.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions["bothsides.csrf"] = CSRFProtect(app)
    if behind_proxy:
        # One proxy: the last address and scheme that were added to the headers are its own.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    app.before_request(_check_host)
    app.after_request(_mark)


def _check_host() -> None:
    # A page of another site can let its own name point to 127.0.0.1 (DNS rebinding) and would then
    # read our pages as its own: the browser sends that site's name as Host.
    host = request.environ.get("HTTP_HOST", "")
    name = current_app.config["PUBLIC_NAME"]
    if name is None:
        if not _OURS.fullmatch(host):
            raise Refused(
                400,
                _("This address is not served"),
                str(LOCAL_ONLY),
            )
    elif host.lower() != name or not request.is_secure:
        raise Refused(
            400,
            _("This address is not served"),
            _(
                "The pages answer at https://%(name)s only. The proxy in front must pass Host, "
                "X-Forwarded-For and X-Forwarded-Proto.",
                name=name,
            ),
        )


def check_form() -> None:
    """Refuse a request that changes something unless one of our own pages has sent it."""
    if request.method in SAFE_METHODS:
        return
    if not _same_origin():
        raise Refused(
            403,
            _("This did not come from one of these pages"),
            _(
                "The browser says that another site has sent it, or does not say who. Open the "
                "page anew and send it from there; a browser of 2023 or later is needed."
            ),
        )
    if request.endpoint in NO_TOKEN:
        return
    try:
        app_csrf: CSRFProtect = current_app.extensions["bothsides.csrf"]
        app_csrf.protect()
    except CSRFError as exc:
        raise Refused(
            403,
            _("This form is no longer valid"),
            _(
                "Somebody has signed in or out since it was opened. Open the page anew and send it "
                "again."
            ),
        ) from exc


def _same_origin() -> bool:
    # Under Referrer-Policy no-referrer a browser sends "Origin: null" with our own forms, so that
    # Sec-Fetch-Site is asked first. Neither can be set by a script.
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    own = f"{request.scheme}://{request.host}"
    if site is not None:
        return site == "same-origin" and origin in (None, "null", own)
    return origin == own


def _mark(response: Response) -> Response:
    response.headers.update(HEADERS)
    if current_app.config["PUBLIC_NAME"] is not None:
        response.headers["Strict-Transport-Security"] = HSTS
    if request.endpoint == "static":
        # Kept, and asked for again by its hash: a page costs no style sheet after the first.
        response.headers["Cache-Control"] = "no-cache"
    return response
