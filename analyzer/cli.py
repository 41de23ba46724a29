"""The command line. Errors become one sentence, the next step, and an exit code.

Modules that load numpy and more are imported inside the commands: ``--help`` answers at once.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.errors import BothsidesError, UsageError

if TYPE_CHECKING:
    from analyzer.editing import By
    from analyzer.edits import Edit
    from analyzer.settings import Settings
    from analyzer.types import Side

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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bothsides", prog_name="bothsides")
def main() -> None:
    """Bothsides links what employees say with what customers say."""


def _settings(file: Path | None) -> Settings:
    from analyzer import settings

    return settings.load(file, os.environ)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=list))


@main.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@side_option
@click.option("--kind", type=click.Choice(KINDS), help="exit or pulse; review, ticket or survey.")
@click.option(
    "--map",
    "map_text",
    metavar="MAP",
    help="Columns: text=...,id=...,date=...,unit=...,score=...,respondent=...,attr=...",
)
@click.option(
    "--profile",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A TOML file that says the same.",
)
@click.option("--sheet", help="The sheet of an Excel file.")
@click.option("--encoding", help="The encoding of a text file, where it is not found by itself.")
@click.option("--dry-run", is_flag=True, help="Read and count, write nothing.")
@database_option
@settings_option
@json_option
@explained
def import_(
    files: tuple[Path, ...],
    side: Side,
    kind: str | None,
    map_text: str | None,
    profile: Path | None,
    sheet: str | None,
    encoding: str | None,
    dry_run: bool,
    database: Path,
    settings_file: Path | None,
    as_json: bool,
) -> None:
    """Import comments from CSV, TSV, JSON, JSON Lines or Excel files.

    Each file is one transaction: it comes in whole or not at all, and the same file again adds
    nothing. A row that cannot be read is kept aside with its number and the reason.
    """
    from analyzer import console, intake
    from analyzer.importers import mapping as columns

    if map_text and profile:
        raise UsageError("--map and --profile say the same thing: use one of them.")
    chosen = columns.parse_map(map_text) if map_text else None
    if profile:
        read = columns.read_profile(profile)
        chosen, sheet, encoding = read.mapping, sheet or read.sheet, encoding or read.encoding
    settings = _settings(settings_file)
    receipts = []
    for file in files:
        with console.bars(wanted=not as_json) as progress:
            receipt = intake.import_file(
                file,
                database,
                settings,
                side=side,
                kind=kind,
                mapping=chosen,
                sheet=sheet,
                encoding=encoding,
                dry_run=dry_run,
                progress=progress,
            )
        receipts.append(receipt)
        if not as_json:
            click.echo(console.receipt_text(receipt))
    if as_json:
        _print_json({"files": [asdict(receipt) for receipt in receipts]})


@main.command()
@database_option
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option(
    "--embedder",
    default="auto",
    show_default=True,
    help="auto, a model of `bothsides models list`, or path:DIR.",
)
@click.option("--strategy", default="leiden", show_default=True, help="leiden or bertopic.")
@click.option("--refit", is_flag=True, help="Find themes anew; those still there keep their ids.")
@settings_option
@json_option
@explained
def analyze(
    database: Path,
    seed: int,
    embedder: str,
    strategy: str,
    refit: bool,
    settings_file: Path | None,
    as_json: bool,
) -> None:
    """Find the themes of each side and the pairs between them.

    Once there are themes, only comments that came since are read, and given those themes. What
    people decided (bothsides edit) holds in every run.
    """
    from analyzer import console, runs

    settings = _settings(settings_file)
    with console.bars(wanted=not as_json) as progress:
        summary = runs.analyze(
            database,
            settings,
            seed=seed,
            embedder=embedder,
            strategy=strategy,
            refit=refit,
            progress=progress,
        )
    if as_json:
        _print_json(asdict(summary))
    else:
        click.echo(console.summary_text(summary))


@main.group()
def edit() -> None:
    """Decide about themes and pairs: every edit is kept, holds in all runs, and can be undone."""


def by_options(command: Command) -> Command:
    """Add what every edit has, and turn --who and --why into ``by``."""

    @functools.wraps(command)
    def run(*args: Any, who: str | None, why: str, **kwargs: Any) -> None:
        import getpass
        from datetime import UTC, datetime

        from analyzer.editing import By

        now = datetime.now(UTC).isoformat(timespec="seconds")
        command(*args, by=By(who or getpass.getuser(), why, now), **kwargs)

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
        _print_json(asdict(made))
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


@main.command()
@database_option
@json_option
@explained
def history(database: Path, as_json: bool) -> None:
    """List all edits in order: who decided what, when and why, and what was undone."""
    from contextlib import closing

    from analyzer import console
    from analyzer import history as past
    from analyzer.database import connect_readonly

    with closing(connect_readonly(database)) as db:
        made = past.edits(db)
    if as_json:
        _print_json({"edits": [asdict(row) for row in made]})
        return
    for row in made:
        click.echo(console.edit_text(row))
    if not made:
        click.echo("There are no edits yet.", err=True)


@main.group()
def export() -> None:
    """Write the result as tables, or the themes as a BERTopic model."""


def _export_table(name: str, about: str) -> None:
    @export.command(name, help=about)
    @database_option
    @click.option(
        "--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True
    )
    @click.option(
        "-o",
        "target",
        type=click.Path(path_type=Path, dir_okay=False),
        help="A file; without it, stdout.",
    )
    @explained
    def command(database: Path, form: str, target: Path | None) -> None:
        from analyzer import exports
        from analyzer.database import connect_readonly
        from analyzer.queries import last_run

        with connect_readonly(database) as db:
            if last_run(db) is None:
                raise BothsidesError(f"{database} was not analysed yet. Run: bothsides analyze")
            exports.write(db, name, form, target)


_export_table("themes", "The themes of both sides.")
_export_table("segments", "Every segment with its theme and confidence.")
_export_table("pairs", "The pairs of themes.")
_export_table("evidence", "Every pair with all that speaks for and against it.")
_export_table("levels", "Every theme with its broad theme, its nature and its polarity.")
_export_table("sentiment", "Every segment with its polarity.")


@export.command("bertopic")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@side_option
@database_option
@explained
def export_bertopic(folder: Path, side: Side, database: Path) -> None:
    """Save the themes of one side as a fitted BERTopic model in FOLDER."""
    from analyzer import runs

    count = runs.export_bertopic(database, folder, side)
    click.echo(f"{count} topics of the {side} side saved in {folder}.", err=True)


@main.command()
@database_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@explained
def serve(database: Path, host: str, port: int) -> None:
    """Show the result in the browser, on this machine only."""
    _serve(database, host, port)


def _serve(database: Path, host: str, port: int) -> None:
    from analyzer.database import must_exist
    from webui import serve as serve_pages

    must_exist(database)
    try:
        serve_pages(
            database,
            host,
            port,
            ready=lambda url: click.echo(f"Open {url} in a browser; Ctrl+C stops.", err=True),
        )
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)


@main.command()
@database_option
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--no-serve", is_flag=True, help="Import, analyse, print the pairs; do not serve.")
@explained
def demo(database: Path, port: int, no_serve: bool) -> None:
    """Import the sample data of an imaginary hotel group, analyse it, serve the result."""
    from analyzer import console
    from analyzer import demo as sample

    settings = _settings(None)
    with console.bars(wanted=True) as progress:
        for receipt in sample.import_fixtures(database, settings, progress):
            click.echo(console.receipt_text(receipt).splitlines()[0])
    with console.bars(wanted=True) as progress:
        from analyzer import runs

        summary = runs.analyze(database, settings, progress=progress)
    click.echo(console.summary_text(summary))
    click.echo(sample.pairs_text(database))
    if not no_serve:
        _serve(database, "127.0.0.1", port)


@main.group()
def models() -> None:
    """The embedding models: list them, verify their files, build the fast form."""


@models.command("list")
@json_option
@explained
def models_list(as_json: bool) -> None:
    """What each model is for, and whether it is ready."""
    _statuses(as_json, verify=False)


@models.command("verify")
@json_option
@explained
def models_verify(as_json: bool) -> None:
    """Compare every file with the sha256 that is pinned for it."""
    _statuses(as_json, verify=True)


def _statuses(as_json: bool, *, verify: bool) -> None:
    from analyzer.errors import Misconfigured
    from models import registry

    lines = registry.statuses(verify=verify)
    if as_json:
        _print_json(
            {
                "models": [
                    {**asdict(line.card), "state": line.state, "ok": line.ok} for line in lines
                ]
            }
        )
    else:
        for line in lines:
            click.echo(f"{line.card.name:<13} {line.state:<10} {line.card.about}")
    if bad := [line.card.name for line in lines if not line.ok]:
        raise Misconfigured(f"Not usable: {', '.join(bad)}. What to do stands in its line.")


@models.command("build")
@click.argument("names", nargs=-1)
@explained
def models_build(names: tuple[str, ...]) -> None:
    """Make the fast int8 form of the models (all, or those named), once a machine."""
    from models import build, registry

    wanted = [part for name in names or registry.names() for part in registry.parts_of(name)]
    for name in dict.fromkeys(wanted):
        card = registry.card_of(name)
        if card.kind not in build.LOADERS:
            click.echo(f"{name}: needs no build")
            continue
        was_there = build.is_built(card)
        build.build(card)
        click.echo(f"{name}: {'was built already' if was_there else 'built'}")


@main.group()
def experience() -> None:
    """The experience map: what employees report that is expected to meet what customers report."""


@experience.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@settings_option
@json_option
@explained
def experience_check(file: Path | None, settings_file: Path | None, as_json: bool) -> None:
    """Check an edited experience map, and name the line of each problem.

    Without FILE it is the map that the settings name, or the one that comes with Bothsides. Errors
    end with exit code 78; warnings alone do not.
    """
    from analyzer import mapfile
    from analyzer.errors import Misconfigured
    from analyzer.experience_check import examine

    path = file or mapfile.path_of(_settings(settings_file))
    examined = examine(mapfile.read(path))
    if as_json:
        _print_json({"file": str(path), **examined.summary()})
    else:
        for problem in examined.problems:
            click.echo(problem.text(str(path)))
    said = f"{path}: {examined.said}"
    if examined.errors:
        raise Misconfigured(f"{said} Correct the lines named, and check again.")
    click.echo(said, err=True)
