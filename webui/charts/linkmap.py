"""Both sides as two columns, joined by their pairs. Themes without a partner stand apart, below.

Every theme has a row of at least the height of a line, so labels never overlap, however many.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from markupsafe import Markup

from webui.charts import svg
from webui.charts.model import Column, Files, Table
from webui.language import gettext as _
from webui.written import number, percent

WIDTH = 960.0
LEFT_BAR, RIGHT_BAR, BAR = 336.0, 614.0, 10.0
LINE, TALLEST, HEAD, APART = 22.0, 44.0, 34.0, 40.0
# The bands of a pair, from doubtful to likely.
LIKELY = (0.5, 0.7, 0.85)


@dataclass(frozen=True, slots=True)
class Node:
    """A theme: ``volume`` is its number of comments, banded or exact."""

    key: str
    label: str
    volume: float
    href: str | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """A pair of an employee theme and a customer theme."""

    employee: str
    customer: str
    probability: float
    kind: str
    kind_name: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a theme stands: its bar from ``top`` on, ``height`` high."""

    node: Node
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class LinkMap:
    """The themes of both sides and the pairs between them."""

    name: str
    title: str
    description: str
    employees: tuple[Node, ...]
    customers: tuple[Node, ...]
    ties: tuple[Tie, ...]
    files: Files | None = None

    def draw(self) -> Markup:
        """Return it as an ``<svg>``; left by volume, right so that bands cross little."""
        left, apart_left = self._split("employee", self.employees)
        right, apart_right = self._split("customer", self.customers)
        right = self._untangled(left, right)
        scale = max((node.volume for node in (*self.employees, *self.customers)), default=1) or 1
        columns = [_places(nodes, HEAD, scale) for nodes in (left, right)]
        below = max([HEAD, *(p.top + max(p.height, LINE) for c in columns for p in c)]) + APART
        alone = [_places(nodes, below, scale) for nodes in (apart_left, apart_right)]
        bottom = max([below, *(p.top + max(p.height, LINE) for c in alone for p in c)])
        body = [
            _head("employee", _("Employees say"), 18.0),
            _head("customer", _("Customers say"), 18.0),
            *self._bands({p.node.key: p for p in columns[0]}, {p.node.key: p for p in columns[1]}),
        ]
        if apart_left:
            body.append(_head("employee", _("Blind spots of the customers' side"), below - 14))
        if apart_right:
            body.append(_head("customer", _("Blind spots of the employees' side"), below - 14))
        for side, paired, single in zip(("employee", "customer"), columns, alone, strict=True):
            body += [_node(place, side, "bar") for place in paired]
            body += [_node(place, side, "hollow") for place in single]
        nodes = any(node.href for node in (*self.employees, *self.customers))
        linked = nodes or any(tie.href for tie in self.ties)
        return svg.picture(
            self.name,
            "linkmap",
            (WIDTH, bottom + 8),
            self.title,
            self.description,
            *body,
            role="group" if linked else "img",
        )

    def table(self) -> Table:
        """Return a row a pair, then a row a theme without one."""
        names = {node.key: node.label for node in (*self.employees, *self.customers)}
        tied = {key for tie in self.ties for key in (tie.employee, tie.customer)}
        none = _("no partner")
        return Table(
            self.title,
            (
                Column(_("Employees say")),
                Column(_("Customers say")),
                Column(_("Kind")),
                Column(_("Probability"), "share"),
            ),
            (
                *(
                    (names[tie.employee], names[tie.customer], tie.kind_name, tie.probability)
                    for tie in sorted(self.ties, key=lambda tie: -tie.probability)
                ),
                *((n.label, none, None, None) for n in self.employees if n.key not in tied),
                *((none, n.label, None, None) for n in self.customers if n.key not in tied),
            ),
        )

    def _split(
        self, side: Literal["employee", "customer"], nodes: tuple[Node, ...]
    ) -> tuple[list[Node], list[Node]]:
        tied = {tie.employee if side == "employee" else tie.customer for tie in self.ties}
        ranked = sorted(nodes, key=lambda node: (-node.volume, node.label))
        return [n for n in ranked if n.key in tied], [n for n in ranked if n.key not in tied]

    def _untangled(self, left: list[Node], right: list[Node]) -> list[Node]:
        """Return the right column in the order of the mean place of its partners."""
        place = {node.key: i for i, node in enumerate(left)}
        partners: dict[str, list[int]] = {node.key: [] for node in right}
        for tie in self.ties:
            partners[tie.customer].append(place[tie.employee])
        mean = {key: sum(found) / len(found) for key, found in partners.items()}
        return sorted(right, key=lambda node: (mean[node.key], -node.volume))

    def _bands(self, left: Mapping[str, _Place], right: Mapping[str, _Place]) -> list[Markup]:
        """Return the bands; the share of a bar that a band takes is that of its partners."""
        starts = self._slices(left, right, "employee")
        ends = self._slices(right, left, "customer")
        drawn = []
        for i, tie in enumerate(self.ties):
            said = f"{left[tie.employee].node.label} – {right[tie.customer].node.label}: "
            said += f"{percent(tie.probability)}, {tie.kind_name}"
            drawn.append(_band(starts[i], ends[i], tie, said))
        return drawn

    def _slices(
        self,
        own: Mapping[str, _Place],
        other: Mapping[str, _Place],
        side: Literal["employee", "customer"],
    ) -> dict[int, tuple[float, float]]:
        def ends(tie: Tie) -> tuple[str, str]:
            both = (tie.employee, tie.customer)
            return both if side == "employee" else (both[1], both[0])

        found: dict[int, tuple[float, float]] = {}
        for key, place in own.items():
            mine = [i for i, tie in enumerate(self.ties) if ends(tie)[0] == key]
            mine.sort(key=lambda i: other[ends(self.ties[i])[1]].top)
            cuts = [place.top + place.height * k / len(mine) for k in range(len(mine) + 1)]
            found.update(zip(mine, pairwise(cuts), strict=True))
        return found


