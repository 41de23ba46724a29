"""Signing in and out, and one's own password."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, abort, g, jsonify, redirect, request, session
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from analyzer.access import signing_in
from analyzer.access.passwords import SHORTEST
from analyzer.access.roles import Viewer
from analyzer.access.signing_in import Answer
from analyzer.database import opened
from analyzer.errors import UsageError
from webui import db, rights, who
from webui.contexts import AccountPage, CodePage, LoginPage
from webui.language import Text, ngettext
from webui.language import gettext as _
from webui.render import page as rendered

account = Blueprint("account", __name__)

WRONG = Text("That name and password do not belong together.")
WRONG_CODE = Text("That code is not right, or was used before. The next one will do.")
WRONG_OLD = Text("That is not the present password.")
UNREADY = Text(
    "The password is right, but this role needs a second factor and there is none yet. An "
    "administrator makes one: bothsides user totp NAME"
)
CHANGED = Text("The password is changed. Every other session has ended.")


@account.route("/login", methods=["GET", "POST"])
def login() -> AnyResponse:
    """Show the form; take name and password."""
    if who.is_local():
        return redirect("/", 303)
    if request.method != "POST":
        return redirect("/", 303) if who.viewer() else rendered("login.html", _login_page(""))
    with opened(db.database(), create=False) as writing:
        answer = signing_in.with_password(
            writing,
            request.form.get("name", ""),
            request.form.get("password", ""),
            who.browser(),
            who.now(),
        )
    if answer.outcome == "unready":
        return rendered("login.html", _login_page(str(UNREADY)), 403)
    if answer.token is None:
        return _refused("login.html", _login_page(_why(answer, WRONG)), answer)
    _begin(answer.token)
    return redirect("/login/code", 303) if answer.outcome == "code" else _onwards()


@account.route("/login/code", methods=["GET", "POST"])
def code() -> AnyResponse:
    """Show the form of the second factor; take its code."""
    held = None if who.is_local() else who.held()
    if held is None or held.step != "code":
        return redirect("/login", 303)
    if request.method != "POST":
        return rendered("code.html", _code_page(""))
    with opened(db.database(), create=False) as writing:
        answer = signing_in.with_code(
            writing, held, request.form.get("code", ""), who.browser(), who.now()
        )
    if answer.token is None:
        return _refused("code.html", _code_page(_why(answer, WRONG_CODE)), answer)
    _begin(answer.token)
    return _onwards()


@account.post("/logout")
def logout() -> AnyResponse:
    """End the session, here and in the database."""
    from analyzer.access import sessions

    with opened(db.database(), create=False) as writing:
        sessions.end(writing, session[who.SIGNED_IN])
    session.clear()
    return redirect("/login", 303)


@account.get("/account")
def own() -> Response:
    """Show who is signed in, and the form for a new password."""
    return rendered("account.html", _account_page())


@account.post("/account/password")
def password() -> AnyResponse:
    """Take a new password, with the old one."""
    held = who.held() or abort(401)
    try:
        with opened(db.database(), create=False) as writing:
            answer = signing_in.change_password(
                writing,
                held,
                request.form.get("old", ""),
                request.form.get("new", ""),
                who.browser(),
                who.now(),
            )
    except UsageError as exc:
        return rendered("account.html", _account_page(str(exc)), 400)
    if answer.token is None:
        wrong = _why(answer, WRONG_OLD)
        return _refused("account.html", _account_page(wrong), answer)
    _begin(answer.token)
    return rendered("account.html", _account_page(str(CHANGED)))


@account.get("/api/me")
def me() -> Response:
    """Say whom a session or token stands for, and what it may do."""
    viewer = cast(Viewer, g.viewer)
    return jsonify({"name": viewer.name, "rights": sorted(viewer.rights)})


def _begin(token: str) -> None:
    # Nothing of before is kept but where somebody wanted to go; forms of before are void.
    afterwards = session.get(who.AFTERWARDS)
    session.clear()
    g.pop("csrf_token", None)
    session[who.SIGNED_IN] = token
    # Now, not with the first page: two that are opened at once would each make another.
    generate_csrf()
    if afterwards:
        session[who.AFTERWARDS] = afterwards


def _onwards() -> AnyResponse:
    g.pop("viewer", None)
    # The pages of this request were read before the session was written.
    db.renew()
    viewer = who.viewer()
    asked = session.pop(who.AFTERWARDS, None)
    if viewer is not None and not rights.allows(viewer, rights.NEEDS["pages.pairs"]):
        return redirect("/account", 303)
    # Our own path out of a signed cookie; never an address of another host.
    return redirect(asked if isinstance(asked, str) and asked[1:2] != "/" else "/", 303)


def _why(answer: Answer, wrong: Text) -> str:
    if answer.outcome == "wait":
        return ngettext(
            "Too many attempts. Try again in %(num)s minute.",
            "Too many attempts. Try again in %(num)s minutes.",
            -(-answer.seconds // 60),
        )
    return str(wrong)


def _refused(
    template: str, context: LoginPage | CodePage | AccountPage, answer: Answer
) -> AnyResponse:
    waits = answer.outcome == "wait"
    response = rendered(template, context, 429 if waits else 401)
    if waits:
        response.headers["Retry-After"] = str(answer.seconds)
    return response


def _login_page(problem: str) -> LoginPage:
    return LoginPage(title=_("Sign in"), section="account", origin=None, problem=problem)


def _code_page(problem: str) -> CodePage:
    return CodePage(title=_("Second factor"), section="account", origin=None, problem=problem)


def _account_page(said: str = "") -> AccountPage:
    return AccountPage(
        title=_("Your account"), section="account", origin=None, said=said, shortest=SHORTEST
    )
