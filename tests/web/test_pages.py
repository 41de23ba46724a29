from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from analyzer import access_log
from analyzer.database import connect_readonly, opened, transaction
from analyzer.guard.shown import Shares
from tests.web.conftest import ALIKE
from webui import parts

PAGES = (
    "/", "/pairs/e1/c1", "/themes", "/themes/e1", "/themes/c2", "/themes/e3",
    "/themes/e2?polarity=negative", "/themes/e2?polarity=positive",
)  # fmt: skip
MISSING = (
    "/themes/e99",
    "/themes/e1?polarity=angry",
    "/pairs/e1/c2",
    "/pairs/e1/nothing",
    "/nothing",
    "/static/nothing.css",
)
ROUTES = {
    "/": "/",
    "/pairs/<employee>/<customer>": "/pairs/e1/c1",
    "/themes": "/themes",
    "/themes/<theme_id>": "/themes/e1",
    "/static/<path:filename>": "/static/bothsides.css",
    "/import": "/import",
    "/imports/<int:number>": "/imports/1",
    "/imports/<int:number>/rejected.csv": "/imports/1/rejected.csv",
    "/runs": "/runs",
    "/runs/<int:number>": "/runs/1",
}
# Theirs are tested in test_imports.py: they need a file that was sent, or are sent themselves.
OF_IMPORTS = {
    "/import/<key>", "/import/profiles/<header>/forget", "/imports/<int:number>/undo",
    "/jobs/<int:number>", "/jobs/<int:number>/cancel", "/jobs/<int:number>/retry",
}  # fmt: skip
# What forms are sent to: their tests are in test_frame.py.
SENT_TO = {"/preferences"}
SCRIPTS = {"/static/vendor/htmx.min.js"}


