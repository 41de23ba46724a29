"""Typed rows -> the parts that several pages share. No I/O, no Flask."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from analyzer.rows import (
    BroadRow,
    ClosestRow,
    PairDetail,
    RunInfo,
    SegmentRow,
    SideCounts,
    ThemeRow,
)
from analyzer.types import Polarity, Side
from webui.contexts import (
    BroadView,
    ClosestView,
    CommentsView,
    CommentView,
    CountsView,
    Origin,
    PairView,
    PolarityView,
    SideView,
    ThemeView,
)
from webui.words import (
    COMMENT_KINDS,
    JUDGEMENT_WORDS,
    NATURE_WORDS,
    PAIR_KINDS,
    SIDE_WORDS,
    PairKindWords,
)

# A theme is mixed if at least this share of its segments praises, and this share criticises.
MIXED_FROM = 0.25


def origin(run: RunInfo) -> Origin:
    """Return where the figures of a page come from."""
    return Origin(run.id, run.finished_at, run.embedder, run.seed, run.strategy, run.seconds)


def counts(side: Side, found: SideCounts) -> CountsView:
    """Return how much of a side there is."""
    return CountsView(
        SideView(side, SIDE_WORDS[side]), found.comments, found.segments, found.themes, found.broad,
        found.partnerless,
    )  # fmt: skip


def theme_href(theme_id: str) -> str:
    """Return the address of a theme's page."""
    return f"/themes/{quote(theme_id, safe='')}"


def theme(row: ThemeRow) -> ThemeView:
    """Return a theme."""
    return ThemeView(
        side=SideView(row.side, SIDE_WORDS[row.side]),
        href=theme_href(row.id),
        label=row.label,
        terms=row.terms,
        other_terms=tuple(term for term in row.terms if term not in row.label.split(", ")),
        comments=row.comments,
        segments=row.segments,
        partners=row.partners,
        general=NATURE_WORDS.get(row.nature) if row.nature else None,
        polarity=polarity(row.polarity) if row.polarity else None,
    )


def broad(row: BroadRow) -> BroadView:
    """Return a broad theme."""
    anchor = f"broad-{quote(row.id, safe='')}"
    return BroadView(
        anchor=anchor,
        href=f"/themes#{anchor}",
        label=row.label,
        comments=row.comments,
        segments=row.segments,
        themes=row.themes,
        polarity=polarity(row.polarity),
    )


def polarity(found: Polarity) -> PolarityView:
    """Return how segments judge."""
    return PolarityView(
        found.negative,
        found.neutral,
        found.positive,
        mixed=min(found.positive, found.negative) >= MIXED_FROM,
    )


def kind(key: str) -> PairKindWords:
    """Return the words of a kind of pair; one that has no row speaks for itself."""
    return PAIR_KINDS.get(key) or PairKindWords(key, key, "")


def pair(detail: PairDetail) -> PairView:
    """Return a pair with its two closest segments as an example."""
    row = detail.pair
    ends = quote(row.employee.id, safe=""), quote(row.customer.id, safe="")
    return PairView(
        href=f"/pairs/{ends[0]}/{ends[1]}",
        employee=theme(row.employee),
        customer=theme(row.customer),
        kind=kind(row.kind),
        probability=row.probability,
        status=None if row.status == "suggested" else row.status,
        example=closest(detail.closest[0]) if detail.closest else None,
    )


def closest(row: ClosestRow) -> ClosestView:
    """Return two segments that are close in meaning."""
    return ClosestView(row.employee.text, row.customer.text, row.cosine)


def comments(of: ThemeView, segments: Sequence[SegmentRow], count: int) -> CommentsView:
    """Return the comments of a theme; ``count`` is how many there are, shown or not."""
    return CommentsView(
        of, tuple(_comment(segment) for segment in segments), max(count - len(segments), 0)
    )


def _comment(segment: SegmentRow) -> CommentView:
    return CommentView(
        before=segment.comment[: segment.start],
        marked=segment.comment[segment.start : segment.end],
        after=segment.comment[segment.end :],
        kind=COMMENT_KINDS.get(segment.kind, segment.kind),
        date=segment.date,
        unit=segment.unit,
        score=segment.score,
        judgement=JUDGEMENT_WORDS[segment.judgement] if segment.judgement else None,
    )
