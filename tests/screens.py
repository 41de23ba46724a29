"""Pictures of every page, light, dark and as a phone shows it: ``scripts/screens``.

    python -m tests.screens DATABASE [NAME...]     into docs/screens/

They are quantised to 128 colours, which no eye misses and which makes them a third as large.
"""

from __future__ import annotations

import io
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.gallery.app import create_app as gallery
from tests.people import NAMES, PASSWORDS, add_people
from tests.serving import running
from tests.working import fill
from webui import create_app

FOLDER = Path(__file__).parent.parent / "docs" / "screens"
CHROMIUM = "/usr/bin/chromium"
ARGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
LOOKS = {
    "light": ("light", 1280, 900),
    "dark": ("dark", 1280, 900),
    "phone": ("light", 390, 844),
}
# Name -> path; {pair} and {theme} are the likeliest pair and its customers' theme.
PAGES = {
    "pairs": "/",
    "pair": "/pairs/{pair}",
    "themes": "/themes",
    "theme": "/themes/{theme}",
    "missing": "/nothing",
}
# Who has given a name and password before, and the page that is then seen.
ACCOUNTS = {
    "login": (None, "/login"),
    "code": (NAMES["hr_verbatim"], "/login/code"),
    "account": (NAMES["hr"], "/account"),
}
PARTS = {"gallery": "/", "map": "/map?n=100000"}
MOST_HIGH = 2600


class Silent(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        """Log nothing."""


@contextmanager
def served(app: object) -> Iterator[str]:
    """Serve an application on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    with running(server) as address:
        yield address


def addresses(database: Path) -> dict[str, str]:
    """Return the pages' paths for what is in this database."""
    with sqlite3.connect(database) as db:
        row = db.execute(
            "SELECT employee_theme_id, customer_theme_id FROM pairs"
            " WHERE status <> 'rejected' ORDER BY probability DESC LIMIT 1"
        ).fetchone()
    if row is None:
        sys.exit(f"Error: {database} holds no pair. Take the demo's: bothsides demo --no-serve")
    return {n: p.format(pair="/".join(row), theme=row[1]) for n, p in PAGES.items()}


def take(browser: Browser, name: str, address: str, who: str | None = None) -> None:
    """Save the pictures of one page, as somebody sees it."""
    for look, (scheme, width, height) in LOOKS.items():
        with browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": height}, locale="en-GB"
        ) as context:
            page = context.new_page()
            if who is not None:
                _sign_in(page, address, who)
            page.goto(address, wait_until="networkidle")
            page.wait_for_timeout(300)
            high = min(page.evaluate("document.documentElement.scrollHeight"), MOST_HIGH)
            shot = page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": high},
                                   full_page=True)  # fmt: skip
        picture = Image.open(io.BytesIO(shot)).convert("RGB").quantize(128, dither=0)
        picture.save(FOLDER / f"{name}-{look}.png", optimize=True)


def _sign_in(page: Page, address: str, who: str) -> None:
    page.goto(address)
    page.get_by_label("Name").fill(who)
    page.get_by_label("Password").fill(PASSWORDS[who])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: not url.endswith("/login"))


def main(arguments: list[str]) -> None:
    """Take all pictures, or those of the pages named."""
    if not arguments:
        sys.exit("usage: python -m tests.screens DATABASE [NAME...]")
    database, names = Path(arguments[0]), set(arguments[1:])
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        served(create_app({"DATABASE": database})) as real,
        served(create_app({"DATABASE": (busy := Path(folder) / "busy.db")})) as work,
        served(create_app({"DATABASE": (shared := Path(folder) / "people.db")})) as guarded,
        served(gallery()) as parts,
        sync_playwright() as playwright,
    ):
        for copy in (busy, shared):
            shutil.copy(database, copy)
        add_people(shared)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        wanted = {n: real + p for n, p in addresses(database).items()}
        wanted |= {n: work + p for n, p in fill(busy, patch).items()}
        wanted |= {n: parts + p for n, p in PARTS.items()}
        for name, address in wanted.items():
            if not names or name in names:
                take(browser, name, address)
        for name, (who, path) in ACCOUNTS.items():
            if not names or name in names:
                take(browser, name, guarded + path, who)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
