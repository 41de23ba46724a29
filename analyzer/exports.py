"""The export tables: their header rows are a contract, see DESIGN and the README.

Lists and objects are nested in JSON Lines, and JSON text in CSV.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO, cast

from analyzer import queries
from analyzer.access.roles import Viewer
from analyzer.cells import safe
from analyzer.errors import InputOutput
from analyzer.guard.reads import Guarded
from analyzer.guard.tables import TABLES, Cell, Cells
from analyzer.types import Polarity


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
        where = row.source_id, row.side, row.segment_index
        yield *where, row.theme_id, row.confidence, row.text


def _pairs(db: sqlite3.Connection) -> Iterator[Cells]:
    for row in queries.pairs(db):
        figures = row.probability, row.similarity
        yield row.employee.id, row.customer.id, row.kind, *figures, row.status


def _evidence(db: sqlite3.Connection) -> Iterator[Cells]:
    for row in queries.pair_details(db):
        pair = row.pair
        yield (
            pair.employee.id, pair.customer.id, pair.employee.label, pair.customer.label, pair.kind,
            pair.probability, pair.similarity, pair.status, *_shares(pair.employee.polarity),
            *_shares(pair.customer.polarity), [asdict(sign) for sign in row.signs],
            list(row.shared_terms), [asdict(closest) for closest in row.closest], row.edge,
            row.reason, row.source,
        )  # fmt: skip


def _levels(db: sqlite3.Connection) -> Iterator[Cells]:
    broad: dict[str | None, Cells] = {
        row.id: (row.label, row.comments, row.segments) for row in queries.broad_themes(db)
    }
    for row in queries.themes(db):
        above = broad.get(row.broad_id, (None, None, None))
        own = row.id, row.label, row.nature, row.comments, row.segments
        yield row.broad_id, row.side, *above, *own, *_shares(row.polarity)


def _sentiment(db: sqlite3.Connection) -> Iterator[Cells]:
    for row in queries.segments(db):
        yield row.source_id, row.side, row.segment_index, row.polarity, row.judgement


def _shares(polarity: Polarity | None) -> Cells:
    if polarity is None:
        return (None,) * len(SHARES)
    return polarity.positive, polarity.neutral, polarity.negative, polarity.mean


SHARES = ("positive", "neutral", "negative", "mean")
EXPORTS: dict[str, Export] = {
    "themes": Export(
        ("theme_id", "side", "label", "terms", "comments", "segments"),
        _themes,
    ),
    "segments": Export(
        ("source_id", "side", "segment_index", "theme_id", "confidence", "text"),
        _segments,
    ),
    "pairs": Export(
        (
            "employee_theme_id", "customer_theme_id", "kind", "probability", "similarity", "status",
        ),
        _pairs,
    ),
    "evidence": Export(
        (
            "employee_theme_id", "customer_theme_id", "employee_label", "customer_label", "kind",
            "probability", "similarity", "status", *(f"employee_{share}" for share in SHARES),
            *(f"customer_{share}" for share in SHARES), "signs", "shared_terms", "closest", "edge",
            "reason", "source",
        ),
        _evidence,
    ),
    "levels": Export(
        (
            "broad_id", "side", "broad_label", "broad_comments", "broad_segments", "theme_id",
            "label", "nature", "comments", "segments", *SHARES,
        ),
        _levels,
    ),
    "sentiment": Export(
        ("source_id", "side", "segment_index", "polarity", "judgement"),
        _sentiment,
    ),
}  # fmt: skip


def _csv(cell: Cell, *, raw: bool) -> str | int:
    if isinstance(cell, float):
        return f"{_rounded(cell):.6f}"
    if isinstance(cell, str):
        return cell if raw else safe(cell)
    if cell is None or isinstance(cell, int):
        return "" if cell is None else cell
    return json.dumps(cell, ensure_ascii=False)


def _rounded(figure: float) -> float:
    return round(figure, 6) + 0.0  # no negative zero


def write(
    db: sqlite3.Connection,
    name: str,
    form: str,
    target: Path | None,
    viewer: Viewer | None = None,
    *,
    raw_cells: bool = False,
) -> None:
    """Write one table as ``csv`` or ``jsonl`` to a file, whole or not at all, or to stdout.

    Without a ``viewer`` it is the operator's, with everything in it; else what that viewer may see.
    What is not known yet, or not shown, is an empty cell in CSV and null in JSON Lines. In CSV,
    text that a spreadsheet would calculate has an apostrophe before it (:mod:`analyzer.cells`),
    unless ``raw_cells``; JSON Lines are for programs and never have.

    Raises:
        InputOutput: the file cannot be written.
    """
    export = EXPORTS[name]
    rows = export.rows(db) if viewer is None else TABLES[name](Guarded(db, viewer))
    with _opened(target) as handle:
        if form == "csv":
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(export.columns)
            writer.writerows([_csv(cell, raw=raw_cells) for cell in cells] for cells in rows)
            return
        for cells in rows:
            figures = [_rounded(cell) if isinstance(cell, float) else cell for cell in cells]
            row = dict(zip(export.columns, figures, strict=True))
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
