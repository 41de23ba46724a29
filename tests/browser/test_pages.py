from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

PATHS = (
    "/", "/pairs/e1/c1", "/themes", "/themes/e1", "/themes/e3", "/themes/c2?polarity=negative",
)  # fmt: skip


def test_one_goes_from_the_list_to_a_pair_to_a_theme_and_back_without_javascript(
    browser: Browser, address: str
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        page.get_by_role("link", name="Why these two").first.click()
        expect(page).to_have_url(f"{address}/pairs/e1/c1")
        expect(page.get_by_role("heading", name="Why these two")).to_be_visible()
        page.get_by_role("link", name="too few people", exact=False).first.click()
        expect(page).to_have_url(f"{address}/themes/e1")
        page.get_by_role("link", name="Why these two").click()
        expect(page).to_have_url(f"{address}/pairs/e1/c1")
        page.get_by_role("link", name="All pairs").click()
        expect(page).to_have_url(f"{address}/")
        page.get_by_role("navigation").get_by_role("link", name="Themes").click()
        expect(page).to_have_url(f"{address}/themes")


def test_the_whole_row_of_a_pair_leads_to_it(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        page.locator(".pair .label").last.click(force=True)
        expect(page).to_have_url(f"{address}/pairs/e1/c1")


def test_the_comments_of_a_theme_are_read_by_polarity_without_javascript(
    browser: Browser, address: str
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/themes")
        page.get_by_role("link", name="parking, dear").click()
        expect(page.get_by_text("Mixed: praised and criticised").first).to_be_visible()
        page.get_by_role("link", name="Negative 1").click()
        expect(page).to_have_url(f"{address}/themes/c2?polarity=negative#comments")
        expect(page.locator("mark")).to_have_text(["Parking was dear."])
        page.get_by_role("link", name="Positive 1").click()
        expect(page.locator("mark")).to_have_text(["Parking is easy and free at night."])
        page.go_back()
        expect(page.locator("mark")).to_have_text(["Parking was dear."])
        page.get_by_role("link", name="All 2").click()
        expect(page.locator("mark")).to_have_count(2)


def test_a_theme_leads_to_its_broad_theme_and_to_its_siblings(
    browser: Browser, address: str
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/themes/e1")
        page.get_by_role("link", name="pay, late").click()
        expect(page).to_have_url(f"{address}/themes/e2")
        page.get_by_role("link", name="all of too few people").click()
        expect(page).to_have_url(f"{address}/themes#broad-be1")
        expect(page.locator("#broad-be1")).to_be_in_viewport()


def _listened(page: Page) -> list[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(request.url))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    return said


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_console_says_nothing(browser: Browser, address: str, path: str, scheme: str) -> None:
    with browser.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        said = _listened(page)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address + path, wait_until="networkidle")
        assert said == []
        assert all(url.startswith(address) for url in asked)
        assert f"{address}/static/bothsides.css" in asked


@pytest.mark.parametrize("path", [*PATHS, "/nothing"])
@pytest.mark.parametrize("width", [320, 390, 768, 1280, 2560])
def test_nothing_scrolls_sideways(browser: Browser, address: str, path: str, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 700}) as context:
        page = context.new_page()
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_key_leads_to_the_skip_link(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to the content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("#main$"))
        expect(page.locator("main")).to_be_focused()


CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const found = rgb(getComputedStyle(node).backgroundColor);
      if (found[3] === 255) return found;
    }
    return [255, 255, 255];
  };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim()) continue;
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(ground(node))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) low.push([node.outerHTML.slice(0, 80), ratio]);
  }
  return low;
}"""


@pytest.mark.parametrize("path", [*PATHS, "/nothing"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(
    browser: Browser, address: str, path: str, scheme: str
) -> None:
    with browser.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(address + path)
        assert page.evaluate(CONTRAST) == []


FILLS = """() => {
  const light = (colour) => colour.match(/[0-9]+/g).slice(0, 3).map((v) => v / 255)
    .map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = light(getComputedStyle(document.documentElement).backgroundColor);
  return [...document.querySelectorAll('.poles rect')].map((rect) => {
    const own = light(getComputedStyle(rect).fill);
    return (Math.max(own, ground) + .05) / (Math.min(own, ground) + .05);
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_bars_of_polarity_stand_out_from_their_ground(
    browser: Browser, address: str, scheme: str
) -> None:
    with browser.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(f"{address}/themes")
        ratios = page.evaluate(FILLS)
        assert len(ratios) >= 12
        assert min(ratios) >= 3
