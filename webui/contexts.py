"""What each page shows: a frozen dataclass a page, built from typed rows. No I/O, no Flask."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from analyzer.queries import (
    ClosestRow,
    PairDetail,
    PairRow,
    RunInfo,
    SegmentRow,
    SideCounts,
    ThemeRow,
)
from analyzer.types import SIDES, Side
from webui.words import COMMENT_KINDS, PAIR_KINDS, SIDE_WORDS, PairKindWords, SideWords, sign_words


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the figures of a page come from: the run."""

    number: int
    finished_at: str
    model: str
    seed: int
    strategy: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page has. ``section`` is the entry of the navigation that it belongs to."""

    title: str
    section: str
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class SideView:
    """A side in words: ``key`` is employee or customer."""

    key: Side
    words: SideWords


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme. ``share`` is its comments as a share of the largest theme of its side."""

    side: SideView
    href: str
    label: str
    terms: tuple[str, ...]
    comments: int
    segments: int
    partners: int
    share: float


@dataclass(frozen=True, slots=True)
class PairView:
    """A pair as a list shows it."""

    href: str
    employee: ThemeView
    customer: ThemeView
    kind: PairKindWords
    probability: float
    status: str | None


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment in three parts; ``marked`` is the segment that belongs to the theme."""

    before: str
    marked: str
    after: str
    kind: str
    date: str | None
    unit: str | None
    score: float | None


@dataclass(frozen=True, slots=True)
class CommentsView:
    """Comments of one theme, the most telling first; ``more`` are not shown."""

    theme: ThemeView
    comments: tuple[CommentView, ...]
    more: int


@dataclass(frozen=True, slots=True)
class CountsView:
    """How much of a side there is."""

    side: SideView
    comments: int
    segments: int
    themes: int
    partnerless: int


@dataclass(frozen=True, slots=True)
class KindView:
    """A kind of pair and how many there are."""

    words: PairKindWords
    count: int


@dataclass(frozen=True, slots=True)
class PairsPage(Page):
    """The start: what was found, and the list of pairs."""

    sides: tuple[CountsView, ...]
    notes: tuple[str, ...]
    kinds: tuple[KindView, ...]
    pairs: tuple[PairView, ...]


@dataclass(frozen=True, slots=True)
class SignView:
    """A reason for a pair: what it is, what was measured, what it added to the log-odds."""

    name: str
    note: str
    value: str | None
    weight: float


@dataclass(frozen=True, slots=True)
class EdgeView:
    """The edge of the experience map that expects the pair."""

    employee: str
    customer: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class ClosestView:
    """Two segments, one of each side, that are close in meaning."""

    employee: str
    customer: str
    cosine: float


@dataclass(frozen=True, slots=True)
class PairPage(Page):
    """One pair: both themes, why these two, and the comments side by side."""

    pair: PairView
    signs: tuple[SignView, ...]
    log_odds: float
    shared_terms: tuple[str, ...]
    edge: EdgeView | None
    closest: tuple[ClosestView, ...]
    columns: tuple[CommentsView, ...]


@dataclass(frozen=True, slots=True)
class ThemeColumn:
    """The themes of one side."""

    counts: CountsView
    themes: tuple[ThemeView, ...]


@dataclass(frozen=True, slots=True)
class ThemesPage(Page):
    """The themes of both sides."""

    columns: tuple[ThemeColumn, ...]


@dataclass(frozen=True, slots=True)
class ThemePage(Page):
    """One theme: its terms, its pairs, its comments."""

    theme: ThemeView
    pairs: tuple[PairView, ...]
    comments: CommentsView


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do next: a sentence and the command that does it."""

    text: str
    command: str


@dataclass(frozen=True, slots=True)
class ErrorPage(Page):
    """What is wrong and the way on."""

    status: int
    message: str
    steps: tuple[Step, ...]


Largest = Mapping[Side, int]


def largest(themes: Iterable[ThemeRow]) -> dict[Side, int]:
    """Return the number of comments of each side's largest theme, by which bars are scaled."""
    sizes: dict[Side, int] = dict.fromkeys(SIDES, 1)
    for theme in themes:
        sizes[theme.side] = max(sizes[theme.side], theme.comments)
    return sizes


def pairs_page(
    run: RunInfo, counts: Mapping[Side, SideCounts], pairs: Sequence[PairRow], scale: Largest
) -> PairsPage:
    """Return the list of pairs."""
    kinds = [pair.kind for pair in pairs]
    return PairsPage(
        title="Pairs",
        section="pairs",
        origin=_origin(run),
        sides=tuple(_counts(side, counts[side]) for side in SIDES),
        notes=run.notes,
        kinds=tuple(
            KindView(_kind(kind), kinds.count(kind)) for kind in sorted(set(kinds), key=_kind_order)
        ),
        pairs=tuple(_pair(pair, scale) for pair in pairs),
    )


def pair_page(
    run: RunInfo,
    detail: PairDetail,
    segments: Mapping[Side, Sequence[SegmentRow]],
    scale: Largest,
) -> PairPage:
    """Return a pair with its evidence."""
    pair = _pair(detail.pair, scale)
    themes = {"employee": pair.employee, "customer": pair.customer}
    return PairPage(
        title=f"{pair.employee.label} \N{LEFT RIGHT ARROW} {pair.customer.label}",
        section="pairs",
        origin=_origin(run),
        pair=pair,
        signs=tuple(
            SignView(words.name, sign.note, words.measured(sign.value), sign.weight)
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
    pairs: Sequence[PairRow],
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
        pairs=tuple(_pair(pair, scale) for pair in pairs),
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
    analyze = Step("Analyse them", f"bothsides analyze --db {path}")
    if has_comments:
        return (analyze,)
    return (
        Step("Import what employees say", f"bothsides import FILE --side employee --db {path}"),
        Step("Import what customers say", f"bothsides import FILE --side customer --db {path}"),
        analyze,
        Step("Or look at sample data first", "bothsides demo --db demo.db"),
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
        comments=theme.comments,
        segments=theme.segments,
        partners=theme.partners,
        share=theme.comments / scale[theme.side],
    )


def _kind(kind: str) -> PairKindWords:
    return PAIR_KINDS.get(kind) or PairKindWords(kind, kind, "")


def _kind_order(kind: str) -> tuple[int, str]:
    known = list(PAIR_KINDS)
    return (known.index(kind) if kind in known else len(known), kind)


def _pair(pair: PairRow, scale: Largest) -> PairView:
    ends = quote(pair.employee.id, safe=""), quote(pair.customer.id, safe="")
    return PairView(
        href=f"/pairs/{ends[0]}/{ends[1]}",
        employee=_theme(pair.employee, scale),
        customer=_theme(pair.customer, scale),
        kind=_kind(pair.kind),
        probability=pair.probability,
        status=None if pair.status == "suggested" else pair.status,
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
