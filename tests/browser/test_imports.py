"""An import in a real browser, with JavaScript and without; payloads that must not run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from analyzer.database import opened
from analyzer.jobs import queue
from analyzer.jobs.queue import Stage
from tests.faults.nights import text_of
from tests.payload_database import fill, pages_of
from tests.people import form_client
from tests.serving import running
from tests.working import do_jobs, known_models, send
from webui import create_app
from webui.server import bind

WIDTHS = (320, 1280)


@pytest.fixture
def models() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        known_models(patch)
        yield


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    path = tmp_path / "own.db"
    with opened(path, create=True):
        pass  # the server wants a database; nothing is in it
    with running(bind(path, "127.0.0.1", 0)) as address:
        yield address, path


def _fits(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.usefixtures("models")
def test_somebody_imports_an_export_and_watches_it(
    browser: Browser, own: tuple[str, Path], tmp_path: Path, script: bool
) -> None:
    address, path = own
    export = tmp_path / "desk.csv"
    rows = "".join(f"r{n},{text_of('customer/x', n, 0)},2026-01-02,4\n" for n in range(120))
    export.write_text(f"id,comment,date,stars\n{rows}bad,Kept aside,soon,4\n", encoding="utf-8")
    with browser.new_context(java_script_enabled=script) as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{address}/import")
        page.get_by_label("Files").set_input_files(export)
        page.get_by_role("button", name="Send and look at them").click()
        expect(page.get_by_role("heading", name="desk.csv")).to_be_visible()
        expect(page.get_by_text("kept aside: date is not a date")).to_be_visible()
        if script:
            _fits(page)
        page.get_by_label("stars").select_option(label="attribute")
        page.get_by_label("Review").check()
        page.get_by_role("button", name="Update the preview").click()
        expect(page.get_by_label("Review")).to_be_checked()
        expect(page.get_by_label("stars")).to_have_value("attr")
        page.get_by_label("Analyse afterwards").uncheck()
        page.get_by_role("button", name="Import").click()
        expect(page.get_by_text("Waiting")).to_be_visible()
        do_jobs(path)
        # The page finds out by itself: htmx asks every 2 s, without scripts it comes again.
        page.get_by_role("link", name="The receipt").click()
        expect(page.get_by_role("heading", name="Rows kept aside")).to_be_visible()
        if script:
            _fits(page)
        page.get_by_role("button", name="Take this import back").click()
        do_jobs(path)
        page.get_by_role("link", name="The receipt").click()
        expect(page.get_by_text("Taken back on")).to_be_visible()
        page.get_by_role("link", name="Runs").click()
        expect(page.get_by_role("link", name="Import of desk.csv")).to_be_visible()
        assert said == []


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.usefixtures("models")
def test_progress_is_seen_as_it_goes_on(
    browser: Browser, own: tuple[str, Path], tmp_path: Path, script: bool
) -> None:
    address, path = own
    where = send(form_client(create_app({"DATABASE": path})), (b"id,comment\n1,Slow\n", "a.csv"))
    form = {"c0": "id", "c1": "text", "of": "customer-review", "action": "import"}
    client = form_client(create_app({"DATABASE": path}))
    job = client.post(where, data=form).location
    with browser.new_context(java_script_enabled=script) as context:
        page = context.new_page()
        loads: list[str] = []
        page.on("domcontentloaded", lambda page: loads.append(page.url))
        page.goto(address + job)
        expect(page.get_by_role("status")).to_have_text("Waiting")
        page.get_by_role("link", name="Refresh").focus()
        with opened(path, create=False) as db:
            claimed = queue.claim(db, "a test", time.time())
            assert claimed is not None
            for done in (100, 250):
                stages = [Stage("parse", done, 1000, 0.5)]
                queue.beat(db.conn, claimed.id, "a test", time.time(), stages)
                expect(page.get_by_text(f"{done} of 1,000")).to_be_visible(timeout=9000)
            if script:
                expect(page.get_by_role("link", name="Refresh")).to_be_focused()
            assert (len(loads) == 1) == script
            queue.put_back(db, claimed.id, "a test")
        do_jobs(path)
        expect(page.get_by_role("status")).to_contain_text("Done", timeout=9000)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_timeout(3500)
        assert asked == []


@pytest.mark.usefixtures("models")
def test_no_payload_runs_and_no_policy_is_broken(browser: Browser, own: tuple[str, Path]) -> None:
    address, path = own
    with pytest.MonkeyPatch.context() as patch:
        fill(form_client(create_app({"DATABASE": path})), path, patch)
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(
            "window.__broken = [];"
            "document.addEventListener('securitypolicyviolation', e => __broken.push(e.blockedURI))"
        )
        heard: list[str] = []
        page.on("dialog", lambda dialog: heard.append(dialog.message))
        page.on("console", lambda message: heard.append(message.text))
        page.on("request", lambda r: None if r.url.startswith(address) else heard.append(r.url))
        for url in pages_of(path):
            page.goto(address + url)
            page.keyboard.press("Tab")
            assert page.evaluate("[window.__ran, window.__broken.length]") == [None, 0], url
            assert page.title().endswith("Bothsides"), url
        assert heard == []
