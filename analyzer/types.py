"""The words of Bothsides as frozen dataclasses. Arrays are numpy; everything else is plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Side = Literal["employee", "customer"]
PairKind = Literal["same-topic", "driver-outcome"]
Nature = Literal["subject", "general-praise", "general-complaint"]
Judgement = Literal["negative", "neutral", "positive"]
Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]
Progress = Callable[[str, int, int], None]

SIDES: tuple[Side, Side] = ("employee", "customer")
KINDS: dict[Side, tuple[str, ...]] = {
    "employee": ("exit", "pulse"),
    "customer": ("review", "ticket", "survey"),
}
JUDGEMENTS: tuple[Judgement, ...] = ("negative", "neutral", "positive")
# A segment whose polarity is nearer to 0 than this judges neither way.
NEUTRAL_BELOW = 0.25


def judgement(polarity: float) -> Judgement:
    """Return how a segment of this polarity (-1..1) judges."""
    if abs(polarity) < NEUTRAL_BELOW:
        return "neutral"
    return "positive" if polarity > 0 else "negative"


def no_progress(stage: str, done: int, total: int) -> None:
    """The progress callback of somebody who does not want to know."""


class Embedder(Protocol):
    """What turns texts into vectors. A text's vector depends on that text alone."""

    @property
    def name(self) -> str:
        """The name by which people choose it."""

    @property
    def fingerprint(self) -> str:
        """What tells two embedders apart whose vectors must never meet."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    @property
    def centre(self) -> str:
        """``language``: take each language's mean away before comparing; ``none``: do not."""

    @property
    def similar(self) -> float:
        """The (centred) cosine from which two texts mean much the same; it belongs to the model."""

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Return unit vectors (n, dimension); ``progress`` hears how many more are done."""


@dataclass(frozen=True, slots=True)
class Comment:
    """One free-text answer of one respondent. ``text`` is already redacted.

    ``id`` is stable over imports; ``source_id`` is the id in the source, shared by the comments
    that
    come from several text columns of one row (``column`` tells them apart). ``date`` is ISO 8601.
    ``respondent`` is a keyed hash.
    """

    id: str
    side: Side
    kind: str
    source_id: str
    column: str
    text: str
    language: str | None = None
    date: str | None = None
    unit: str | None = None
    score: float | None = None
    respondent: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence or clause: ``comment.text[start:end] == text``. ``index`` counts from 0."""

    comment_id: str
    index: int
    start: int
    end: int
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """A comment, or the span of one, that was left out of the analysis, and why."""

    comment_id: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Polarity:
    """How segments judge: the shares of each kind, which add up to 1, and the mean, -1..1."""

    positive: float
    neutral: float
    negative: float
    mean: float


@dataclass(frozen=True)
class BroadTheme:
    """Themes of one side that lie close together; each theme belongs to exactly one."""

    id: str
    side: Side
    label: str
    terms: tuple[str, ...]
    comments: int
    segments: int
    polarity: Polarity


@dataclass(frozen=True)
class Theme:
    """Segments of one side that say the same thing.

    ``broad`` is the id of the broad theme that holds it. ``nature`` is ``subject``, or says that
    its segments judge without a subject ("terrible place"). ``centroid`` is a unit vector
    (dimension,) in the run's centred space. ``exemplars`` are indices into the side's segments, the
    most telling first. ``nodes`` are nodes of the experience map with the share of the theme's
    segments that vote for each.
    """

    id: str
    side: Side
    broad: str
    nature: Nature
    label: str
    terms: tuple[str, ...]
    comments: int
    segments: int
    polarity: Polarity
    centroid: Vectors
    exemplars: tuple[int, ...]
    nodes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason for or against a pair: what was measured, and what it did.

    ``weight`` is what it added to the log-odds; ``moved`` is by how much the probability would be
    lower (if negative: higher) without it, -1..1.
    """

    name: str
    value: float
    weight: float
    moved: float
    note: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two themes are shown together.

    ``closest`` are (employee segment, customer segment, cosine), indices into the sides' segments.
    ``edge`` names an edge of the experience map as ``employee node>customer node``.
    """

    signs: tuple[Sign, ...]
    closest: tuple[tuple[int, int, float], ...]
    shared_terms: tuple[str, ...]
    edge: str | None = None
    reason: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """One employee theme and one customer theme that belong together. Figures are 0..1."""

    employee_theme_id: str
    customer_theme_id: str
    kind: PairKind
    probability: float
    similarity: float
    evidence: Evidence
    status: str = "suggested"


@dataclass(frozen=True)
class SideAnalysis:
    """One side's result.

    ``theme`` (n_segments,) indexes ``themes``; ``confidence`` (n_segments,) is 0..1; ``polarity``
    (n_segments,) is -1..1. ``broad`` holds the broad themes, the largest first.
    """

    side: Side
    segments: tuple[Segment, ...]
    theme: Labels
    confidence: NDArray[np.float64]
    polarity: NDArray[np.float64]
    themes: tuple[Theme, ...]
    broad: tuple[BroadTheme, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True)
class Analysis:
    """What one run found. ``notes`` are sentences for a person."""

    sides: Mapping[Side, SideAnalysis]
    pairs: tuple[Pair, ...]
    language_means: Mapping[str, Vectors]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One free-text answer as a file holds it, before redaction and before it is a Comment.

    ``row`` is the row's number in the file as a person counts: the header is row 1, a JSON object's
    number starts at 1. ``date`` is ISO 8601. ``respondent`` is still the source's own id.
    """

    row: int
    source_id: str
    column: str
    text: str
    date: str | None = None
    unit: str | None = None
    score: float | None = None
    respondent: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be read: where, and why. It never holds the row's text."""

    row: int
    reason: str
    column: str | None = None
