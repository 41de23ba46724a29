"""The command line. Errors become one sentence, the next step, and an exit code.

Modules that load numpy and more are imported inside the commands: ``--help`` answers at once.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analyzer import cli_access, cli_batches, cli_edits, cli_jobs, cli_masks, cli_privacy
from analyzer.access.roles import ROLES, Role, viewer_of
from analyzer.errors import BothsidesError, UsageError
from analyzer.options import (
    KINDS,
    SIDES,
    database_option,
    explained,
    json_option,
    print_json,
    roster_option,
    settings_of,
    settings_option,
    side_option,
)

if TYPE_CHECKING:
    from analyzer.types import Side


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bothsides", prog_name="bothsides")
def main() -> None:
    """Bothsides links what employees say with what customers say."""


@main.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--side",
    type=click.Choice(SIDES),
    help="Whose comments these are; without it, as a profile or the export says.",
)
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
@roster_option
@click.option("--dry-run", is_flag=True, help="Read and count, write nothing.")
@database_option
@settings_option
@json_option
@explained
def import_(
    files: tuple[Path, ...],
    side: Side | None,
    kind: str | None,
    map_text: str | None,
    profile: Path | None,
    sheet: str | None,
    encoding: str | None,
    roster: Path | None,
    dry_run: bool,
    database: Path,
    settings_file: Path | None,
    as_json: bool,
) -> None:
    """Import comments from CSV, TSV, JSON, JSON Lines or Excel files.

    Each file is one transaction: it comes in whole or not at all, and the same file again adds
    nothing. A row that cannot be read is kept aside with its number and the reason. What is told
    of the columns and of the side is kept for files with the same header: see `profiles`.
    """
    from analyzer import console, intake
    from analyzer.importers import mapping as columns

    if map_text and profile:
        raise UsageError("--map and --profile say the same thing: use one of them.")
    chosen = columns.parse_map(map_text) if map_text else None
    if profile:
        read = columns.read_profile(profile)
        chosen, sheet, encoding = read.mapping, sheet or read.sheet, encoding or read.encoding
        side, kind = side or read.side, kind or read.kind
    settings = settings_of(settings_file, roster)
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
        print_json({"files": [asdict(receipt) for receipt in receipts]})


@main.group("profiles")
def profiles_() -> None:
    """What was told of files, kept under the hash of their header for the next ones like them."""


@profiles_.command("list")
@database_option
@json_option
@explained
def profiles_list(database: Path, as_json: bool) -> None:
    """Each profile with its header's hash, side, kind and columns; the newest first."""
    from analyzer import profiles
    from analyzer.database import connect_readonly

    with closing(connect_readonly(database)) as db:
        found = profiles.kept_profiles(db)
    if as_json:
        print_json({"profiles": [asdict(kept) for kept in found]})
        return
    for kept in found:
        whose = f"{kept.side} {kept.kind}" if kept.side else "of either side"
        click.echo(f"{kept.header}  {whose}, told for {kept.file}")
        click.echo(f"  {kept.columns or 'columns as recognised'}")


@profiles_.command("forget")
@click.argument("header", metavar="HASH")
@database_option
@explained
def profiles_forget(header: str, database: Path) -> None:
    """Forget a profile; the beginning of its hash is enough. What was imported stays."""
    from analyzer import profiles
    from analyzer.database import opened

    with opened(database, create=False) as db:
        kept = profiles.forget(db, header)
    click.echo(f"Forgotten: {kept.header}, told for {kept.file}.", err=True)


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
    from analyzer.database import must_exist
    from analyzer.files import held

    settings = settings_of(settings_file)
    must_exist(database)
    with held(database), console.bars(wanted=not as_json) as progress:
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
        print_json(asdict(summary))
    else:
        click.echo(console.summary_text(summary))


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
    @click.option(
        "--as",
        "role",
        type=click.Choice(ROLES),
        help="Only what this role may see; without it, everything: it is the operator's export.",
    )
    @click.option(
        "--raw-cells",
        is_flag=True,
        help="CSV for programs: no apostrophe before cells that a spreadsheet would calculate.",
    )
    @explained
    def command(
        database: Path, form: str, target: Path | None, role: Role | None, raw_cells: bool
    ) -> None:
        from analyzer import exports
        from analyzer.guard.reads import connect, last_run
        from analyzer.handing_out import handing_out

        viewer = viewer_of(role, role, 0) if role else None
        with closing(connect(database)) as db:
            if last_run(db) is None:
                raise BothsidesError(f"{database} was not analysed yet. Run: bothsides analyze")
            with handing_out(database, name, target):
                exports.write(db, name, form, target, viewer, raw_cells=raw_cells)


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
    from analyzer.handing_out import handing_out

    with handing_out(database, "bertopic", folder):
        count = runs.export_bertopic(database, folder, side)
    click.echo(f"{count} topics of the {side} side saved in {folder}.", err=True)


@main.command()
@database_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--production", is_flag=True, help="With gunicorn: several processes.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option(
    "--behind-proxy",
    "public_name",
    metavar="NAME",
    is_flag=False,
    flag_value="",
    help="For others than this machine: a proxy with TLS in front serves https://NAME. Needs users "
    "(bothsides user add); implies --production.",
)
@explained
def serve(
    database: Path, host: str, port: int, production: bool, workers: int, public_name: str | None
) -> None:
    """Show the result in the browser: to this machine, or to users behind a proxy.

    On this machine nobody signs in as long as there are no users. See docs/serving.md.
    """
    processes = workers if production or public_name is not None else 0
    _serve(database, host, port, processes, public_name)


def _serve(
    database: Path, host: str, port: int, processes: int = 0, public_name: str | None = None
) -> None:
    from analyzer.database import must_exist
    from analyzer.jobs.beside import worker_beside
    from webui import serve as serve_pages

    must_exist(database)
    try:
        with worker_beside(database):
            serve_pages(
                database,
                host,
                port,
                processes=processes,
                public_name=public_name,
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

    settings = settings_of(None)
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
        print_json(
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

    path = file or mapfile.path_of(settings_of(settings_file))
    examined = examine(mapfile.read(path))
    if as_json:
        print_json({"file": str(path), **examined.summary()})
    else:
        for problem in examined.problems:
            click.echo(problem.text(str(path)))
    said = f"{path}: {examined.said}"
    if examined.errors:
        raise Misconfigured(f"{said} Correct the lines named, and check again.")
    click.echo(said, err=True)


for command in (
    *cli_access.COMMANDS, *cli_batches.COMMANDS, *cli_edits.COMMANDS, *cli_jobs.COMMANDS,
    *cli_masks.COMMANDS, *cli_privacy.COMMANDS,
):  # fmt: skip
    main.add_command(command)
