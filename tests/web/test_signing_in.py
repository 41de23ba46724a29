"""Signing in and out through the forms, with the clock in the test's hand."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from analyzer.access import sessions, throttle
from tests.people import DISABLED, FROM_OUR_PAGE, NOON, PASSWORDS, browser, session_of
from webui import create_app

NEW = "seven lanterns under a marble staircase"


def send(client: FlaskClient, path: str, **data: str) -> TestResponse:
    """Open a page, take its form's token, send the form."""
    page = client.get("/login" if path == "/login" else path.replace("/password", ""))
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, page.text
    return client.post(path, data={"csrf_token": found[1], **data}, headers=FROM_OUR_PAGE)


def sign_in(client: FlaskClient, name: str, password: str | None = None) -> TestResponse:
    return send(client, "/login", name=name, password=password or PASSWORDS[name])


def rows(path: Path, sql: str) -> list[tuple]:
    db = sqlite3.connect(path)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def test_one_signs_in_reads_and_signs_out(guarded: Flask, peopled: Path) -> None:
    client = guarded.test_client()
    assert client.get("/themes?polarity=x").headers["Location"] == "/login"
    answer = sign_in(client, "hugo")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/themes?polarity=x")
    assert client.get("/themes").status_code == 200
    cookie = client.get_cookie("bothsides")
    assert cookie is not None
    assert send(client, "/account/password", old="", new="").status_code == 400
    page = client.get("/")
    token = re.search(r'value="([^"]+)"', page.text)
    assert token
    left = client.post("/logout", data={"csrf_token": token[1]}, headers=FROM_OUR_PAGE)
    assert left.headers["Location"] == "/login"
    assert rows(peopled, "SELECT * FROM sessions") == []
    # The cookie of before is worth nothing, though its signature is right.
    client.set_cookie("bothsides", cookie.value)
    assert client.get("/themes").headers["Location"] == "/login"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("hugo", "wrong"), ("hugo", ""), ("", ""), ("nobody.here", PASSWORDS["hugo"]),
        (DISABLED, PASSWORDS[DISABLED]), ("hugo", PASSWORDS["hugo"] + " "),
        ("hugo", PASSWORDS["hugo"].upper()), ("' OR 1=1 --", "x"), ("hugo", "x" * 100_000),
        ("hugo\0", PASSWORDS["hugo"]),
    ],
)  # fmt: skip
def test_whatever_is_wrong_is_told_in_the_same_words(
    guarded: Flask, peopled: Path, name: str, password: str
) -> None:
    answer = sign_in(guarded.test_client(), name, password or "-")
    assert answer.status_code == 401
    assert "do not belong together" in answer.text
    assert rows(peopled, "SELECT * FROM sessions") == []
    files = [file.read_bytes() for file in peopled.parent.glob(f"{peopled.name}*")]
    assert not any(b"nobody.here" in content for content in files)


def test_names_are_the_same_in_capitals(guarded: Flask) -> None:
    assert sign_in(guarded.test_client(), " Hugo ", PASSWORDS["hugo"]).status_code == 303


def test_the_token_is_a_new_one_at_each_signing_in_and_stored_as_a_hash(
    guarded: Flask, peopled: Path
) -> None:
    client = guarded.test_client()
    with client.session_transaction() as held:
        held["signed-in"] = planted = "planted by somebody else"
    found = []
    for name in ("hugo", "carla"):
        with client.session_transaction() as held:
            before = held.get("csrf_token")
        # Signed in already, the form is not shown; the browser of before stays open.
        other = client if name == "hugo" else guarded.test_client()
        assert sign_in(other, name).status_code == 303
        with other.session_transaction() as held:
            found.append(held["signed-in"])
            assert held.get("csrf_token") != before or before is None
    assert planted not in found
    assert len(set(found)) == 2
    assert all(len(token) >= 43 for token in found)
    hashes = rows(peopled, "SELECT token_hash FROM sessions")
    assert len(hashes) == 2
    assert {len(h) for (h,) in hashes} == {32}
    assert not any(token.encode() in peopled.read_bytes() for token in found)


def test_a_session_ends_after_30_idle_minutes(guarded: Flask, peopled: Path, clock) -> None:
    someone = browser(guarded, session_of(peopled, "hugo"))
    for _ in range(5):
        clock.now += sessions.IDLE - 1
        assert someone.get("/themes").status_code == 200
    clock.now += sessions.IDLE
    assert someone.get("/themes").status_code == 303


