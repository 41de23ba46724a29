"""The application factory. Nothing here runs at import time."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from analyzer.errors import Misconfigured
from webui import (
    account,
    assets,
    db,
    errors,
    frame,
    imports,
    preferences,
    render,
    rights,
    runs_pages,
    security,
    uploading,
    views,
)


def create_app(config: Mapping[str, object]) -> Flask:
    """Return the application.

    ``config["DATABASE"]`` is the path of the database. It is opened anew for each request, so it
    may be missing or empty when the application starts: a page then says what to do.

    ``config["PUBLIC_NAME"]`` is the host name under which a proxy with TLS serves the pages, if
    there is one. ``config["SECRET_KEY"]`` signs cookies; without one they last as long as the
    application. ``config["CLOCK"]`` tells the time in place of ``time.time``.

    Raises:
        Misconfigured: DATABASE is missing.

    """
    database = config.get("DATABASE")
    if not isinstance(database, str | Path):
        raise Misconfigured("The pages need config['DATABASE'], the path of the database.")
    app = Flask(__name__, template_folder=None, static_folder=None)
    app.config.from_mapping(config)
    app.config["DATABASE"] = Path(database)
    app.secret_key = app.secret_key or secrets.token_bytes(32)
    frame.init_app(app)
    security.init_app(app)
    uploading.init_app(app)
    assets.init_app(app)
    rights.init_app(app)
    render.init_app(app)
    db.init_app(app)
    errors.init_app(app)
    for blueprint in (
        views.pages, imports.pages, runs_pages.pages, account.account, preferences.preferences
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    return app
