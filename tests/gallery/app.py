"""A page of every part that pages are made of, with figures that we made up. Served in tests only.

    python -m tests.gallery.app          serves it on a free port

The application is not the real one: it has the frame, the style sheets, the headers and the
templates, and no database.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from flask import Flask, Response, abort, request
from jinja2 import ChoiceLoader, PackageLoader

from analyzer.hexagons import hexagons
from webui import assets, charts, compose, frame, preferences, render, security
from webui.charts import density
from webui.contexts import Page
from webui.data_map import HUES, MapTheme, MapView, Points, bounds, pack_points
from webui.downloads import chart_file
from webui.forms import Crumb, Field, Filters, Option, Pages, pages
from webui.render import page as rendered

LABELS = (
    "waiting at the front desk", "rooms not cleaned on time", "friendly staff", "parking too dear",
    "breakfast runs out early", "noisy air conditioning", "booking app crashes", "great location",
    "refund takes weeks", "wifi drops", "beds are comfortable", "lifts out of order",
)  # fmt: skip
MONTHS = tuple(f"{2024 + m // 12}-{m % 12 + 1:02d}" for m in range(18))


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryPage(Page):
    """Everything at once."""

    crumbs: tuple[Crumb, ...]
    filters: Filters
    pages: Pages
    charts: tuple[charts.Chart, ...]
    wide: tuple[charts.Chart, ...]
    sparks: tuple[charts.Sparkline, ...]
    table: charts.Table


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPage(Page):
    """The data map alone."""

    map: MapView


def create_app() -> Flask:
    """Return the application of the gallery."""
    app = Flask(__name__, template_folder=None, static_folder=None)
    frame.init_app(app)
    assets.init_app(app)
    render.init_app(app)
    env = app.extensions["bothsides.templates"]
    env.loader = ChoiceLoader([PackageLoader("webui"), PackageLoader("tests.gallery")])
    app.register_blueprint(preferences.preferences)
    app.after_request(_mark)
    app.add_url_rule("/", "gallery", _gallery)
    app.add_url_rule("/map", "map", _map)
    app.add_url_rule("/points", "points", _points)
    app.add_url_rule("/point/<int:number>", "point", _point)
    app.add_url_rule("/error", "error", _error)
    app.add_url_rule("/<name>.<ending>", "file", _file)
    return app


def _mark(response: Response) -> Response:
    response.headers.update(security.HEADERS)
    return response


def _gallery() -> Response:
    files = charts.Files("/trend")
    return rendered(
        "gallery.html",
        GalleryPage(
            title="Gallery", section="", origin=None,
            crumbs=(Crumb("Pairs", "/"), Crumb("waiting at the front desk")),
            filters=_filters(),
            pages=pages("/", {"unit": "bath"}, 2, 5),
            charts=(trend(files), intervals(), stack(), hexmap()),
            wide=(linkmap(14, 16, 18),),
            sparks=tuple(
                charts.Sparkline(f"Share a month, {tone}", _wave(k, 0.1), tone)
                for k, tone in enumerate(("employee", "customer", "plain"))
            ),
            table=stack().table(),
        ),
    )  # fmt: skip


def _filters() -> Filters:
    return Filters(
        "/",
        (
            Field("kind", "Kind", "same-topic",
                  (Option("", "All"), Option("same-topic", "Same topic"))),
            Field("unit", "Unit", "", (Option("", "All"), Option("bath", "Bath Spa"))),
            Field("from", "From", "2024-01", kind="month"),
            Field("q", "Words", "", kind="search"),
        ),
    )  # fmt: skip


def _wave(k: int, height: float) -> tuple[float | None, ...]:
    rng = np.random.default_rng(k)
    wave = np.sin(np.arange(18) / 3 + k) * 0.4 + 1 + rng.normal(0, 0.15, 18)
    return tuple(None if i == 7 and k == 0 else float(v * height) for i, v in enumerate(wave))


def trend(files: charts.Files | None = None) -> charts.Trend:
    """Return two series over 18 months."""
    return charts.Trend(
        "trend", "Share of comments a month",
        "Too few people rises from autumn on; waiting at the front desk follows.", MONTHS,
        (charts.Series("too few people", "employee", _wave(0, 0.12)),
         charts.Series("waiting at the desk", "customer", _wave(1, 0.09))),
        files=files,
    )  # fmt: skip


def intervals() -> charts.Intervals:
    """Return causes with intervals, beside those who stay."""
    rows = (
        ("too few people on a shift", 0.31, 0.26, 0.36, 0.22),
        ("pay is late or wrong", 0.22, 0.18, 0.27, 0.19),
        ("the rota changes at the last moment", 0.17, 0.13, 0.21, None),
        ("no way to move up", 0.09, 0.06, 0.13, 0.12),
    )
    return charts.Intervals(
        "causes", "Why people leave", "The share of exit comments that name each cause.",
        tuple(
            charts.IntervalRow(
                label, charts.Interval(share, low, high),
                charts.Interval(other, other - 0.03, other + 0.03) if other else None,
            )
            for label, share, low, high, other in rows
        ),
        ("Those who left", "Those who stay"),
    )  # fmt: skip


def stack() -> charts.Stack:
    """Return the polarity of some themes."""
    shares = ((0.7, 0.2, 0.1), (0.45, 0.1, 0.45), (0.02, 0.08, 0.9), (0.88, 0.12, 0.0))
    return charts.Stack(
        "polarity", "How the segments judge", "Waiting is criticised, staff is praised.",
        tuple(charts.StackRow(LABELS[i], *row, 100 * (i + 1)) for i, row in enumerate(shares)),
    )  # fmt: skip


def linkmap(left: int, right: int, ties: int) -> charts.LinkMap:
    """Return a map of so many themes a side and so many pairs."""
    rng = np.random.default_rng(5)

    def nodes(side: str, count: int) -> tuple[charts.Node, ...]:
        return tuple(
            charts.Node(f"{side}{i}", f"{LABELS[(i * 5 + len(side)) % 12]} {i + 1}",
                        float(round(900 / (1 + i * 0.4))), f"/#{side}{i}")
            for i in range(count)
        )  # fmt: skip

    kinds = ("same-topic", "driver-outcome", "moves-together")
    names = ("Same topic", "Expected by the map", "Moves together")
    found = sorted({
        (int(rng.integers(0, max(1, left * 3 // 4))), int(rng.integers(0, max(1, right * 3 // 4))))
        for _ in range(ties)
    })  # fmt: skip
    return charts.LinkMap(
        "links", "Both sides and their pairs", "Themes of employees left, of customers right.",
        nodes("e", left), nodes("c", right),
        tuple(
            charts.Tie(f"e{a}", f"c{b}", float(0.4 + 0.55 * rng.random()),
                       kinds[(a + b) % 3], names[(a + b) % 3], f"/#pair-{a}-{b}")
            for a, b in found
        ),
        files=charts.Files("/links"),
    )  # fmt: skip


def hexmap() -> charts.HexMap:
    """Return a map of hexagons."""
    points = made_up(6000)
    cells = hexagons(points.xy, np.arange(6000) % 900, points.theme, 0.35)
    most = max(cell.respondents for cell in cells)
    return charts.HexMap(
        "employees", "Where employees' comments lie", "Each hexagon: five respondents or more.",
        0.35,
        tuple(
            charts.Hexagon(c.x, c.y, 1 + int(4.99 * (c.respondents / most) ** 0.5),
                           LABELS[c.theme] if c.theme >= 0 else "several themes", "5 or more")
            for c in cells
        ),
    )  # fmt: skip


@cache
def made_up(count: int) -> Points:
    """Return points in a dozen clouds."""
    rng = np.random.default_rng(11)
    middles = rng.normal(0, 3.2, (len(LABELS), 2))
    theme = rng.choice(len(LABELS) + 1, count, p=_weights(len(LABELS) + 1)) - 1
    spread = rng.gamma(2, 0.35, (count, 1))
    xy = middles[theme] + rng.normal(0, 1, (count, 2)) * spread
    return Points(np.arange(1, count + 1, dtype=np.uint32), xy.astype(np.float32), theme)


def _weights(count: int) -> np.ndarray:
    weights = 1 / (np.arange(count) + 3.0)
    return weights / weights.sum()


def _count() -> int:
    return min(request.args.get("n", 5000, type=int), 200_000)


def _map() -> Response:
    points = made_up(_count())
    low, high = bounds(points.xy)
    placed = (points.xy - low) / (high - low)
    middles = [placed[points.theme == k].mean(axis=0) for k in range(len(LABELS))]
    sizes = [int((points.theme == k).sum()) for k in range(len(LABELS))]
    shown = MapView(
        points=f"/points?n={_count()}",
        point="/point/0",
        density=charts.Density(
            "density", "Where customers' segments lie", "Darker squares hold more segments.",
            density.squares(map(tuple, placed.tolist())),
            tuple((float(x), float(y), LABELS[k]) for k, (x, y) in enumerate(middles[:5])),
            tuple(zip(LABELS, sizes, strict=True)),
        ),
        themes=tuple(
            MapTheme(label, f"/#theme-{k}", sizes[k], k % HUES, *map(float, middles[k]))
            for k, label in enumerate(LABELS)
        ),
    )  # fmt: skip
    return rendered("gallery_map.html", MapPage(title="Map", section="", origin=None, map=shown))


def _points() -> Response:
    return Response(pack_points(made_up(_count())), mimetype="application/octet-stream")


def _point(number: int) -> str:
    return f"<p>Segment {number}</p>"


def _error() -> Response:
    steps = compose.steps(Path("bothsides.db"), has_comments=False)
    return rendered("error.html", compose.error_page(503, "Nothing yet", "Nothing here.", steps))


def _file(name: str, ending: str) -> Response:
    made = {
        "trend": trend,
        "links": lambda: linkmap(14, 16, 18),
        "many": lambda: linkmap(60, 60, 70),
    }
    return chart_file((made.get(name) or abort(404))(), ending)


def main() -> None:
    """Serve the gallery until interrupted."""
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, create_app(), threaded=True)
    sys.stdout.write(f"http://127.0.0.1:{server.port}/\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
