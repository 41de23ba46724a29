"""The commands of the batch user: ingest, batches, undo, backup, restore, check, why."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click

from analyzer.errors import BothsidesError, UsageError
from analyzer.options import (
    database_option,
    explained,
    json_option,
    print_json,
    roster_option,
    settings_of,
    settings_option,
)


@click.command()
@click.option(
    "--inbox",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder; its sub-folders say whose comments they hold.",
)
@database_option
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--embedder", default="auto", show_default=True, help="As of `bothsides analyze`.")
@click.option("--strategy", default="leiden", show_default=True, help="leiden or bertopic.")
@click.option(
    "--stable",
    type=click.FloatRange(0),
    default=10.0,
    show_default=True,
    help="Seconds for which a file must not have changed.",
)
@roster_option
@settings_option
@json_option
@explained
def ingest(
    inbox: Path,
    database: Path,
    seed: int,
    embedder: str,
    strategy: str,
    stable: float,
    roster: Path | None,
    settings_file: Path | None,
    as_json: bool,
) -> None:
    """Import what waits in a folder, analyse once if anything changed, print a receipt.

    Files go to done/ or rejected/ in the folder, each beside a receipt. Made for cron and systemd
    timers: safe to repeat and to kill. Exit code 65 if a file was rejected, 75 if another batch is
    at work.
    """
    from analyzer import console, receipts
    from analyzer.ingest import ingest as take

    settings = settings_of(settings_file, roster)
    options = {"seed": seed, "embedder": embedder, "strategy": strategy}
    with console.bars(wanted=not as_json) as progress:
        report = take(inbox, database, settings, analysis=options, stable=stable, progress=progress)
    if as_json:
        print_json(receipts.report_dict(report))
    else:
        click.echo(receipts.report_text(report))
    if report.exit_code:
        left = [file.file for file in report.files if file.state != "done"]
        what = f"Not imported: {', '.join(left)}. " if left else ""
        click.echo(f"Error: {what}The reasons stand in the receipt.", err=True)
        sys.exit(report.exit_code)


@click.command()
@database_option
@json_option
@explained
def batches(database: Path, as_json: bool) -> None:
    """List the imports, one batch a file, with the number that `bothsides undo` takes."""
    from analyzer.batches import batches as read
    from analyzer.database import connect_readonly, translated

    with translated(database), closing(connect_readonly(database)) as db:
        found = read(db)
    if as_json:
        print_json({"batches": [asdict(batch) for batch in found]})
        return
    for batch in found:
        state = f"taken back {batch.undone_at}" if batch.undone_at else ""
        click.echo(
            f"{batch.id:>5}  {batch.imported_at}  {batch.side:<8} {batch.kind:<6} "
            f"{batch.row_count:>7} rows {batch.new:>7} new {batch.changed:>6} changed  "
            f"{batch.file}  {state}".rstrip()
        )


@click.command()
@click.argument("batch", type=click.IntRange(1))
@database_option
@json_option
@explained
def undo(batch: int, database: Path, as_json: bool) -> None:
    """Take one import back, with everything that came of it; BATCH is its number.

    Comments that it added go, those that it changed get their former text. Any import can be taken
    back, in any order.
    """
    from analyzer.undo import undo as take_back

    done = take_back(database, batch)
    if as_json:
        print_json(asdict(done))
        return
    click.echo(
        f"Batch {done.batch} ({done.file}) was taken back.\n"
        f"  {done.gone} comments gone, {done.restored} with their former text, {done.kept} kept "
        "that later batches brought as well\n"
        f"  {done.segments} segments, {len(done.themes)} themes, {len(done.pairs)} pairs, "
        f"{done.vectors} vectors gone\n"
        "  Themes and pairs are those of the last analysis, cut down: run bothsides analyze"
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@database_option
@json_option
@explained
def backup(file: Path, database: Path, as_json: bool) -> None:
    """Copy the database to FILE, whole or not at all, also while it is in use.

    FILE holds what the database holds, comments and key: keep it as safe.
    """
    from analyzer.backup import backup as copy

    done = copy(database, file)
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(f"{done.target}: {done.comments} comments, {done.runs} runs, {done.size} bytes.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@database_option
@json_option
@explained
def restore(file: Path, database: Path, as_json: bool) -> None:
    """Put the backup FILE in the place of the database; what was there is kept beside it."""
    from analyzer.backup import restore as put_back

    done = put_back(file, database)
    if as_json:
        print_json(asdict(done))
        return
    click.echo(f"{done.target} is {file} now: {done.comments} comments, {done.runs} runs.")
    if done.erased:
        click.echo(f"  {done.erased} comments of it were erased since, and again now.")
    if done.aside:
        click.echo(f"  What was there before is kept as {done.aside}; delete it when you are sure.")


@click.command()
@database_option
@json_option
@explained
def check(database: Path, as_json: bool) -> None:
    """Check that the database is whole; exit code 1 and a list if it is not."""
    from analyzer.check import check as look

    found = look(database)
    if as_json:
        print_json(asdict(found))
    else:
        for problem in found.problems:
            click.echo(f"  {problem}")
    if found.problems:
        raise BothsidesError(
            f"{database} is not whole: problems: {len(found.problems)}. Restore a backup: "
            "bothsides restore FILE"
        )
    if not as_json:
        click.echo(
            f"{database} is whole: {found.comments} comments, {found.vectors} vectors, schema "
            f"{found.schema}."
        )


@click.command()
@click.argument("what", type=click.Choice(["theme", "pair"]))
@click.argument("ids", nargs=-1, required=True, metavar="ID")
@database_option
@json_option
@explained
def why(what: str, ids: tuple[str, ...], database: Path, as_json: bool) -> None:
    """Say where a theme or a pair comes from: run, settings, seed, model, versions, files.

    The ID of a pair is that of both its themes: e1/c2.
    """
    from analyzer import console, provenance
    from analyzer.database import connect_readonly, translated

    parts = [part for text in ids for part in text.split("/")]
    if len(parts) != (2 if what == "pair" else 1):
        raise UsageError("A theme has one ID, such as e1; a pair has two, such as e1/c2.")
    with translated(database), closing(connect_readonly(database)) as db:
        if what == "theme":
            found = provenance.of_theme(db, parts[0])
        else:
            employee, customer = sorted(parts, key=lambda part: not part.startswith("e"))
            found = provenance.of_pair(db, employee, customer)
    if as_json:
        print_json(asdict(found))
    else:
        click.echo(console.provenance_text(found))


COMMANDS = (ingest, batches, undo, backup, restore, check, why)
