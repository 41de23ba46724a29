"""The guarded reads: what a viewer may see, and nothing else. Pages and role exports have these.

Employees: a theme needs as many respondents as a figure, else it is not there, for anybody, and a
pair of it neither. Figures come from the cube. Comments, the closest segments among them, come from
groups that are large enough, to viewers with that right.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from analyzer import queries
from analyzer.access.roles import Viewer
from analyzer.database import connect_readonly, opened, transaction
from analyzer.guard import cube, figures, quoting, words
from analyzer.guard.shown import (
    Broad,
    Counts,
    Judged,
    Pair,
    Quote,
    Quotes,
    Shares,
    Size,
    Theme,
    band,
)
from analyzer.hearing import are_heard
from analyzer.rows import BroadRow, PairDetail, RunInfo, SegmentRow, ThemeRow
from analyzer.types import JUDGEMENTS, Judgement, Polarity, Side

# What stands between the labels of themes in that of a broad theme: see ``describe``.
JOINED = " · "
# The sign that tells how far two themes judge apart: a figure of employees.
OF_FIGURES = "polarity"


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection that cannot write, to a database that has a cube.

    An analysis of an older version has none: it is computed first, the one thing that is written.

    Raises:
        InputOutput, Locked, BothsidesError: see :func:`analyzer.database.connect_readonly`.
    """
    connection = connect_readonly(path)
    if cube.is_built(connection) or not queries.last_run(connection):
        return connection
    connection.close()
    with opened(path, create=False) as db, transaction(db):
        cube.refresh(db.conn)
    return connect_readonly(path)


def last_run(db: sqlite3.Connection) -> RunInfo | None:
    """Return the newest run without the notes that hold a figure: it may count employees."""
    run = queries.last_run(db)
    if run is None:
        return None
    return replace(run, notes=without_figures(run.notes))


def without_figures(notes: Iterable[str]) -> tuple[str, ...]:
    """Return the notes of a run that hold no figure."""
    return tuple(note for note in notes if not re.search(r"\d", note))


def has_comments(db: sqlite3.Connection) -> bool:
    """Return whether there is anything to analyse."""
    return queries.comment_count(db) > 0


