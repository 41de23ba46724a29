"""The words of Bothsides as frozen dataclasses. Arrays are numpy; everything else is plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Side = Literal["employee", "customer"]
PairKind = Literal["same-topic", "driver-outcome"]
Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]
Progress = Callable[[str, int, int], None]

SIDES: tuple[Side, Side] = ("employee", "customer")
KINDS: dict[Side, tuple[str, ...]] = {
    "employee": ("exit", "pulse"),
    "customer": ("review", "ticket", "survey"),
}


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


@dataclass(frozen=True)
class Theme:
    """Segments of one side that say the same thing.

    ``centroid`` is a unit vector (dimension,) in the run's centred space. ``exemplars`` are indices
    into the side's segments, the most telling first. ``nodes`` are nodes of the experience map with
    the share of the theme's segments that vote for each.
    """

    id: str
    side: Side
    label: str
    terms: tuple[str, ...]
    comments: int
    segments: int
    centroid: Vectors
    exemplars: tuple[int, ...]
    nodes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason for a pair: what was measured, its value, and what it added to the log-odds."""

    name: str
    value: float
    weight: float
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
    """One side's result. ``theme`` (n_segments,) indexes ``themes``; ``confidence`` is 0..1."""

    side: Side
    segments: tuple[Segment, ...]
    theme: Labels
    confidence: NDArray[np.float64]
    themes: tuple[Theme, ...]
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
