"""A chart as a file: SVG that needs no style sheet, PNG, CSV.

On a page the style sheet colours a chart by its classes. A file has no style sheet, and a style
element would be forbidden by our own policy when the file is opened here, so each class becomes the
attributes that it stands for. The colours are those of the light theme, on white, for a document.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from markupsafe import Markup

from analyzer.cells import safe
from webui.charts.model import Chart

FONT = Path(__file__).parent.parent / "fonts" / "DejaVuSans.ttf"
PNG_WIDTH = 1600
# Class -> what it means; tones set the colour that marks then take.
STYLE: dict[str, dict[str, str]] = {
    "employee": {"color": "#2456a6"},
    "customer": {"color": "#9a4706"},
    "plain": {"color": "#5b5853"},
    "past": {"color": "#8a857b"},
    "negative": {"color": "#b0224b"},
    "neutral": {"color": "#8a857b"},
    "positive": {"color": "#0c7064"},
    "line": {"fill": "none", "stroke": "currentColor", "stroke-width": "2"},
    "dashed": {"stroke-dasharray": "6 4"},
    "dot": {"fill": "currentColor"},
    "bar": {"fill": "currentColor"},
    "hollow": {"fill": "none", "stroke": "currentColor", "stroke-width": "1.5"},
    "whisker": {"stroke": "#1d1c1a", "stroke-width": "1.5"},
    "grid": {"stroke": "#e2dfd8", "stroke-width": "1"},
    "label": {"fill": "#1d1c1a", "font-size": "13"},
    "value": {"fill": "#1d1c1a", "font-size": "13", "font-weight": "600"},
    "tick": {"fill": "#5b5853", "font-size": "12"},
    "minor": {},
    "name": {"fill": "currentColor", "font-size": "13", "font-weight": "600"},
    "onmap": {"fill": "#1d1c1a", "font-size": "13", "font-weight": "600", "stroke": "#ffffff",
              "stroke-width": "3", "paint-order": "stroke"},
    "tie": {"fill": "currentColor"},
    "same-topic": {"color": "#6d4a9c"},
    "driver-outcome": {"color": "#2f7d5b"},
    "moves-together": {"color": "#8a6a10"},
    "likely0": {"fill-opacity": ".28"},
    "likely1": {"fill-opacity": ".4"},
    "likely2": {"fill-opacity": ".55"},
    "likely3": {"fill-opacity": ".75"},
    "hex": {"fill": "currentColor"},
    "square": {"fill": "currentColor"},
    "shade1": {"fill-opacity": ".16"},
    "shade2": {"fill-opacity": ".34"},
    "shade3": {"fill-opacity": ".52"},
    "shade4": {"fill-opacity": ".74"},
    "shade5": {"fill-opacity": "1"},
    # What only tells the kinds of charts apart.
    "drawn": {}, "trend": {}, "intervals": {}, "stack": {}, "linkmap": {}, "hexmap": {},
    "density": {},
}  # fmt: skip
_CLASS = re.compile(r' class="([^"]*)"')
_SIZE = re.compile(r'viewBox="0 0 (\S+) (\S+)"')


def standalone(drawn: Markup) -> str:
    """Return the ``<svg>`` of a chart as a document of its own, on white."""
    plain = _CLASS.sub(lambda found: _attributes(found[1]), str(drawn))
    width, height = _size(drawn)
    opening, inside = plain.split(">", 1)
    opening = opening.replace(
        "<svg",
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        'font-family="DejaVu Sans, Verdana, sans-serif"',
        1,
    )
    return f'{opening}><rect width="100%" height="100%" fill="#ffffff"/>{inside}'


def _attributes(classes: str) -> str:
    merged: dict[str, str] = {}
    for name in classes.split():
        merged.update(STYLE[name])
    return "".join(f' {key}="{value}"' for key, value in merged.items())


def _size(drawn: Markup) -> tuple[str, str]:
    found = _SIZE.search(drawn)
    assert found is not None, "every chart has a viewBox from 0 0"
    return found[1], found[2]


def png(drawn: Markup) -> bytes:
    """Return a chart as PNG, 1600 pixels wide, with the font that is installed with Bothsides."""
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=standalone(drawn),
            width=PNG_WIDTH,
            skip_system_fonts=True,
            font_files=[str(FONT)],
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
        )
    )


def csv_text(chart: Chart) -> str:
    """Return the figures of a chart as CSV, exact, with what would be a formula made a text."""
    table = chart.table()
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(safe(str(column.name)) for column in table.columns)
    rows.writerows(
        [safe(cell) if isinstance(cell, str) else cell for cell in row] for row in table.rows
    )
    return written.getvalue()
