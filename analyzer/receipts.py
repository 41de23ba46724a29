"""The receipt of a file of the inbox, as JSON and as text. It never holds the text of a comment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzer.console import receipt_text, summary_text
from analyzer.files import fitting, sync, translated_files
from analyzer.history import KINDS
from analyzer.types import SIDES

if TYPE_CHECKING:
    from analyzer.batches import Batch
    from analyzer.history import Changes
    from analyzer.ingest import Analysed, Report
    from analyzer.intake import Receipt

IDS_SHOWN = 20
PAIR_KINDS = ("new", "gone")
CHANGES = ("new", "changed", "unchanged")
COUNTS = ("rows", "new", "unchanged", "changed", "duplicate", "empty", "rejected")


@dataclass(frozen=True)
class FileReceipt:
    """What became of one file: ``state`` is done, rejected, or left (it stays in the inbox).

    ``moved_to`` is the place in the inbox where it is now. ``earlier`` is the batch that brought
    the same file before, and whose counts say what was in it.
    """

    file: str
    state: str
    moved_to: str | None
    reason: str | None
    earlier: Batch | None
    imported: Receipt | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it: the counts of the import beside the rest."""
        own = asdict(self)
        first = self.earlier
        own["earlier"] = first.id if first else None
        own["earlier_counts"] = {key: getattr(first, key) for key in CHANGES} if first else None
        imported = own.pop("imported") or {"batch": None, **dict.fromkeys(COUNTS), "notes": []}
        return {**own, **{key: value for key, value in imported.items() if key not in own}}

    def lines(self) -> list[str]:
        """Return it as lines for a person."""
        where = f" -> {self.moved_to}" if self.moved_to else ""
        lines = [f"{self.file}: {self.state}{where}"]
        if self.reason:
            lines.append(f"  {self.reason}")
        if self.imported:
            lines.append(f"  batch {self.imported.batch}")
            lines += [f"  {line}" for line in receipt_text(self.imported).splitlines()]
        if self.earlier is not None:
            lines.append(
                f"  The same file was imported before, as batch {self.earlier.id}: new "
                f"{self.earlier.new}, changed {self.earlier.changed}."
            )
        return lines


def analysed_dict(analysed: Analysed | None) -> dict[str, Any] | None:
    """Return a batch's run as JSON has it; None: no comment had changed."""
    if analysed is None:
        return None
    found = analysed.changes
    return {
        "run": analysed.summary.run if analysed.summary else None,
        "error": analysed.error,
        "themes": {side: {kind: found.ids(side, kind) for kind in KINDS} for side in SIDES}
        if found
        else None,
        "pairs": {kind: found.ends(kind) for kind in PAIR_KINDS} if found else None,
    }


def report_dict(report: Report) -> dict[str, Any]:
    """Return a whole batch as JSON has it."""
    return {
        "inbox": report.inbox,
        "files": [file.as_dict() for file in report.files],
        "analysis": analysed_dict(report.analysed),
    }


def report_text(report: Report) -> str:
    """Return a whole batch as lines for a person."""
    lines = [line for file in report.files for line in file.lines()]
    if not report.files:
        lines.append(f"{report.inbox}: no file waits.")
    return "\n".join([*lines, *analysed_lines(report.analysed)])


def analysed_lines(analysed: Analysed | None) -> list[str]:
    """Return a batch's run as lines for a person."""
    if analysed is None:
        return ["No comment has changed since the last analysis: none was made."]
    if analysed.error or analysed.summary is None or analysed.changes is None:
        return [f"Analysis: {analysed.error} The next batch tries again."]
    return [*summary_text(analysed.summary).splitlines(), *_change_lines(analysed.changes)]


def _change_lines(changes: Changes) -> list[str]:
    """Return a line a side and one of pairs: each kind with its number, and which they are."""
    lines = [
        f"  {side} themes: {_listed({kind: changes.ids(side, kind) for kind in KINDS})}"
        for side in SIDES
    ]
    pairs = {kind: [f"{e}/{c}" for e, c in changes.ends(kind)] for kind in PAIR_KINDS}
    return [*lines, f"  pairs: {_listed(pairs)}"]


def _listed(ids: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(f"{kind} {len(own)}{_named(own)}" for kind, own in ids.items())


def _named(ids: Sequence[str]) -> str:
    if not ids:
        return ""
    more = ", ..." if len(ids) > IDS_SHOWN else ""
    return f" ({', '.join(ids[:IDS_SHOWN])}{more})"


def write(receipt: FileReceipt, analysed: Analysed | None, goal: Path) -> None:
    """Write ``NAME.receipt.json`` and ``NAME.receipt.txt`` beside where the file will be.

    Raises:
        InputOutput: they cannot be written.
    """
    data: Mapping[str, Any] = {**receipt.as_dict(), "analysis": analysed_dict(analysed)}
    text = "\n".join([*receipt.lines(), *analysed_lines(analysed)]) + "\n"
    _write(goal, "json", json.dumps(data, ensure_ascii=False, indent=2, default=list) + "\n")
    _write(goal, "txt", text)


def _write(goal: Path, suffix: str, text: str) -> None:
    final = goal.with_name(fitting(goal.name, f".receipt.{suffix}"))
    made = goal.with_name(fitting(f".{final.name}", ".tmp"))
    with translated_files(final):
        made.write_text(text, encoding="utf-8")
        sync(made)
        made.replace(final)
