"""One batch of the inbox: import what waits, analyse once if anything changed, move the files.

The order makes every crash harmless. A file is moved after its import is committed and after the
analysis; whatever dies before that finds it in the inbox again, where it is imported as unchanged.
Whether an analysis is due is read from the database, not from this batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from analyzer import arrivals, batches, history, holdings, inbox, intake, queries, runs
from analyzer.batches import Batch
from analyzer.database import connect_readonly, opened, transaction, translated
from analyzer.errors import BadData, BothsidesError, InputOutput, Locked, UsageError
from analyzer.files import held
from analyzer.inbox import DONE, REJECTED, STABLE_SECONDS, Waiting
from analyzer.receipts import FileReceipt, write
from analyzer.settings import Settings
from analyzer.types import Progress, no_progress


@dataclass(frozen=True)
class Analysed:
    """The run of a batch: what it found and what it changed, or why there is none."""

    summary: runs.Summary | None
    changes: history.Changes | None
    error: str | None = None


@dataclass(frozen=True)
class Report:
    """What one batch did. ``analysed`` None: no comment had changed since the last run."""

    inbox: str
    files: Sequence[FileReceipt]
    analysed: Analysed | None
    exit_code: int


@dataclass
class _Outcome:
    """What became of one file so far: a receipt of its import, or the error that stopped it."""

    file: Waiting
    receipt: intake.Receipt | None = None
    error: BothsidesError | None = None
    earlier: Batch | None = None

    @property
    def folder(self) -> str | None:
        """Where it goes; None: it stays, since it is not the file that is wrong."""
        if self.error is None:
            return DONE
        return REJECTED if isinstance(self.error, BadData | UsageError) else None


def ingest(
    folder: Path,
    database: Path,
    settings: Settings,
    *,
    analysis: Mapping[str, Any] | None = None,
    stable: float = STABLE_SECONDS,
    progress: Progress = no_progress,
) -> Report:
    """Take what waits in the inbox; ``analysis`` are options of :func:`analyzer.runs.analyze`.

    Raises:
        Locked: another batch is at work on the inbox or the database, or somebody writes to it.
        InputOutput: the inbox cannot be used.
    """
    inbox.prepare(folder)
    with held(database), held(folder / ".bothsides", folder):
        outcomes = [
            _import(file, folder, database, settings, progress)
            for file in inbox.waiting(folder, stable)
        ]
        analyse = partial(runs.analyze, database, settings, progress=progress, **(analysis or {}))
        analysed, failed = _analyse(database, analyse)
        put = [_put_away(outcome, folder, analysed, database) for outcome in outcomes]
    errors = [o.error for o in outcomes if o.error and o.folder is None]
    errors += [error for _, error in put if error]
    errors += [failed] if failed else []
    rejected = any(outcome.folder == REJECTED for outcome in outcomes)
    code = errors[0].exit_code if errors else BadData.exit_code if rejected else 0
    return Report(inbox.printable(str(folder)), [r for r, _ in put], analysed, code)


def _import(
    file: Waiting, folder: Path, database: Path, settings: Settings, progress: Progress
) -> _Outcome:
    try:
        side, kind, profile = inbox.side_of(file.path, folder)
        receipt = intake.import_file(
            file.path,
            database,
            settings,
            side=side,
            kind=kind,
            mapping=profile.mapping if profile else None,
            sheet=profile.sheet if profile else None,
            encoding=profile.encoding if profile else None,
            progress=progress,
        )
    except Locked:
        # The next file would wait for the same writer.
        raise
    except BothsidesError as exc:
        return _Outcome(file, error=exc)
    assert receipt.batch is not None
    with closing(connect_readonly(database)) as reader:
        return _Outcome(file, receipt, earlier=batches.earlier(reader, receipt.batch))


def _analyse(
    database: Path, analyse: partial[runs.Summary]
) -> tuple[Analysed | None, BothsidesError | None]:
    """Analyse if comments changed since the last run, and say what that changed."""
    if not database.is_file():
        return None, None
    with translated(database), closing(connect_readonly(database)) as reader:
        if not queries.comment_count(reader) or arrivals.is_analysed(reader):
            return None, None
    try:
        summary = analyse()
    except BothsidesError as exc:
        # What was imported stays, and so does the need: the next batch tries again.
        return Analysed(None, None, str(exc)), exc
    with translated(database), closing(connect_readonly(database)) as reader:
        return Analysed(summary, history.changes(reader, summary.run)), None


def _put_away(
    outcome: _Outcome, folder: Path, analysed: Analysed | None, database: Path
) -> tuple[FileReceipt, BothsidesError | None]:
    """Write a file's receipts and move it: whatever is in ``done`` or ``rejected`` has receipts.

    A file that cannot be moved stays, and holds up no other: the error is returned.
    """
    file, where = outcome.file, outcome.folder
    if inbox.look_at(file.path) != file.look:
        said = "It changed while it was imported; the next batch imports it again."
        return _receipt(outcome, folder, None, said), None
    reason = str(outcome.error) if outcome.error else None
    if where is None:
        return _receipt(outcome, folder, None, reason), None
    try:
        goal = inbox.goal_of(file, folder, where)
        receipt = _receipt(outcome, folder, goal, reason)
        write(receipt, analysed, goal)
        _remember(file, goal, database)
        inbox.move(file, goal)
    except InputOutput as exc:
        return _receipt(outcome, folder, None, str(exc)), exc
    return receipt, None


def _receipt(outcome: _Outcome, folder: Path, goal: Path | None, reason: str | None) -> FileReceipt:
    return FileReceipt(
        file=inbox.printable(outcome.file.name),
        state=goal.relative_to(folder).parts[0] if goal else "left",
        moved_to=inbox.printable(goal.relative_to(folder).as_posix()) if goal else None,
        reason=reason,
        earlier=outcome.earlier,
        imported=outcome.receipt,
    )


def _remember(file: Waiting, goal: Path, database: Path) -> None:
    """Let erasing and retention know where a file will be, which holds people's words as well."""
    if database.is_file():
        with translated(database), opened(database, create=False) as db, transaction(db):
            holdings.announce(db.conn, "source", goal, inbox.printable(file.name))
            holdings.written(db.conn, goal, content=file.path)
