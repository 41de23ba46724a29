"""A context dataclass and a template make a page.

The template sees ``page``, its dataclass, and ``frame``, what is around every page; it may use the
functions of translation and the filters of ``written``.
"""

from __future__ import annotations

from flask import Flask, Response, current_app
from jinja2 import Environment, PackageLoader, StrictUndefined

from webui import frame, language, written
from webui.contexts import Page


def init_app(app: Flask) -> None:
    """Keep one environment an application: compiled templates are shared by its requests."""
    app.extensions["bothsides.templates"] = environment()


def environment() -> Environment:
    """Return Jinja's environment without the globals (request, config, g) that Flask's has."""
    env = Environment(
        loader=PackageLoader("webui"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.clear()
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    # The extension's own methods; it adds them to the environment when it is loaded.
    env.install_gettext_callables(  # type: ignore[attr-defined]
        language.lookup, language.lookup_plural, newstyle=True
    )
    env.filters.update(written.FILTERS)
    return env


def page(template: str, context: Page, status: int = 200) -> Response:
    """Return the whole page."""
    env: Environment = current_app.extensions["bothsides.templates"]
    html = env.get_template(template).render(page=context, frame=frame.current())
    return Response(html, status, mimetype="text/html")
