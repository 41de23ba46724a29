"""The pages by address. A view reads rows, makes the context, renders; nothing else."""

from __future__ import annotations

import sqlite3

from flask import Blueprint, Response, abort

from analyzer import queries
from analyzer.types import SIDES
from webui import compose, db
from webui.render import page as rendered

pages = Blueprint("pages", __name__)

COMMENTS_OF_A_PAIR = 50
COMMENTS_OF_A_THEME = 200


@pages.get("/")
def pairs() -> Response:
    """Show the list of pairs."""
    run, read = db.last_run(), db.connection()
    counts = {side: queries.side_counts(read, side) for side in SIDES}
    scale = compose.largest(queries.themes(read))
    context = compose.pairs_page(run, counts, _with_evidence(read), scale)
    return rendered("pairs.html", context)


@pages.get("/pairs/<employee>/<customer>")
def pair(employee: str, customer: str) -> Response:
    """Show one pair: its evidence, and the comments of both sides."""
    run, read = db.last_run(), db.connection()
    detail = queries.pair(read, employee, customer)
    if detail is None:
        abort(404)
    segments = {
        side: queries.telling_segments(read, end, COMMENTS_OF_A_PAIR)
        for side, end in zip(SIDES, (employee, customer), strict=True)
    }
    scale = compose.largest(queries.themes(read))
    return rendered("pair.html", compose.pair_page(run, detail, segments, scale))


@pages.get("/themes")
def themes() -> Response:
    """Show the themes of both sides."""
    run, read = db.last_run(), db.connection()
    rows = {side: queries.themes(read, side) for side in SIDES}
    counts = {side: queries.side_counts(read, side) for side in SIDES}
    scale = compose.largest(row for side in SIDES for row in rows[side])
    return rendered("themes.html", compose.themes_page(run, counts, rows, scale))


@pages.get("/themes/<theme_id>")
def theme(theme_id: str) -> Response:
    """Show one theme: its terms, its pairs, its comments."""
    run, read = db.last_run(), db.connection()
    row = queries.theme(read, theme_id)
    if row is None:
        abort(404)
    segments = queries.telling_segments(read, theme_id, COMMENTS_OF_A_THEME)
    scale = compose.largest(queries.themes(read))
    context = compose.theme_page(run, row, _with_evidence(read, theme_id), segments, scale)
    return rendered("theme.html", context)


def _with_evidence(
    read: sqlite3.Connection, theme_id: str | None = None
) -> list[queries.PairDetail]:
    """Return the pairs with their evidence. The alignment keeps them few, and these reads fast."""
    found = (
        queries.pair(read, row.employee.id, row.customer.id)
        for row in queries.pairs(read, theme_id)
    )
    return [detail for detail in found if detail is not None]
