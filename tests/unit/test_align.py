"""Pairs of themes: found where they belong together, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analyzer import align, explain
from analyzer.align import EXPECTED, MAX_PARTNERS, SAME_TOPIC
from analyzer.discover.assign import unit
from analyzer.experience import Edge, ExperienceMap, Node
from analyzer.signs import KNOWN, Found, measure, side_centred
from analyzer.types import Segment

D = 64


def basis(count: int) -> np.ndarray:
    return np.eye(count, D, dtype=np.float32)


def side(
    directions: np.ndarray,
    size: int = 12,
    shares: np.ndarray | None = None,
    seed: int = 1,
    words: list[str] | None = None,
    polarity: float = 0.0,
) -> Found:
    rng = np.random.default_rng(seed)
    theme = np.repeat(np.arange(len(directions)), size)
    vectors = unit(
        (directions[theme] + rng.normal(scale=0.05, size=(len(theme), D))).astype(np.float32)
    )
    given = np.zeros((len(directions), 0)) if shares is None else shares
    said = [frozenset((words[number],) if words else ()) for number in theme]
    return Found(vectors, theme, np.full(len(theme), polarity), said, given, given)


EMPTY = ExperienceMap({"employee": {}, "customer": {}}, ())


def chart(
    *edges: tuple[str, str], strength: str = "strong", employee="ab", customer="xy"
) -> ExperienceMap:
    nodes = {
        "employee": {k: Node(k, "employee", k, k, {"en": (k,)}) for k in employee},
        "customer": {k: Node(k, "customer", k, k, {"en": (k,)}) for k in customer},
    }
    return ExperienceMap(
        nodes, tuple(Edge(e, c, "driver-outcome", strength, "Because.", "S 2000") for e, c in edges)
    )


def test_the_same_topic_is_found_and_what_is_unrelated_is_not() -> None:
    axes = basis(16)
    pairs = align.align(side(axes[:8]), side(axes[[0, 1, *range(10, 16)]], seed=2), EMPTY, 0.5)
    assert {(p.employee, p.customer, p.kind) for p in pairs} == {
        (0, 0, "same-topic"), (1, 1, "same-topic"),
    }  # fmt: skip
    assert all(p.edge is None and p.similarity > 0.5 for p in pairs)


def test_sides_that_share_nothing_have_no_pairs() -> None:
    axes = basis(8)
    assert align.align(side(axes[:4]), side(axes[4:], seed=2), EMPTY, 0.5) == []


def test_an_edge_of_the_map_joins_themes_that_are_not_alike() -> None:
    axes = basis(8)
    shares = np.array([[0.8, 0], [0, 0.1], [0, 0], [0, 0]])
    pairs = align.align(
        side(axes[:4], shares=shares), side(axes[4:], shares=shares, seed=2), chart(("a", "x")), 0.5
    )
    (pair,) = pairs
    assert (pair.employee, pair.customer, pair.kind) == (0, 0, "driver-outcome")
    assert pair.edge is not None
    assert pair.edge.reason == "Because."


def test_a_theme_that_is_most_of_its_side_can_lead_with_a_node() -> None:
    axes = basis(8)
    left = side(axes[:2], shares=np.array([[0.9, 0.0], [0.8, 0.0]]))
    right = side(axes[4:6], shares=np.array([[0.9, 0.0], [0.0, 0.9]]), seed=2)
    pairs = align.align(left, right, chart(("a", "x")), 0.5)
    assert {(p.employee, p.customer) for p in pairs} == {(0, 0), (1, 0)}


def test_a_theme_that_hardly_speaks_of_a_node_is_not_joined_by_its_edge() -> None:
    axes = basis(8)
    shares = np.array([[0.1, 0], [0, 0], [0, 0], [0, 0]])
    ends = side(axes[:4], shares=shares), side(axes[4:], shares=shares, seed=2)
    assert align.align(*ends, chart(("a", "x")), 0.5) == []


def test_no_theme_has_more_partners_than_a_reader_can_use() -> None:
    many = MAX_PARTNERS + 4
    axes = basis(D)
    employee, customer = np.zeros((8, 2)), np.zeros((48, 2))
    employee[0, 0] = 0.9
    customer[:many, 0] = np.linspace(0.9, 0.7, many)
    pairs = align.align(
        side(axes[:8], shares=employee), side(axes[8:56], shares=customer, seed=2),
        chart(("a", "x")), 0.3,
    )  # fmt: skip
    assert len(pairs) == MAX_PARTNERS
    assert {p.employee for p in pairs} == {0}


def test_pairs_come_the_likeliest_first_and_above_the_threshold() -> None:
    axes = basis(12)
    near = unit(axes[:6] + np.linspace(0, 0.8, 6)[:, None].astype("f4") * axes[6:])
    for threshold in (0.2, 0.5, 0.8):
        pairs = align.align(side(axes[:6]), side(near, seed=2), EMPTY, threshold)
        chances = [pair.probability for pair in pairs]
        assert chances == sorted(chances, reverse=True)
        assert all(threshold <= chance <= 1 for chance in chances)


def test_a_pair_stands_once() -> None:
    axes = basis(4)
    shares = np.eye(4, 2) * 0.9
    pairs = align.align(
        side(axes, shares=shares),
        side(axes, shares=shares, seed=2),
        chart(("a", "x"), ("b", "y")),
        0.3,
    )
    ends = [(p.employee, p.customer) for p in pairs]
    assert len(ends) == len(set(ends))
    assert {(0, 0), (1, 1)} <= set(ends)


@pytest.mark.parametrize("empty", [0, 1])
def test_an_empty_side_has_no_pairs(empty: int) -> None:
    full = side(basis(3))
    nothing = np.zeros((0, 0))
    vectors = np.zeros((0, D), np.float32)
    none = Found(vectors, np.zeros(0, dtype=int), np.zeros(0), [], nothing, nothing)
    ends = (none, full) if empty == 0 else (full, none)
    assert align.align(*ends, EMPTY, 0.5) == []


def test_one_theme_a_side_does_not_break_the_margin() -> None:
    pairs = align.align(side(basis(1)), side(basis(1), seed=2), EMPTY, 0.0)
    assert len(pairs) <= 1
    assert all(np.isfinite(pair.probability) for pair in pairs)


def test_centring_a_side_takes_its_mean_away() -> None:
    vectors = side(basis(3) + 2).own
    centred = side_centred(vectors)
    assert np.abs(centred.mean(axis=0)).max() < np.abs(vectors.mean(axis=0)).max()
    np.testing.assert_allclose(np.linalg.norm(centred, axis=1), 1, atol=1e-5)
    assert side_centred(vectors[:0]).shape == (0, D)


def segments(count: int, prefix: str, per_comment: int = 1) -> list[Segment]:
    return [
        Segment(f"{prefix}{i // per_comment}", i % per_comment, 0, 4, f"text{i}", "en")
        for i in range(count)
    ]


@pytest.fixture
def explained():
    axes = basis(4)
    ends = side(axes[:2]), side(axes[[0, 3]], seed=2)
    pair = align.align(*ends, EMPTY, 0.5)[0]
    own = segments(24, "e", 3), segments(24, "c", 2)
    evidence = explain.evidence(
        pair, (ends[0].own, ends[1].own), (ends[0].theme, ends[1].theme), own,
        (("long queue", "desk"), ("queue", "front desk", "slow")),
    )  # fmt: skip
    return pair, ends, own, evidence


def test_the_closest_segments_are_of_the_two_themes_and_no_comment_stands_twice(explained) -> None:
    pair, ends, own, evidence = explained
    used = []
    assert 1 <= len(evidence.closest) <= explain.CLOSEST
    for e, c, cosine in evidence.closest:
        assert ends[0].theme[e] == pair.employee
        assert ends[1].theme[c] == pair.customer
        assert cosine == pytest.approx(float(ends[0].own[e] @ ends[1].own[c]), abs=1e-3)
        used += [own[0][e].comment_id, own[1][c].comment_id]
    assert len(used) == len(set(used))


def test_the_closest_come_in_falling_order_and_the_first_is_the_very_closest(explained) -> None:
    pair, ends, _, evidence = explained
    cosines = [cosine for _, _, cosine in evidence.closest]
    assert cosines == sorted(cosines, reverse=True)
    every = (
        ends[0].own[ends[0].theme == pair.employee] @ ends[1].own[ends[1].theme == pair.customer].T
    )
    assert cosines[0] == pytest.approx(float(every.max()), abs=1e-3)


def test_shared_terms_are_the_words_that_both_themes_have(explained) -> None:
    assert explained[3].shared_terms == ("desk", "queue")


def test_a_pair_without_an_edge_claims_none(explained) -> None:
    evidence = explained[3]
    assert (evidence.edge, evidence.reason, evidence.source) == (None, None, None)
    assert evidence.signs == explained[0].signs


def test_signs_add_up_to_the_probability_and_say_how_far_they_moved_it() -> None:
    axes = basis(8)
    ends = side(axes[:4]), side(axes[[0, 1, 6, 7]], seed=2)
    for pair in align.candidates(*ends, EMPTY):
        odds = sum(sign.weight for sign in pair.signs)
        assert pair.probability == pytest.approx(1 / (1 + np.exp(-odds)))
        for sign in pair.signs:
            without = 1 / (1 + np.exp(-(odds - sign.weight)))
            assert sign.moved == pytest.approx(pair.probability - without)


def test_no_weight_has_the_wrong_direction() -> None:
    for weights in (SAME_TOPIC, EXPECTED):
        for name, weight in weights.items():
            if name != "start":
                against = name in ("senses", "polarity")
                assert weight <= 0 if against else weight >= 0
            assert name in align.NOTES


def test_a_word_in_two_senses_is_told_from_a_word_in_one() -> None:
    axes = basis(8)
    words = ["hours", "pay", "desk", "food"]
    left = side(axes[:4], words=words)
    same = measure(left, side(axes[:4], seed=2, words=words), EMPTY).signs["senses"]
    other = measure(left, side(axes[4:], seed=2, words=words), EMPTY).signs["senses"]
    assert same[0, 0] < 0.1
    assert other[0, 0] > 0.5
    assert other[0, 1] == 0


def test_words_alone_make_no_pair() -> None:
    axes = basis(8)
    words = ["hours", "paid", "schedule", "call"]
    pairs = align.align(
        side(axes[:4], words=words), side(axes[4:], seed=2, words=words), EMPTY, 0.5
    )
    assert pairs == []


def test_two_themes_that_judge_differently_are_less_likely_to_belong_together() -> None:
    axes = basis(8)
    shares = np.array([[0.6, 0], [0, 0], [0, 0], [0, 0]])
    left = side(axes[:4], shares=shares, polarity=-0.8)
    chances = [
        align.candidates(
            left, side(axes[4:], shares=shares, seed=2, polarity=value), chart(("a", "x"))
        )[0].probability
        for value in (-0.8, 0.8)
    ]
    assert chances[0] > chances[1]


def test_neighbours_find_the_themes_that_lie_together() -> None:
    axes = basis(8)
    signs = measure(side(axes[:4]), side(axes[[0, 1, 6, 7]], seed=2), EMPTY).signs
    for name in ("mutual", "company", "lead"):
        assert signs[name][0].argmax() == 0
        assert signs[name][1].argmax() == 1
    assert ((signs["mutual"] >= 0) & (signs["mutual"] <= 1)).all()


def test_company_is_nought_where_neighbours_come_by_chance() -> None:
    left, right = side(basis(1), size=40), side(basis(1), size=40, seed=2)
    halves = replace(
        right, theme=np.arange(40) % 2, affinity=np.zeros((2, 0)), share=np.zeros((2, 0))
    )
    company = measure(left, halves, EMPTY).signs["company"]
    assert np.abs(company).max() < 0.35


def test_a_lead_is_told_over_the_others_alone() -> None:
    axes = basis(8)
    lead = measure(side(axes[:4]), side(axes[[0, 5, 6, 7]], seed=2), EMPTY).signs["lead"]
    assert lead[0, 0] > 0.5
    assert lead[1, 1] < lead[0, 0] / 4


def test_a_theme_stands_only_for_nodes_that_the_map_says_clearly_enough() -> None:
    axes = basis(8)
    shares = np.array([[0.8, 0], [0, 0], [0, 0], [0, 0]])
    for affinity, joined in ((KNOWN, True), (KNOWN - 0.01, False)):
        ends = [
            replace(side(part, shares=shares, seed=seed), affinity=shares / 0.8 * affinity)
            for seed, part in enumerate((axes[:4], axes[4:]))
        ]
        edge = measure(*ends, chart(("a", "x"))).edge
        assert (edge[0, 0] == 0) == joined
        assert (edge.ravel()[1:] == -1).all()