class Reader(HTMLParser):
    """Collects every element, the text, and the text of marked parts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.marked: list[str] = []
        self.titles: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.text += " "
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.text += " "
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.text += data
        for tag, found in (("mark", self.marked), ("title", self.titles)):
            if self._open and self._open[-1] == tag:
                found.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


def read(client: FlaskClient, path: str, status: int = 200) -> Reader:
    answer = client.get(path)
    assert answer.status_code == status
    return Reader(answer.text)


def plain(text: str) -> str:
    return " ".join(text.split())


def test_every_route_is_tested(app: Flask) -> None:
    # Those of signing in are in test_access.py.
    rules = list(app.url_map.iter_rules())
    elsewhere = {r.rule for r in rules if r.endpoint.startswith("account.")} | OF_IMPORTS | SENT_TO
    assert {r.rule for r in rules} - elsewhere == set(ROUTES)


@pytest.mark.parametrize("path", ROUTES.values())
def test_every_route_answers_get_and_head(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert answer.status_code == 200
    with client.head(path) as answer:
        assert answer.status_code == 200
        assert answer.data == b""


def test_the_list_shows_a_pair_with_its_figures(client: FlaskClient) -> None:
    text = plain(read(client, "/").text)
    assert "too few people, work of three" in text
    assert "waited, <b>desk</b>" in text
    assert "80%" in text
    assert "Expected by the map (1)" in text
    assert "The experience map expects what employees report" in text
    assert "about 30 people" in text
    assert "2 comments · 2 segments" in text
    assert "“Siempre" not in text  # the quotation marks are the style sheet's
    assert "Siempre falta personal en recepción." in text


def test_the_list_sums_up_the_run(client: FlaskClient) -> None:
    text = plain(read(client, "/").text)
    for words in (
        "Run 1, 2 January 2026, model minilm",
        "Comments about 60 people 3",
        "Segments not shown 4",
        "Themes 3 2",
        "Broad themes 2 2",
        "Without a partner 1 1",
        "A note of the run <i>for a person</i>.",
        "1 pair of themes",
    ):
        assert words in text


def test_a_pair_shows_its_evidence(client: FlaskClient) -> None:
    text = plain(read(client, "/pairs/e1/c1").text)
    for words in (
        "understaffing → long wait",
        "Fewer people is expected to bring queues.",
        "Ton, Z. (2014). The Good Jobs Strategy.",
        "Moved the estimate by The experience map how clearly the two themes stand for the ends of "
        "an edge of the map 0.50 +31 points "
        "Something new a sign without a row of its own 0.25 −10 points "
        "Words in one sense content words that both sides use in the same sense 0.40 +7 points "
        "Any two themes before anything is known of them 12% These two 80%",
        "An estimate, fitted on judged pairs of other data.",
        "50% negative, 50% neutral, too few positive",
        "100% negative, 0% neutral, 0% positive",
        "Terms that both themes use shift",
        "cosine 0.61",
    ):
        assert words in text


def test_a_pair_marks_the_segment_in_the_whole_comment(client: FlaskClient) -> None:
    page = read(client, "/pairs/e1/c1")
    assert page.marked == [
        *["Siempre falta personal en recepción."] * ALIKE,
        *["One does the work of three."] * ALIKE,
        "Nobody at the desk <script>alert(1)</script> & \"no\" 'help'.",
        "Waited an hour.",
    ]
    text = plain(page.text)
    assert "One does the work of three. Pay is late. All say" in text
    assert "Siempre falta personal en recepción. ¡Ñandú!" in text
    # Beside an employee's comment stands what enough others share, never its day and score.
    assert "¡Ñandú! Bath Spa 2025-Q4 reads as negative" in text
    assert "2 October 2025" not in text
    assert "score 3" not in text
    assert "Review Bath Spa 3 November 2025 score 1" in text


def test_the_themes_of_both_sides_say_who_has_no_partner(client: FlaskClient) -> None:
    text = plain(read(client, "/themes").text)
    assert "3 themes in 2 broad themes, 1 without a partner" in text
    assert "2 themes in 2 broad themes, 1 without a partner" in text
    assert text.count("No partner: a blind spot of the customers' side") == 1
    assert text.count("No partner: a blind spot of the employees' side") == 1
    assert text.count("1 partner") == 2


def test_the_themes_stand_under_their_broad_theme_and_praise_in_general_apart(
    client: FlaskClient,
) -> None:
    page = read(client, "/themes")
    text = plain(page.text)
    assert "all of too few people, work of three Broad theme of 2 themes" in text
    # How people judge a broad theme of employees is no cell of the cube.
    assert "75% negative" not in text
    apart = text.partition("Praise and complaint in general")[2].partition("Customers say")[0]
    assert "great, place too few negative, too few neutral, 100% positive" in apart
    assert "General praise · about 15 people" in apart
    assert "No partner" not in apart
    assert "all of great, place" not in text
    ids = {attrs.get("id") for _, attrs in page.elements}
    assert {"broad-be1", "broad-bc1", "broad-bc2"} <= ids


def test_a_theme_of_both_polarities_is_marked_as_mixed(client: FlaskClient) -> None:
    mixed = "50% negative, 0% neutral, 50% positive Mixed: praised and criticised"
    assert plain(read(client, "/themes").text).count("Mixed") == 1
    assert mixed in plain(read(client, "/themes").text)
    assert mixed in plain(read(client, "/themes/c2").text)
    assert "Mixed" not in read(client, "/themes/e2").text


def test_the_list_shows_the_polarity_of_both_sides(client: FlaskClient) -> None:
    page = read(client, "/")
    text = plain(page.text)
    assert "50% negative, 50% neutral, too few positive" in text
    assert "100% negative, 0% neutral, 0% positive" in text
    assert len([svg for svg in page.of("svg") if svg["class"] == "poles"]) == 2


def test_a_theme_shows_its_broad_theme_and_its_siblings(client: FlaskClient) -> None:
    page = read(client, "/themes/e1")
    text = plain(page.text)
    assert "Its broad theme all of too few people, work of three 2 themes" in text
    assert "Beside it there pay, late about 30 people" in text
    assert "/themes#broad-be1" in {link["href"] for link in page.of("a")}
    assert "No other theme is in it." in read(client, "/themes/c1").text


def test_praise_in_general_says_what_it_is_and_is_no_blind_spot(client: FlaskClient) -> None:
    text = plain(read(client, "/themes/e3").text)
    assert "General praise It praises without saying what" in text
    assert "It names no subject of which the other side could speak." in text
    assert "blind spot" not in text


def test_the_comments_of_a_theme_can_be_read_by_polarity(client: FlaskClient) -> None:
    everything = read(client, "/themes/c2")
    links = {link["href"]: link for link in everything.of("a")}
    assert links["/themes/c2#comments"]["aria-current"] == "true"
    assert "All 2 Negative 1 Neutral 0 Positive 1" in plain(everything.text)
    for judgement, marked in (
        ("negative", ["Parking was dear."]),
        ("positive", ["Parking is easy and free at night."]),
        ("neutral", []),
    ):
        address = f"/themes/c2?polarity={judgement}"
        assert f"{address}#comments" in links
        page = read(client, address)
        assert page.marked == marked
        chosen = [link["href"] for link in page.of("a") if link.get("aria-current")]
        assert chosen == ["/themes", f"{address}#comments"]
        assert ("No comment of this theme reads so." in page.text) == (not marked)
        assert "not shown" not in page.text


def test_a_comment_says_how_its_marked_part_reads(client: FlaskClient) -> None:
    text = plain(read(client, "/themes/c2").text)
    assert "Ticket 4 November 2025 reads as negative" in text
    assert "Survey answer reads as positive" in text


def test_the_bar_of_polarity_is_as_wide_as_its_shares(client: FlaskClient) -> None:
    page = read(client, "/themes/c2")
    rects = {r["class"]: r for r in page.of("rect") if r["class"] in ("negative", "positive")}
    assert rects["negative"]["width"] == "50.0"
    assert (rects["positive"]["x"], rects["positive"]["width"]) == ("50.0", "50.0")


@pytest.mark.parametrize("path", PAGES)
def test_a_database_of_the_version_before_is_shown(client_of, older: Path, path: str) -> None:
    page = read(client_of(older), path)
    text = plain(page.text)
    assert "not known" in text
    assert "% negative" not in text
    assert "Mixed" not in text
    assert [svg for svg in page.of("svg") if svg["class"] == "poles"] == []


def test_what_the_version_before_did_not_know_is_said(client_of, older: Path) -> None:
    client = client_of(older)
    text = plain(read(client, "/pairs/e1/c1").text)
    assert "made before it was fitted" in text
    assert "for the ends of an edge of the map 0.50 not known" in text
    assert "fitted on judged pairs" not in text
    text = plain(read(client, "/themes").text)
    assert "3 themes, 2 without a partner Broad themes: not known until the next analysis." in text
    assert "Broad themes not known not known" in plain(read(client, "/").text)


def test_a_theme_shows_terms_pairs_and_comments(client: FlaskClient) -> None:
    page = read(client, "/themes/e1")
    text = plain(page.text)
    assert "too few people work of three shift" in text
    assert "1 pair" in text
    assert len(page.marked) == 2 * ALIKE
    alone = plain(read(client, "/themes/e2").text)
    assert "No pair" in alone
    assert "No partner: a blind spot of the customers' side." in alone
    assert "November 2025" not in alone
    assert "score 2.5" not in alone


@pytest.mark.parametrize("path", [*PAGES, "/nothing"])
def test_a_page_is_whole(client: FlaskClient, path: str) -> None:
    page = Reader(client.get(path).text)
    assert page.of("html") == [{"lang": "en"}]
    assert {form["method"] for form in page.of("form")} == {"post"}
    assert page.titles[0].endswith(" · Bothsides")
    assert [main["id"] for main in page.of("main")] == ["main"]
    assert len(page.of("h1")) == 1
    assert {"class": "skip", "href": "#main"} in page.of("a")
    assert len(page.of("nav")) == 1
    assert {"/", "/themes"} <= {link["href"] for link in page.of("a")}
    assert "Single-user mode: shown on this machine only." in page.text
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    if path != "/nothing":
        origin = "run 1 of 2 January 2026: model minilm, strategy leiden, seed 7, 12 s."
        assert origin in plain(page.text)


@pytest.mark.parametrize("path", [*PAGES, "/nothing"])
def test_a_page_holds_no_script_no_style_and_no_other_host(client: FlaskClient, path: str) -> None:
    html = client.get(path).text
    assert "://" not in html
    for tag, attrs in Reader(html).elements:
        assert tag not in {"style", "iframe", "object", "embed", "base"}
        assert tag != "script" or attrs["src"] in SCRIPTS
        assert "style" not in attrs
        assert not [name for name in attrs if name.startswith("on")]
        for name in ("href", "src", "action", "srcset"):
            assert (attrs.get(name) or "/").startswith(("/", "#"))
            assert not (attrs.get(name) or "").startswith("//")


@pytest.mark.parametrize("name", ["bothsides.css", "charts.css"])
def test_a_style_sheet_names_no_other_address(client: FlaskClient, name: str) -> None:
    with client.get(f"/static/{name}") as answer:
        css = answer.text
    assert not re.search(r"@import|//|data:", css)
    for address in re.findall(r"url\(([^)]*)\)", css):
        with client.get(address) as answer:
            assert answer.status_code == 200
    assert len(css.splitlines()) <= 350


def test_no_icon_of_pico_is_left_that_the_policy_forbids(client: FlaskClient) -> None:
    with client.get("/static/vendor/pico.min.css") as answer:
        assert "--pico-icon-chevron:none" in answer.text
        assert "data:" not in answer.text


@pytest.mark.parametrize("path", ["/", "/pairs/e1/c1", "/themes", "/themes/c1"])
def test_what_people_wrote_is_escaped(client: FlaskClient, path: str) -> None:
    html = client.get(path).text
    assert "<script>" not in html
    assert "<b>" not in html
    assert "<i>" not in html
    assert escape("<b>desk</b>") in html


def test_every_link_leads_somewhere(client: FlaskClient) -> None:
    todo, ids, places = ["/"], {}, set()
    while todo:
        path = todo.pop()
        if path in ids:
            continue
        with client.get(path) as answer:
            assert answer.status_code == 200, path
            page = Reader(answer.text if answer.mimetype == "text/html" else "")
        ids[path] = {attrs.get("id") for _, attrs in page.elements}
        for link in page.of("a") + page.of("link"):
            address, _, place = (link["href"] or "").partition("#")
            todo.append(address or path)
            places.add((address or path, place))
    assert all(place in ids[path] for path, place in places if place)
    assert set(ids) >= {"/", "/themes", "/pairs/e1/c1", "/themes/c2?polarity=negative"}


def test_no_page_says_that_something_causes_something(client: FlaskClient) -> None:
    for path in PAGES:
        assert not re.search(r"\b(caus|lead to|because of|due to)", client.get(path).text, re.I)


@pytest.mark.parametrize("path", MISSING)
def test_an_unknown_address_has_a_page_with_a_way_back(client: FlaskClient, path: str) -> None:
    page = read(client, path, 404)
    assert "There is no such page" in page.text
    assert "Back to the pairs" in page.text


def test_a_database_that_is_missing_says_what_to_do(client_of, tmp_path: Path) -> None:
    path = tmp_path / "no such.db"
    page = read(client_of(path), "/", 503)
    assert f"bothsides import FILE --side employee --db '{path}'" in page.text
    assert "bothsides demo" in page.text
    assert not path.exists()


def test_comments_without_analysis_say_how_to_analyse(client_of, imported: Path) -> None:
    for path in ("/", "/themes", "/themes/e1", "/pairs/e1/c1"):
        page = read(client_of(imported), path, 503)
        assert f"bothsides analyze --db {imported}" in page.text
        assert "bothsides import" not in page.text


def test_an_empty_database_says_what_to_do(client_of, tmp_path: Path) -> None:
    from analyzer.database import opened

    path = tmp_path / "empty.db"
    with opened(path, create=True):
        pass
    page = read(client_of(path), "/", 503)
    assert "holds no comments yet" in page.text
    assert "bothsides import FILE --side customer" in page.text


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"this is no database, it is a text of some length" * 100, 503, "cannot be read"),
        (b"", 500, "not one of Bothsides"),
    ],
)
def test_a_file_that_is_no_database_is_told(
    client_of, tmp_path: Path, content: bytes, status: int, words: str
) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(content)
    page = read(client_of(path), "/", status)
    assert words in page.text
    assert "Traceback" not in page.text


def test_a_damaged_database_is_told(client_of, database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    database.write_bytes(content)
    page = read(client_of(database), "/", 503)
    assert "is damaged" in page.text
    assert "Traceback" not in page.text


def test_a_locked_database_is_told(
    client_of, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analyzer.database.BUSY_SECONDS", 0.05)
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("BEGIN EXCLUSIVE")
    try:
        page = read(client_of(database), "/", 503)
    finally:
        other.close()
    assert "The database is busy" in page.text


def test_a_defect_has_a_page_and_no_traceback(
    client_of, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("analyzer.queries.themes", broken)
    answer = client_of(database).get("/themes")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "secret detail" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_one_side_only_has_themes_and_no_pairs(client_of, database: Path) -> None:
    db = sqlite3.connect(database)
    for table in ("closest", "pairs"):
        db.execute(f"DELETE FROM {table}")
    db.execute("DELETE FROM exemplars WHERE theme_id LIKE 'c%'")
    db.execute("DELETE FROM segments WHERE theme_id LIKE 'c%'")
    db.execute("DELETE FROM themes WHERE side = 'customer'")
    db.execute("DELETE FROM broad_themes WHERE side = 'customer'")
    db.commit()
    db.close()
    client = client_of(database)
    assert "No pairs" in read(client, "/").text
    assert "There are no comments of this side in the analysis." in read(client, "/themes").text


def test_every_kind_of_pair_has_words() -> None:
    from typing import get_args

    from analyzer.types import KINDS, PairKind
    from webui.words import COMMENT_KINDS, PAIR_KINDS

    assert set(get_args(PairKind)) <= set(PAIR_KINDS)
    assert {kind for kinds in KINDS.values() for kind in kinds} == set(COMMENT_KINDS)


def test_ids_are_quoted_in_addresses() -> None:
    from analyzer.guard.shown import Broad, Size, Theme

    row = Theme("a/b?c", "employee", "label", ("label",), Size(), 0, None, None, None, judged=True)
    view = parts.theme(row)
    assert view.href == "/themes/a%2Fb%3Fc"
    broad = Broad("a b", "employee", "label", (), Size(), 1, None)
    assert parts.broad(broad).href == "/themes#broad-a%20b"


def test_every_judgement_and_every_nature_has_words() -> None:
    from typing import get_args

    from analyzer.types import Judgement, Nature
    from webui.words import JUDGEMENT_WORDS, NATURE_WORDS

    assert set(get_args(Judgement)) == set(JUDGEMENT_WORDS)
    assert set(get_args(Nature)) == {"subject", *NATURE_WORDS}


@pytest.mark.parametrize(
    ("positive", "negative", "mixed"),
    [(0.25, 0.25, True), (0.24, 0.7, False), (0.7, 0.24, False), (0.5, 0.5, True), (0, 0, False)],
)
def test_a_theme_is_mixed_from_a_quarter_each_way(positive, negative, mixed) -> None:
    found = Shares(positive, 1 - positive - negative, negative)
    assert parts.polarity(found).mixed is mixed


def lines(database):
    with closing(connect_readonly(database)) as db:
        return [(line.who, line.what, json.loads(line.filter), line.rows)
                for line in access_log.lines(db)]  # fmt: skip


def test_pages_with_employees_comments_are_in_the_access_log_and_others_are_not(
    client, database
) -> None:
    for page in ("/themes", "/themes/c2", "/themes/e99", "/pairs/e1/c9"):
        client.get(page)
    assert lines(database) == []
    client.get("/")
    client.get("/themes/e1?polarity=negative")
    client.get("/themes/c1")
    client.get("/pairs/e1/c1")
    assert lines(database) == [
        ("local", "page pairs", {}, 1),
        # A pair is shown with an example, whichever side's page it is on.
        ("local", "page theme", {"theme": "e1", "polarity": "negative"}, ALIKE + 1),
        ("local", "page theme", {"theme": "c1", "polarity": None}, 1),
        ("local", "page pair", {"employee": "e1", "customer": "c1"}, 2 * ALIKE + 2),
    ]


def test_no_comment_is_shown_where_the_access_log_cannot_be_written(
    client, database, monkeypatch
) -> None:
    monkeypatch.setattr("analyzer.database.BUSY_SECONDS", 0.05)
    with opened(database, create=False) as db, transaction(db):
        answer = client.get("/themes/e1")
        assert answer.status_code >= 500
        assert "Siempre falta" not in answer.text
        assert client.get("/themes/c1").status_code >= 500
        assert client.get("/themes/c2").status_code == 200
