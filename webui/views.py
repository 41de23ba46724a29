"""The pages by address. A view reads rows, makes the context, renders; nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, abort, request

from analyzer.types import JUDGEMENTS, SIDES, Judgement
from webui import compose, db
from webui.access_log import logged
from webui.allowed import viewer
from webui.contexts import PairView
from webui.render import page as rendered

pages = Blueprint("pages", __name__)

COMMENTS_OF_A_PAIR = 50
COMMENTS_OF_A_THEME = 200


@pages.get("/")
def pairs() -> Response:
    """Show the list of pairs."""
    run, read = db.last_run(), db.guarded(viewer())
    counts = {side: read.counts(side) for side in SIDES}
    context = compose.pairs_page(run, counts, read.pairs())
    logged(viewer(), "page pairs", {}, _examples(context.pairs))
    return rendered("pairs.html", context)


@pages.get("/pairs/<employee>/<customer>")
def pair(employee: str, customer: str) -> Response:
    """Show one pair: its evidence, and the comments of both sides."""
    run, read = db.last_run(), db.guarded(viewer())
    found = read.pair(employee, customer)
    if found is None:
        abort(404)
    ends = (found.employee, found.customer)
    quotes = {end.side: read.comments(end, COMMENTS_OF_A_PAIR) for end in ends}
    shown = len(quotes["employee"].quotes) + len(found.closest)
    logged(viewer(), "page pair", {"employee": employee, "customer": customer}, shown)
    return rendered("pair.html", compose.pair_page(run, found, quotes))


@pages.get("/themes")
def themes() -> Response:
    """Show the themes of both sides."""
    run, read = db.last_run(), db.guarded(viewer())
    rows = {side: read.themes(side) for side in SIDES}
    broad = {side: read.broad_themes(side) for side in SIDES}
    counts = {side: read.counts(side) for side in SIDES}
    return rendered("themes.html", compose.themes_page(run, counts, broad, rows))


@pages.get("/themes/<theme_id>")
def theme(theme_id: str) -> Response:
    """Show one theme: its terms, its broad theme, its pairs, its comments.

    ``?polarity=negative`` (neutral, positive) leaves only the comments that judge so.
    """
    run, read = db.last_run(), db.guarded(viewer())
    chosen = _chosen_judgement()
    row = read.theme(theme_id)
    if row is None:
        abort(404)
    quotes = read.comments(row, COMMENTS_OF_A_THEME, chosen)
    context = compose.theme_page(
        run,
        row,
        broad=next((b for b in read.broad_themes(row.side) if b.id == row.broad_id), None),
        siblings=[
            other
            for other in read.themes()
            if row.broad_id is not None and other.broad_id == row.broad_id and other.id != row.id
        ],
        pairs=read.pairs(theme_id),
        quotes=quotes,
        counts=read.judged(row),
        chosen=chosen,
    )
    shown = len(quotes.quotes) if row.side == "employee" else 0
    told = {"theme": theme_id, "polarity": chosen}
    logged(viewer(), "page theme", told, shown + _examples(context.pairs))
    return rendered("theme.html", context)


def _examples(pairs: Iterable[PairView]) -> int:
    """Return how many pairs are shown with their two closest segments, one of them employees'."""
    return sum(1 for pair in pairs if pair.example)


def _chosen_judgement() -> Judgement | None:
    asked = request.args.get("polarity")
    if asked is None:
        return None
    chosen = next((judgement for judgement in JUDGEMENTS if judgement == asked), None)
    return chosen or abort(404)
