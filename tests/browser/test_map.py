"""The painter of the data map, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.map_frames import FRAMES
from tests.gallery.app import create_app
from tests.screens import served


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    with served(create_app()) as address:
        yield address


@pytest.fixture
def page(browser: Browser, gallery: str) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{gallery}/map?n=5000", wait_until="networkidle")
        page.wait_for_function("document.querySelector('[data-map]').painter")
        page.wait_for_timeout(400)
        yield page


PAINTER = "document.querySelector('[data-map]').painter"


def test_the_points_are_painted_in_the_colours_of_their_themes(page: Page) -> None:
    told = page.evaluate(f"""() => {{
      const p = {PAINTER}; p.frame();
      const strong = new Set(p.strong), seen = new Map();
      for (const v of p.pixels) if (v) seen.set(v, (seen.get(v) || 0) + 1);
      return [[...seen.keys()].every(v => strong.has(v)), seen.size, p.shown];
    }}""")
    assert told[0]
    assert told[1] >= 10
    assert told[2] == 5000
    expect(page.locator("[data-status]")).to_have_text("5,000 points, 5,000 in view")


def test_the_keyboard_moves_zooms_and_picks(page: Page) -> None:
    page.locator("canvas").focus()
    before = page.evaluate(f"{PAINTER}.scale")
    page.keyboard.press("+")
    assert page.evaluate(f"{PAINTER}.scale") > before
    left = page.evaluate(f"{PAINTER}.left")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(f"{PAINTER}.left") < left
    page.keyboard.press("0")
    assert page.evaluate(f"{PAINTER}.scale") == before
    # Put a point into the middle and take it.
    number = page.evaluate(f"""() => {{ const p = {PAINTER}; const [x, y] = p.place(42);
      p.move(p.width / 2 - x, p.height / 2 - y);
      return p.points.ids[p.nearest(p.width / 2, p.height / 2)]; }}""")
    page.keyboard.press("Enter")
    expect(page.locator("[data-picked]")).to_have_text(f"Segment {number}")
    page.keyboard.press("Escape")
    expect(page.locator("[data-picked]")).to_have_text("")


def test_a_click_picks_the_nearest_point_and_a_drag_moves(page: Page) -> None:
    box = page.locator("canvas").bounding_box()
    assert box is not None
    x, y, number = page.evaluate(f"""() => {{ const p = {PAINTER}; p.zoom(30);
      const [a, b] = p.place(7); p.move(p.width / 2 - a, p.height / 2 - b);
      const [x, y] = p.place(7); return [x / p.ratio, y / p.ratio, p.points.ids[7]]; }}""")
    page.mouse.click(box["x"] + x, box["y"] + y)
    expect(page.locator("[data-picked]")).to_have_text(f"Segment {number}")
    left = page.evaluate(f"{PAINTER}.left")
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 230, steps=4)
    page.mouse.up()
    assert page.evaluate(f"{PAINTER}.left") == pytest.approx(left + 60, abs=1)
    expect(page.locator("[data-picked]")).to_have_text(f"Segment {number}")


def test_the_nearest_point_is_the_nearest(page: Page) -> None:
    wrong = page.evaluate(f"""() => {{
      const p = {PAINTER}; p.zoom(3); let wrong = 0, found = 0;
      for (let k = 0; k < 300; k++) {{
        const x = (k * 7919) % p.width, y = (k * 104729) % p.height;
        let best = -1, least = (14 * p.ratio) ** 2;
        for (let i = 0; i < p.points.count; i++) {{
          const [a, b] = p.place(i), far = (a - x) ** 2 + (b - y) ** 2;
          if (far < least) {{ least = far; best = i; }}
        }}
        const own = p.nearest(x, y); found += own >= 0;
        if (own !== best && (own < 0 || best < 0)) wrong++;
      }}
      return [wrong, found];
    }}""")
    assert wrong[0] == 0
    assert wrong[1] > 20


def test_the_wheel_zooms_where_the_pointer_is(page: Page) -> None:
    box = page.locator("canvas").bounding_box()
    assert box is not None
    under = f"""([x, y]) => {{ const p = {PAINTER};
      return [(x * p.ratio - p.left) / p.scale, (y * p.ratio - p.top) / p.scale]; }}"""
    before = page.evaluate(under, [300, 200])
    page.mouse.move(box["x"] + 300, box["y"] + 200)
    page.mouse.wheel(0, -400)
    page.wait_for_timeout(100)
    assert page.evaluate(f"{PAINTER}.scale / {PAINTER}.least") > 1.5
    assert page.evaluate(under, [300, 200]) == pytest.approx(before, abs=0.01)


def test_a_theme_of_the_legend_lights_up(page: Page) -> None:
    page.get_by_role("link", name="friendly staff").focus()
    faint = page.evaluate(f"""() => {{ const p = {PAINTER}; p.frame();
      const faint = new Set(p.faint); return [...p.pixels].some(v => faint.has(v)); }}""")
    assert faint
    assert page.evaluate(f"{PAINTER}.lit") == 2


def test_two_fingers_zoom(page: Page) -> None:
    before = page.evaluate(f"{PAINTER}.scale")
    page.evaluate("""() => {
      const canvas = document.querySelector('canvas'), box = canvas.getBoundingClientRect();
      canvas.setPointerCapture = () => {};
      const at = (type, id, x) => canvas.dispatchEvent(new PointerEvent(type, {
        pointerId: id, clientX: box.left + x, clientY: box.top + 200, bubbles: true }));
      at('pointerdown', 1, 300); at('pointerdown', 2, 400);
      at('pointermove', 2, 500); at('pointerup', 2, 500); at('pointerup', 1, 300);
    }""")
    assert page.evaluate(f"{PAINTER}.scale") == pytest.approx(before * 2, rel=0.01)
    expect(page.locator("[data-picked]")).to_have_text("")


def test_without_javascript_the_squares_and_the_list_are_there(
    browser: Browser, gallery: str
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{gallery}/map")
        expect(page.get_by_role("img", name="Where customers' segments lie")).to_be_visible()
        expect(page.locator("canvas")).to_be_hidden()
        expect(page.get_by_role("link", name="friendly staff")).to_be_visible()


def test_points_that_cannot_be_fetched_leave_the_squares(browser: Browser, gallery: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/points?*", lambda route: route.fulfill(body=b"no map at all, not even 32"))
        page.goto(f"{gallery}/map")
        expect(page.locator("[data-status]")).to_contain_text("could not be fetched")
        expect(page.locator("svg.density")).to_be_visible()


def test_a_hundred_thousand_points_take_less_than_a_frame(browser: Browser, gallery: str) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{gallery}/map?n=100000", wait_until="networkidle")
        page.wait_for_function(PAINTER)
        times = sorted(page.evaluate(FRAMES, 120))
        assert page.evaluate(f"{PAINTER}.points.count") == 100_000
    assert times[len(times) // 2] < 16
