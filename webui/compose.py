"""Typed rows -> the dataclass of a page. No I/O, no Flask."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from analyzer.queries import (
    ClosestRow,
    PairDetail,
    RunInfo,
    SegmentRow,
    SideCounts,
    ThemeRow,
)
from analyzer.types import SIDES, Side
from webui.contexts import (
    ClosestView,
    CommentsView,
    CommentView,
    CountsView,
    EdgeView,
    ErrorPage,
    KindView,
    Origin,
    PairPage,
    PairsPage,
    PairView,
    SideView,
    SignView,
    Step,
    ThemeColumn,
    ThemePage,
    ThemesPage,
    ThemeView,
)
from webui.words import COMMENT_KINDS, PAIR_KINDS, SIDE_WORDS, PairKindWords, sign_words

Largest = Mapping[Side, int]


def largest(themes: Iterable[ThemeRow]) -> dict[Side, int]:
    """Return the segments of each side's largest theme, by which bars are scaled."""
    sizes: dict[Side, int] = dict.fromkeys(SIDES, 1)
    for theme in themes:
        sizes[theme.side] = max(sizes[theme.side], theme.segments)
    return sizes


def pairs_page(
    run: RunInfo, counts: Mapping[Side, SideCounts], pairs: Sequence[PairDetail], scale: Largest
) -> PairsPage:
    """Return the list of pairs."""
    kinds = [detail.pair.kind for detail in pairs]
    return PairsPage(
        title="Pairs",
        section="pairs",
        origin=_origin(run),
        sides=tuple(_counts(side, counts[side]) for side in SIDES),
        notes=run.notes,
        kinds=tuple(
            KindView(_kind(kind), kinds.count(kind)) for kind in sorted(set(kinds), key=_kind_order)
        ),
        pairs=tuple(_pair(detail, scale) for detail in pairs),
    )


def pair_page(
    run: RunInfo,
    detail: PairDetail,
    segments: Mapping[Side, Sequence[SegmentRow]],
    scale: Largest,
) -> PairPage:
    """Return a pair with its evidence."""
    pair = _pair(detail, scale)
    themes = {"employee": pair.employee, "customer": pair.customer}
    return PairPage(
        title=f"{pair.employee.label} \N{LEFT RIGHT ARROW} {pair.customer.label}",
        section="pairs",
        origin=_origin(run),
        pair=pair,
        signs=tuple(
            SignView(words.name, words.note or sign.note, words.measured(sign.value), sign.weight)
            for sign in detail.signs
            for words in [sign_words(sign.name)]
        ),
        log_odds=sum(sign.weight for sign in detail.signs),
        shared_terms=detail.shared_terms,
        edge=_edge(detail),
        closest=tuple(_closest(row) for row in detail.closest),
        columns=tuple(_comments(themes[side], segments[side]) for side in SIDES),
    )


def themes_page(
    run: RunInfo,
    counts: Mapping[Side, SideCounts],
    themes: Mapping[Side, Sequence[ThemeRow]],
    scale: Largest,
) -> ThemesPage:
    """Return the themes of both sides."""
    return ThemesPage(
        title="Themes",
        section="themes",
        origin=_origin(run),
        columns=tuple(
            ThemeColumn(
                _counts(side, counts[side]), tuple(_theme(theme, scale) for theme in themes[side])
            )
            for side in SIDES
        ),
    )


def theme_page(
    run: RunInfo,
    theme: ThemeRow,
    pairs: Sequence[PairDetail],
    segments: Sequence[SegmentRow],
    scale: Largest,
) -> ThemePage:
    """Return a theme."""
    view = _theme(theme, scale)
    return ThemePage(
        title=view.label,
        section="themes",
        origin=_origin(run),
        theme=view,
        pairs=tuple(_pair(detail, scale) for detail in pairs),
        comments=_comments(view, segments),
    )


def error_page(status: int, title: str, message: str, steps: tuple[Step, ...] = ()) -> ErrorPage:
    """Return what is wrong and the way on."""
    return ErrorPage(
        title=title, section="", origin=None, status=status, message=message, steps=steps
    )


def steps(database: Path, has_comments: bool) -> tuple[Step, ...]:
    """Return the commands that lead to an analysis."""
    path = shlex.quote(str(database))
    analyze = Step("Then analyse the comments:", f"bothsides analyze --db {path}")
    if has_comments:
        return (analyze,)
    return (
        Step("Import what employees say:", f"bothsides import FILE --side employee --db {path}"),
        Step("Import what customers say:", f"bothsides import FILE --side customer --db {path}"),
        analyze,
        Step("Or look at sample data first:", "bothsides demo --db demo.db"),
    )


def _origin(run: RunInfo) -> Origin:
    return Origin(run.id, run.finished_at, run.embedder, run.seed, run.strategy, run.seconds)


def _side(side: Side) -> SideView:
    return SideView(side, SIDE_WORDS[side])


def _counts(side: Side, counts: SideCounts) -> CountsView:
    return CountsView(
        _side(side), counts.comments, counts.segments, counts.themes, counts.partnerless
    )


def _theme(theme: ThemeRow, scale: Largest) -> ThemeView:
    return ThemeView(
        side=_side(theme.side),
        href=f"/themes/{quote(theme.id, safe='')}",
        label=theme.label,
        terms=theme.terms,
        other_terms=tuple(term for term in theme.terms if term not in theme.label.split(", ")),
        comments=theme.comments,
        segments=theme.segments,
        partners=theme.partners,
        share=theme.segments / scale[theme.side],
    )


def _kind(kind: str) -> PairKindWords:
    return PAIR_KINDS.get(kind) or PairKindWords(kind, kind, "")


def _kind_order(kind: str) -> tuple[int, str]:
    known = list(PAIR_KINDS)
    return (known.index(kind) if kind in known else len(known), kind)


def _pair(detail: PairDetail, scale: Largest) -> PairView:
    pair = detail.pair
    ends = quote(pair.employee.id, safe=""), quote(pair.customer.id, safe="")
    return PairView(
        href=f"/pairs/{ends[0]}/{ends[1]}",
        employee=_theme(pair.employee, scale),
        customer=_theme(pair.customer, scale),
        kind=_kind(pair.kind),
        probability=pair.probability,
        status=None if pair.status == "suggested" else pair.status,
        example=_closest(detail.closest[0]) if detail.closest else None,
    )


def _edge(detail: PairDetail) -> EdgeView | None:
    if detail.edge is None:
        return None
    employee, _, customer = detail.edge.replace("_", " ").partition(">")
    return EdgeView(employee, customer, detail.reason or "", detail.source or "")


def _closest(row: ClosestRow) -> ClosestView:
    return ClosestView(row.employee, row.customer, row.cosine)


def _comments(theme: ThemeView, segments: Sequence[SegmentRow]) -> CommentsView:
    return CommentsView(
        theme,
        tuple(_comment(segment) for segment in segments),
        max(theme.comments - len(segments), 0),
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
    )
