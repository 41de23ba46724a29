"""Who is looking: the cookie's session, a token, or the one person of local mode."""

from __future__ import annotations

import time

from flask import current_app, g, request, session

from analyzer.access import sessions, tokens, users
from analyzer.access.roles import LOCAL, Viewer, viewer_of
from analyzer.access.signing_in import Browser
from analyzer.database import opened
from analyzer.errors import Locked
from webui import db

# Names in the cookie, which is signed and tied to nothing else.
SIGNED_IN = "signed-in"
AFTERWARDS = "afterwards"


def now() -> int:
    """Return the time in seconds since 1970; ``config["CLOCK"]`` may say another."""
    clock = current_app.config.get("CLOCK") or time.time
    return int(clock())


def bearer() -> str | None:
    """Return the token of a program; None: a browser asks."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def browser() -> Browser:
    """Return who tries to sign in: the address, and the session that the browser has."""
    return Browser(request.remote_addr or "", session.get(SIGNED_IN))


def is_local() -> bool:
    """Return whether this is single-user mode: this machine alone, and no users."""
    if current_app.config["PUBLIC_NAME"] is not None:
        return False
    return not db.database().exists() or not users.exist(db.connection())


def viewer() -> Viewer | None:
    """Return who looks, and keep it as ``g.viewer``; None: somebody who has not signed in."""
    if "viewer" not in g:
        g.viewer = _found()
    found: Viewer | None = g.viewer
    return found


def held() -> sessions.Session | None:
    """Return the browser's session, whichever step it stands at."""
    token = session.get(SIGNED_IN)
    return sessions.held(db.connection(), token, now()) if isinstance(token, str) else None


def _found() -> Viewer | None:
    if is_local():
        return LOCAL
    if (secret := bearer()) is not None:
        return tokens.viewer(db.connection(), secret, now())
    found = held()
    if found is None or found.step != "in":
        return None
    if now() - found.seen_at >= sessions.TOUCHED:
        _touch()
    return viewer_of(found.name, found.role, found.user_id)


def _touch() -> None:
    # While an analysis is written the session is simply not prolonged: the next request will.
    try:
        with opened(db.database(), create=False) as writing:
            sessions.touch(writing, session[SIGNED_IN], now())
    except Locked:
        current_app.logger.info("a session could not be prolonged: the database is busy")
