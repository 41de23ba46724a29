"""A context dataclass and a template make a page. The template sees ``page`` and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import Flask, Response, current_app, g
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment, PackageLoader, StrictUndefined

from analyzer.access.roles import Viewer
from webui.contexts import Page, ViewerView


def init_app(app: Flask) -> None:
    """Keep one environment an application: compiled templates are shared by its requests."""
    app.extensions["bothsides.templates"] = environment()


def environment() -> Environment:
    """Return Jinja's environment without the globals (request, config, g) that Flask's has."""
    env = Environment(
        loader=PackageLoader("webui"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.clear()
    env.filters.update(FILTERS)
    return env


def page(template: str, context: Page, status: int = 200) -> Response:
    """Return the whole page."""
    env: Environment = current_app.extensions["bothsides.templates"]
    looks: Viewer | None = g.get("viewer")
    seen = ViewerView(looks.name, looks.local) if looks else None
    whole = replace(context, viewer=seen, csrf=FormToken())
    html = env.get_template(template).render(page=whole)
    return Response(html, status, mimetype="text/html")


class FormToken:
    """The form token as text. Made when it is written: a page without a form sets no cookie."""

    def __str__(self) -> str:
        token: str = generate_csrf()
        return token


def percent(share: float) -> str:
    """Return a share as a percentage that does not claim a certainty that is not there."""
    if 0 < share < 0.005:
        return "<1%"
    if 0.995 <= share < 1:
        return ">99%"
    return f"{share:.0%}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return ``1 comment`` or ``1,234 comments``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def date(iso: str) -> str:
    """Return ``2 October 2025`` for an ISO 8601 date or time; ``October 2025`` for a month."""
    try:
        if len(iso) == len("2025-10"):
            return f"{datetime.fromisoformat(iso + '-01'):%B %Y}"
        when = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{when.day} {when:%B %Y}"


def number(value: float) -> str:
    """Return a number with a separator of thousands and no needless decimals."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.10g}"


def points(moved: float) -> str:
    """Return a move of a probability in percentage points, with its sign."""
    size = round(abs(moved) * 100)
    if size == 0:
        return "under 1 point"
    sign = "+" if moved > 0 else "\N{MINUS SIGN}"
    return f"{sign}{size} {'point' if size == 1 else 'points'}"


FILTERS = {
    "percent": percent,
    "plural": plural,
    "date": date,
    "number": number,
    "points": points,
}
