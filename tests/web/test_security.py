from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import webui
from analyzer.errors import Misconfigured
from webui import create_app
from webui.security import HEADERS

TEMPLATES = sorted(Path(webui.__file__).with_name("templates").glob("*.html"))
EVERYWHERE = ("/", "/pairs/e1/c1", "/themes", "/themes/e1", "/static/bothsides.css", "/nothing")


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        for name, value in HEADERS.items():
            kept = name == "Cache-Control" and path.startswith("/static/")
            assert answer.headers.getlist(name) == ["no-cache" if kept else value]
        assert "Set-Cookie" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_policy_is_this_one() -> None:
    assert {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": HEADERS["Permissions-Policy"],
    } == HEADERS
    features = HEADERS["Permissions-Policy"].split(", ")
    assert all(feature.endswith("=()") for feature in features)
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(features)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_a_script_or_a_style_of_its_own(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    for tag in re.findall(r"<script\b[^>]*>", source):
        assert 'src="/static/' in tag
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|javascript:|srcdoc=", source)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:8000", "localhost", "LOCALHOST:9", "[::1]", "[::1]:8000"],
)
def test_this_machine_is_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example",
        "evil.localhost", "127.0.0.1@evil.example", "127.0.0.1:80:80", "127.0.0.1:", "[::2]",
        "127.0.0.1,evil.example", "0.0.0.0", "", " ",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/nothing", "/static/bothsides.css"])
def test_any_other_host_is_refused(client: FlaskClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "too few people" not in answer.text
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "ODD"])
@pytest.mark.parametrize("path", ["/", "/themes/e1", "/static/bothsides.css"])
def test_only_reading_is_allowed(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path", ["/static/../db.py", "/static/%2e%2e/db.py", "/static//etc/passwd"]
)
def test_static_stays_in_its_folder(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in {404, 308}


def test_an_application_without_a_database_is_an_error() -> None:
    with pytest.raises(Misconfigured, match="DATABASE"):
        create_app({})


def test_pages_read_only(client: FlaskClient, database) -> None:
    before = database.read_bytes()
    for path in EVERYWHERE:
        client.get(path).close()
    assert database.read_bytes() == before