class Guarded:
    """One viewer's reads of one database."""

    def __init__(self, db: sqlite3.Connection, viewer: Viewer) -> None:
        """Keep what to read and for whom."""
        self._db = db
        self._viewer = viewer

    @cached_property
    def _heard(self) -> frozenset[str]:
        return words.read(self._db)

    @cached_property
    def _cells(self) -> dict[str, figures.Cell]:
        """The cells of employees' themes; a theme that is not here is shown to nobody."""
        return {cell.theme_id: cell for cell in figures.cells(self._db, "employee")}

    @cached_property
    def _own_labels(self) -> dict[str, str | None]:
        return dict(self._db.execute("SELECT id, own_label FROM themes").fetchall())

    @cached_property
    def _key(self) -> bytes:
        row = self._db.execute("SELECT value FROM secrets WHERE name = 'cube'").fetchone()
        return bytes(row[0])

    def themes(self, side: Side | None = None) -> list[Theme]:
        """Return the themes, employees' first, the largest of a side first."""
        return [theme for theme in self._known.values() if side in (None, theme.side)]

    def theme(self, theme_id: str) -> Theme | None:
        """Return one theme, None if it is not there for this viewer; hidden ones are."""
        row = queries.theme(self._db, theme_id)
        return self._theme(row) if row is not None and self._sees(row) else None

    @cached_property
    def _rows(self) -> list[ThemeRow]:
        """The themes that the viewer sees, without those that people hid."""
        return [row for row in queries.themes(self._db) if self._sees(row)]

    @cached_property
    def _known(self) -> dict[str, Theme]:
        return {row.id: self._theme(row) for row in self._rows}

    def _sees(self, row: ThemeRow) -> bool:
        if row.side == "customer":
            return self._viewer.may("customer-figures")
        return self._viewer.may("employee-names") and row.id in self._cells

    @cached_property
    def _partners(self) -> dict[str, int]:
        seen = {row.id for row in self._rows}
        ends = [(p.employee.id, p.customer.id) for p in queries.pairs(self._db)
                if p.status != "rejected"]  # fmt: skip
        both = [pair for pair in ends if seen.issuperset(pair)]
        return {theme: sum(theme in pair for pair in both) for theme in seen}

    def _theme(self, row: ThemeRow) -> Theme:
        label, terms, size = row.label, row.terms, Size(row.comments, row.segments)
        shares = _shares(row.polarity)
        if row.side == "employee":
            label = words.label(row.id, label, self._own_labels[row.id], terms, self._heard)
            terms = words.terms(terms, self._heard)
            cell = self._cells[row.id]
            size, shares = self._size(cell), self._judging(cell)
        partners = self._partners.get(row.id, 0)
        return Theme(
            row.id, row.side, label, terms, size, partners, row.broad_id, row.nature, shares,
            row.polarity is not None,
        )  # fmt: skip

    def _size(self, cell: figures.Cell | None) -> Size:
        if cell is None or cell.respondents is None:
            return Size()
        may = self._viewer.may("employee-figures")
        return Size(people=cell.respondents if may else None, band=band(cell.respondents))

    def _judging(self, cell: figures.Cell) -> Shares | None:
        if not self._viewer.may("employee-figures"):
            return None
        found = Shares(*(cell.share(key) for key in ("positive", "neutral", "negative")))
        return None if (found.positive, found.neutral, found.negative) == (None,) * 3 else found

    def broad_themes(self, side: Side) -> list[Broad]:
        """Return the broad themes of one side that hold a theme which is shown."""
        below: dict[str | None, list[Theme]] = {}
        for theme in self.themes(side):
            below.setdefault(theme.broad_id, []).append(theme)
        rows = queries.broad_themes(self._db, side)
        return [self._broad(row, below[row.id]) for row in rows if row.id in below]

    def _broad(self, row: BroadRow, own: list[Theme]) -> Broad:
        if row.side == "customer":
            size, shares = Size(row.comments, row.segments), _shares(row.polarity)
            return Broad(row.id, row.side, row.label, row.terms, size, len(own), shares)
        visible = {theme.label for theme in own}
        parts = row.label.split(JOINED)
        # A part that is no theme's label was typed by people, or is of an earlier run.
        kept = [p for p in parts if p in visible or (p not in self._labels and self._is_heard(p))]
        label = JOINED.join(kept) or JOINED.join([theme.label for theme in own][:2])
        terms = tuple(term for term in row.terms if any(term in theme.terms for theme in own))
        return Broad(row.id, row.side, label, terms, Size(), len(own), None)

    @cached_property
    def _labels(self) -> set[str]:
        """The labels of all themes of employees, of those that nobody sees too."""
        return {theme.label for theme in queries.themes(self._db, "employee", hidden=True)}

    def _is_heard(self, text: str) -> bool:
        return are_heard(text, self._heard)

    def counts(self, side: Side) -> Counts:
        """Return how much of one side there is."""
        size, own = Size(), self.themes(side)
        if side == "employee":
            size = self._size(figures.cell(self._db, side))
        elif self._viewer.may("customer-figures"):
            found = queries.side_counts(self._db, side)
            size = Size(found.comments, found.segments)
        alone = [t for t in own if t.nature in (None, "subject") and not t.partners]
        broad = len({theme.broad_id for theme in own} - {None})
        return Counts(size, len(own), broad, len(alone))

    def pairs(self, theme_id: str | None = None) -> list[Pair]:
        """Return the pairs, the likeliest first; those of one theme if ``theme_id`` is given."""
        return list(self._pairs(queries.pair_details(self._db, theme_id)))

    def pair(self, employee: str, customer: str) -> Pair | None:
        """Return one pair, None if it is not there for this viewer."""
        detail = queries.pair(self._db, employee, customer)
        return next(self._pairs([detail] if detail else []), None)

    def _pairs(self, details: Iterable[PairDetail]) -> Iterator[Pair]:
        for detail in details:
            row = detail.pair
            employee, customer = (self._known.get(e.id) for e in (row.employee, row.customer))
            if employee is None or customer is None:
                continue
            figured = self._viewer.may("employee-figures")
            reads = self._why_not(employee.id, "employee") is None
            reads = reads and self._viewer.may("customer-comments")
            yield Pair(
                employee, customer, row.kind, row.probability, row.similarity, row.status,
                tuple(sign for sign in detail.signs if figured or sign.name != OF_FIGURES),
                words.terms(detail.shared_terms, self._heard), detail.closest if reads else (),
                detail.edge, detail.reason, detail.source,
            )  # fmt: skip

    def _why_not(self, theme_id: str, side: Side, chosen: Judgement | None = None) -> str | None:
        """Return why comments of a theme may not be read, None if they may."""
        if side == "customer":
            return None if self._viewer.may("customer-comments") else "role"
        if not self._viewer.may("employee-comments"):
            return "role"
        cell = self._cells.get(theme_id)
        if cell is None or not cell.readable:
            return "few"
        return None if chosen is None or chosen in cell.readable_judgements else "few"

    def comments(self, theme: Theme, limit: int, chosen: Judgement | None = None) -> Quotes:
        """Return the comments of a theme, the most telling first; ``chosen`` leaves only some."""
        why = self._why_not(theme.id, theme.side, chosen)
        if why is not None:
            return Quotes((), why)
        rows = queries.telling_segments(self._db, theme.id, limit, chosen)
        return Quotes(tuple(self._quote(row) for row in rows), None)

    def _quote(self, row: SegmentRow) -> Quote:
        if row.side == "customer":
            return quoting.whole(row)
        return quoting.masked(self._db, row, self._pseudonym(row))

    def _pseudonym(self, row: SegmentRow) -> str:
        """Return a name for an employee's row of the source that leads nobody back to it."""
        name = f"{row.kind}\x1f{row.source_id}".encode()
        return hmac.new(self._key, name, hashlib.sha256).hexdigest()[:16]

    def judged(self, theme: Theme) -> Judged:
        """Return how many judge so: comments of customers, of employees people, rounded.

        Of employees only groups that may be read are there.
        """
        if theme.side == "customer":
            return dict(queries.judgement_counts(self._db, theme.id))
        cell = self._cells[theme.id]
        figured = self._viewer.may("employee-figures")
        return {
            key: cell.judged(key) if figured else None
            for key in JUDGEMENTS
            if self._why_not(theme.id, theme.side, key) is None
        }

    def segments(self) -> Iterator[tuple[SegmentRow, Quote]]:
        """Yield every segment that may be read, as :func:`queries.segments` orders them."""
        for row in queries.segments(self._db):
            if row.theme_id in self._known and self._why_not(row.theme_id, row.side) is None:
                yield row, self._quote(row)


def _shares(found: Polarity | None) -> Shares | None:
    return Shares(found.positive, found.neutral, found.negative) if found else None
