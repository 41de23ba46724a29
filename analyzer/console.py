"""What a person sees while a command runs: bars on a terminal, and the tables at the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from analyzer.types import Progress, no_progress

if TYPE_CHECKING:
    from analyzer.edits import Edit
    from analyzer.intake import Receipt
    from analyzer.provenance import Provenance
    from analyzer.runs import Summary

# A stage that is over sooner shows no bar.
PATIENCE_SECONDS = 1.0
ROWS_SHOWN = 10


@contextmanager
def bars(*, wanted: bool) -> Iterator[Progress]:
    """Yield a progress callback that draws one bar a stage on stderr, if that is a terminal."""
    if not (wanted and sys.stderr.isatty()):
        yield no_progress
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    began: dict[str, float] = {}
    tasks: dict[str, TaskID] = {}
    with Bars(
        TextColumn("{task.description:<18}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as drawn:

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                began[stage] = time.monotonic()
                tasks[stage] = drawn.add_task(stage, total=max(total, 1))
            # A stage that was over at once leaves no bar behind.
            worth = done < total or time.monotonic() - began[stage] >= PATIENCE_SECONDS
            drawn.update(tasks[stage], completed=min(done, total) if total else 1, visible=worth)

        yield show


def receipt_text(receipt: Receipt) -> str:
    """Return an import's receipt as lines for a person."""
    verb = "would be imported" if receipt.dry_run else "imported"
    lines = [
        f"{receipt.file}: {receipt.rows} rows of {receipt.side} comments ({receipt.kind}, "
        f"{receipt.format}) {verb}.",
        f"  new {receipt.new}, changed {receipt.changed}, unchanged {receipt.unchanged}, "
        f"duplicate {receipt.duplicate}, empty {receipt.empty}, kept aside {receipt.rejected}",
    ]
    for bad in receipt.rejected_rows[:ROWS_SHOWN]:
        column = f", column {bad['column']}" if bad["column"] else ""
        lines.append(f"  kept aside: row {bad['row']}{column}: {bad['reason']}")
    if (more := len(receipt.rejected_rows) - ROWS_SHOWN) > 0:
        lines.append(f"  kept aside: {more} more; --json lists them all")
    lines += [f"  {note}" for note in receipt.notes]
    return "\n".join(lines)


def summary_text(summary: Summary) -> str:
    """Return a run's summary as lines for a person."""
    lines = [f"Run {summary.run}, {summary.seconds:.1f} s. {summary.why_embedder}"]
    for side, themes in summary.themes.items():
        dropped = summary.dropped[side]
        left_out = ", ".join(f"{count} {reason}" for reason, count in dropped.items())
        lines.append(
            f"  {side:<9} {summary.comments[side]:>7} comments {summary.segments[side]:>7} "
            f"segments {themes:>5} themes in {summary.broad[side]} broad themes, "
            f"{summary.partnerless[side]} without a partner"
            + (f" (left out: {left_out})" if left_out else "")
        )
    kinds = ", ".join(f"{count} {kind}" for kind, count in summary.pairs.items())
    lines.append(f"  pairs     {sum(summary.pairs.values()):>7}" + (f" ({kinds})" if kinds else ""))
    changed = ", ".join(f"{count} {kind}" for kind, count in summary.changes.items() if count)
    if changed and summary.run > 1:
        lines.append(f"  changes   {changed}")
    lines += [f"  {note}" for note in summary.notes]
    return "\n".join(lines)


def provenance_text(found: Provenance) -> str:
    """Return where a theme or a pair comes from as lines for a person."""
    run = found.run
    own = [
        f"  {name} {value}"
        for name, value in found.found.items()
        if value is not None and name != "signs"
    ]
    signs = found.found.get("signs", {})
    used = [file for file in found.inputs if file.comments]
    others = len(found.inputs) - len(used)
    return "\n".join(
        [
            f"{found.what.capitalize()} {found.id}",
            *own,
            *([f"  signs {_pairs(signs)}"] if signs else []),
            f"Run {run.id}, {run.finished_at}, {run.seconds:.1f} s"
            + ("" if found.current else "; comments have changed since: run bothsides analyze"),
            f"  seed {run.seed}, strategy {run.strategy}",
            f"  model {run.embedder}, {run.fingerprint}",
            f"  settings {_pairs(run.settings)}",
            f"  versions {_pairs(run.versions)}",
            f"Files ({len(found.inputs)} read by the run)",
            *(
                f"  {file.comments} comments from batch {file.batch}, {file.file} ({file.side}, "
                f"{file.kind}), imported {file.imported_at}"
                + (f", taken back {file.undone_at}" if file.undone_at else "")
                + f"\n    sha256 {file.sha256}"
                for file in used
            ),
            *([f"  no comment of it from {others} others; --json lists them"] if others else []),
        ]
    )


def _pairs(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


def edit_text(edit: Edit) -> str:
    """Return one edit as a line for a person; what is quoted are names, never comments."""
    labels = edit.payload.get("labels", ())
    named = [f'{key} "{label}"' for key, label in zip(edit.targets, labels, strict=False)]
    words = EDIT_WORDS[edit.action].format_map(
        {
            "first": (named or list(edit.targets))[0],
            "others": ", ".join(named[1:]),
            "all": ", ".join(named),
            "of": "an edit",
            **edit.payload,
            "called": edit.payload.get("name") or edit.payload.get("label", ""),
        }
    )
    why = f" ({edit.why})" if edit.why else ""
    undone = f" [undone by {edit.undone_by}]" if edit.undone_by else ""
    return f"{edit.id:>4}  {edit.at}  {edit.who}: {words}{why}{undone}"


EDIT_WORDS = {
    "rename": 'renamed {first} to "{name}"',
    "merge": "merged {others} into {first}",
    "split": 'split {new} "{called}" off {first}: {segments} segments',
    "move": "moved segment {segment_index} of {source_id} to {first}",
    "hide": "hid {all}",
    "accept": "accepted the pair {first}, {others}",
    "reject": "rejected the pair {first}, {others}",
    "note": "noted on {all}: {text}",
    "undo": "undid edit {first} ({of})",
}
