"""What each kind of job does: one row a kind. A job that was done already is not done again.

A worker can die after the work is committed and before the job is noted as done. The job's
checkpoint tells what is its own: the imports and runs that came after it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzer import batches, intake, queries, runs, undo
from analyzer.database import connect_readonly, opened, translated
from analyzer.errors import BadData, InputOutput
from analyzer.importers.mapping import from_dict
from analyzer.jobs import queue, reading, uploads
from analyzer.jobs.queue import Job
from analyzer.settings import Settings
from analyzer.types import Progress

Result = Mapping[str, Any]
AGAIN = "The worker was begun anew after this was written."


@dataclass(frozen=True, slots=True)
class Context:
    """What a task is given beside its job."""

    database: Path
    settings: Settings
    progress: Progress


def import_upload(job: Job, context: Context) -> Result:
    """Import an upload; ``args``: upload, side, kind, sheet, roles (of its columns), analyze."""
    args = job.args
    with _reading(context.database) as db:
        upload = uploads.find(db, args["upload"])
        done = _own_import(db, job, upload.sha256) if upload and job.attempts > 1 else None
    if upload is None:
        raise InputOutput("The file of this import is not kept any more. Send it again.")
    result: Result
    if done is not None:
        result = {"batch": done, "notes": [AGAIN]}
    else:
        receipt = _import(job, upload, context)
        result = {"batch": receipt.batch, "notes": list(receipt.notes)}
    if args["analyze"]:
        with opened(context.database, create=False) as writing:
            queue.add_once(writing, "analyze", {"refit": False}, job.who)
    return result


def _import(job: Job, upload: uploads.Upload, context: Context) -> intake.Receipt:
    args, path = job.args, uploads.path_of(context.database, upload)
    cell, sheet = context.settings.max_cell_characters, args["sheet"]
    mapping = None
    if args["roles"] is not None:
        context.progress("columns", 0, 1)
        roles = {int(place): role for place, role in args["roles"].items()}
        seen = reading.preview(
            path, context.database, cell, name=upload.name, roles=roles, sheet=sheet
        )
        if seen["problem"] is not None:
            raise BadData(seen["problem"])
        mapping = from_dict(seen["mapping"]) if seen["told"] else None
        context.progress("columns", 1, 1)
    return intake.import_file(
        path,
        context.database,
        context.settings,
        side=args["side"],
        kind=args["kind"],
        mapping=mapping,
        sheet=sheet,
        progress=context.progress,
        name=upload.name,
        read=reading.reader(context.database, cell, context.progress),
    )


def _own_import(db: sqlite3.Connection, job: Job, sha256: str) -> int | None:
    row = db.execute(
        "SELECT max(id) FROM imports WHERE id > ? AND sha256 = ? AND side = ? AND kind = ?",
        [job.checkpoint.get("imports", 0), sha256, job.args["side"], job.args["kind"]],
    ).fetchone()
    return None if row[0] is None else int(row[0])


def analyze(job: Job, context: Context) -> Result:
    """Analyse what is there; ``args``: refit."""
    if job.attempts > 1:
        with _reading(context.database) as db:
            last = queries.last_run(db)
        if last is not None and last.id > job.checkpoint.get("runs", 0):
            return {"run": last.id}
    summary = runs.analyze(
        context.database,
        context.settings,
        refit=bool(job.args.get("refit")),
        progress=context.progress,
    )
    return {"run": summary.run}


def take_back(job: Job, context: Context) -> Result:
    """Take an import back; ``args``: batch."""
    number = int(job.args["batch"])
    if job.attempts > 1:
        with _reading(context.database) as db:
            found = batches.batch(db, number)
        if found is not None and found.undone_at:
            return {"batch": number}
    context.progress("undo", 0, 1)
    done = undo.undo(context.database, number)
    context.progress("undo", 1, 1)
    return {
        "batch": number,
        "gone": done.gone,
        "restored": done.restored,
        "kept": done.kept,
        "themes": len(done.themes),
        "pairs": len(done.pairs),
    }


@contextmanager
def _reading(database: Path) -> Iterator[sqlite3.Connection]:
    with translated(database), closing(connect_readonly(database)) as db:
        yield db


TASKS: dict[str, Callable[[Job, Context], Result]] = {
    "import": import_upload,
    "analyze": analyze,
    "undo": take_back,
}
