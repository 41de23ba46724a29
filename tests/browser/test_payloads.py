"""What tries to run does not, in a real browser, and the policy has nothing to stop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from analyzer import results, store
from analyzer.database import opened
from analyzer.types import Analysis, Comment, Evidence, Pair, Side
from tests.builders import side_analysis
from tests.payloads import FORMULAS, PATHS, PAYLOADS, SCRIPTS
from tests.people import PASSWORDS, add_people
from tests.serving import running
from webui.server import bind

# The browser tells of what the policy has stopped before any script of a page could hide it.
LISTEN = """
window.violations = [];
document.addEventListener('securitypolicyviolation',
  (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));
"""
# Pages show no more of a theme's comments than these.
A_PAGE = 150


def _comments(side: Side, texts: list[str]) -> list[Comment]:
    kind = "review" if side == "customer" else "pulse"
    return [
        Comment(
            f"{side}{i}", side, kind, f"{side[0]}{i}", "text", text, date="2026-01-05",
            unit=text[:60], respondent=f"person {i}",
        )
        for i, text in enumerate(texts)
    ]  # fmt: skip


def _fill(path: Path) -> None:
    """Import the payloads as what customers wrote, and make labels and units of them too."""
    # SQLite keeps a NUL, but no importer lets one through.
    texts = [text.replace("\0", "") for text in PAYLOADS]
    both: dict[Side, list[Comment]] = {
        "customer": _comments("customer", texts),
        "employee": _comments("employee", [f"{text} and more" for text in texts[:40]]),
    }
    found = {}
    with opened(path, create=True) as db:
        for side, comments in both.items():
            row = store.ImportRow(
                file=texts[0], sha256="0" * 64, side=side, kind=comments[0].kind, format="csv",
                mapping={}, imported_at="2026-01-06T00:00:00", row_count=len(comments), empty=0,
                duplicate=0,
            )  # fmt: skip
            store.add_import(db, row, comments, [])
            spans = [(i, c.text, i // A_PAGE, -0.5) for i, c in enumerate(comments)]
            themes = spans[-1][2] + 1
            found[side] = side_analysis(
                side, comments, spans, tuple(texts[:themes]), broad=[0] * themes
            )
        pair = Pair("e1", "c1", "same-topic", 0.9, 0.5, Evidence((), ((0, 0, 0.9),), (texts[4],)))
        run = results.RunRow(
            "2026-01-06T10:00:00+00:00",
            1.0,
            0,
            "leiden",
            "minilm",
            "f" * 8,
            {},
            {},
            [],
            (texts[3],),
        )
        results.replace_analysis(db, run, Analysis(found, (pair,), {}, (texts[3],)))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of pages full of payloads, that ask to sign in, and a second factor's secret."""
    path = tmp_path_factory.mktemp("payloads") / "payloads.db"
    _fill(path)
    secret = add_people(path)
    with running(bind(path, "localhost", 0), "localhost") as address:
        yield address, secret


class Watched:
    """A page of which everything that should not happen is noted."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        context.add_init_script(LISTEN)
        self.page: Page = context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda message: self._hear(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda asked: self._asked(asked.url, address))

    def _hear(self, text: str) -> None:
        # That an answer is 401 or 404 the browser says by itself.
        if not text.startswith("Failed to load resource: the server responded with a status of 4"):
            self.said.append(text)

    def _asked(self, url: str, address: str) -> None:
        if not url.startswith(address):
            self.said.append(url)

    def go(self, url: str) -> None:
        self.page.goto(url, wait_until="load")
        self.check()

    def check(self) -> None:
        assert self.page.evaluate("window.violations") == []
        assert self.page.evaluate("window.__ran") is None
        assert self.said == []


def test_there_are_300_payloads_of_three_kinds() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 300
    assert all(set(PAYLOADS) & set(kind) for kind in (SCRIPTS, FORMULAS, PATHS))


def test_signing_in_violates_no_policy(browser: Browser, served: tuple[str, str]) -> None:
    address, secret = served
    with browser.new_context() as context:
        watched = Watched(context, address)
        page = watched.page
        watched.go(f"{address}/themes")
        expect(page).to_have_url(f"{address}/login")
        for name, password in (("vera", "<script>alert(1)</script>"), ("vera", PASSWORDS["vera"])):
            page.get_by_label("Name").fill(name)
            page.get_by_label("Password").fill(password)
            page.get_by_role("button", name="Sign in").click()
            watched.check()
        expect(page).to_have_url(f"{address}/login/code")
        page.get_by_label("Code").fill(pyotp.TOTP(secret).now())
        page.get_by_role("button", name="Go on").click()
        expect(page).to_have_url(f"{address}/themes")
        watched.check()
        for path in ("/", "/themes", "/account"):
            watched.go(address + path)
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_url(f"{address}/login")
        watched.check()
        assert [cookie["name"] for cookie in context.cookies()] == ["bothsides"]


def test_none_of_300_payloads_runs(browser: Browser, served: tuple[str, str]) -> None:
    address, _ = served
    with browser.new_context() as context:
        watched = Watched(context, address)
        page = watched.page
        watched.go(f"{address}/login")
        page.get_by_label("Name").fill("hugo")
        page.get_by_label("Password").fill(PASSWORDS["hugo"])
        page.get_by_role("button", name="Sign in").click()
        shown = ""
        for path in ("/", "/themes", "/themes/c1", "/themes/c2", "/pairs/e1/c1"):
            watched.go(address + path)
            shown += page.locator("main").inner_text()
        seen = [text for text in PAYLOADS if _plain(text) in _plain(shown)]
        assert len(seen) >= 290, "the payloads are on the pages, as text"
        assert page.locator("main script, main iframe, main object, main [onerror]").count() == 0
        for text in PAYLOADS[::5]:
            watched.go(f"{address}/themes/{quote(text.replace(chr(0), ''), safe='')}")
            watched.go(f"{address}/themes?polarity={quote(text, safe='')}")


def _plain(text: str) -> str:
    return "".join(text.replace("\0", "").split())
