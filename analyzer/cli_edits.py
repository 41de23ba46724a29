"""The commands of people who decide: edit, history."""

from __future__ import annotations

import functools
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.errors import UsageError
from analyzer.options import KINDS, Command, database_option, explained, json_option, print_json

if TYPE_CHECKING:
    from analyzer.editing import By
    from analyzer.edits import Edit


@click.group()
def edit() -> None:
    """Decide about themes and pairs: every edit is kept, holds in all runs, and can be undone."""


def by_options(command: Command) -> Command:
    """Add what every edit has, and turn --who and --why into ``by``."""

    @functools.wraps(command)
    def run(*args: Any, who: str | None, why: str, **kwargs: Any) -> None:
        from datetime import UTC, datetime

        from analyzer.editing import By
        from analyzer.handing_out import operator

        now = datetime.now(UTC).isoformat(timespec="seconds")
        command(*args, by=By(who or operator(), why, now), **kwargs)

    for option in (
        json_option,
        database_option,
        click.option("--why", default="", help="The reason; it stands in the history."),
        click.option("--who", help="Who decides; without it, the user who runs the command."),
    ):
        run = option(run)
    return run


def _edited(made: Edit, as_json: bool) -> None:
    from analyzer import console

    if as_json:
        print_json(asdict(made))
    else:
        click.echo(console.edit_text(made))


@edit.command("rename")
@click.argument("theme")
@click.argument("name")
@by_options
@explained
def edit_rename(theme: str, name: str, by: By, database: Path, as_json: bool) -> None:
    """Give a theme or a broad theme a name of your own."""
    from analyzer import editing

    _edited(editing.rename(database, theme, name, by), as_json)


@edit.command("merge")
@click.argument("themes", nargs=-1, required=True)
@click.option("--into", required=True, help="The theme that takes their segments.")
@by_options
@explained
def edit_merge(themes: tuple[str, ...], into: str, by: By, database: Path, as_json: bool) -> None:
    """Put the segments of THEMES into another theme, now and in all runs to come."""
    from analyzer import editing

    _edited(editing.merge(database, into, themes, by), as_json)


@edit.command("split")
@click.argument("theme")
@click.option("--phrase", "phrases", multiple=True, help="Segments with it leave; repeatable.")
@click.option(
    "--segments",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A CSV file of segments that leave: columns source_id, segment_index.",
)
@click.option("--name", default="", help="The new theme's name.")
@by_options
@explained
def edit_split(
    theme: str,
    phrases: tuple[str, ...],
    file: Path | None,
    name: str,
    by: By,
    database: Path,
    as_json: bool,
) -> None:
    """Make a theme of a part of another: by phrases, by a list, or else in two parts by meaning."""
    from analyzer import editing

    if phrases and file:
        raise UsageError("--phrase and --segments name the part in two ways: use one of them.")
    places = editing.read_places(file) if file else ()
    made = editing.split(database, theme, by, phrases=phrases, places=places, name=name)
    _edited(made, as_json)


@edit.command("move")
@click.argument("source_id")
@click.argument("segment_index", type=click.IntRange(0))
@click.argument("theme")
@click.option("--kind", type=click.Choice(KINDS), help="Where two kinds have the same source id.")
@by_options
@explained
def edit_move(
    source_id: str,
    segment_index: int,
    theme: str,
    kind: str | None,
    by: By,
    database: Path,
    as_json: bool,
) -> None:
    """Put one segment, named as in `export segments`, into another theme of its side."""
    from analyzer import editing

    made = editing.move(database, (source_id, segment_index), theme, by, kind)
    _edited(made, as_json)


@edit.command("hide")
@click.argument("themes", nargs=-1, required=True)
@by_options
@explained
def edit_hide(themes: tuple[str, ...], by: By, database: Path, as_json: bool) -> None:
    """Hide a theme, or a pair (two themes), from pages and exports."""
    from analyzer import editing

    if len(themes) > 2:
        raise UsageError("Name one theme, or the two themes of a pair.")
    _edited(editing.hide(database, themes, by), as_json)


def _judging(action: str, about: str) -> None:
    @edit.command(action, help=about)
    @click.argument("employee_theme")
    @click.argument("customer_theme")
    @by_options
    @explained
    def command(
        employee_theme: str, customer_theme: str, by: By, database: Path, as_json: bool
    ) -> None:
        from analyzer import editing

        made = editing.judge(database, action, (employee_theme, customer_theme), by)
        _edited(made, as_json)


_judging("accept", "Accept a pair: it stays, even if a later run no longer finds it.")
_judging("reject", "Reject a pair: it does not come back.")


@edit.command("note")
@click.argument("themes", nargs=-1, required=True)
@click.option("--text", required=True, help="What is to be remembered.")
@by_options
@explained
def edit_note(themes: tuple[str, ...], text: str, by: By, database: Path, as_json: bool) -> None:
    """Write something down about themes; it changes nothing that is shown."""
    from analyzer import editing

    _edited(editing.note(database, themes, text, by), as_json)


@edit.command("undo")
@click.argument("number", type=click.IntRange(1))
@by_options
@explained
def edit_undo(number: int, by: By, database: Path, as_json: bool) -> None:
    """Take the edit of that number back; to undo an undoing brings it back."""
    from analyzer import editing

    _edited(editing.undo(database, number, by), as_json)


@click.command()
@database_option
@json_option
@explained
def history(database: Path, as_json: bool) -> None:
    """List all edits in order: who decided what, when and why, and what was undone."""
    from analyzer import console
    from analyzer import history as past
    from analyzer.database import connect_readonly

    with closing(connect_readonly(database)) as db:
        made = past.edits(db)
    if as_json:
        print_json({"edits": [asdict(row) for row in made]})
        return
    for row in made:
        click.echo(console.edit_text(row))
    if not made:
        click.echo("There are no edits yet.", err=True)


COMMANDS = (edit, history)
