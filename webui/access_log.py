"""Pages that show what employees wrote say so in the access log before they are sent."""

from __future__ import annotations

from collections.abc import Mapping

from analyzer import access_log
from analyzer.access.roles import Viewer
from webui import db


def logged(viewer: Viewer, what: str, chosen: Mapping[str, str | int | None], rows: int) -> None:
    """Write that somebody reads so many of employees' comments; none, and nothing is written.

    ``chosen`` is the filter: what of the page was asked for.

    Raises:
        Locked, InputOutput, Misconfigured: it cannot be written, so nothing may be shown.
    """
    if rows:
        access_log.note(db.database(), access_log.Entry(viewer.name, what, chosen, rows))
