"""The commands of whoever answers for people's words: erase, retention, audit."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analyzer.errors import BothsidesError, UsageError
from analyzer.options import (
    KINDS,
    SIDES,
    database_option,
    explained,
    json_option,
    print_json,
    settings_of,
    settings_option,
)

if TYPE_CHECKING:
    from analyzer.erasure import Cleaned, Erased
    from analyzer.retention import Retained
    from analyzer.types import Side


@click.command()
@click.option(
    "--respondent",
    "respondents",
    multiple=True,
    metavar="ID",
    help="Everything of this person, by the id in the imported file; may be repeated.",
)
@click.option(
    "--comment",
    "comments",
    multiple=True,
    metavar="ID",
    help="One row of a source, by its source_id in exports; may be repeated.",
)
@click.option("--side", type=click.Choice(SIDES), help="Whose, where both sides have such an id.")
@click.option(
    "--kind", type=click.Choice(KINDS), help="Which, where several kinds have such an id."
)
@click.option("--reason", default="", help="Kept with the erasure. Name nobody in it.")
@click.option(
    "--files", is_flag=True, help="Delete the files in done/ that brought the comments, too."
)
@click.option("--finish", is_flag=True, help="Only finish an erasure that was interrupted.")
@database_option
@json_option
@explained
def erase(
    respondents: tuple[str, ...],
    comments: tuple[str, ...],
    side: Side | None,
    kind: str | None,
    reason: str,
    files: bool,
    finish: bool,
    database: Path,
    as_json: bool,
) -> None:
    """Erase what somebody wrote: texts, vectors, words of labels, exports; for good.

    No byte of it is left in the database, and no import or restored backup brings it back. What a
    person has to delete (imported files, backups, exports that were changed) is listed.
    """
    from analyzer import erasure
    from analyzer.handing_out import operator
    from analyzer.whom import Whom

    if finish:
        if respondents or comments:
            raise UsageError("--finish erases nobody: use it alone.")
        cleaned = erasure.finish(database)
        if as_json:
            print_json(asdict(cleaned))
        else:
            click.echo("\n".join(_cleaned_lines(cleaned)))
        return
    whom = Whom(respondents, comments, side, kind)
    done = erasure.erase(database, whom, who=operator(), why=reason, files=files)
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(_erased_text(done))


def _erased_text(done: Erased) -> str:
    lines = [f"{done.comments} comments were erased."]
    if gone := done.removed:
        lines.append(
            f"  {gone.segments} segments, {gone.vectors} vectors, {len(gone.themes)} themes, "
            f"{len(gone.pairs)} pairs gone with them"
        )
        if gone.renamed:
            lines.append(f"  Named by their ids until the next analysis: {', '.join(gone.renamed)}")
        lines.append("  Themes and pairs are those of the last analysis: run bothsides analyze")
    lines += _cleaned_lines(done.cleaned)
    if done.sources:
        lines.append("These files brought them and are yours to delete:")
        lines += [f"  {path}" for path in done.sources]
    if done.backups:
        lines.append("These hold them still; `bothsides restore` erases them again:")
        lines += [f"  {path}" for path in done.backups]
    return "\n".join(lines)


def _cleaned_lines(cleaned: Cleaned) -> list[str]:
    lines = [f"  The database was written anew: {cleaned.size} bytes."]
    lines += [f"  deleted: {path}" for path in cleaned.deleted]
    if cleaned.left:
        lines.append("These were changed since they were written: look at them yourself.")
        lines += [f"  {path}" for path in cleaned.left]
    return lines


@click.group()
def retention() -> None:
    """How long things are kept; the settings retention_comments_months, retention_aside_days."""


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Count what would go, change nothing.")
@database_option
@settings_option
@json_option
@explained
def retention_run(dry_run: bool, database: Path, settings_file: Path | None, as_json: bool) -> None:
    """Remove comments, rows kept aside and files of the inbox that are older than may be.

    Made for a timer. Comments count by their date, else by that of their import; an import does not
    bring back what was removed.
    """
    from datetime import UTC, datetime

    from analyzer import retention as keeping
    from analyzer.handing_out import operator

    done = keeping.run(
        database,
        settings_of(settings_file),
        who=operator(),
        today=datetime.now(UTC).date(),
        dry_run=dry_run,
    )
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(_retained_text(done))


def _retained_text(done: Retained) -> str:
    verb = "would be removed" if done.dry_run else "removed"
    comments = f"older than {done.comments_before}" if done.comments_before else "(no limit is set)"
    lines = [
        f"{done.comments} comments {comments} {verb}, {done.former} former texts",
        f"{done.aside} rows kept aside before {done.aside_before} {verb}",
        f"{len(done.files)} files taken from an inbox before then {verb}",
    ]
    if done.cleaned:
        lines += [f"  deleted: {path}" for path in done.cleaned.deleted]
        lines += [f"  changed since, look at it yourself: {path}" for path in done.cleaned.left]
    return "\n".join(lines)


@click.group()
def audit() -> None:
    """The access log: who read employees' comments, and is no line changed or missing."""


@audit.command("verify")
@click.option(
    "--head", "kept", metavar="HEAD", help="A head that you kept elsewhere: it must hold."
)
@database_option
@json_option
@explained
def audit_verify(kept: str | None, database: Path, as_json: bool) -> None:
    """Find any line that was altered, put in, moved or cut off; exit code 1 if there is one.

    Prints the head: keep it where nobody who can write to this machine can change it.
    """
    from analyzer import access_log
    from analyzer.database import connect_readonly, translated

    with translated(database), closing(connect_readonly(database)) as db:
        broken = access_log.examine(database, db, kept)
        head = access_log.head(db)
    if as_json:
        print_json({"head": str(head), "broken": asdict(broken) if broken else None})
    if broken:
        raise BothsidesError(f"The access log is not whole. {broken.said}")
    if not as_json:
        click.echo(f"{head.lines} lines, none altered or missing. Head: {head}")


@audit.command("list")
@click.option("--newest", type=click.IntRange(1), help="Only so many.")
@database_option
@json_option
@explained
def audit_list(newest: int | None, database: Path, as_json: bool) -> None:
    """Each reading of employees' comments: when, who, what, filter, how many."""
    from analyzer import access_log
    from analyzer.database import connect_readonly, translated

    with translated(database), closing(connect_readonly(database)) as db:
        found = access_log.lines(db, newest)
    if as_json:
        print_json({"lines": [{**asdict(line), "hash": line.hash.hex()} for line in found]})
        return
    for line in found:
        click.echo(
            f"{line.number:>6}  {line.at}  {line.who:<12} {line.what:<16} {line.rows:>6} rows  "
            f"{line.filter}"
        )


COMMANDS = (erase, retention, audit)
