"""The pages by address. A view reads rows, makes the context, renders; nothing else."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from analyzer import queries
from analyzer.types import JUDGEMENTS, SIDES, Judgement
from webui import compose, db
from webui.access_log import logged, viewer
from webui.render import page as rendered

pages = Blueprint("pages", __name__)

COMMENTS_OF_A_PAIR = 50
COMMENTS_OF_A_THEME = 200


@pages.get("/")
def pairs() -> Response:
    """Show the list of pairs."""
    run, read = db.last_run(), db.connection()
    counts = {side: queries.side_counts(read, side) for side in SIDES}
    context = compose.pairs_page(run, counts, queries.pair_details(read))
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
    shown = len(segments["employee"]) + len(detail.closest)
    logged(viewer(), "page pair", {"employee": employee, "customer": customer}, shown)
    return rendered("pair.html", compose.pair_page(run, detail, segments))


@pages.get("/themes")
def themes() -> Response:
    """Show the themes of both sides."""
    run, read = db.last_run(), db.connection()
    rows = {side: queries.themes(read, side) for side in SIDES}
    broad = {side: queries.broad_themes(read, side) for side in SIDES}
    counts = {side: queries.side_counts(read, side) for side in SIDES}
    return rendered("themes.html", compose.themes_page(run, counts, broad, rows))


@pages.get("/themes/<theme_id>")
def theme(theme_id: str) -> Response:
    """Show one theme: its terms, its broad theme, its pairs, its comments.

    ``?polarity=negative`` (neutral, positive) leaves only the comments that judge so.
    """
    run, read = db.last_run(), db.connection()
    chosen = _chosen_judgement()
    row = queries.theme(read, theme_id)
    if row is None:
        abort(404)
    themes = queries.themes(read)
    segments = queries.telling_segments(read, theme_id, COMMENTS_OF_A_THEME, chosen)
    if row.side == "employee":
        told = {"theme": theme_id, "polarity": chosen}
        logged(viewer(), "page theme", told, len(segments))
    context = compose.theme_page(
        run,
        row,
        broad=next((b for b in queries.broad_themes(read, row.side) if b.id == row.broad_id), None),
        siblings=[
            other
            for other in themes
            if row.broad_id is not None and other.broad_id == row.broad_id and other.id != row.id
        ],
        pairs=queries.pair_details(read, theme_id),
        segments=segments,
        counts=queries.judgement_counts(read, theme_id),
        chosen=chosen,
    )
    return rendered("theme.html", context)


def _chosen_judgement() -> Judgement | None:
    asked = request.args.get("polarity")
    if asked is None:
        return None
    chosen = next((judgement for judgement in JUDGEMENTS if judgement == asked), None)
    return chosen or abort(404)
