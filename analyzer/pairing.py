"""Two described sides -> pairs with their evidence."""

from __future__ import annotations

from collections.abc import Mapping

from analyzer import align, explain, label
from analyzer.experience import ExperienceMap, Stands
from analyzer.grouping import Grouped, Placed
from analyzer.settings import Settings
from analyzer.signs import Found, side_centred
from analyzer.types import SIDES, Pair, Side, SideAnalysis, Vectors

MIN_LETTERS = 3


def pairs(
    sides: Mapping[Side, SideAnalysis],
    placed: Mapping[Side, Placed],
    grouped: Mapping[Side, Grouped],
    stands: Mapping[Side, Stands],
    chart: ExperienceMap,
    settings: Settings,
) -> tuple[Pair, ...]:
    """Return the pairs, the likeliest first. Judgement without a subject has no partner."""
    if not all(sides[side].themes for side in SIDES):
        return ()
    found = {
        side: Found(
            own=placed[side].own,
            theme=grouped[side].theme,
            polarity=placed[side].polarity,
            words=_content(sides[side]),
            affinity=stands[side].affinity,
            share=stands[side].share,
        )
        for side in SIDES
    }
    candidates = align.align(found["employee"], found["customer"], chart, settings.min_probability)
    vectors = side_centred(placed["employee"].own), side_centred(placed["customer"].own)
    return tuple(_pair(row, sides, vectors) for row in candidates if _of_subjects(row, sides))


def _content(side: SideAnalysis) -> list[frozenset[str]]:
    """Return the content words of each segment."""
    stop = set(label.stop_words())
    return [
        frozenset(word for word in label.words(segment.text) - stop if len(word) >= MIN_LETTERS)
        for segment in side.segments
    ]


def _of_subjects(row: align.Candidate, sides: Mapping[Side, SideAnalysis]) -> bool:
    ends = sides["employee"].themes[row.employee], sides["customer"].themes[row.customer]
    return all(theme.nature == "subject" for theme in ends)


def _pair(
    candidate: align.Candidate,
    sides: Mapping[Side, SideAnalysis],
    vectors: tuple[Vectors, Vectors],
) -> Pair:
    employee, customer = sides["employee"], sides["customer"]
    left, right = employee.themes[candidate.employee], customer.themes[candidate.customer]
    return Pair(
        employee_theme_id=left.id,
        customer_theme_id=right.id,
        kind=candidate.kind,
        probability=candidate.probability,
        similarity=candidate.similarity,
        evidence=explain.evidence(
            candidate,
            vectors,
            (employee.theme, customer.theme),
            (employee.segments, customer.segments),
            (left.terms, right.terms),
        ),
    )
