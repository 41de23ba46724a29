"""What is around every page: choices, messages, notices, navigation, static files."""

from __future__ import annotations

import gzip
from http.cookies import SimpleCookie

import pytest
from flask import Flask, g, redirect
from flask.testing import FlaskClient

from analyzer.access.roles import LOCAL, viewer_of
from webui import frame, navigation
from webui.frame import Notice
from webui.rights import NEEDS


def _cookie(answer, name: str):
    found = SimpleCookie()
    for line in answer.headers.getlist("Set-Cookie"):
        found.load(line)
    return found[name]


@pytest.mark.parametrize(
    ("field", "value", "shows"),
    [
        ("theme", "dark", 'data-theme="dark"'), ("theme", "light", 'data-theme="light"'),
        ("language", "es", '<html lang="es"'),
    ],
)  # fmt: skip
def test_a_choice_is_kept_in_a_cookie(
    client: FlaskClient, field: str, value: str, shows: str
) -> None:
    answer = client.post("/preferences", data={field: value, "next": "/themes?a=b"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/themes?a=b"
    kept = _cookie(answer, field)
    assert kept.value == value
    assert kept["httponly"]
    assert kept["samesite"] == "Lax"
    assert shows in client.get("/").text


def test_without_a_choice_the_system_chooses(client: FlaskClient) -> None:
    html = client.get("/").text
    assert "data-theme" not in html
    assert 'name="color-scheme" content="light dark"' in html
    client.set_cookie("theme", "purple")
    assert "data-theme" not in client.get("/").text


@pytest.mark.parametrize(
    "way", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "", "/a\r\nb"]
)
def test_the_way_back_leads_nowhere_else(client: FlaskClient, way: str) -> None:
    answer = client.post("/preferences", data={"theme": "dark", "next": way})
    assert answer.headers["Location"] == "/"


def test_an_unknown_choice_is_refused(client: FlaskClient) -> None:
    for data in ({"theme": "purple"}, {"language": "../../etc"}):
        answer = client.post("/preferences", data=data)
        assert answer.status_code == 400
        assert "Set-Cookie" not in answer.headers


def test_a_message_is_said_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NEEDS, "sent", "public")  # type: ignore[arg-type]

    @app.get("/sent")
    def sent():
        return frame.say(redirect("/", 303), "renamed")

    client = app.test_client()
    assert _cookie(client.get("/sent"), "said")["samesite"] == "Strict"
    assert '<p class="notice good" role="status">Renamed.</p>' in client.get("/").text
    assert "Renamed." not in client.get("/").text


def test_a_message_is_one_of_the_table(app: Flask, client: FlaskClient) -> None:
    client.set_cookie("said", "<b>anything</b>")
    assert 'role="status"' not in client.get("/").text
    with app.test_request_context(), pytest.raises(KeyError):
        frame.say(redirect("/"), "nothing of the kind")


def test_notices_of_others_are_on_the_page(app: Flask) -> None:
    @app.before_request
    def others() -> None:
        g.notices = [Notice("A <notice>", "bad")]

    html = app.test_client().get("/").text
    assert '<p class="notice bad">A &lt;notice&gt;</p>' in html


def test_the_navigation_shows_pages_that_exist_and_may_be_opened() -> None:
    everything = {entry.endpoint for entry in navigation.ENTRIES} & set(NEEDS)

    def shown(viewer) -> list[str]:
        return [link.section for link in navigation.links(viewer, everything, str)]

    assert shown(LOCAL) == [e.section for e in navigation.ENTRIES if e.endpoint in everything]
    assert "pairs" in shown(viewer_of("c", "cx", 1))
    assert shown(viewer_of("a", "admin", 3)) == ["runs"]
    assert [link.section for link in navigation.links(LOCAL, {"pages.themes"}, str)] == ["themes"]


def test_the_page_of_the_section_is_marked(client: FlaskClient) -> None:
    assert '<a href="/themes" aria-current="true">Themes</a>' in client.get("/themes/e1").text


def test_a_static_file_is_packed_once_and_asked_for_by_its_hash(client: FlaskClient) -> None:
    path = "/static/vendor/pico.min.css"
    with client.get(path) as plain:
        assert "Content-Encoding" not in plain.headers
    with client.get(path, headers={"Accept-Encoding": "gzip"}) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) < 0.2 * len(plain.data)
        assert "Accept-Encoding" in packed.vary
    tag = packed.headers["ETag"]
    assert tag != plain.headers["ETag"]
    asked = {"Accept-Encoding": "gzip", "If-None-Match": tag}
    with client.get(path, headers=asked) as again:
        assert again.status_code == 304
        assert again.data == b""


@pytest.mark.parametrize("path", ["/", "/pairs/e1/c1", "/themes", "/themes/c2"])
def test_a_first_page_weighs_under_150_kilobytes(client: FlaskClient, path: str) -> None:
    import re

    html = client.get(path).text
    weight = len(html.encode())
    for address in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html)):
        with client.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
            weight += len(answer.data)
    assert 10_000 < weight < 150_000
