"""Groups, the rule of assignment, and the vectors in which themes are found."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.discover import STRATEGIES, Known, neighbours, predict, settle, strategy
from analyzer.discover.assign import centroids, unit
from analyzer.discover.graph import nearest, union_edges
from analyzer.discover.leiden import leiden
from analyzer.discover.space import OTHERS, centred, language_means, with_context
from analyzer.errors import BothsidesError, UsageError
from analyzer.settings import Settings

SETTINGS = Settings()


def clouds(sizes: list[int], spread: float = 0.08, dimension: int = 24, seed: int = 1):
    """Return unit vectors around as many random directions, and which is of which."""
    rng = np.random.default_rng(seed)
    centres = unit(rng.normal(size=(len(sizes), dimension)).astype(np.float32))
    truth = np.repeat(np.arange(len(sizes)), sizes)
    noise = rng.normal(scale=spread, size=(len(truth), dimension))
    return unit((centres[truth] + noise).astype(np.float32)), truth


def found(vectors, comment=None, settings=SETTINGS, seed=0):
    comment = np.arange(len(vectors)) if comment is None else comment
    near = neighbours(vectors, settings.neighbours)
    groups = leiden(vectors, near, comment, settings, np.random.default_rng(seed))
    return settle(vectors, near, groups, settings.min_theme_segments)


def same_partition(one, other) -> bool:
    return (
        len(set(zip(one.tolist(), other.tolist(), strict=True))) == len(set(one)) == len(set(other))
    )


def test_clear_groups_are_found() -> None:
    vectors, truth = clouds([40, 30, 20])
    known, confidence = found(vectors, settings=Settings({"resolution": 1.0}))
    assert same_partition(known.theme, truth)
    assert known.centroids.shape == (3, 24)
    assert confidence.min() > 0.5


def test_themes_are_numbered_by_falling_size() -> None:
    vectors, _ = clouds([20, 50, 30])
    known, _ = found(vectors, settings=Settings({"resolution": 1.0}))
    assert np.bincount(known.theme).tolist() == [50, 30, 20]


@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize("name", STRATEGIES)
def test_a_handful_of_segments_gets_a_theme_each_of_them(name: str, count: int) -> None:
    vectors, _ = clouds([count])
    near = neighbours(vectors, 10)
    groups = strategy(name)(vectors, near, np.arange(count), SETTINGS, np.random.default_rng(0))
    assert groups.shape == (count,)
    known, confidence = settle(vectors, near, groups, SETTINGS.min_theme_segments)
    assert (known.theme >= 0).all()
    assert set(known.theme.tolist()) == set(range(len(known.centroids)))
    assert ((confidence >= 0) & (confidence <= 1)).all()


def test_the_same_segment_five_times_is_one_theme() -> None:
    vectors = np.tile(clouds([1])[0], (5, 1))
    known, _ = found(vectors)
    assert known.theme.tolist() == [0] * 5


def test_no_segments_have_no_neighbours() -> None:
    near = neighbours(np.zeros((0, 4), dtype=np.float32), 10)
    assert near.index.shape[0] == 0


@pytest.mark.parametrize("spread", [0.1, 0.3, 0.6])
def test_the_same_seed_gives_the_same_themes_to_the_byte(spread: float) -> None:
    vectors, _ = clouds([30, 30, 30, 20], spread)
    one, two = found(vectors, seed=5), found(vectors, seed=5)
    assert one[0].theme.tobytes() == two[0].theme.tobytes()
    assert one[1].tobytes() == two[1].tobytes()


@pytest.mark.parametrize("spread", [0.1, 0.2, 0.3, 0.5])
def test_predicting_a_known_segment_gives_the_theme_it_has(spread: float) -> None:
    vectors, _ = clouds([60, 40, 30, 30, 20], spread)
    known, confidence = found(vectors)
    theme, again = predict(known, vectors)
    np.testing.assert_array_equal(theme, known.theme)
    np.testing.assert_allclose(again, confidence, atol=1e-5)


def test_a_new_segment_joins_the_theme_it_is_like_with_more_confidence_than_a_stray_one() -> None:
    vectors, truth = clouds([40, 40])
    known, _ = found(vectors[:-1], settings=Settings({"resolution": 1.0}))
    theme, confidence = predict(known, vectors[-1:])
    assert theme[0] == known.theme[truth[:-1] == 1][0]
    stray = unit(np.random.default_rng(9).normal(size=(1, 24)).astype(np.float32))
    assert predict(known, stray)[1][0] < confidence[0]


def test_prediction_does_not_depend_on_the_batch() -> None:
    vectors, _ = clouds([40, 40], 0.4)
    known, _ = found(vectors[:60])
    together, _ = predict(known, vectors[60:])
    alone = [predict(known, vectors[i : i + 1])[0][0] for i in range(60, 80)]
    assert together.tolist() == alone


def test_small_groups_join_the_nearest_theme() -> None:
    vectors, truth = clouds([40, 40, 3])
    near = neighbours(vectors, 10)
    known, _ = settle(vectors, near, truth, 5)
    assert np.bincount(known.theme).min() >= 5
    assert len(known.centroids) == 2


def test_when_all_groups_are_small_the_largest_stay() -> None:
    vectors, truth = clouds([3, 3, 2])
    known, _ = settle(vectors, neighbours(vectors, 10), truth, 5)
    assert len(known.theme) == 8
    assert (known.theme >= 0).all()


def test_segments_that_a_strategy_left_out_are_given_a_theme() -> None:
    vectors, truth = clouds([40, 40])
    groups = truth.copy()
    groups[::7] = -1
    known, _ = settle(vectors, neighbours(vectors, 10), groups, 5)
    assert same_partition(known.theme, truth)


def test_a_strategy_that_left_all_out_gives_one_theme() -> None:
    vectors, _ = clouds([12])
    known, _ = settle(vectors, neighbours(vectors, 10), np.full(12, -1), 5)
    assert known.theme.tolist() == [0] * 12


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_vector_that_is_not_finite_is_an_error_before_leiden_sees_it(bad: float) -> None:
    vectors, _ = clouds([10])
    vectors[3, 2] = bad
    with pytest.raises(BothsidesError, match=r"not a number.*models verify"):
        neighbours(vectors, 5)
    with pytest.raises(BothsidesError):
        predict(Known(vectors, np.zeros(10, dtype=int), vectors[:1]), vectors)


def test_neighbours_are_the_nearest_in_falling_order_and_never_oneself() -> None:
    vectors, _ = clouds([40, 30], 0.5)
    near = neighbours(vectors, 10)
    cosine = vectors @ vectors.T
    np.fill_diagonal(cosine, -2)
    assert (near.index != np.arange(70)[:, None]).all()
    assert (np.diff(near.cosine, axis=1) <= 0).all()
    k = near.cosine.shape[1]
    np.testing.assert_allclose(near.cosine, -np.sort(-cosine, axis=1)[:, :k], atol=1e-6)


def test_blocks_do_not_change_neighbours(monkeypatch) -> None:
    from analyzer.discover import graph

    vectors, _ = clouds([40, 30], 0.5)
    whole = nearest(vectors, vectors, 7, themselves=True)
    monkeypatch.setattr(graph, "BLOCK", 9)
    parts = nearest(vectors, vectors, 7, themselves=True)
    np.testing.assert_array_equal(whole[0], parts[0])


def test_the_graph_joins_two_segments_once_when_either_is_near_the_other() -> None:
    index = np.array([[1], [0], [0]])
    source, target, weight = union_edges(index, np.array([[0.9], [0.9], [-0.2]], dtype=np.float32))
    assert list(zip(source.tolist(), target.tolist(), strict=True)) == [(0, 1), (0, 2)]
    assert (weight > 0).all()


def test_segments_of_one_comment_are_no_neighbours() -> None:
    from analyzer.discover.leiden import _of_others

    vectors, _ = clouds([30], 0.3)
    comment = np.repeat(np.arange(15), 2)
    index, cosine = _of_others(neighbours(vectors, 10), comment, 10)
    assert (comment[index] != comment[:, None]).all()
    assert index.shape == cosine.shape == (30, 10)


def test_a_long_comment_is_not_a_theme_of_its_own() -> None:
    own, truth = clouds([30, 30], 0.2)
    comment = np.concatenate([np.arange(30), np.arange(30)])
    mixed = with_context(own, comment, 0.3)
    known, _ = found(mixed, comment, Settings({"resolution": 1.0}))
    assert same_partition(known.theme, truth)


def test_an_unknown_strategy_is_an_error_that_lists_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no strategy 'kmeans'.*leiden, bertopic"):
        strategy("kmeans")


def test_the_classic_chain_finds_clear_groups_too() -> None:
    vectors, truth = clouds([60, 60, 60])
    near = neighbours(vectors, 10)
    groups = strategy("bertopic")(vectors, near, np.arange(180), SETTINGS, np.random.default_rng(0))
    again = strategy("bertopic")(vectors, near, np.arange(180), SETTINGS, np.random.default_rng(0))
    np.testing.assert_array_equal(groups, again)
    known, _ = settle(vectors, near, groups, 5)
    assert same_partition(known.theme, truth)


def test_centroids_have_length_one_and_leave_out_those_without_a_theme() -> None:
    vectors, truth = clouds([10, 10])
    truth[3] = -1
    result = centroids(vectors, truth, 3)
    np.testing.assert_allclose(np.linalg.norm(result, axis=1), [1, 1, 0], atol=1e-6)
    np.testing.assert_allclose(
        result[0], unit(vectors[[0, 1, 2, *range(4, 10)]].mean(0)[None])[0], atol=1e-6
    )


def test_a_language_of_enough_segments_has_its_own_mean() -> None:
    vectors, _ = clouds([50])
    means = language_means(vectors, ["en"] * 25 + ["it"] * 20 + ["es"] * 5)
    assert set(means) == {OTHERS, "en", "it"}
    np.testing.assert_allclose(means["it"], vectors[25:45].mean(axis=0), atol=1e-6)


def test_centring_brings_translations_together() -> None:
    topics, _ = clouds([1] * 30, dimension=32)
    accent = unit(np.random.default_rng(5).normal(size=(2, 32)).astype(np.float32)) * 3
    vectors = unit(np.vstack([topics + accent[0], topics + accent[1]]))
    languages = ["en"] * 30 + ["it"] * 30
    away = centred(vectors, languages, language_means(vectors, languages))
    first = (away[:30] @ away[30:].T).argmax(axis=1)
    assert (first == np.arange(30)).mean() > 0.95
    assert (vectors[0] @ vectors[:30].T).mean() > vectors[0] @ vectors[30]


def test_without_means_vectors_stay_as_they_are() -> None:
    vectors, _ = clouds([5])
    assert centred(vectors, ["en"] * 5, {}) is vectors
    assert language_means(vectors[:0], []) == {}


def test_context_is_the_comment_and_a_comment_of_one_segment_is_its_own() -> None:
    vectors, _ = clouds([1] * 6)
    mixed = with_context(vectors, np.array([0, 0, 0, 1, 2, 2]), 2.0)
    np.testing.assert_allclose(np.linalg.norm(mixed, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(mixed[3], vectors[3], atol=1e-6)
    assert mixed[0] @ mixed[1] > vectors[0] @ vectors[1]
    np.testing.assert_allclose(
        mixed[4] @ mixed[3],
        with_context(vectors[3:], np.array([0, 1, 1]), 2.0)[1] @ vectors[3],
        atol=1e-6,
    )


def test_no_context_leaves_segments_alone() -> None:
    vectors, _ = clouds([6])
    np.testing.assert_allclose(
        with_context(vectors, np.zeros(6, dtype=int), 0.0), vectors, atol=1e-6
    )
    assert with_context(vectors[:0], np.zeros(0, dtype=int), 2.0).shape == (0, 24)


def test_the_longer_a_comment_the_less_it_weighs() -> None:
    vectors, _ = clouds([1] * 12)
    short = with_context(vectors[:2], np.zeros(2, dtype=int), 2.0)[0] @ vectors[0]
    long = with_context(vectors, np.zeros(12, dtype=int), 2.0)[0] @ vectors[0]
    assert long > short
