"""The entries of the navigation, as one table. An entry shows once its page exists."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

from analyzer.access.roles import Viewer
from webui import rights
from webui.language import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the navigation.

    ``endpoint`` is Flask's (blueprint and view), ``section`` what its pages name in their context.
    Who may open it is a row of ``webui.rights``.
    """

    section: str
    endpoint: str
    label: Text


ENTRIES = (
    Entry("start", "pages.start", Text("Start")),
    Entry("pairs", "pages.pairs", Text("Pairs")),
    Entry("link-map", "pages.link_map", Text("Link map")),
    Entry("themes", "pages.themes", Text("Themes")),
    Entry("leaving", "pages.leaving", Text("Why people leave")),
    Entry("map", "pages.data_map", Text("Data map")),
    Entry("search", "pages.search", Text("Search")),
    Entry("import", "imports.start", Text("Import")),
    Entry("runs", "runs.runs", Text("Runs")),
    Entry("room", "pages.room", Text("Room")),
    Entry("settings", "pages.settings", Text("Settings")),
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
        if entry.endpoint in endpoints
        and (need := rights.NEEDS.get(entry.endpoint)) is not None
        and rights.allows(viewer, need)
    )
