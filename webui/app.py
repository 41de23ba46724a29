"""The application factory. Nothing here runs at import time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from analyzer.errors import Misconfigured
from webui import assets, db, errors, frame, preferences, render, security, views


def create_app(config: Mapping[str, object]) -> Flask:
    """Return the application.

    ``config["DATABASE"]`` is the path of the database. It is opened anew for each request, so it
    may be missing or empty when the application starts: a page then says what to do.

    Raises:
        Misconfigured: DATABASE is missing.

    """
    database = config.get("DATABASE")
    if not isinstance(database, str | Path):
        raise Misconfigured("The pages need config['DATABASE'], the path of the database.")
    app = Flask(__name__, template_folder=None, static_folder=None)
    app.config.from_mapping(config)
    app.config["DATABASE"] = Path(database)
    frame.init_app(app)
    security.init_app(app)
    assets.init_app(app)
    render.init_app(app)
    db.init_app(app)
    errors.init_app(app)
    app.register_blueprint(views.pages)
    app.register_blueprint(preferences.preferences)
    return app
