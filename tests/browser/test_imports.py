"""An import in a real browser, with JavaScript and without; payloads that must not run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faults.nights import text_of
from tests.payload_database import fill, pages_of
from tests.people import form_client
from tests.working import do_jobs, known_models
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
    server = bind(path, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}", path
    server.shutdown()
    thread.join()


def _fits(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def _look_again(page: Page, *, script: bool) -> None:
    # Without JavaScript the page comes again by itself.
    if script:
        page.get_by_role("link", name="Refresh").click()


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
        _look_again(page, script=script)
        page.get_by_role("link", name="The receipt").click()
        expect(page.get_by_role("heading", name="Rows kept aside")).to_be_visible()
        if script:
            _fits(page)
        page.get_by_role("button", name="Take this import back").click()
        do_jobs(path)
        _look_again(page, script=script)
        page.get_by_role("link", name="The receipt").click()
        expect(page.get_by_text("Taken back on")).to_be_visible()
        page.get_by_role("link", name="Runs").click()
        expect(page.get_by_role("link", name="Import of desk.csv")).to_be_visible()
        assert said == []


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
