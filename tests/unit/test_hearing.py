"""Which words enough people use."""

from __future__ import annotations

import pytest

from analyzer.guard import words
from analyzer.hearing import are_heard, are_said, family, heard_by


def by(*texts: str) -> list[tuple[str, str]]:
    return [(f"p{at}", text) for at, text in enumerate(texts)]


@pytest.mark.parametrize(
    "forms",
    [
        ("shift", "shifts"),
        ("plan", "plans", "planned", "planning"),
        ("schedule", "scheduled", "scheduling"),
        ("party", "parties"),
        ("boss", "bosses"),
        ("turno", "turni"),
        ("hotel", "hoteles"),
        ("stay", "staying", "stayed"),
    ],
)
def test_inflections_of_a_word_count_together(forms: tuple[str, ...]) -> None:
    assert len({family(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("speed", "spe"), ("thing", "th"), ("manager", "manage"), ("bed", "b")]
)
def test_other_words_do_not(one: str, other: str) -> None:
    assert family(one) != family(other)


def test_a_word_needs_five_people_and_not_five_comments() -> None:
    assert "rot" in heard_by(by(*["the rota"] * 5), 5)
    assert "rot" not in heard_by(by(*["the rota"] * 4), 5)
    assert "rot" not in heard_by([("p0", "the rota")] * 9, 5)


def test_every_word_of_a_label_counts_but_grammar_does_not() -> None:
    heard = heard_by(by(*["late rotas", "desk"] * 5), 5)
    assert are_heard("rota of the desk", heard)
    assert not are_heard("rota of the yacht", heard)
    assert not are_heard("late-yacht rota", heard)


def test_a_term_of_two_words_is_said_side_by_side() -> None:
    heard = heard_by(by(*["front desk, late rota"] * 5), 5)
    assert are_said("front desk", heard)
    assert not are_said("front rota", heard)


def test_a_label_that_may_not_be_shown_gives_way_to_the_terms_that_pass() -> None:
    heard = heard_by(by(*["late rota, front desk"] * 5), 5)
    found = ["yacht", "rota", "front desk", "late"]
    assert words.label("e1", "late rota", "late rota", found, heard) == "late rota"
    assert words.label("e1", "rota yacht", "rota yacht", found, heard) == "rota, front desk"
    assert words.label("e1", "rota yacht", "rota yacht", ["yacht"], heard) == "theme e1"


def test_what_people_typed_stays() -> None:
    assert words.label("e1", "our yacht", "late rota", [], frozenset()) == "our yacht"
