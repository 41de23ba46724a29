"""The figures of benchmarks/quality on examples whose results are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.quality import metrics, report, terms
from benchmarks.quality.metrics import Gold, ShownPair

GOLD = Gold(
    match={("staff", "wait"): "driver-outcome", ("noise", "noise"): "same-topic"},
    neutral=frozenset({("staff", "dirt")}),
    never=frozenset({("pay", "price")}),
)
LEFT = {"e1": {"staff"}, "e2": {"noise"}, "e3": {"pay"}}
RIGHT = {"c1": {"wait"}, "c2": {"noise"}, "c3": {"price"}, "c4": {"dirt"}}


def shown(*pairs: tuple[str, str, str]) -> list[ShownPair]:
    return [ShownPair(e, c, kind, 0.9) for e, c, kind in pairs]


def test_texts_left_out_are_one_cluster_of_their_own() -> None:
    row = metrics.agreement(["a", "a", "b", "b"], ["t1", "t1", "none", "none"])
    assert row["ari"] == pytest.approx(1)
    assert (row["themes"], row["labels"], row["coverage"]) == (1, 2, 0.5)


def test_nameless_labels_can_be_left_out_of_the_score() -> None:
    truth, found = ["a", "a", "b", "b", "?", "?"], ["1", "1", "2", "2", "1", "2"]
    assert metrics.agreement(truth, found)["nmi"] < 0.9
    assert metrics.agreement(truth, found, nameless={"?"})["nmi"] == pytest.approx(1)


def test_ari_of_a_grouping_with_itself_under_other_names_is_one() -> None:
    first, second = {"x": "1", "y": "1", "z": "2"}, {"x": "b", "y": "b", "z": "a"}
    assert metrics.ari_of(first, second, ["x", "y", "z"]) == 1
    # What the second left out is a cluster, too.
    assert metrics.ari_of(first, {"x": "b", "y": "b"}, ["x", "y", "z"]) == 1


def test_npmi_is_one_for_terms_that_only_stand_together_and_minus_one_for_terms_that_never_do() -> (
    None
):
    documents = [["a", "b"], ["a", "b"], ["c"], ["d"]]
    assert metrics.npmi([["a", "b"]], documents) == pytest.approx(1)
    assert metrics.npmi([["c", "d"]], documents) == -1
    assert metrics.npmi([["a", "b"], ["c", "d"]], documents) == pytest.approx(0)


def test_npmi_of_independent_terms_is_zero() -> None:
    documents = [["a", "b"], ["a"], ["b"], []]
    assert metrics.npmi([["a", "b"]], documents) == pytest.approx(0)


def test_npmi_of_a_known_case() -> None:
    # p(a) = 3/4, p(b) = 2/4, p(a, b) = 2/4: log(4/3) / log 2.
    documents = [["a", "b"], ["a", "b"], ["a"], []]
    assert metrics.npmi([["b", "a"]], documents) == pytest.approx(math.log(4 / 3) / math.log(2))


def test_npmi_without_a_pair_of_terms_is_not_a_number() -> None:
    assert math.isnan(metrics.npmi([["a"], []], [["a"]]))


def test_diversity_is_the_share_of_different_terms() -> None:
    assert metrics.diversity([["a", "b"], ["b", "c"]]) == 0.75
    assert math.isnan(metrics.diversity([[]]))


def test_key_terms_are_those_that_only_one_theme_uses() -> None:
    documents = [["queue", "day"], ["queue", "day"], ["towel", "day"], ["spam"]]
    found = terms.key_terms(documents, np.array([0, 0, 1, -1]), 1)
    assert found == [["queue"], ["towel"]]


def test_words_are_small_and_without_stop_words() -> None:
    assert terms.words(["The Queue was 30 minutes"]) == [["queue", "minutes"]]


def test_a_label_finds_its_own_theme_when_it_lies_nearest_to_it() -> None:
    texts = np.array([[1, 0, 0.1], [1, 0, 0], [0, 1, 0], [0, 1, 0], [9, 9, 9]], dtype=np.float32)
    theme = np.array([0, 0, 1, 1, -1])
    right = np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32)
    assert metrics.own_theme_share(right, texts, theme, centred=False) == 1
    assert metrics.own_theme_share(right[::-1], texts, theme, centred=False) == 0


def test_centring_takes_away_what_all_labels_have_in_common() -> None:
    texts = np.array([[1, 0, 1], [0, 1, 0]], dtype=np.float32)
    labels = np.array([[1, 0, 9], [0, 1, 9]], dtype=np.float32)
    theme = np.array([0, 1])
    assert metrics.own_theme_share(labels, texts, theme, centred=False) == 0.5
    assert metrics.own_theme_share(labels, texts, theme, centred=True) == 1


def test_brier_is_the_mean_squared_difference() -> None:
    assert metrics.brier([1.0, 0.5], [True, False]) == pytest.approx(0.125)
    assert math.isnan(metrics.brier([], []))


@pytest.mark.parametrize("equal_mass", [True, False])
def test_calibrated_probabilities_have_no_calibration_error(equal_mass: bool) -> None:
    p, right = [0.25] * 4 + [0.75] * 4, [True, False, False, False, True, True, True, False]
    assert metrics.ece(p, right, bins=2, equal_mass=equal_mass) == pytest.approx(0)


def test_calibration_error_is_the_gap_weighted_by_the_size_of_the_bin() -> None:
    # Bin of .9: 3 pairs, 1 right; bin of .1: 1 pair, none right.
    p, right = [0.9, 0.9, 0.9, 0.1], [True, False, False, False]
    expected = 3 / 4 * (0.9 - 1 / 3) + 1 / 4 * 0.1
    assert metrics.ece(p, right, equal_mass=False) == pytest.approx(expected)


def test_bins_of_equal_mass_hold_equally_many() -> None:
    p, right = [0.1, 0.2, 0.8, 0.9], [False, False, True, True]
    assert metrics.ece(p, right, bins=2, equal_mass=True) == pytest.approx(0.15)
    assert metrics.ece([1.0], [False], equal_mass=True) == 1


def test_pairs_are_scored_over_those_that_gold_judges_and_the_matches_within_reach() -> None:
    pairs = shown(
        ("e1", "c1", "driver-outcome"),  # right
        ("e1", "c4", "same-topic"),  # neutral
        ("e3", "c3", "same-topic"),  # wrong, and forbidden
    )
    row = metrics.pair_scores(pairs, LEFT, RIGHT, GOLD)
    assert (row["pairs"], row["judged"], row["reachable"], row["never"]) == (3, 2, 2, 1)
    assert (row["precision"], row["recall"], row["f1"]) == (0.5, 0.5, 0.5)


def test_a_match_is_out_of_reach_when_no_theme_stands_for_its_label() -> None:
    row = metrics.pair_scores([], {"e2": {"noise"}}, RIGHT, GOLD)
    assert (row["reachable"], row["f1"]) == (1, 0)


def test_with_kinds_a_pair_is_right_only_if_its_kind_is_that_of_gold() -> None:
    pairs = shown(("e1", "c1", "same-topic"), ("e2", "c2", "same-topic"))
    assert metrics.pair_scores(pairs, LEFT, RIGHT, GOLD)["f1"] == 1
    row = metrics.pair_scores(pairs, LEFT, RIGHT, GOLD, kinds=True)
    assert (row["precision"], row["recall"], row["f1"]) == (0.5, 0.5, 0.5)


def test_one_of_several_concepts_is_enough_for_a_match() -> None:
    pair = ShownPair("e1", "c1", "driver-outcome", 0.9)
    left, right = {"e1": {"pay", "staff"}}, {"c1": {"wait", "price"}}
    assert metrics.verdict(pair, left, right, GOLD, kinds=True) is True
    assert metrics.pair_scores([pair], left, right, GOLD)["never"] == 0


def test_a_pair_of_themes_that_stand_for_nothing_is_not_judged() -> None:
    pair = ShownPair("e9", "c1", "same-topic", 0.9)
    assert metrics.verdict(pair, LEFT, RIGHT, GOLD, kinds=False) is None


def test_only_themes_without_a_partner_in_gold_should_be_left_alone() -> None:
    # Without a partner: pay and price. dirt has a neutral one.
    assert metrics.left_alone([], LEFT, RIGHT, GOLD) == (2, 2)
    pairs = shown(("e3", "c1", "same-topic"))
    assert metrics.left_alone(pairs, LEFT, RIGHT, GOLD) == (2, 1)


def test_what_was_not_measured_is_a_dash_in_the_table() -> None:
    assert [report.cell(value, 2) for value in (None, math.nan, 0.5)] == ["-", "-", "0.50"]
    found = {"tiny": {"bothsides": {"seed": 1.0, "order": 0.5, "part": 0.25, "again": None}}}
    assert report.stability(found).splitlines()[2] == (
        "| tiny | Bothsides | 1.000 | 0.500 | 0.250 | - |"
    )