def test_a_session_ends_after_12_hours_however_busy(guarded: Flask, peopled: Path, clock) -> None:
    someone = browser(guarded, session_of(peopled, "hugo"))
    while clock.now + 600 < NOON + sessions.LONGEST:
        clock.now += 600
        assert someone.get("/themes").status_code == 200
    clock.now = NOON + sessions.LONGEST
    assert someone.get("/themes").status_code == 303
    # The next signing in clears it away.
    assert sign_in(guarded.test_client(), "carla").status_code == 303
    assert len(rows(peopled, "SELECT * FROM sessions")) == 1


def test_reading_does_not_write_each_time(guarded: Flask, peopled: Path, clock) -> None:
    someone = browser(guarded, session_of(peopled, "hugo"))
    clock.now += sessions.TOUCHED - 1
    someone.get("/themes")
    assert rows(peopled, "SELECT seen_at FROM sessions") == [(NOON,)]
    clock.now += 1
    someone.get("/themes")
    assert rows(peopled, "SELECT seen_at FROM sessions") == [(NOON + sessions.TOUCHED,)]


def test_while_somebody_writes_one_still_reads(
    guarded: Flask, peopled: Path, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analyzer.database.BUSY_SECONDS", 0.05)
    someone = browser(guarded, session_of(peopled, "hugo"))
    clock.now += sessions.TOUCHED
    other = sqlite3.connect(peopled, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert someone.get("/themes").status_code == 200
        assert sign_in(guarded.test_client(), "carla").status_code == 503
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_five_wrong_passwords_shut_the_door_for_15_minutes(guarded: Flask, clock) -> None:
    client = guarded.test_client()
    for _ in range(5):
        assert sign_in(client, "hugo", "wrong").status_code == 401
        clock.now += 10
    answer = sign_in(client, "hugo")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == str(throttle.WINDOW - 50)
    assert sign_in(client, "carla").status_code == 303, "others are let in"
    clock.now = NOON + throttle.WINDOW
    assert sign_in(guarded.test_client(), "hugo").status_code == 303


def test_success_forgets_the_failures_of_before(guarded: Flask) -> None:
    for _ in range(3):
        client = guarded.test_client()
        for _ in range(4):
            assert sign_in(client, "hugo", "wrong").status_code == 401
        assert sign_in(client, "hugo").status_code == 303


def test_the_second_factor_is_asked_for_and_used_once(
    guarded: Flask, peopled: Path, clock, totp_secret: str
) -> None:
    totp = pyotp.TOTP(totp_secret)
    client = guarded.test_client()
    assert sign_in(client, "vera").headers["Location"] == "/login/code"
    assert client.get("/themes").headers["Location"] == "/login"
    with client.session_transaction() as held:
        first = held["signed-in"]
    wrong = send(client, "/login/code", code=totp.at(NOON + 3000))
    assert wrong.status_code == 401
    right = send(client, "/login/code", code=f" {totp.at(NOON)} ")
    assert (right.status_code, right.headers["Location"]) == (303, "/themes")
    with client.session_transaction() as held:
        assert held["signed-in"] != first
    assert client.get("/themes").status_code == 200
    assert browser(guarded, first).get("/themes").status_code == 303
    again = guarded.test_client()
    sign_in(again, "vera")
    assert send(again, "/login/code", code=totp.at(NOON)).status_code == 401
    # Nor one of before the last, though a phone's clock may be behind.
    assert send(again, "/login/code", code=totp.at(NOON - 30)).status_code == 401
    clock.now += 30
    assert send(again, "/login/code", code=totp.at(clock.now)).status_code == 303


def test_codes_are_guessed_five_times_and_no_more(guarded: Flask, clock, totp_secret: str) -> None:
    for _ in range(5):
        client = guarded.test_client()
        sign_in(client, "vera")
        assert send(client, "/login/code", code="abcdef").status_code == 401
    right = pyotp.TOTP(totp_secret).at(NOON)
    assert send(client, "/login/code", code=right).status_code == 429


def test_between_password_and_code_are_five_minutes(
    guarded: Flask, clock, totp_secret: str
) -> None:
    client = guarded.test_client()
    sign_in(client, "vera")
    clock.now += sessions.BETWEEN
    assert client.get("/login/code").headers["Location"] == "/login"


def test_a_reader_of_comments_without_a_second_factor_is_not_let_in(
    guarded: Flask, peopled: Path
) -> None:
    with sqlite3.connect(peopled) as db:
        db.execute("UPDATE users SET totp_secret = NULL WHERE name = 'vera'")
    db.close()
    client = guarded.test_client()
    answer = sign_in(client, "vera")
    assert answer.status_code == 403
    assert "bothsides user totp" in answer.text
    assert client.get("/themes").headers["Location"] == "/login"


def test_an_administrator_begins_at_the_account(guarded: Flask) -> None:
    client = guarded.test_client()
    client.get("/themes")
    assert sign_in(client, "ada").headers["Location"] == "/account"
    assert client.get("/themes").status_code == 403


def test_a_new_password_ends_every_other_session(guarded: Flask, peopled: Path) -> None:
    elsewhere = browser(guarded, session_of(peopled, "hugo"))
    client = guarded.test_client()
    sign_in(client, "hugo")
    assert send(client, "/account/password", old="wrong", new=NEW).status_code == 401
    weak = send(client, "/account/password", old=PASSWORDS["hugo"], new="short")
    assert weak.status_code == 400
    assert "at least 15" in weak.text
    assert elsewhere.get("/themes").status_code == 200
    done = send(client, "/account/password", old=PASSWORDS["hugo"], new=NEW)
    assert done.status_code == 200
    assert "is changed" in done.text
    assert client.get("/themes").status_code == 200
    assert elsewhere.get("/themes").status_code == 303
    assert sign_in(guarded.test_client(), "hugo").status_code == 401
    assert sign_in(guarded.test_client(), "hugo", NEW).status_code == 303


def test_guesses_at_the_old_password_count_too(guarded: Flask, peopled: Path) -> None:
    client = guarded.test_client()
    sign_in(client, "hugo")
    for _ in range(5):
        assert send(client, "/account/password", old="wrong", new=NEW).status_code == 401
    late = send(client, "/account/password", old=PASSWORDS["hugo"], new=NEW)
    assert late.status_code == 429


@pytest.mark.parametrize("asked", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_after_signing_in_one_never_lands_elsewhere(guarded: Flask, asked: str) -> None:
    client = guarded.test_client()
    client.get("/themes", query_string={"next": asked})
    client.get(asked)
    answer = send(client, "/login", name="hugo", password=PASSWORDS["hugo"], next=asked)
    assert answer.headers["Location"].startswith("/themes?next=")


def test_the_log_and_the_pages_hold_no_password(
    guarded: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    answer = sign_in(guarded.test_client(), "hugo", "a canary of a password")
    assert "canary" not in answer.text
    assert "canary" not in caplog.text


PROXIED = {
    "Host": "themes.example.org",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "203.0.113.7",
}


@pytest.fixture
def proxied(peopled: Path, clock) -> Flask:
    return create_app({"DATABASE": peopled, "CLOCK": clock, "PUBLIC_NAME": "themes.example.org"})


def test_behind_a_proxy_cookies_and_headers_are_bound_to_tls(proxied: Flask) -> None:
    client = proxied.test_client()
    page = client.get("/login", headers=PROXIED)
    assert page.status_code == 200
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-bothsides=")
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert parts == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_on_this_machine_cookies_have_what_http_allows(guarded: Flask) -> None:
    page = guarded.test_client().get("/login")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("bothsides=")
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert parts == {"HttpOnly", "Path=/", "SameSite=Lax"}
    assert "Strict-Transport-Security" not in page.headers


@pytest.mark.parametrize(
    "changed",
    [
        {"Host": "evil.example"}, {"Host": "localhost"}, {"Host": "themes.example.org:80"},
        {"Host": "themes.example.org.evil.example"}, {"X-Forwarded-Proto": "http"},
        {"X-Forwarded-Host": "evil.example", "Host": "127.0.0.1"}, {"Host": ""},
    ],
)  # fmt: skip
def test_behind_a_proxy_only_its_name_over_tls_is_answered(
    proxied: Flask, changed: dict[str, str]
) -> None:
    answer = proxied.test_client().get("/login", headers={**PROXIED, **changed})
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


def test_behind_a_proxy_without_users_is_no_local_mode(database: Path) -> None:
    app = create_app({"DATABASE": database, "PUBLIC_NAME": "themes.example.org"})
    answer = app.test_client().get("/themes", headers=PROXIED)
    assert answer.headers["Location"] == "/login"


def test_the_address_is_the_one_that_our_proxy_saw(proxied: Flask, clock) -> None:
    def guess(forwarded: str) -> int:
        client = proxied.test_client()
        headers = {**PROXIED, "X-Forwarded-For": forwarded}
        page = client.get("/login", headers=headers)
        token = re.search(r'value="([^"]+)"', page.text)
        assert token
        jar = page.headers["Set-Cookie"].partition(";")[0]
        data = {"csrf_token": token[1], "name": "hugo", "password": "wrong"}
        sent = {**headers, **FROM_OUR_PAGE, "Cookie": jar}
        return client.post("/login", data=data, headers=sent).status_code

    # What a client writes into the header itself stands before what the proxy adds.
    answers = [guess(f"10.0.0.{i}, 203.0.113.7") for i in range(6)]
    assert answers == [401] * 5 + [429]
    assert guess("203.0.113.8") == 401
