"""Small pieces of SVG. Everything is escaped; nothing is styled but by class."""

from __future__ import annotations

import math

from markupsafe import Markup, escape

# The mean width of a character as a share of the size of type, wide enough for most texts.
CHARACTER = 0.56
SIZE = 13

Attribute = str | float | int | None


def tag(name: str, *content: str | Markup, **attributes: Attribute) -> Markup:
    """Return an element; ``class_`` is class, ``text_anchor`` text-anchor; None is left out."""
    written = Markup("").join(
        Markup(' {}="{}"').format(_name(key), _value(value))
        for key, value in attributes.items()
        if value is not None
    )
    inside = Markup("").join(content)
    if not inside and name not in ("svg", "a", "text"):
        return Markup("<{}{}/>").format(name, written)
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, inside)


def _name(key: str) -> str:
    # These two are written so in SVG; everything else has hyphens.
    known = {"viewBox": "viewBox", "preserveAspectRatio": "preserveAspectRatio"}
    return known.get(key) or key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """Return a coordinate with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def text(x: float, y: float, said: str, class_: str = "label", anchor: str | None = None) -> Markup:
    """Return a line of text; ``anchor`` is middle or end."""
    return tag("text", escape(said), x=x, y=y, class_=class_, text_anchor=anchor)


def titled(said: str) -> Markup:
    """Return what is told when somebody points at the element that holds it."""
    return tag("title", escape(said))


def picture(
    name: str,
    kind: str,
    size: tuple[float, float],
    title: str,
    description: str,
    *body: Markup,
    role: str = "img",
) -> Markup:
    """Return the ``<svg>`` of a chart: named and described for those who do not see it.

    One that holds links is a group: what is inside an image nobody can reach.
    """
    width, height = size
    return tag(
        "svg",
        tag("title", escape(title), id=f"{name}-title"),
        tag("desc", escape(description), id=f"{name}-desc"),
        *body,
        class_=f"drawn {kind}",
        viewBox=f"0 0 {number(float(width))} {number(float(height))}",
        role=role,
        aria_labelledby=f"{name}-title {name}-desc",
    )


def fit(said: str, width: float, size: float = SIZE) -> str:
    """Return a text that fits a width, its end left out if need be."""
    most = max(1, int(width / (size * CHARACTER)))
    return said if len(said) <= most else said[: most - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def ticks(top: float, about: int = 4) -> list[float]:
    """Return round values from 0 to at least ``top``, about so many steps."""
    if top <= 0:
        return [0.0, 1.0]
    rough = top / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * times for times in (1, 2, 2.5, 5, 10) if power * times >= rough - 1e-12)
    count = math.ceil(top / step - 1e-9)
    return [step * i for i in range(count + 1)]
