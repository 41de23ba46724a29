"""What the commands share: their common options, and errors that become an exit code."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.errors import BothsidesError

if TYPE_CHECKING:
    from analyzer.settings import Settings

SIDES = ("employee", "customer")
KINDS = ("exit", "pulse", "review", "ticket", "survey")

Command = Callable[..., None]

database_option = click.option(
    "--db",
    "database",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="BOTHSIDES_DB",
    default="bothsides.db",
    show_default=True,
    help="The database file ($BOTHSIDES_DB).",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."
)
settings_option = click.option(
    "--settings",
    "settings_file",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="BOTHSIDES_SETTINGS",
    help="A TOML file of settings ($BOTHSIDES_SETTINGS).",
)
roster_option = click.option(
    "--roster",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file of people's names to mask (the setting roster).",
)
side_option = click.option(
    "--side", type=click.Choice(SIDES), required=True, help="Whose comments these are."
)


def explained(command: Command) -> Command:
    """Turn an error of ours into its sentence on stderr and its exit code."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except BothsidesError as exc:
            click.echo(f"Error: {exc}", err=True)
            sys.exit(exc.exit_code)
        except BrokenPipeError:
            # The reader of our output has gone (head, less): that is no error of ours.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)

    return run


def settings_of(file: Path | None, roster: Path | None = None) -> Settings:
    """Return the settings of a file and the environment; ``roster`` counts before theirs."""
    from analyzer import settings

    found = settings.load(file, os.environ)
    if roster is None:
        return found
    return settings.Settings({**found.as_dict(), "roster": str(roster)})


def print_json(value: Any) -> None:
    """Print one JSON object on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=list))
