"""Typed rows -> the parts that several pages share. No I/O, no Flask."""

from __future__ import annotations

from urllib.parse import quote

from analyzer.guard.shown import Broad, Counts, Pair, Quote, Quotes, Shares, Size, Theme
from analyzer.rows import ClosestRow, RunInfo
from analyzer.types import Side
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
    SizeView,
    ThemeView,
)
from webui.language import gettext as _
from webui.words import (
    COMMENT_KINDS,
    JUDGEMENT_WORDS,
    NATURE_WORDS,
    PAIR_KINDS,
    SIDE_WORDS,
    UNJUDGED,
    WITHHELD,
    PairKindWords,
)
from webui.written import number

# A theme is mixed if at least this share of its segments praises, and this share criticises.
MIXED_FROM = 0.25


def origin(run: RunInfo) -> Origin:
    """Return where the figures of a page come from."""
    return Origin(run.id, run.finished_at, run.embedder, run.seed, run.strategy, run.seconds)


def counts(side: Side, found: Counts) -> CountsView:
    """Return how much of a side there is."""
    return CountsView(
        SideView(side, SIDE_WORDS[side]), size(found.size), found.themes, found.broad,
        found.partnerless,
    )  # fmt: skip


def size(found: Size) -> SizeView:
    """Return how much there is; of employees in words that claim no more than is known."""
    if found.people is not None:
        people = _("about %(people)s people", people=number(found.people))
    elif found.band is not None:
        people = _("%(band)s people", band=found.band)
    else:
        people = _("5 people or more")
    return SizeView(found.comments, found.segments, people)


def theme_href(theme_id: str) -> str:
    """Return the address of a theme's page."""
    return f"/themes/{quote(theme_id, safe='')}"


def theme(row: Theme) -> ThemeView:
    """Return a theme."""
    return ThemeView(
        side=SideView(row.side, SIDE_WORDS[row.side]),
        href=theme_href(row.id),
        label=row.label,
        terms=row.terms,
        other_terms=tuple(term for term in row.terms if term not in row.label.split(", ")),
        size=size(row.size),
        partners=row.partners,
        general=NATURE_WORDS.get(row.nature) if row.nature else None,
        polarity=polarity(row.shares) if row.shares else None,
        unjudged=UNJUDGED[row.judged],
    )


def broad(row: Broad) -> BroadView:
    """Return a broad theme."""
    anchor = f"broad-{quote(row.id, safe='')}"
    return BroadView(
        anchor=anchor,
        href=f"/themes#{anchor}",
        label=row.label,
        size=size(row.size) if row.side == "customer" else None,
        themes=row.themes,
        polarity=polarity(row.shares) if row.shares else None,
    )


def polarity(found: Shares) -> PolarityView:
    """Return how many judge so."""
    return PolarityView(
        found.negative,
        found.neutral,
        found.positive,
        mixed=min(found.positive or 0, found.negative or 0) >= MIXED_FROM,
    )


def kind(key: str) -> PairKindWords:
    """Return the words of a kind of pair; one that has no row speaks for itself."""
    return PAIR_KINDS.get(key) or PairKindWords(key, key, "")


def pair(row: Pair) -> PairView:
    """Return a pair with its two closest segments as an example."""
    ends = quote(row.employee.id, safe=""), quote(row.customer.id, safe="")
    return PairView(
        href=f"/pairs/{ends[0]}/{ends[1]}",
        employee=theme(row.employee),
        customer=theme(row.customer),
        kind=kind(row.kind),
        probability=row.probability,
        status=None if row.status == "suggested" else row.status,
        example=closest(row.closest[0]) if row.closest else None,
    )


def closest(row: ClosestRow) -> ClosestView:
    """Return two segments that are close in meaning."""
    return ClosestView(row.employee.text, row.customer.text, row.cosine)


def comments(of: ThemeView, found: Quotes, count: int | None) -> CommentsView:
    """Return the comments of a theme; ``count`` is how many there are, shown or not, if told."""
    more = 0 if count is None else max(count - len(found.quotes), 0)
    withheld = WITHHELD[found.why] if found.why else ""
    return CommentsView(of, tuple(_comment(quote) for quote in found.quotes), more, withheld)


def _comment(found: Quote) -> CommentView:
    return CommentView(
        before=found.comment[: found.start],
        marked=found.comment[found.start : found.end],
        after=found.comment[found.end :],
        kind=COMMENT_KINDS.get(found.kind, found.kind) if found.kind else None,
        date=found.when,
        unit=found.unit,
        score=found.score,
        judgement=JUDGEMENT_WORDS[found.judgement] if found.judgement else None,
    )
