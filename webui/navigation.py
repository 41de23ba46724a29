"""The entries of the navigation, as one table. An entry shows once its page exists."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

from analyzer.access.roles import Right, Viewer
from webui.language import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the navigation.

    ``endpoint`` is Flask's (blueprint and view), ``section`` what its pages name in their context,
    ``right`` what one needs to open it; None: everybody may.
    """

    section: str
    endpoint: str
    label: Text
    right: Right | None


ENTRIES = (
    Entry("start", "pages.start", Text("Start"), None),
    Entry("pairs", "pages.pairs", Text("Pairs"), "employee-names"),
    Entry("link-map", "pages.link_map", Text("Link map"), "employee-names"),
    Entry("themes", "pages.themes", Text("Themes"), "customer-figures"),
    Entry("leaving", "pages.leaving", Text("Why people leave"), "employee-figures"),
    Entry("map", "pages.data_map", Text("Data map"), "customer-figures"),
    Entry("search", "pages.search", Text("Search"), "customer-comments"),
    Entry("import", "imports.start", Text("Import"), "import-customers"),
    Entry("runs", "runs.runs", Text("Runs"), "run"),
    Entry("room", "pages.room", Text("Room"), "customer-comments"),
    Entry("settings", "pages.settings", Text("Settings"), "manage"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as a page shows it."""

    section: str
    href: str
    label: Text


def links(
    viewer: Viewer | None, endpoints: Container[str], address: Callable[[str], str]
) -> tuple[Link, ...]:
    """Return the entries whose page exists and that the viewer may open; nobody: none."""
    if viewer is None:
        return ()
    return tuple(
        Link(entry.section, address(entry.endpoint), entry.label)
        for entry in ENTRIES
        if entry.endpoint in endpoints and (entry.right is None or viewer.may(entry.right))
    )
