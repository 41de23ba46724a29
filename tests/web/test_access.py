"""Every route x role x method x id: who is let in, and that nothing leaks to who is not."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from analyzer.access import sessions
from analyzer.access.roles import RIGHTS, Right
from tests.people import DISABLED, NAMES, NOON, Someone, browser, program, session_of, token_of
from webui import create_app
from webui.rights import NEEDS
from webui.security import NO_TOKEN

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
# What stands in a URL leads to something that is the same for all who may see the route: no id of
# a person, a session or a token is in any. An argument without a row fails.
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "employee": ("e1", "e99", "c1", "' OR 1=1 --"),
    "customer": ("c1", "c99", "e1"),
    "theme_id": ("e1", "c1", "e99", "%2e%2e%2fsecrets", "<script>"),
    "key": ("0" * 32, "1" * 32, "..%2fx"),
    "header": ("nothing", "..%2fx"),
    "number": ("1", "2", "99"),
    "filename": ("bothsides.css", "../db.py", "nothing"),
}
# What nobody may read who was not let in: texts and labels of tests/web/conftest.py.
SECRETS = ("too few people", "Siempre falta", "work of three", "Nobody at the desk", "parking")
READERS = {"cx", "hr", "hr_verbatim", "token cx", "token hr", "token hr_verbatim", "token all"}
PEOPLE = {"cx", "hr", "hr_verbatim", "admin"}
TOKENS = {"token cx", "token hr", "token hr_verbatim", "token all", "token admin"}
IMPORTERS = {"cx", "hr", "hr_verbatim", "token all"}
RUNNERS = {*PEOPLE, "token all", "token admin"}
# These ask once more: for the present password, for the right to the side of an import.
ASK_MORE = {"account.password", "imports.receipt", "imports.rejected", "imports.undo",
            "imports.forget", "imports.decide", "runs.retry"}  # fmt: skip
# Who is let in, written down once more and by hand: a row of webui/rights.py that changes is seen.
LET_IN: dict[str, set[str]] = {
    "account.logout": PEOPLE,
    "account.own": PEOPLE,
    "account.password": PEOPLE,
    "account.me": PEOPLE | TOKENS,
    "pages.pairs": READERS,
    "pages.pair": READERS,
    "pages.themes": READERS,
    "pages.theme": READERS,
    **dict.fromkeys(("imports.start", "imports.send", "imports.look", "imports.decide"), IMPORTERS),
    **dict.fromkeys(("imports.forget", "imports.receipt", "imports.undo"), IMPORTERS),
    "imports.rejected": IMPORTERS,
    **dict.fromkeys(("runs.runs", "runs.analyse", "runs.run", "runs.job"), RUNNERS),
    **dict.fromkeys(("runs.cancel", "runs.retry"), RUNNERS),
}
# How each comes, and what rights it has: None is nobody at all.
Make = Callable[[Flask, Path], Someone]
OF_TOKENS: dict[str, frozenset[Right]] = {
    "token cx": frozenset({"customer-figures", "customer-comments", "employee-names"}),
    "token hr": frozenset(
        {"customer-figures", "customer-comments", "employee-names", "employee-figures"}
    ),
    "token hr_verbatim": frozenset(
        {"customer-figures", "customer-comments", "employee-names", "employee-figures"}
    ),
    "token all": RIGHTS["hr_verbatim"],
    "token admin": frozenset({"run"}),
}


def _token(name: str, *rights: Right, days: int = 30, now: int = NOON) -> Make:
    return lambda app, path: program(app, token_of(path, name, *rights, days=days, now=now))


def _browser(name: str, step: sessions.Step = "in", now: int = NOON) -> Make:
    return lambda app, path: browser(app, session_of(path, name, step=step, now=now))


def _disabled_behind_our_back(app: Flask, path: Path) -> Someone:
    """Somebody whose row says disabled, though the session was left."""
    someone = browser(app, session_of(path, NAMES["hr"]))
    with sqlite3.connect(path) as db:
        db.execute("UPDATE users SET disabled = 1 WHERE name = ?", [NAMES["hr"]])
    db.close()
    return someone


def _forged(app: Flask, path: Path) -> Someone:
    """Somebody with a cookie of another key."""
    other = create_app({"DATABASE": path, "SECRET_KEY": b"x" * 32})
    value = browser(other, session_of(path, NAMES["hr"])).client.get_cookie("bothsides")
    assert value is not None
    someone = browser(app)
    someone.client.set_cookie("bothsides", value.value)
    return someone


VISITORS: dict[str, Make] = {
    **{role: _browser(name) for role, name in NAMES.items()},
    "nobody": lambda app, _: browser(app),
    "disabled": _browser(DISABLED),
    "disabled since": _disabled_behind_our_back,
    "before the code": _browser(NAMES["hr_verbatim"], "code"),
    "idle": _browser(NAMES["hr"], now=NOON - sessions.IDLE),
    "forged cookie": _forged,
    "token cx": _token(NAMES["cx"]),
    "token hr": _token(NAMES["hr"]),
    "token hr_verbatim": _token(NAMES["hr_verbatim"]),
    "token all": _token(NAMES["hr_verbatim"], *sorted(RIGHTS["hr_verbatim"])),
    "token admin": _token(NAMES["admin"], "run"),
    "token expired": _token(NAMES["hr"], days=1, now=NOON - 86_400),
    "token nonsense": lambda app, _: program(app, "bothsides_nonsense"),
}


def rights_of(visitor: str) -> frozenset[Right] | None:
    return RIGHTS[visitor] if visitor in RIGHTS else OF_TOKENS.get(visitor)  # type: ignore[index]


def addresses(rule: Rule) -> Iterator[str]:
    """Yield the rule's address with each value of each argument."""
    if missing := set(rule.arguments) - set(ARGUMENTS):
        pytest.fail(f"{rule.rule}: say in ARGUMENTS what {sorted(missing)} leads to, and whose")
    most = max((len(ARGUMENTS[name]) for name in rule.arguments), default=1)
    for place in range(most):

        def value(found: re.Match[str], place: int = place) -> str:
            values = ARGUMENTS[found[1]]
            return values[place % len(values)]

        yield re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", value, rule.rule)


