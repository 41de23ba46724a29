"""People for tests: one user of each role, and a browser or a program that acts for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from analyzer.access import sessions, tokens, totp, users
from analyzer.access.roles import Right, Role
from analyzer.database import opened

# 1 May 2026, noon: the time of every test that does not say another.
NOON = 1_777_636_800
NAMES: dict[Role, str] = {"cx": "carla", "hr": "hugo", "hr_verbatim": "vera", "admin": "ada"}
DISABLED = "dora"
PASSWORDS = {
    name: f"{name[::-1]} umbrella granite {name} whistle orbit"
    for name in (*NAMES.values(), DISABLED)
}
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}


def add_people(path: Path) -> str:
    """Add one user of each role and a disabled one; return the secret of vera's second factor."""
    with opened(path, create=False) as db:
        added = {
            name: users.add(db, name, role, PASSWORDS[name], NOON) for role, name in NAMES.items()
        }
        secret, _ = totp.enrol(db, added[NAMES["hr_verbatim"]])
        users.disable(db, users.add(db, DISABLED, "hr", PASSWORDS[DISABLED], NOON))
    return secret


def session_of(path: Path, name: str, *, step: sessions.Step = "in", now: int = NOON) -> str:
    """Begin a session as signing in would, without the cost of the password."""
    with opened(path, create=False) as db:
        return sessions.start(db, users.named(db.conn, name).id, step, now, None)


def token_of(path: Path, name: str, *rights: Right, days: int = 30, now: int = NOON) -> str:
    """Make an API token and return its secret."""
    with opened(path, create=False) as db:
        return tokens.add(db, users.named(db.conn, name), "a test", days, rights, now)[1]


class FormClient(FlaskClient):
    """A browser in local mode: what it posts comes from a form of ours, unless headers say else."""

    def post(self, *args: Any, headers: Mapping[str, str] = FROM_OUR_PAGE, **more: Any) -> Any:
        """Send a form with the token of the session."""
        with self.session_transaction() as held:
            held["csrf_token"] = "a" * 40
        sent = {**headers, "X-CSRFToken": _form_token(self.application)}
        return super().post(*args, headers=sent, **more)


def form_client(app: Flask) -> FormClient:
    """Return a client whose posts pass the check of forms."""
    app.test_client_class = FormClient
    client = app.test_client()
    assert isinstance(client, FormClient)
    return client


def _form_token(app: Flask) -> str:
    signed = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps("a" * 40)
    return str(signed)


@dataclass
class Someone:
    """A browser or a program: it adds what its requests carry."""

    client: FlaskClient
    headers: Mapping[str, str]
    form_token: str = ""

    def send(self, method: str, path: str, data: Mapping[str, str] | None = None) -> TestResponse:
        """Send a request as our own page would: with the form's token if it changes something."""
        sent: dict[str, Any] = {"headers": dict(self.headers)}
        if method not in ("GET", "HEAD"):
            sent["data"] = {"csrf_token": self.form_token, **(data or {})}
        return self.client.open(path, method=method, **sent)

    def get(self, path: str) -> TestResponse:
        """Read a page."""
        return self.send("GET", path)

    def post(self, path: str, **data: str) -> TestResponse:
        """Send a form."""
        return self.send("POST", path, data)


def browser(app: Flask, token: str | None = None) -> Someone:
    """Return a browser with the session of a token; without one, nobody has signed in."""
    client = app.test_client()
    with client.session_transaction() as held:
        held["csrf_token"] = "a" * 40
        if token is not None:
            held["signed-in"] = token
    return Someone(client, FROM_OUR_PAGE, _form_token(app))


def program(app: Flask, secret: str) -> Someone:
    """Return a program that sends a token."""
    return Someone(app.test_client(), {"Authorization": f"Bearer {secret}"})
