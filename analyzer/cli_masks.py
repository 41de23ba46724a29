"""The commands about what is masked: redact, raw."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

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
@roster_option
@click.option("--dry-run", is_flag=True, help="Count, write nothing.")
@database_option
@settings_option
@json_option
@explained
def redact(
    roster: Path | None, dry_run: bool, database: Path, settings_file: Path | None, as_json: bool
) -> None:
    """Mask the comments that are stored again, with the recognisers and the roster of today.

    For comments that no export brings any more: an import masks those that it carries by itself.
    What stood in the place of a new mask is overwritten.
    """
    from analyzer.redaction.load import redactor_of
    from analyzer.remask import mask_all

    redactor = redactor_of(settings_of(settings_file, roster))
    comments, changed = mask_all(database, redactor, dry_run=dry_run)
    if as_json:
        print_json({"comments": comments, "changed": changed, "dry_run": dry_run})
        return
    verb = "would be masked" if dry_run else "were masked"
    click.echo(f"{changed} of {comments} comments {verb} anew.")
    if changed and not dry_run:
        click.echo("  Themes have to be found in them again: run bothsides analyze")


@click.group()
def raw() -> None:
    """Texts as they were imported, kept encrypted if the setting keep_raw is 1."""


@raw.command("key")
@explained
def raw_key() -> None:
    """Print a new key for $BOTHSIDES_RAW_KEY; it is kept nowhere."""
    from analyzer.raw import new_key

    click.echo(new_key())


@raw.command("show")
@click.argument("comment")
@click.option("--reason", required=True, help="Why it has to be read; kept with the reading.")
@click.option("--who", help="Who reads it; without it, the user who runs the command.")
@database_option
@explained
def raw_show(comment: str, reason: str, who: str | None, database: Path) -> None:
    """Show one comment as it was written; the reading is written down first.

    COMMENT is its id in the source, as in `export segments`.
    """
    from analyzer.handing_out import operator
    from analyzer.raw import show

    click.echo(show(database, comment, who=who or operator(), reason=reason))


@raw.command("readings")
@database_option
@json_option
@explained
def raw_readings(database: Path, as_json: bool) -> None:
    """List who has read which raw text, when and why."""
    from analyzer.raw import readings

    found = readings(database)
    if as_json:
        print_json({"readings": [asdict(reading) for reading in found]})
        return
    for reading in found:
        click.echo(
            f"{reading.id:>5}  {reading.at}  {reading.who}: {reading.comment_id} ({reading.reason})"
        )


COMMANDS = (redact, raw)