def is_let_in(visitor: str, endpoint: str) -> bool:
    """Say who is let in, from the rights alone; LET_IN says it again."""
    need, rights = NEEDS[endpoint], rights_of(visitor)
    if need == "public":
        return True
    if rights is None:
        return False
    if need == "session":
        return visitor in PEOPLE
    return need == "signed-in" or need in rights


def test_every_route_has_its_row_and_every_row_its_route(guarded: Flask) -> None:
    assert set(guarded.view_functions) == set(NEEDS)


def test_the_table_lets_in_whom_we_think() -> None:
    for endpoint, visitors in LET_IN.items():
        assert {v for v in VISITORS if is_let_in(v, endpoint)} == visitors, endpoint


def test_a_route_without_a_row_is_answered_to_nobody(peopled: Path, database: Path) -> None:
    for path in (peopled, database):
        app = create_app({"DATABASE": path, "CLOCK": lambda: NOON})
        app.add_url_rule("/forgotten", "forgotten", lambda: "open")
        visitors = [browser(app)]
        if path is peopled:
            visitors += [browser(app, session_of(path, name)) for name in NAMES.values()]
        for visitor in visitors:
            assert visitor.get("/forgotten").status_code == 403


@pytest.mark.parametrize("visitor", VISITORS)
def test_the_matrix(guarded: Flask, peopled: Path, visitor: str) -> None:
    """Each route, method and id, for one kind of visitor."""
    seen, someone = 0, VISITORS[visitor](guarded, peopled)
    for rule in guarded.url_map.iter_rules():
        allowed = rule.methods or set()
        let_in = is_let_in(visitor, rule.endpoint)
        # Another route of the same address answers its own methods.
        others = {m for r in guarded.url_map.iter_rules() if r.rule == rule.rule for m in r.methods}
        for method in [m for m in METHODS if m in allowed or m not in others]:
            for address in addresses(rule):
                _look(someone.send(method, address), rule, method, method in allowed, let_in)
                seen += 1
            if method in allowed and method not in ("GET", "HEAD"):
                # Signing out, and in as somebody else, would end the session.
                someone = VISITORS[visitor](guarded, peopled)
    assert seen >= len(NEEDS) * (len(METHODS) - 1)


