"""The export tables of a role: the columns of the operator's, filled from guarded reads.

Figures that are not shown are empty. An employee's row of the source has a pseudonym for its id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

from analyzer.guard.reads import Guarded
from analyzer.guard.shown import Pair, Shares, Size
from analyzer.types import SIDES

Cell = str | int | float | None | Sequence[object]
Cells = tuple[Cell, ...]


def _size(size: Size) -> Cells:
    """Return the cells of ``comments`` and ``segments``; of employees, people or their band."""
    if size.comments is not None:
        return size.comments, size.segments
    return size.people if size.people is not None else size.band, None


def _shares(shares: Shares | None) -> Cells:
    if shares is None:
        return (None,) * 4
    return shares.positive, shares.neutral, shares.negative, None


def _themes(read: Guarded) -> Iterator[Cells]:
    for row in read.themes():
        yield row.id, row.side, row.label, "; ".join(row.terms), *_size(row.size)


def _segments(read: Guarded) -> Iterator[Cells]:
    for row, quote in read.segments():
        text = quote.comment[quote.start : quote.end]
        where = quote.key, row.side, row.segment_index
        yield *where, row.theme_id, row.confidence, text


def _sentiment(read: Guarded) -> Iterator[Cells]:
    for row, quote in read.segments():
        polarity = row.polarity if row.side == "customer" else None
        yield quote.key, row.side, row.segment_index, polarity, quote.judgement


def _pairs(read: Guarded) -> Iterator[Cells]:
    for row in read.pairs():
        figures = row.probability, row.similarity
        yield row.employee.id, row.customer.id, row.kind, *figures, row.status


def _evidence(read: Guarded) -> Iterator[Cells]:
    for row in read.pairs():
        yield (
            row.employee.id, row.customer.id, row.employee.label, row.customer.label, row.kind,
            row.probability, row.similarity, row.status, *_shares(row.employee.shares),
            *_shares(row.customer.shares), [asdict(sign) for sign in row.signs],
            list(row.shared_terms), _closest(row), row.edge, row.reason, row.source,
        )  # fmt: skip


def _closest(row: Pair) -> list[object]:
    """Return the closest segments; the employees' without what leads to their row."""
    return [
        {
            "employee": {"text": closest.employee.text},
            "customer": asdict(closest.customer),
            "cosine": closest.cosine,
        }
        for closest in row.closest
    ]


def _levels(read: Guarded) -> Iterator[Cells]:
    for side in SIDES:
        broad = {row.id: row for row in read.broad_themes(side)}
        for row in read.themes(side):
            above = broad.get(row.broad_id or "")
            told = (above.label, *_size(above.size)) if above else (None, None, None)
            own = row.id, row.label, row.nature, *_size(row.size)
            yield row.broad_id, side, *told, *own, *_shares(row.shares)


TABLES: dict[str, Callable[[Guarded], Iterator[Cells]]] = {
    "themes": _themes,
    "segments": _segments,
    "pairs": _pairs,
    "evidence": _evidence,
    "levels": _levels,
    "sentiment": _sentiment,
}
