"""How long a frame of the data map takes.

    python -m benchmarks.map_frames [POINTS]

Headless chromium without a graphics card opens the gallery's map; the painter draws frames while
the map zooms and moves. A frame is all that the painter does: points, names, putting the image.
"""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from tests.gallery.app import create_app
from tests.screens import ARGS, CHROMIUM, served

# Frames by zoom and movement, as somebody would who looks around; each time in milliseconds.
FRAMES = """(count) => {
  const p = document.querySelector('[data-map]').painter, times = [];
  for (let k = 0; k < count; k++) {
    p.zoom(k % 40 < 20 ? 1.12 : 1 / 1.12);
    p.move(Math.sin(k / 9) * 25, Math.cos(k / 7) * 25);
    const start = performance.now();
    p.frame();
    times.push(performance.now() - start);
  }
  return times;
}"""
SIZES = ((390, 844, 2), (1280, 800, 1), (1280, 800, 2), (2560, 1440, 1))


def main(count: int) -> None:
    """Print a row a size of window."""
    print(f"{count:,} points; milliseconds a frame over 300 frames")
    print("| window | pixel ratio | median | 95th percentile |\n|---|---|---|---|")
    with served(create_app()) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        for width, height, ratio in SIZES:
            with browser.new_context(
                viewport={"width": width, "height": height}, device_scale_factor=ratio
            ) as context:
                page = context.new_page()
                page.goto(f"{address}/map?n={count}", wait_until="networkidle")
                page.wait_for_function("document.querySelector('[data-map]').painter")
                page.evaluate(FRAMES, 40)
                times = sorted(page.evaluate(FRAMES, 300))
            median, late = times[len(times) // 2], times[int(len(times) * 0.95)]
            print(f"| {width} x {height} | {ratio} | {median:.1f} | {late:.1f} |")
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