def _look(answer, rule: Rule, method: str, allowed: bool, let_in: bool) -> None:
    # A slash in an id is another address.
    leads_nowhere = "%2f" in answer.request.environ["REQUEST_URI"]
    what = f"{method} {rule.rule}: {answer.status}"
    with answer:
        if not allowed or leads_nowhere:
            assert answer.status_code in (404, 405), what
        elif let_in:
            assert answer.status_code < 500, what
            if NEEDS[rule.endpoint] != "public" and rule.endpoint not in ASK_MORE:
                assert answer.status_code not in (401, 403), what
        elif answer.status_code == 303:
            assert answer.headers["Location"] == "/login", what
            assert method in ("GET", "HEAD"), what
        else:
            assert answer.status_code in (401, 403), what
        assert answer.headers["Content-Security-Policy"], what
        static = rule.endpoint == "static" and answer.status_code != 405
        kept = "no-cache" if static else "no-store"
        assert answer.headers["Cache-Control"] == kept, what
        if not (allowed and let_in):
            text = answer.get_data(as_text=True)
            assert not [secret for secret in SECRETS if secret in text], what


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "https://localhost"},
        {"Origin": "http://localhost:81"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"},
    ],
)
def test_what_another_site_sends_is_refused(
    guarded: Flask, peopled: Path, method: str, headers: dict[str, str]
) -> None:
    for rule in guarded.url_map.iter_rules():
        if method not in (rule.methods or ()):
            continue
        token = session_of(peopled, NAMES["hr"])
        someone = browser(guarded, token)
        someone.headers = headers
        answer = someone.send(method, next(addresses(rule)), {"name": "hugo"})
        assert answer.status_code == 403
        assert browser(guarded, token).get("/account").status_code == 200, "nothing was done"


@pytest.mark.parametrize("form_token", ["", "nonsense", "ImFhYWEi.aaaa.bbbb"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_form_without_its_token_is_refused(
    guarded: Flask, peopled: Path, method: str, form_token: str
) -> None:
    for rule in guarded.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint not in NO_TOKEN:
            someone = browser(guarded, session_of(peopled, NAMES["hr"]))
            someone.form_token = form_token
            assert someone.send(method, next(addresses(rule))).status_code == 403


def test_a_form_token_of_somebody_else_is_refused(guarded: Flask, peopled: Path) -> None:
    mine = browser(guarded, session_of(peopled, NAMES["hr"]))
    other = browser(guarded, session_of(peopled, NAMES["cx"]))
    with other.client.session_transaction() as held:
        held["csrf_token"] = "b" * 40
    other.form_token = mine.form_token
    assert other.post("/logout").status_code == 403
    assert mine.post("/logout").status_code == 303


def test_a_request_from_our_own_page_passes_by_its_origin_too(
    guarded: Flask, peopled: Path
) -> None:
    someone = browser(guarded, session_of(peopled, NAMES["hr"]))
    someone.headers = {"Origin": "http://localhost"}
    assert someone.post("/logout").status_code == 303


def test_the_api_says_what_a_token_may(guarded: Flask, peopled: Path) -> None:
    answer = program(guarded, token_of(peopled, NAMES["hr_verbatim"])).get("/api/me")
    assert answer.json == {"name": "vera", "rights": sorted(OF_TOKENS["token hr_verbatim"])}
    refused = program(guarded, "bothsides_nonsense").get("/api/me")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_in_local_mode_there_is_nobody_to_sign_in(database: Path) -> None:
    someone = browser(create_app({"DATABASE": database}))
    assert someone.get("/login").headers["Location"] == "/"
    assert someone.get("/login/code").headers["Location"] == "/login"
    assert someone.get("/account").status_code == 404
    assert someone.get("/api/me").json["name"] == "local"
    assert "Single-user mode" in someone.get("/").text
    # A token means nothing where nobody has one, and a form needs its own token all the same.
    assert program(someone.client.application, "x").post("/login").status_code == 403


def test_the_first_user_ends_local_mode_at_once(database: Path, peopled: Path) -> None:
    app = create_app({"DATABASE": database})
    assert app.test_client().get("/").status_code == 200
    with sqlite3.connect(database) as db:
        db.execute(
            "INSERT INTO users (name, role, password, disabled, created_at) "
            "VALUES ('x', 'hr', '-', 1, 0)"
        )
    db.close()
    assert app.test_client().get("/").headers["Location"] == "/login"


def test_who_is_signed_in_stands_on_every_page(guarded: Flask, peopled: Path) -> None:
    text = browser(guarded, session_of(peopled, NAMES["hr"])).get("/").text
    assert "hugo" in text
    assert "Sign out" in text
    assert "Single-user mode" not in text
