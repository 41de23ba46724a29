"""The pages by address. A view reads rows, makes the context, renders; nothing else."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from analyzer import queries
from analyzer.types import SIDES
from webui import contexts, db
from webui.render import page as rendered

pages = Blueprint("pages", __name__)

COMMENTS_OF_A_PAIR = 50
COMMENTS_OF_A_THEME = 200


@pages.get("/")
def pairs() -> Response:
    """The list of pairs."""
    run, read = db.last_run(), db.connection()
    counts = {side: queries.side_counts(read, side) for side in SIDES}
    scale = contexts.largest(queries.themes(read))
    context = contexts.pairs_page(run, counts, queries.pairs(read), scale)
    return rendered("pairs.html", context)


@pages.get("/pairs/<employee>/<customer>")
def pair(employee: str, customer: str) -> Response:
    """One pair: its evidence, and the comments of both sides."""
    run, read = db.last_run(), db.connection()
    detail = queries.pair(read, employee, customer)
    if detail is None:
        abort(404)
    segments = {
        side: queries.telling_segments(read, end, COMMENTS_OF_A_PAIR)
        for side, end in zip(SIDES, (employee, customer), strict=True)
    }
    scale = contexts.largest(queries.themes(read))
    return rendered("pair.html", contexts.pair_page(run, detail, segments, scale))


@pages.get("/themes")
def themes() -> Response:
    """The themes of both sides."""
    run, read = db.last_run(), db.connection()
    rows = {side: queries.themes(read, side) for side in SIDES}
    counts = {side: queries.side_counts(read, side) for side in SIDES}
    scale = contexts.largest(row for side in SIDES for row in rows[side])
    return rendered("themes.html", contexts.themes_page(run, counts, rows, scale))


@pages.get("/themes/<theme_id>")
def theme(theme_id: str) -> Response:
    """One theme: its terms, its pairs, its comments."""
    run, read = db.last_run(), db.connection()
    row = queries.theme(read, theme_id)
    if row is None:
        abort(404)
    segments = queries.telling_segments(read, theme_id, COMMENTS_OF_A_THEME)
    scale = contexts.largest(queries.themes(read))
    context = contexts.theme_page(run, row, queries.pairs(read, theme_id), segments, scale)
    return rendered("theme.html", context)