def _places(nodes: list[Node], top: float, scale: float) -> list[_Place]:
    placed = []
    for node in nodes:
        height = max(4.0, node.volume / scale * TALLEST)
        row = max(LINE, height + 6)
        placed.append(_Place(node, top + (row - height) / 2, height))
        top += row
    return placed


def _head(side: str, said: str, y: float) -> Markup:
    x, anchor = (LEFT_BAR + BAR, "end") if side == "employee" else (RIGHT_BAR, "start")
    return svg.tag("g", svg.text(x, y, said, "name", anchor), class_=side)


def _node(place: _Place, side: str, mark: str) -> Markup:
    node, middle = place.node, place.top + place.height / 2
    left = side == "employee"
    bar = svg.tag(
        "rect",
        x=LEFT_BAR if left else RIGHT_BAR,
        y=place.top,
        width=BAR,
        height=place.height,
        rx=2.0,
        class_=mark,
    )
    x, anchor = (LEFT_BAR - 8, "end") if left else (RIGHT_BAR + BAR + 8, "start")
    label = svg.text(x, middle + 4.5, svg.fit(node.label, LEFT_BAR - 70), "label", anchor)
    told = node.said or number(node.volume)
    far, far_anchor = (2.0, "start") if left else (WIDTH - 2, "end")
    count = svg.text(far, middle + 4.5, told, "tick", far_anchor)
    named = svg.tag("g", svg.titled(f"{node.label}: {told}"), label, bar, count, class_=side)
    return svg.tag("a", named, href=node.href) if node.href else named


def _band(start: tuple[float, float], end: tuple[float, float], tie: Tie, said: str) -> Markup:
    x1, x2 = LEFT_BAR + BAR, RIGHT_BAR
    turn = (x1 + x2) / 2
    (a, b), (c, d) = _at_least(start), _at_least(end)
    n = svg.number
    drawn = (
        f"M{n(x1)} {n(a)}C{n(turn)} {n(a)} {n(turn)} {n(c)} {n(x2)} {n(c)}"
        f"L{n(x2)} {n(d)}C{n(turn)} {n(d)} {n(turn)} {n(b)} {n(x1)} {n(b)}Z"
    )
    step = sum(tie.probability >= limit for limit in LIKELY)
    band = svg.tag("path", svg.titled(said), d=drawn, class_=f"tie {tie.kind} likely{step}")
    if tie.href is None:
        return band
    # By keyboard one goes from theme to theme; the bands are for the pointer, the table for all.
    return svg.tag("a", band, href=tie.href, aria_label=said, tabindex=-1)


def _at_least(part: tuple[float, float], least: float = 2.0) -> tuple[float, float]:
    missing = max(0.0, least - (part[1] - part[0])) / 2
    return part[0] - missing, part[1] + missing
