"""The file of a chart: ``/themes/e1/trend.svg`` beside ``/themes/e1``, as CSV, SVG or PNG."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, abort

from webui.charts import Chart, picture


@dataclass(frozen=True, slots=True)
class Ending:
    """A kind of file and how a chart becomes one."""

    mimetype: str
    made: Callable[[Chart], str | bytes]


ENDINGS = {
    "csv": Ending("text/csv", picture.csv_text),
    "svg": Ending("image/svg+xml", lambda chart: picture.standalone(chart.draw())),
    "png": Ending("image/png", lambda chart: picture.png(chart.draw())),
}


def chart_file(chart: Chart, ending: str) -> Response:
    """Return a chart as a file; 404 if there is no such kind of file."""
    kind = ENDINGS.get(ending) or abort(404)
    response = Response(kind.made(chart), mimetype=kind.mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{chart.name}.{ending}"'
    return response
