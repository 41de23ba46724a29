"""Typed rows -> the dataclass of a page. No I/O, no Flask."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from analyzer.guard.shown import Broad, Counts, Judged, Pair, Quotes, Theme
from analyzer.rows import RunInfo, SignRow
from analyzer.types import SIDES, Judgement, Side
from webui import parts
from webui.contexts import (
    BroadGroup,
    EdgeView,
    ErrorPage,
    FilterView,
    KindView,
    PairPage,
    PairsPage,
    SignView,
    Step,
    ThemeColumn,
    ThemePage,
    ThemesPage,
    ThemeView,
)
from webui.language import gettext as _
from webui.words import JUDGEMENT_WORDS, PAIR_KINDS, sign_words

# The sign that says where any two themes start; it is no reason for these two.
START = "start"


def pairs_page(run: RunInfo, counts: Mapping[Side, Counts], pairs: Sequence[Pair]) -> PairsPage:
    """Return the list of pairs, without those that people rejected."""
    pairs = _not_rejected(pairs)
    kinds = [pair.kind for pair in pairs]
    return PairsPage(
        title=_("Pairs"),
        section="pairs",
        origin=parts.origin(run),
        sides=tuple(parts.counts(side, counts[side]) for side in SIDES),
        notes=run.notes,
        kinds=tuple(
            KindView(parts.kind(kind), kinds.count(kind))
            for kind in sorted(set(kinds), key=_kind_order)
        ),
        pairs=tuple(parts.pair(pair) for pair in pairs),
    )


def _not_rejected(pairs: Sequence[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair.status != "rejected"]


def _kind_order(kind: str) -> tuple[int, str]:
    known = list(PAIR_KINDS)
    return (known.index(kind) if kind in known else len(known), kind)


def pair_page(
    run: RunInfo,
    detail: Pair,
    quotes: Mapping[Side, Quotes],
) -> PairPage:
    """Return a pair with its evidence."""
    pair = parts.pair(detail)
    themes = {"employee": pair.employee, "customer": pair.customer}
    start = next((sign.weight for sign in detail.signs if sign.name == START), None)
    return PairPage(
        title=f"{pair.employee.label} \N{LEFT RIGHT ARROW} {pair.customer.label}",
        section="pairs",
        origin=parts.origin(run),
        pair=pair,
        calibrated=all(sign.moved is not None for sign in detail.signs),
        signs=_signs(detail.signs),
        start=None if start is None else 1 / (1 + math.exp(-start)),
        shared_terms=detail.shared_terms,
        edge=_edge(detail),
        closest=tuple(parts.closest(row) for row in detail.closest),
        columns=tuple(
            parts.comments(themes[side], quotes[side], themes[side].size.comments) for side in SIDES
        ),
    )


def _signs(signs: Sequence[SignRow]) -> tuple[SignView, ...]:
    """Return the signs, first those that moved the estimate most, up or down."""
    told = [sign for sign in signs if sign.name != START]
    told.sort(key=lambda sign: abs(sign.weight if sign.moved is None else sign.moved), reverse=True)
    return tuple(
        SignView(words.name, words.note or sign.note, words.measured(sign.value), sign.moved)
        for sign in told
        for words in [sign_words(sign.name)]
    )


def _edge(detail: Pair) -> EdgeView | None:
    if detail.edge is None:
        return None
    employee, _, customer = detail.edge.replace("_", " ").partition(">")
    return EdgeView(employee, customer, detail.reason or "", detail.source or "")


def themes_page(
    run: RunInfo,
    counts: Mapping[Side, Counts],
    broad: Mapping[Side, Sequence[Broad]],
    themes: Mapping[Side, Sequence[Theme]],
) -> ThemesPage:
    """Return the themes of both sides under their broad themes, those without a subject apart."""
    return ThemesPage(
        title=_("Themes"),
        section="themes",
        origin=parts.origin(run),
        columns=tuple(
            ThemeColumn(
                parts.counts(side, counts[side]),
                groups=_groups(broad[side], themes[side]),
                general=tuple(parts.theme(row) for row in themes[side] if not _has_subject(row)),
            )
            for side in SIDES
        ),
    )


def _has_subject(row: Theme) -> bool:
    return row.nature in (None, "subject")


def _groups(broad: Sequence[Broad], themes: Sequence[Theme]) -> tuple[BroadGroup, ...]:
    """Return the themes with a subject under their broad themes, those that have none last."""
    held: dict[str | None, list[Theme]] = {row.id: [] for row in broad}
    for row in themes:
        if _has_subject(row):
            held.setdefault(row.broad_id, []).append(row)
    known = {row.id: parts.broad(row) for row in broad}
    return tuple(
        BroadGroup(known.get(key or ""), tuple(parts.theme(row) for row in rows))
        for key, rows in held.items()
        if rows
    )


def theme_page(
    run: RunInfo,
    theme: Theme,
    broad: Broad | None,
    siblings: Sequence[Theme],
    pairs: Sequence[Pair],
    quotes: Quotes,
    counts: Judged,
    chosen: Judgement | None,
) -> ThemePage:
    """Return a theme; ``chosen`` is the judgement of which ``quotes`` are, None for all."""
    view = parts.theme(theme)
    return ThemePage(
        title=view.label,
        section="themes",
        origin=parts.origin(run),
        theme=view,
        broad=parts.broad(broad) if broad and not view.general else None,
        siblings=tuple(parts.theme(row) for row in siblings),
        pairs=tuple(parts.pair(pair) for pair in _not_rejected(pairs)),
        filters=_filters(view, theme.size.people, counts, chosen) if view.polarity else (),
        comments=parts.comments(
            view,
            quotes,
            view.size.comments if chosen is None or theme.side == "employee" else counts[chosen],
        ),
    )


def _filters(
    of: ThemeView, people: int | None, counts: Judged, chosen: Judgement | None
) -> tuple[FilterView, ...]:
    everything = people if of.size.comments is None else of.size.comments
    return (
        FilterView(_("All"), f"{of.href}#comments", everything, chosen is None),
        *(
            FilterView(
                JUDGEMENT_WORDS[key].name,
                f"{of.href}?polarity={key}#comments",
                count,
                key == chosen,
            )
            for key, count in counts.items()
        ),
    )


def error_page(status: int, title: str, message: str, steps: tuple[Step, ...] = ()) -> ErrorPage:
    """Return what is wrong and the way on."""
    return ErrorPage(
        title=title, section="", origin=None, status=status, message=message, steps=steps
    )


def steps(database: Path, has_comments: bool) -> tuple[Step, ...]:
    """Return the commands that lead to an analysis."""
    path = shlex.quote(str(database))
    analyze = Step(_("Then analyse the comments:"), f"bothsides analyze --db {path}")
    if has_comments:
        return (analyze,)
    return (
        Step(_("Import what employees say:"), f"bothsides import FILE --side employee --db {path}"),
        Step(_("Import what customers say:"), f"bothsides import FILE --side customer --db {path}"),
        analyze,
        Step(_("Or look at sample data first:"), "bothsides demo --db demo.db"),
    )
