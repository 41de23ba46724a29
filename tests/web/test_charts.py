"""Charts: what they draw is well formed, named, escaped, styled by known classes, and tabled."""

from __future__ import annotations

import re
import struct
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from flask.testing import FlaskClient

import webui
from tests.gallery import app as gallery
from webui import charts, language
from webui.charts import picture, svg

CSS = Path(webui.__file__).with_name("static")
MADE: tuple[charts.Chart, ...] = (
    gallery.trend(), gallery.intervals(), gallery.stack(), gallery.linkmap(14, 16, 18),
    gallery.linkmap(60, 60, 70), gallery.hexmap(),
    charts.Density("d", "Density", "Squares", ((0, 0, 9), (3, 4, 1)), ((0.5, 0.5, "a"),),
                   (("a", 9),)),
)  # fmt: skip
KINDS = pytest.mark.parametrize("chart", MADE, ids=lambda chart: type(chart).__name__)
NASTY = "<script>alert(\"x\")</script> & 'y'"


@pytest.fixture(autouse=True)
def _english() -> None:
    language.use("en")


def parsed(chart: charts.Chart) -> Xml.Element:
    return Xml.fromstring(str(chart.draw()))


@KINDS
def test_a_chart_is_well_formed_and_named(chart: charts.Chart) -> None:
    drawn = parsed(chart)
    # A chart that holds links is a group; what is inside an image nobody can reach.
    linked = any(element.tag == "a" for element in drawn.iter())
    assert drawn.get("role") == ("group" if linked else "img")
    names = (drawn.get("aria-labelledby") or "").split()
    told = {e.get("id"): e.text for e in drawn.iter() if e.get("id")}
    assert [told[name] for name in names] == [chart.title, chart.description]


@KINDS
def test_a_chart_is_styled_by_class_alone(chart: charts.Chart) -> None:
    classes = {c for e in parsed(chart).iter() for c in (e.get("class") or "").split()}
    assert classes <= set(picture.STYLE)
    for element in parsed(chart).iter():
        assert not {"style", "fill", "stroke", "onclick"} & set(element.attrib)
        assert element.tag not in {"style", "script", "foreignObject", "image"}


@KINDS
def test_a_chart_has_its_figures_as_a_table(chart: charts.Chart) -> None:
    table = chart.table()
    assert table.rows
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert picture.csv_text(chart).count("\n") == len(table.rows) + 1


@KINDS
def test_nothing_is_drawn_outside(chart: charts.Chart) -> None:
    drawn = parsed(chart)
    _, _, width, height = map(float, (drawn.get("viewBox") or "").split())
    for element in drawn.iter("text"):
        assert 0 <= float(element.get("x") or 0) <= width
        assert 0 <= float(element.get("y") or 0) <= height
    for element in drawn.iter("rect"):
        assert float(element.get("x") or 0) + float(element.get("width") or 0) <= width + 0.01


@pytest.mark.parametrize("count", [1, 12, 60])
def test_labels_of_a_link_map_never_overlap(count: int) -> None:
    drawn = parsed(gallery.linkmap(count, count, count))
    columns: dict[tuple[str | None, str | None], list[float]] = {}
    for element in drawn.iter("text"):
        if element.get("class") == "label":
            key = (element.get("x"), element.get("text-anchor"))
            columns.setdefault(key, []).append(float(element.get("y") or 0))
    assert len(columns) == 2
    for ys in columns.values():
        ys.sort()
        assert len(ys) == count
        assert all(b - a >= 16 for a, b in pairwise(ys))


def test_a_theme_without_a_partner_is_visible_and_in_the_table() -> None:
    chart = charts.LinkMap(
        "l", "t", "d", (charts.Node("e1", "paid late", 3.0), charts.Node("e2", "alone", 2.0)),
        (charts.Node("c1", "queue", 5.0),), (charts.Tie("e1", "c1", 0.8, "same-topic", "Same"),),
    )  # fmt: skip
    drawn = chart.draw()
    assert drawn.count('class="hollow"') == 1
    assert "Blind spots of the customers&#39; side" in drawn
    assert chart.table().rows == (
        ("paid late", "queue", "Same", 0.8), ("alone", "no partner", None, None),
    )  # fmt: skip


def test_what_people_wrote_is_escaped_in_every_chart() -> None:
    interval = charts.Interval(0.5, 0.4, 0.6)
    nasty: list[charts.Chart] = [
        charts.Trend("a", NASTY, NASTY, ("2025-01",), (charts.Series(NASTY, "plain", (0.5,)),)),
        charts.Intervals("a", NASTY, NASTY, (charts.IntervalRow(NASTY, interval, interval),),
                         (NASTY, NASTY)),
        charts.Stack("a", NASTY, NASTY, (charts.StackRow(NASTY, 0.2, 0.3, 0.5),)),
        charts.LinkMap("a", NASTY, NASTY, (charts.Node("e", NASTY, 1, NASTY),),
                       (charts.Node("c", NASTY, 1),), (charts.Tie("e", "c", 1, "tie", NASTY),)),
        charts.HexMap("a", NASTY, NASTY, 1.0, (charts.Hexagon(0, 0, 1, NASTY, NASTY),)),
        charts.Density("a", NASTY, NASTY, ((0, 0, 1),), ((0, 0, NASTY),), ((NASTY, 1),)),
    ]  # fmt: skip
    for chart in nasty:
        assert "<script" not in chart.draw()
        Xml.fromstring(str(chart.draw()))
    assert "<script" not in charts.Sparkline(NASTY, (1.0, 2.0)).draw()


