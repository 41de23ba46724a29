"""bothsides user and bothsides token, as a person or a script calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner, Result

from analyzer.access import tokens, users
from analyzer.cli import main
from analyzer.database import opened

GOOD = "five herons on a copper roof"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "people.db"
    with opened(path, create=True):
        pass
    return path


def run(db: Path, *args: str, stdin: str = "") -> Result:
    return CliRunner().invoke(main, [*args, "--db", str(db)], input=stdin)


def ok(db: Path, *args: str, stdin: str = "") -> Result:
    result = run(db, *args, stdin=stdin)
    assert result.exit_code == 0, result.output
    return result


def test_a_user_is_added_listed_shut_out_and_let_in_again(db: Path) -> None:
    added = ok(db, "user", "add", "Anna.Rossi", "--role", "hr", stdin=f"{GOOD}\n")
    assert "anna.rossi may sign in as hr" in added.stderr
    assert added.stdout == ""
    [one] = json.loads(ok(db, "user", "list", "--json").stdout)["users"]
    assert (one["name"], one["role"], one["disabled"]) == ("anna.rossi", "hr", False)
    ok(db, "user", "disable", "anna.rossi")
    assert "disabled" in ok(db, "user", "list").stdout
    ok(db, "user", "enable", "anna.rossi")
    assert "disabled" not in ok(db, "user", "list").stdout


def test_a_reader_of_comments_gets_a_second_factor_shown_once(db: Path) -> None:
    result = ok(db, "user", "add", "vera", "--role", "hr_verbatim", stdin=f"{GOOD}\n")
    secret, address = result.stdout.split()
    assert pyotp.parse_uri(address).secret == secret
    again = ok(db, "user", "totp", "vera").stdout.split()[0]
    assert again != secret
    assert secret not in ok(db, "user", "list", "--json").output


@pytest.mark.parametrize(
    ("args", "stdin", "said"),
    [
        (("user", "add", "anna", "--role", "hr"), "short\n", "at least 15"),
        (("user", "add", "anna", "--role", "hr"), "", "at least 15"),
        (("user", "add", "an na", "--role", "hr"), f"{GOOD}\n", "a user's name"),
        (("user", "add", "anna", "--role", "boss"), f"{GOOD}\n", "Invalid value"),
        (("user", "add", "anna"), f"{GOOD}\n", "--role"),
        (("user", "passwd", "anna"), f"{GOOD}\n", "bothsides user list"),
        (("user", "disable", "anna"), "", "bothsides user list"),
        (("user", "totp", "anna"), "", "bothsides user list"),
        (("token", "add", "anna", "--label", "x"), "", "bothsides user list"),
        (("token", "revoke", "0123"), "", "bothsides token list"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_changed(
    db: Path, args: tuple[str, ...], stdin: str, said: str
) -> None:
    result = run(db, *args, stdin=stdin)
    assert result.exit_code == 2
    assert said in result.stderr
    assert GOOD not in result.output
    with opened(db, create=False) as opened_db:
        assert users.listed(opened_db.conn) == []


def test_a_password_is_never_an_argument(db: Path) -> None:
    for command in ("add", "passwd"):
        options = main.commands["user"].commands[command].params  # type: ignore[attr-defined]
        assert not [o for o in options if "password" in o.name and o.name != "database"]


def test_a_missing_database_is_not_made(tmp_path: Path) -> None:
    for args in (("user", "list"), ("user", "add", "anna", "--role", "hr"), ("token", "list")):
        result = run(tmp_path / "none.db", *args, stdin=f"{GOOD}\n")
        assert result.exit_code == 74
    assert list(tmp_path.iterdir()) == []


def test_a_new_password_takes_the_place_of_the_old(db: Path) -> None:
    ok(db, "user", "add", "anna", "--role", "hr", stdin=f"{GOOD}\n")
    result = ok(db, "user", "passwd", "anna", stdin="seven lanterns under a marble stair\n")
    assert "sessions are over" in result.stderr


def test_a_token_is_shown_once_listed_and_revoked(db: Path) -> None:
    ok(db, "user", "add", "vera", "--role", "hr_verbatim", stdin=f"{GOOD}\n")
    secret = ok(db, "token", "add", "vera", "--label", "nightly report").stdout.strip()
    assert secret.startswith(tokens.PREFIX)
    listed = ok(db, "token", "list")
    assert "nightly report" in listed.stdout
    assert "employee-comments" not in listed.stdout
    assert secret not in listed.output
    assert secret.encode() not in db.read_bytes()
    [one] = json.loads(ok(db, "token", "list", "--json").stdout)["tokens"]
    ok(db, "token", "revoke", one["id"])
    assert ok(db, "token", "list").stdout == ""
    asked = ("token", "add", "vera", "--label", "x", "--right", "employee-comments", "--json")
    assert json.loads(ok(db, *asked).stdout)["rights"] == ["employee-comments"]
    late = run(db, "token", "add", "vera", "--label", "x", "--days", "91")
    assert late.exit_code == 2
    assert "1 to 90 days" in late.stderr
