"""The documentation cannot drift from the code."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from analyzer import settings
from analyzer.importers import VENDORS
from tests import docs_cli

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = [README, ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|(?:src|href)=\"([^\"]+)\"")


def test_the_readme_shows_the_settings_as_they_are() -> None:
    found = re.search(
        r"<!-- settings -->\n(.*?)\n<!-- /settings -->",
        README.read_text(encoding="utf-8"),
        re.DOTALL,
    )
    assert found, "the README holds the table between <!-- settings --> and <!-- /settings -->"
    assert found[1].strip() == settings.markdown_table()


def test_the_command_line_page_is_the_help_of_every_command() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert page == docs_cli.markdown(), "run: python -m tests.docs_cli > docs/cli.md"


def test_every_command_and_option_of_the_contract_is_on_the_command_line_page() -> None:
    page = docs_cli.markdown()
    for command in ("demo", "import", "analyze", "export themes", "export segments", "export pairs",
                    "export evidence", "export levels", "export sentiment", "serve",
                    "models list", "models verify", "models build",
                    "profiles list", "profiles forget", "experience check", "ingest", "batches",
                    "undo", "backup", "restore", "check", "why", "history", "edit rename",
                    "edit merge", "edit split", "edit move", "edit hide", "edit accept",
                    "edit reject", "edit note", "edit undo", "worker", "erase", "retention run",
                    "audit verify", "audit list",
                    "user add", "user disable", "user enable", "user list", "user passwd",
                    "user totp", "token add", "token list", "token revoke",
                    "redact", "raw key", "raw show",
                    "raw readings"):  # fmt: skip
        assert f"### bothsides {command}\n" in page
    for option in (
        "--db", "--side", "--kind", "--map", "--profile", "--dry-run", "--json", "--seed", "-o",
        "--embedder", "--strategy", "--format", "--host", "--port", "--no-serve",
        "--inbox", "--stable", "--raw-cells", "--once",
        "--production", "--workers", "--behind-proxy", "--role", "--right",
        "--days", "--label",
        "--roster",
    ):  # fmt: skip
        assert re.search(rf"{option}\b", page)


def test_the_page_of_formats_has_every_export_with_its_side_and_kind() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    for vendor in VENDORS:
        if not vendor.refused:
            implied = f"{vendor.side}, {vendor.kind}" if vendor.side else "to be told"
            assert f"| {vendor.label} | {implied} |" in page


def test_there_is_a_changelog_and_it_names_the_version() -> None:
    import importlib.metadata

    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert importlib.metadata.version("bothsides") in text


def test_the_quick_start_shows_the_demo_and_then_the_tests() -> None:
    text = README.read_text(encoding="utf-8")
    demo, test = text.find("scripts/demo"), text.find("scripts/test")
    assert 0 <= demo < test
    for name in ("demo", "test"):
        script = ROOT / "scripts" / name
        assert script.is_file()
        assert script.stat().st_mode & 0o111, f"scripts/{name} can be run"
        assert script.read_text(encoding="utf-8").startswith("#!/bin/sh")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for groups in LINK.findall(text):
        target = groups[0] or groups[1]
        if re.match(r"[a-z]+:", target) or target.startswith("#"):
            continue
        path = page.parent / unquote(target.partition("#")[0])
        assert path.exists(), f"{page.name} links to {target}"
