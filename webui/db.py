"""One read-only connection a request, opened when first asked for, closed in the end."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from flask import Flask, current_app, g

from analyzer.access.roles import Viewer
from analyzer.errors import BothsidesError
from analyzer.guard import reads
from analyzer.guard.reads import Guarded
from analyzer.rows import RunInfo
from webui.language import gettext as _


class NotAnalysedError(BothsidesError):
    """There is no run to show yet; ``has_comments`` says whether there is something to analyse."""

    def __init__(self, message: str, *, has_comments: bool) -> None:
        """Keep the message and what there is to work with."""
        super().__init__(message)
        self.has_comments = has_comments


def init_app(app: Flask) -> None:
    """Close the connection when the request is over, however it ends."""
    app.teardown_appcontext(_close)


def database() -> Path:
    """Return the path of the database."""
    path: Path = current_app.config["DATABASE"]
    return path


def connection() -> sqlite3.Connection:
    """Return the request's connection.

    Raises:
        NotAnalysedError: there is no such file yet.
        BothsidesError: see :func:`analyzer.guard.reads.connect`.

    """
    if not database().exists():
        raise NotAnalysedError(
            _("There is no database %(path)s yet.", path=database()), has_comments=False
        )
    if "connection" not in g:
        g.connection = reads.connect(database())
        # All reads of a page see one state, whatever a run commits in between.
        g.connection.execute("BEGIN")
    opened: sqlite3.Connection = g.connection
    return opened


def guarded(viewer: Viewer) -> Guarded:
    """Return what one viewer may read."""
    return Guarded(connection(), viewer)


def renew() -> None:
    """Let the request see what was written since its first read."""
    _close(None)


def last_run() -> RunInfo:
    """Return the newest run.

    Raises:
        NotAnalysedError: there is none.

    """
    run = reads.last_run(connection())
    if run is not None:
        return run
    if reads.has_comments(connection()):
        raise NotAnalysedError(
            _("%(path)s holds comments, but no analysis of them.", path=database()),
            has_comments=True,
        )
    raise NotAnalysedError(
        _("%(path)s holds no comments yet.", path=database()), has_comments=False
    )


def _close(_: BaseException | None) -> None:
    opened: sqlite3.Connection | None = g.pop("connection", None)
    if opened is not None:
        opened.close()
