"""What each route asks for: one table, and the check before every request.

A route without a row is answered to nobody, and fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from flask import Flask, redirect, request, session
from werkzeug.wrappers import Response

from analyzer.access.roles import Right, Viewer
from webui import who
from webui.language import gettext as _
from webui.security import SAFE_METHODS, Refused, check_form

# public: anybody. signed-in: any user, or a program with a token. session: somebody at a browser
# who has signed in, never a token, and not in local mode. Otherwise the right that is needed.
Need = Right | Literal["public", "signed-in", "session"]

NEEDS: Final[Mapping[str, Need]] = {
    "static": "public",
    "preferences.choose": "public",
    "account.login": "public",
    "account.code": "public",
    "account.logout": "session",
    "account.own": "session",
    "account.password": "session",
    "account.me": "signed-in",
    "pages.pairs": "employee-names",
    "pages.pair": "employee-names",
    "pages.themes": "employee-names",
    "pages.theme": "employee-names",
    # The other side's imports are refused where the side is known: webui/imports.py.
    "imports.start": "import-customers",
    "imports.send": "import-customers",
    "imports.look": "import-customers",
    "imports.decide": "import-customers",
    "imports.forget": "import-customers",
    "imports.receipt": "import-customers",
    "imports.rejected": "import-customers",
    "imports.undo": "import-customers",
    "runs.runs": "run",
    "runs.analyse": "run",
    "runs.run": "run",
    "runs.job": "run",
    "runs.cancel": "run",
    "runs.retry": "run",
}


def init_app(app: Flask) -> None:
    """Ask of every request who sends it, and whether they may."""
    app.before_request(_admit)


def allows(viewer: Viewer, need: Need, *, token: bool = False) -> bool:
    """Return whether a viewer has what a route needs; ``token``: a program looks."""
    match need:
        case "public" | "signed-in":
            return True
        case "session":
            return not viewer.local and not token
        case _:
            return viewer.may(need)


def _admit() -> Response | None:
    if request.endpoint == "static":
        return None
    viewer = who.viewer()
    if request.endpoint is None:  # no such page, or not by this method: Flask says so
        return None
    need = NEEDS.get(request.endpoint)
    by_token = who.bearer() is not None
    if need is None:
        raise Refused(403, _("This page is not open"), _("It has no row in the table of rights."))
    if viewer is None and need != "public":
        return _ask_to_sign_in()
    if viewer is not None and not allows(viewer, need, token=by_token):
        raise _not_for(viewer)
    # A program's token is in a header that no other site can make a browser send. In local mode
    # the header means nothing.
    if viewer is None or viewer.local or not by_token:
        check_form()
    return None


def _ask_to_sign_in() -> Response:
    page = request.method in SAFE_METHODS and "HX-Request" not in request.headers
    if who.bearer() is not None or request.path.startswith("/api/") or not page:
        raise Refused(
            401,
            _("Sign in first"),
            _("Nobody is signed in here, or the session or token is over."),
        )
    session[who.AFTERWARDS] = request.full_path.rstrip("?")
    return redirect("/login", 303)


def _not_for(viewer: Viewer) -> Refused:
    if viewer.local:
        return Refused(
            404,
            _("There is no such page"),
            _("In single-user mode nobody signs in or has an account."),
        )
    return Refused(
        403,
        _("This is not for your role"),
        _(
            "Signed in as %(name)s. What a role may see is said in SECURITY.md; an administrator "
            "gives roles.",
            name=viewer.name,
        ),
    )
