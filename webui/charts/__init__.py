"""Charts: a frozen dataclass each, which draws itself as SVG and tells itself as a table.

Drawing is pure: figures in, markup out. Colours and type come from the classes of the style sheet,
so that a chart follows the theme of its page; ``picture`` gives the same chart as a file.
"""

from webui.charts.density import Density
from webui.charts.hexmap import Hexagon, HexMap
from webui.charts.intervals import Interval, IntervalRow, Intervals
from webui.charts.linkmap import LinkMap, Node, Tie
from webui.charts.model import Cell, Chart, Column, Files, Table
from webui.charts.sparkline import Sparkline
from webui.charts.stack import Stack, StackRow
from webui.charts.trend import Series, Trend

__all__ = [
    "Cell",
    "Chart",
    "Column",
    "Density",
    "Files",
    "HexMap",
    "Hexagon",
    "Interval",
    "IntervalRow",
    "Intervals",
    "LinkMap",
    "Node",
    "Series",
    "Sparkline",
    "Stack",
    "StackRow",
    "Table",
    "Tie",
    "Trend",
]
