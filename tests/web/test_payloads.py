"""300 payloads from upload over pages to export: none is run, none leaves its place."""

from __future__ import annotations

import csv
import io
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from analyzer import exports
from analyzer.cells import safe
from analyzer.database import connect_readonly
from analyzer.jobs import uploads
from tests.payload_database import fill, pages_of
from tests.payloads import FORMULAS, PATHS, SCRIPTS
from tests.people import form_client
from webui import create_app

ALLOWED = {"http", "https"}


OUR_SCRIPT = [("src", "/static/vendor/htmx.min.js"), ("defer", None)]


class Dangers(HTMLParser):
    """Collects what would run: elements and attributes that no page of ours has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and attrs == OUR_SCRIPT:
            return
        if tag in {"script", "iframe", "object", "embed", "style", "base", "math", "details"}:
            self.found.append(tag)
        if tag in {"img", "animate"}:
            self.found.append(tag)
        for name, value in attrs:
            text = (value or "").strip().lower()
            outside = name in {"href", "src", "action"} and not text.startswith(("/", "#"))
            if name.startswith("on") or name in {"srcdoc", "style"} or outside:
                self.found.append(f"{tag} {name}={text[:40]}")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("payloads") / "payloads.db"
    with pytest.MonkeyPatch.context() as patch:
        fill(form_client(create_app({"DATABASE": path})), path, patch)
    return path


@pytest.fixture
def client(filled: Path) -> FlaskClient:
    return form_client(create_app({"DATABASE": filled}))


def test_there_are_three_hundred() -> None:
    assert len({*SCRIPTS, *FORMULAS, *PATHS}) == 300


def test_no_page_has_an_element_that_somebody_sent(client: FlaskClient, filled: Path) -> None:
    seen = 0
    for url in pages_of(filled):
        page = client.get(url)
        assert page.status_code == 200, url
        assert Dangers(page.text).found == [], url
        seen += page.text.count("alert(1)")
    assert seen > 25, "the payloads are there, as text"


def test_no_cell_of_an_export_is_a_formula(filled: Path, tmp_path: Path) -> None:
    formulas = 0
    with closing(connect_readonly(filled)) as db:
        for name in exports.EXPORTS:
            exports.write(db, name, "csv", tmp_path / name)
            exports.write(db, name, "csv", tmp_path / "raw", raw_cells=True)
            text = (tmp_path / name).read_text(encoding="utf-8")
            for row in csv.reader(io.StringIO(text, newline="")):
                for cell in row:
                    assert safe(cell) == cell, (name, cell)
            formulas += text != (tmp_path / "raw").read_text(encoding="utf-8")
    assert formulas == 2, "segments and sentiment held some"


def test_ids_that_are_no_formulas_come_back_as_they_were(filled: Path, tmp_path: Path) -> None:
    with closing(connect_readonly(filled)) as db:
        exports.write(db, "segments", "csv", tmp_path / "s.csv")
    with (tmp_path / "s.csv").open(encoding="utf-8", newline="") as file:
        ids = {row["source_id"] for row in csv.DictReader(file)}
    assert any(one.startswith("s-") for one in ids)
    assert any(one.startswith("'") for one in ids)


@pytest.mark.parametrize("start", range(0, 100, 20))
def test_no_name_of_a_file_leads_out_of_the_folder(tmp_path: Path, start: int) -> None:
    path = tmp_path / "deep" / "er" / "own.db"
    path.parent.mkdir(parents=True)
    client = form_client(create_app({"DATABASE": path}))
    sent = [(io.BytesIO(b"id,text\n1,a word\n"), name) for name in PATHS[start : start + 20]]
    answer = client.post("/import", data={"files": sent}, content_type="multipart/form-data")
    assert answer.status_code == 303
    files = [found for found in tmp_path.rglob("*") if found.is_file()]
    folder = uploads.folder(path)
    others = {found.name for found in files if found.parent != folder}
    assert others <= {"own.db", "own.db-wal", "own.db-shm", "own.db.use.lock"}
    assert all(len(found.stem) == 32 for found in files if found.parent == folder)
    page = client.get("/import").text
    assert Dangers(page).found == []
    assert ".." not in page.replace("….", "")
