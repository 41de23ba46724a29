"""Every page and every part of one, as people see it: axe, policy, console, width."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.gallery.app import create_app
from tests.people import NAMES, PASSWORDS, add_people
from tests.screens import served
from tests.serving import running
from tests.working import fill
from webui.server import bind

AXE = Path(__file__).with_name("vendor") / "axe.min.js"
PATHS = (
    "/", "/pairs/e1/c1", "/themes", "/themes/e1", "/themes/e3", "/themes/c2?polarity=neutral",
    "/nothing",
)  # fmt: skip
PARTS = ("/", "/map?n=5000", "/error")
WORK = (
    "import", "columns", "sheets", "receipt", "runs", "run", "done", "failed", "running",
)  # fmt: skip
# Page -> who has given a name and password before.
ACCOUNTS = {"/login": None, "/login/code": NAMES["hr_verbatim"], "/account": NAMES["hr"]}
# What the browser itself says of a policy that something on the page has broken.
WATCH = """() => {
  window.broken = [];
  addEventListener("securitypolicyviolation", (e) => window.broken.push(e.blockedURI));
}"""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    with served(create_app()) as address:
        yield address


@pytest.fixture(scope="module")
def work(
    tmp_path_factory: pytest.TempPathFactory, small: Callable[[Path], None]
) -> Iterator[dict[str, str]]:
    """The address of each page of work."""
    path = tmp_path_factory.mktemp("work") / "work.db"
    small(path)
    with pytest.MonkeyPatch.context() as patch:
        pages = fill(path, patch)
    with running(bind(path, "127.0.0.1", 0)) as address:
        yield {name: address + page for name, page in pages.items()}


@pytest.fixture(scope="module")
def guarded(
    tmp_path_factory: pytest.TempPathFactory, small: Callable[[Path], None]
) -> Iterator[str]:
    """The address of pages that ask who looks."""
    path = tmp_path_factory.mktemp("people") / "people.db"
    small(path)
    add_people(path)
    with running(bind(path, "127.0.0.1", 0)) as address:
        yield address


@pytest.fixture(scope="module")
def states(browser: Browser, guarded: str) -> dict[str | None, Any]:
    """What a browser holds after each of them has given a name and password."""
    found: dict[str | None, Any] = {None: None}
    for name in filter(None, ACCOUNTS.values()):
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(f"{guarded}/login")
            page.get_by_label("Name").fill(name)
            page.get_by_label("Password").fill(PASSWORDS[name])
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: not url.endswith("/login"))
            found[name] = context.storage_state()
    return found


def opened(browser: Browser, address: str, scheme: str, width: int, **more: Any) -> Page:
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, **more
    )
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.add_init_script(f"({WATCH})()")
    page.goto(address, wait_until="networkidle")
    return page


def violations(page: Page) -> list[tuple[str, list[str]]]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        (f"{v['id']}: {v['help']}", [node["html"][:200] for node in v["nodes"]][:4])
        for v in found["violations"]
    ]


def check(page: Page, width: int) -> None:
    found = violations(page)
    broken, said = page.evaluate("window.broken"), page.said
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.context.close()
    assert found == []
    assert broken == []
    # A page that is not there is told to the console by the browser, not by us.
    assert [line for line in said if "404" not in line] == []
    assert wide <= width


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(
    browser: Browser, address: str, path: str, scheme: str, width: int
) -> None:
    check(opened(browser, address + path, scheme, width), width)


@pytest.mark.parametrize("name", WORK)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_a_page_of_work(
    browser: Browser, work: dict[str, str], name: str, scheme: str, width: int
) -> None:
    check(opened(browser, work[name], scheme, width), width)


@pytest.mark.parametrize("path", ACCOUNTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_where_one_signs_in(
    browser: Browser,
    guarded: str,
    states: dict[str | None, Any],
    path: str,
    scheme: str,
    width: int,
) -> None:
    state = states[ACCOUNTS[path]]
    page = opened(browser, guarded + path, scheme, width, storage_state=state)
    assert page.url == guarded + path
    check(page, width)


@pytest.mark.parametrize("language", ["es", "it"])
def test_pages_of_work_fit_a_phone_in_other_languages(
    browser: Browser, work: dict[str, str], language: str
) -> None:
    for address in work.values():
        check(opened(browser, address, "light", 320, locale=language), 320)


@pytest.mark.parametrize("path", PARTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_any_part(
    browser: Browser, gallery: str, path: str, scheme: str, width: int
) -> None:
    check(opened(browser, gallery + path, scheme, width), width)


@pytest.mark.parametrize("language", ["es", "it"])
def test_other_languages_fit_a_phone(browser: Browser, address: str, language: str) -> None:
    for path in ("/", "/pairs/e1/c1", "/themes"):
        check(opened(browser, address + path, "light", 320, locale=language), 320)


def test_the_theme_is_chosen_without_javascript(browser: Browser, gallery: str) -> None:
    ground = "getComputedStyle(document.body.parentElement).backgroundColor"
    with browser.new_context(java_script_enabled=False, color_scheme="light") as context:
        page = context.new_page()
        page.goto(f"{gallery}/error?a=b")
        light = page.evaluate(ground)
        page.get_by_role("button", name="Dark").click()
        page.wait_for_load_state("load")  # the style sheet too
        assert page.url == f"{gallery}/error?a=b"
        assert page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"
        dark = page.evaluate(ground)
        assert dark != light
        page.get_by_role("button", name="As the system").click()
        page.wait_for_load_state("load")
        assert page.evaluate(ground) == light


def test_a_stored_choice_outweighs_the_system(browser: Browser, gallery: str) -> None:
    page = opened(browser, f"{gallery}/", "dark", 1280)
    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("button", name="Light").click()
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    found = violations(page)
    page.context.close()
    assert ground == "rgb(247, 246, 242)"
    assert found == []


def test_htmx_evaluates_nothing_and_writes_no_style(browser: Browser, gallery: str) -> None:
    page = opened(browser, f"{gallery}/", "light", 1280)
    config = page.evaluate("htmx.config")
    styles = page.evaluate("document.querySelectorAll('style, [style]').length")
    stored = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    page.context.close()
    assert config["allowEval"] is False
    assert config["includeIndicatorStyles"] is False
    assert config["historyCacheSize"] == 0
    assert styles == 0
    # The address of the page, for as long as the tab is open; nothing that the page holds.
    assert stored in ([], ["htmx-current-path-for-history"])


def test_motion_is_off_for_those_who_ask(browser: Browser, gallery: str) -> None:
    page = opened(browser, f"{gallery}/", "light", 1280, reduced_motion="reduce")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => {const s = getComputedStyle(e);"
        "return parseFloat(s.transitionDuration) > 0 && s.transitionProperty !== 'none'"
        " && s.transitionProperty !== 'all';}).length"
    )
    page.context.close()
    assert moving == 0


def test_the_text_of_charts_can_be_read_on_a_phone(browser: Browser, gallery: str) -> None:
    page = opened(browser, f"{gallery}/", "light", 320)
    small = page.evaluate("""() => [...document.querySelectorAll('svg.drawn text')]
        .filter(t => getComputedStyle(t).display !== 'none')
        .map(t => {
          const svg = t.ownerSVGElement;
          const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
          return [parseFloat(getComputedStyle(t).fontSize) * scale, t.textContent];
        }).filter(([size]) => size < 9)""")
    page.context.close()
    assert small == []
