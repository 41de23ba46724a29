"""What pages, downloads and role exports get: one frozen dataclass a kind of row.

They are the rows of ``analyzer.rows`` as far as a viewer may see them. None is what is not shown:
too few people, or not this viewer's; the two look the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analyzer.rows import ClosestRow, SignRow
from analyzer.types import Judgement, Nature, Side

# Bands of people: from, to, in words. A rounded figure decides, so that a band is as steady as
# the figure; the smallest figure stands for 5 to 14 people.
BANDS = ((0, 14, "5–14"), (15, 24, "15–24"), (25, 49, "25–49"), (50, 99, "50–99"),
         (100, 249, "100–249"), (250, 999, "250–999"))  # fmt: skip
LARGEST = "1000 or more"


def band(people: int) -> str:
    """Return the band of a rounded number of people."""
    return next((name for low, high, name in BANDS if low <= people <= high), LARGEST)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of something.

    Customers: exact ``comments`` and ``segments``. Employees: ``people``, rounded, for whom figures
    may be shown, and its ``band`` for everybody who may see names; both None where no figure is
    published.
    """

    comments: int | None = None
    segments: int | None = None
    people: int | None = None
    band: str | None = None


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares that judge so, 0..1: of segments of customers, of people of employees."""

    positive: float | None
    neutral: float | None
    negative: float | None


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme; ``partners`` counts the pairs that the viewer can see.

    ``judged`` says whether it is known how it judges, shown in ``shares`` or not.
    """

    id: str
    side: Side
    label: str
    terms: tuple[str, ...]
    size: Size
    partners: int
    broad_id: str | None
    nature: Nature | None
    shares: Shares | None
    judged: bool


@dataclass(frozen=True, slots=True)
class Broad:
    """A broad theme; ``themes`` counts those shown. One of employees has no figures of its own."""

    id: str
    side: Side
    label: str
    terms: tuple[str, ...]
    size: Size
    themes: int
    shares: Shares | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair with its evidence; ``closest`` is empty if the employees' half may not be read."""

    employee: Theme
    customer: Theme
    kind: str
    probability: float
    similarity: float
    status: str
    signs: tuple[SignRow, ...]
    shared_terms: tuple[str, ...]
    closest: tuple[ClosestRow, ...]
    edge: str | None
    reason: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Quote:
    """A segment in its comment: ``comment[start:end]``.

    ``when`` is a date, of employees a whole quarter. Of employees kind, quarter and unit are there
    only as far as the comments of the theme that have them too are a group large enough to be read.
    """

    key: str
    theme_id: str
    segment_index: int
    confidence: float
    comment: str
    start: int
    end: int
    kind: str | None
    when: str | None
    unit: str | None
    score: float | None
    judgement: Judgement | None


@dataclass(frozen=True, slots=True)
class Quotes:
    """The comments of one theme that may be read; ``why`` says in a word why there are none.

    ``few``: the group is too small. ``role``: the viewer reads no comments of this side.
    """

    quotes: tuple[Quote, ...]
    why: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of one side there is, of what is shown."""

    size: Size
    themes: int
    broad: int
    partnerless: int


Judged = Mapping[Judgement, int | None]
