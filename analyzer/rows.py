"""What the reads of ``queries`` return: one frozen dataclass a kind of row.

None stands for what an analysis of an older version does not know yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analyzer.types import Judgement, Nature, Polarity, Side, judgement


@dataclass(frozen=True, slots=True)
class BroadRow:
    """A broad theme; ``themes`` counts those it holds."""

    id: str
    side: Side
    label: str
    terms: tuple[str, ...]
    comments: int
    segments: int
    themes: int
    polarity: Polarity


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """See :class:`analyzer.types.Theme`; ``partners`` counts its pairs (0: partnerless)."""

    id: str
    side: Side
    label: str
    terms: tuple[str, ...]
    comments: int
    segments: int
    partners: int
    broad_id: str | None
    nature: Nature | None
    polarity: Polarity | None


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment in its comment: ``comment[start:end]`` is ``text``; ``polarity`` is -1..1."""

    source_id: str
    side: Side
    segment_index: int
    theme_id: str
    confidence: float
    polarity: float | None
    text: str
    comment: str
    start: int
    end: int
    kind: str
    date: str | None
    unit: str | None
    score: float | None

    @property
    def judgement(self) -> Judgement | None:
        """How it judges."""
        return None if self.polarity is None else judgement(self.polarity)


@dataclass(frozen=True, slots=True)
class SignRow:
    """One reason for or against a pair: see :class:`analyzer.types.Sign`."""

    name: str
    value: float
    weight: float
    moved: float | None
    note: str


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A segment that is quoted; side, kind, source id and index name it in every export."""

    source_id: str
    kind: str
    segment_index: int
    text: str


@dataclass(frozen=True, slots=True)
class ClosestRow:
    """Two segments, one of each side, that are close in meaning."""

    employee: QuoteRow
    customer: QuoteRow
    cosine: float


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair as a list shows it."""

    employee: ThemeRow
    customer: ThemeRow
    kind: str
    probability: float
    similarity: float
    status: str


@dataclass(frozen=True, slots=True)
class PairDetail:
    """A pair with its evidence."""

    pair: PairRow
    signs: tuple[SignRow, ...]
    shared_terms: tuple[str, ...]
    closest: tuple[ClosestRow, ...]
    edge: str | None
    reason: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class RunInfo:
    """The newest run: what a page says about where its figures come from."""

    id: int
    finished_at: str
    seconds: float
    seed: int
    strategy: str
    embedder: str
    fingerprint: str
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    inputs: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideCounts:
    """How much of one side there is.

    ``partnerless`` counts themes with a subject only: praise or complaint in general has nothing
    that the other side could speak of. ``broad`` is 0 if it is not known yet. ``dropped`` counts
    comments left out, by reason.
    """

    comments: int
    segments: int
    themes: int
    broad: int
    partnerless: int
    dropped: Mapping[str, int]
