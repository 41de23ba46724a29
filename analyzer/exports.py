"""The export tables: their header rows are a contract, see DESIGN and the README."""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, cast

from analyzer import queries
from analyzer.errors import InputOutput

Cells = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """A table that can be exported: its columns and where its rows come from."""

    columns: tuple[str, ...]
    rows: Callable[[sqlite3.Connection], Iterable[Cells]]


def _themes(db: sqlite3.Connection) -> Iterator[Cells]:
    for row in queries.themes(db):
        yield row.id, row.side, row.label, "; ".join(row.terms), row.comments, row.segments


def _segments(db: sqlite3.Connection) -> Iterator[Cells]:
    for row in queries.segments(db):
        confidence = f"{row.confidence:.6f}"
        yield row.source_id, row.side, row.segment_index, row.theme_id, confidence, row.text


def _pairs(db: sqlite3.Connection) -> Iterator[Cells]:
    for row in queries.pairs(db):
        figures = f"{row.probability:.6f}", f"{row.similarity:.6f}"
        yield row.employee.id, row.customer.id, row.kind, *figures, row.status


EXPORTS: dict[str, Export] = {
    "themes": Export(("theme_id", "side", "label", "terms", "comments", "segments"), _themes),
    "segments": Export(
        ("source_id", "side", "segment_index", "theme_id", "confidence", "text"), _segments
    ),
    "pairs": Export(
        (
            "employee_theme_id",
            "customer_theme_id",
            "kind",
            "probability",
            "similarity",
            "status",
        ),
        _pairs,
    ),
}

# Columns that are numbers in JSON Lines; CSV knows only text.
_NUMBERS = {"confidence": float, "probability": float, "similarity": float}


def write(db: sqlite3.Connection, name: str, form: str, target: Path | None) -> None:
    """Write one table as ``csv`` or ``jsonl`` to a file, whole or not at all, or to stdout.

    Raises:
        InputOutput: the file cannot be written.
    """
    export = EXPORTS[name]
    with _opened(target) as handle:
        if form == "csv":
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(export.columns)
            writer.writerows(export.rows(db))
            return
        for cells in export.rows(db):
            row = {
                column: _NUMBERS.get(column, lambda value: value)(cell)
                for column, cell in zip(export.columns, cells, strict=True)
            }
            handle.write(json.dumps(row, ensure_ascii=False) + "\n")


@contextmanager
def _opened(target: Path | None) -> Iterator[TextIO]:
    if target is None:
        yield sys.stdout
        return
    try:
        handle = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed below, then renamed
            "w", encoding="utf-8", newline="", dir=target.parent, prefix=".", delete=False
        )
    except OSError as exc:
        raise InputOutput(f"{target} cannot be written: {exc.strerror}.") from exc
    try:
        with handle:
            yield cast("TextIO", handle)
        Path(handle.name).replace(target)
    except BaseException as exc:
        Path(handle.name).unlink(missing_ok=True)
        if isinstance(exc, OSError):
            raise InputOutput(f"{target} cannot be written: {exc.strerror}.") from exc
        raise
