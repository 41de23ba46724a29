"""The commands of people and programs that may look: user, token."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

import click

from analyzer.access.roles import ROLES, Right
from analyzer.options import database_option, explained, json_option, print_json

if TYPE_CHECKING:
    from analyzer.access.roles import Role


def _now() -> int:
    return int(datetime.now(UTC).timestamp())


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _password(about: str) -> str:
    """Return a password from a prompt that does not show it, or the first line of stdin.

    Never from an option: options stand in the list of processes and in the shell's history.
    """
    if sys.stdin.isatty():
        entered: str = click.prompt(about, hide_input=True, confirmation_prompt=True, err=True)
        return entered
    return sys.stdin.readline().rstrip("\r\n")


def _show_totp(secret: str, address: str) -> None:
    click.echo(
        "Enter this in an app for one-time codes. It is shown this once and never again; hand it "
        "over in person.",
        err=True,
    )
    click.echo(f"{secret}\n{address}")


@click.group()
def user() -> None:
    """Who may look at the pages, and as what. Passwords come from a prompt or from stdin."""


@user.command("add")
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(ROLES),
    required=True,
    help="What the user may see and do; see SECURITY.md.",
)
@database_option
@explained
def user_add(name: str, role: Role, database: Path) -> None:
    """Add a user. One who reads employees' comments gets a second factor at once."""
    from analyzer.access import totp, users
    from analyzer.database import opened

    with opened(database, create=False) as db:
        added = users.add(db, name, role, _password(f"Password of {name}"), _now())
        click.echo(f"{added.name} may sign in as {added.role}.", err=True)
        if added.role in users.NEED_TOTP:
            _show_totp(*totp.enrol(db, added))


@user.command("passwd")
@click.argument("name")
@database_option
@explained
def user_passwd(name: str, database: Path) -> None:
    """Give a user a new password; all their sessions end."""
    from analyzer.access import users
    from analyzer.database import opened

    with opened(database, create=False) as db:
        found = users.named(db.conn, name)
        users.set_password(db, found, _password(f"New password of {found.name}"))
    click.echo(f"{found.name} has a new password; their sessions are over.", err=True)


@user.command("disable")
@click.argument("name")
@database_option
@explained
def user_disable(name: str, database: Path) -> None:
    """Shut a user out at once: their sessions end, and their tokens are gone."""
    from analyzer.access import users
    from analyzer.database import opened

    with opened(database, create=False) as db:
        found = users.named(db.conn, name)
        users.disable(db, found)
    click.echo(f"{found.name} is shut out. Back: bothsides user enable {found.name}", err=True)


@user.command("enable")
@click.argument("name")
@database_option
@explained
def user_enable(name: str, database: Path) -> None:
    """Let a disabled user sign in again, with the password and the second factor of before."""
    from analyzer.access import users
    from analyzer.database import opened

    with opened(database, create=False) as db:
        found = users.named(db.conn, name)
        users.enable(db, found)
    click.echo(f"{found.name} may sign in again. Tokens have to be made anew.", err=True)


@user.command("totp")
@click.argument("name")
@database_option
@explained
def user_totp(name: str, database: Path) -> None:
    """Give a user a new second factor, in place of one that is lost; all their sessions end."""
    from analyzer.access import totp, users
    from analyzer.database import opened

    with opened(database, create=False) as db:
        _show_totp(*totp.enrol(db, users.named(db.conn, name)))


@user.command("list")
@database_option
@json_option
@explained
def user_list(database: Path, as_json: bool) -> None:
    """Each user with role, second factor and state."""
    from analyzer.access import users
    from analyzer.database import connect_readonly

    with closing(connect_readonly(database)) as db:
        found = users.listed(db)
    if as_json:
        print_json({"users": [asdict(one) for one in found]})
        return
    for one in found:
        factor = "with a second factor" if one.has_totp else "password only"
        state = "disabled" if one.disabled else f"since {_day(one.created_at)}"
        click.echo(f"{one.name:<24} {one.role:<12} {factor:<21} {state}")


@click.group()
def token() -> None:
    """Tokens with which programs read in a user's name: Authorization: Bearer TOKEN."""


@token.command("add")
@click.argument("name", metavar="USER")
@click.option("--label", required=True, help="What it is for, so that it can be told apart.")
@click.option(
    "--days", type=int, default=30, show_default=True, help="How long it lasts, up to 90."
)
@click.option(
    "--right",
    "rights",
    multiple=True,
    type=click.Choice(get_args(Right)),
    help="What it may do, as often as needed; without, read what its owner may read, but not what "
    "employees wrote.",
)
@database_option
@json_option
@explained
def token_add(
    name: str, label: str, days: int, rights: tuple[str, ...], database: Path, as_json: bool
) -> None:
    """Make a token. It is shown once."""
    from analyzer.access import tokens, users
    from analyzer.database import opened

    with opened(database, create=False) as db:
        owner = users.named(db.conn, name)
        made, secret = tokens.add(db, owner, label, days, cast("tuple[Right, ...]", rights), _now())
    if as_json:
        print_json({**asdict(made), "token": secret})
        return
    click.echo(
        f"Token {made.id} of {made.user} until {_day(made.expires_at)}, for "
        f"{', '.join(made.rights)}. It is shown this once and never again:",
        err=True,
    )
    click.echo(secret)


@token.command("list")
@database_option
@json_option
@explained
def token_list(database: Path, as_json: bool) -> None:
    """Each token with its owner, rights and end; the token itself is not kept."""
    from analyzer.access import tokens
    from analyzer.database import connect_readonly

    with closing(connect_readonly(database)) as db:
        found = tokens.listed(db)
    if as_json:
        print_json({"tokens": [asdict(one) for one in found]})
        return
    for one in found:
        over = "expired" if one.expires_at <= _now() else "until"
        click.echo(f"{one.id}  {one.user}: {one.label}, {over} {_day(one.expires_at)}")
        click.echo(f"  {', '.join(one.rights)}")


@token.command("revoke")
@click.argument("token_id", metavar="ID")
@database_option
@explained
def token_revoke(token_id: str, database: Path) -> None:
    """Make a token worthless at once."""
    from analyzer.access import tokens
    from analyzer.database import opened

    with opened(database, create=False) as db:
        tokens.revoke(db, token_id)
    click.echo(f"Token {token_id} is revoked.", err=True)


COMMANDS = (user, token)