def test_a_month_without_a_figure_is_a_gap_and_a_dash() -> None:
    chart = charts.Trend(
        "a", "t", "d", ("2025-01", "2025-02", "2025-03"),
        (charts.Series("s", "employee", (0.1, None, 0.3)),),
    )  # fmt: skip
    lines = [e.get("d") or "" for e in parsed(chart).iter("path")]
    # The line itself, and the piece of it beside its name.
    assert sorted(line.count("M") for line in lines) == [1, 2]
    assert chart.table().rows[1] == ("2025-02", None)
    assert charts.Sparkline("s", (1.0, None, 2.0)).draw().count("M") == 2


def test_empty_charts_are_drawn_too() -> None:
    for chart in (
        charts.Trend("a", "t", "d", (), ()),
        charts.Intervals("a", "t", "d", (), ("n", None)),
        charts.Stack("a", "t", "d", ()),
        charts.LinkMap("a", "t", "d", (), (), ()),
        charts.HexMap("a", "t", "d", 1.0, ()),
        charts.Density("a", "t", "d", (), (), ()),
    ):
        Xml.fromstring(str(chart.draw()))
        assert chart.table().rows == ()
    Xml.fromstring(str(charts.Sparkline("s", (None, None)).draw()))


def test_the_classes_of_files_are_those_of_the_style_sheet() -> None:
    css = (CSS / "charts.css").read_text(encoding="utf-8")
    for name, means in picture.STYLE.items():
        if means:
            assert re.search(rf"\.{name}\b", css), name


def test_the_colours_of_files_are_the_light_ones_of_the_style_sheet() -> None:
    css = "".join(p.read_text(encoding="utf-8") for p in CSS.glob("*.css"))
    light = set(re.findall(r"light-dark\((#[0-9a-f]{6})", css))
    used = {v for means in picture.STYLE.values() for v in means.values() if v.startswith("#")}
    assert used <= light | {"#ffffff"}


@KINDS
def test_a_chart_as_a_file_needs_no_style_sheet(chart: charts.Chart) -> None:
    document = picture.standalone(chart.draw())
    root = Xml.fromstring(document)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "class=" not in document
    assert float(root.get("width") or 0) > 0


@KINDS
def test_a_chart_as_png_is_a_picture_of_its_shape(chart: charts.Chart) -> None:
    content = picture.png(chart.draw())
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    _, _, wide, high = map(float, (parsed(chart).get("viewBox") or "").split())
    assert width == picture.PNG_WIDTH
    assert height == pytest.approx(width * high / wide, abs=2)
    assert len(content) > 3000


def test_text_is_drawn_without_any_font_of_the_machine() -> None:
    def drawn(name: str) -> bytes:
        return picture.png(charts.Stack("a", "t", "d", (charts.StackRow(name, 1, 0, 0),)).draw())

    assert drawn("one label") != drawn("")


def test_figures_that_a_spreadsheet_would_run_are_texts() -> None:
    chart = charts.Stack("a", "t", "d", (charts.StackRow("=HYPERLINK(1)", 0.5, 0.25, 0.25, 4),))
    assert picture.csv_text(chart).splitlines()[1] == "'=HYPERLINK(1),0.5,0.25,0.25,4"


@pytest.fixture
def parts() -> FlaskClient:
    return gallery.create_app().test_client()


@pytest.mark.parametrize(
    ("ending", "mimetype", "begins"),
    [("csv", "text/csv", b"Month,"), ("svg", "image/svg+xml", b"<svg "),
     ("png", "image/png", b"\x89PNG")],
)  # fmt: skip
def test_a_chart_is_had_as_a_file(
    parts: FlaskClient, ending: str, mimetype: str, begins: bytes
) -> None:
    answer = parts.get(f"/trend.{ending}")
    assert answer.status_code == 200
    assert answer.mimetype == mimetype
    assert answer.data.startswith(begins)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="trend.{ending}"'
    assert f'href="/trend.{ending}"' in parts.get("/").text
    assert parts.get("/trend.exe").status_code == 404


def test_files_keep_the_question_of_the_page() -> None:
    files = charts.Files("/themes/e1/trend", (("unit", "Bath & Wells"),))
    assert files.address("csv") == "/themes/e1/trend.csv?unit=Bath+%26+Wells"


def test_a_chart_speaks_the_language_of_its_page(parts: FlaskClient) -> None:
    html = parts.get("/", headers={"Accept-Language": "es"}).text
    assert "Puntos ciegos" in html
    assert "ene 2024" in html
    assert "Las cifras" in html


@pytest.mark.parametrize(
    ("top", "steps"),
    [(0, [0, 1]), (1, [0, 0.25, 0.5, 0.75, 1]), (0.13, [0, 0.05, 0.1, 0.15]),
     (37, [0, 10, 20, 30, 40])],
)  # fmt: skip
def test_the_steps_of_an_axis_are_round(top: float, steps: list[float]) -> None:
    assert svg.ticks(top) == pytest.approx(steps)
