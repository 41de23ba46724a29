"""Groups, the rule of assignment, and the vectors in which themes are found."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from analyzer.discover import STRATEGIES, Known, granularity, neighbours, predict, settle, strategy
from analyzer.discover.alike import firsts, leaders
from analyzer.discover.assign import centroids, unit
from analyzer.discover.communities import Graph, consensus
from analyzer.discover.granularity import description_length, resolution
from analyzer.discover.graph import degree, graph_of, nearest, union_edges
from analyzer.discover.leiden import leiden
from analyzer.discover.levels import broad
from analyzer.discover.space import OTHERS, centred, language_means, learn, with_context
from analyzer.errors import BothsidesError, UsageError
from analyzer.grouping import without_copies
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


def test_segments_of_one_comment_are_not_joined() -> None:
    vectors, _ = clouds([30], 0.3)
    comment = np.repeat(np.arange(15), 2)
    graph = graph_of(neighbours(vectors, 10), comment, 10)
    assert (comment[graph.source] != comment[graph.target]).all()
    assert np.bincount(np.concatenate([graph.source, graph.target]), minlength=30).min() >= 10


def test_segments_of_one_comment_are_joined_where_there_are_no_others() -> None:
    vectors, _ = clouds([4], 0.3)
    graph = graph_of(neighbours(vectors, 10), np.zeros(4, dtype=int), 3)
    assert len(graph.source) == 6


@pytest.mark.parametrize(
    ("count", "joined"), [(1, 2), (20, 3), (300, 10), (1000, 15), (6000, 15), (60_000, 25)]
)
def test_a_small_side_has_fewer_neighbours_and_a_large_one_more(count: int, joined: int) -> None:
    assert degree(count, 15) == joined


def test_a_long_comment_is_not_a_theme_of_its_own() -> None:
    own, truth = clouds([30, 30], 0.2)
    comment = np.concatenate([np.arange(30), np.arange(30)])
    sums = np.zeros((30, own.shape[1]), dtype=np.float32)
    np.add.at(sums, comment, own)
    mixed = with_context(own, unit(sums)[comment], comment, 0.3)
    known, _ = found(mixed, comment, Settings({"resolution": 1.0}))
    for number in range(len(known.centroids)):
        members = known.theme == number
        assert len(set(truth[members].tolist())) == 1
        assert len(set(comment[members].tolist())) == members.sum()


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
    whole = np.roll(vectors, 1, axis=0)
    mixed = with_context(vectors, whole, np.array([0, 0, 0, 1, 2, 2]), 1.5)
    np.testing.assert_allclose(np.linalg.norm(mixed, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(mixed[3], vectors[3], atol=1e-6)
    np.testing.assert_allclose(mixed[0], unit((vectors[0] + 1.0 * whole[0])[None])[0], atol=1e-6)
    np.testing.assert_allclose(mixed[4], unit((vectors[4] + 1.5 * whole[4])[None])[0], atol=1e-6)


def test_no_context_leaves_segments_alone() -> None:
    vectors, _ = clouds([6])
    whole = np.roll(vectors, 1, axis=0)
    np.testing.assert_allclose(
        with_context(vectors, whole, np.zeros(6, dtype=int), 0.0), vectors, atol=1e-6
    )
    assert with_context(vectors[:0], whole[:0], np.zeros(0, dtype=int), 2.0).shape == (0, 24)


def test_the_longer_a_comment_the_less_it_weighs() -> None:
    vectors, _ = clouds([1] * 12)
    whole = np.tile(vectors[-1], (12, 1))
    short = with_context(vectors[:2], whole[:2], np.zeros(2, dtype=int), 2.0)[0] @ vectors[0]
    long = with_context(vectors, whole, np.zeros(12, dtype=int), 2.0)[0] @ vectors[0]
    assert long > short


def test_a_place_in_the_space_depends_on_nothing_but_the_segment() -> None:
    mixed, _ = clouds([40, 40], 0.3)
    nodes, _ = clouds([1] * 7, seed=4)
    space = learn(mixed, nodes, similar=0.1, weight=1.0)
    assert space.prior > 0
    placed = space.profiled(mixed)
    assert placed.shape == (80, 24 + 7)
    np.testing.assert_allclose(np.linalg.norm(placed, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(space.profiled(mixed[5:6])[0], placed[5], atol=1e-5)


def test_a_map_weighs_as_much_as_it_covers_and_less_the_more_segments_there_are() -> None:
    mixed, _ = clouds([40, 40], 0.1)
    near, far = mixed[[0, 40]], -mixed[[0, 40]]
    assert learn(mixed, near, 0.5, 2.0).prior > 1
    assert learn(mixed, far, 0.5, 2.0).prior == 0
    many = np.tile(mixed, (100, 1))
    assert learn(many, near, 0.5, 2.0).prior == pytest.approx(
        learn(mixed, near, 0.5, 2.0).prior * 0.5, rel=1e-3
    )


@pytest.mark.parametrize("count", [0, 1])
def test_without_a_map_or_with_too_few_segments_there_is_no_profile(count: int) -> None:
    mixed, _ = clouds([10])
    nodes, _ = clouds([1] * 3, seed=4)
    assert learn(mixed, nodes, 0.0, 0.0).profiled(mixed) is mixed
    few = mixed[:count]
    assert learn(few, nodes, 0.0, 1.0).profiled(few) is few


# Near-copies


def test_texts_that_differ_in_figures_and_signs_alone_are_copies() -> None:
    texts = ["Room 12 was cold!", "It rained", "room 7 was cold", "room was cold", "12", "13", "13"]
    assert firsts(texts).tolist() == [0, 1, 4, 5]


def test_the_first_of_a_family_of_near_copies_stands_for_it() -> None:
    vectors, _ = clouds([1] * 12)
    family = unit(vectors[0] + np.random.default_rng(3).normal(scale=0.01, size=(6, 24)))
    both = np.vstack([vectors[:5], family, vectors[5:]]).astype(np.float32)
    assert leaders(neighbours(both, 10)).tolist() == [0, 1, 2, 3, 4, 11, 12, 13, 14, 15, 16, 17]


@pytest.mark.parametrize("size", [2, 30, 300])
def test_one_of_a_family_of_copies_is_left_however_large_it_is(size: int) -> None:
    rng = np.random.default_rng(0)
    others, _ = clouds([1] * 100, dimension=64)
    family = unit(others[0] + rng.normal(scale=0.015, size=(size, 64)).astype(np.float32))
    both = np.vstack([others[1:], family])[rng.permutation(99 + size)]
    kept, near = without_copies(both, np.arange(len(both)), 15)
    assert len(kept) == 100
    assert near.index.shape[0] == 100
    assert ((both[kept] @ family.T) > 0.9).any(axis=1).sum() == 1


def test_texts_that_are_like_each_other_are_all_kept() -> None:
    vectors, _ = clouds([40], 0.1)
    assert leaders(neighbours(vectors, 10)).tolist() == list(range(40))


# Communities, and how many


def planted(groups: int, size: int, seed: int = 0, inside: int = 12, outside: int = 3) -> Graph:
    """Return a graph whose nodes have ``inside`` neighbours of their group, ``outside`` others."""
    rng = np.random.default_rng(seed)
    count = groups * size
    ends = set()
    for node in range(count):
        start = node // size * size
        near = start + rng.integers(size, size=inside // 2)
        far = rng.integers(count, size=(outside + 1) // 2)
        ends |= {(min(node, o), max(node, o)) for o in (*near.tolist(), *far.tolist()) if o != node}
    source, target = np.array(sorted(ends)).T
    return Graph(count, source, target, np.ones(len(source)))


def test_the_shortest_description_is_that_of_the_true_groups() -> None:
    graph = planted(12, 40)
    truth = np.repeat(np.arange(12), 40)
    true = description_length(graph, truth)
    assert true < description_length(graph, np.zeros_like(truth)), "all in one"
    assert true < description_length(graph, np.arange(len(truth))), "each alone"
    assert true < description_length(graph, np.where(truth == 1, 0, truth)), "two merged"
    assert true < description_length(graph, truth // 2), "all merged by twos"
    halves = truth * 2 + np.random.default_rng(0).integers(2, size=len(truth))
    assert true < description_length(graph, halves), "all split by chance"
    one = np.where((truth == 3) & (np.arange(len(truth)) % 2 == 0), 12, truth)
    assert true < description_length(graph, one), "one split"
    moved = truth.copy()
    moved[::10] = (moved[::10] + 1) % 12
    assert true < description_length(graph, moved), "a tenth in the wrong group"


def test_the_numbers_of_groups_do_not_matter_to_the_description() -> None:
    graph = planted(5, 30)
    truth = np.repeat(np.arange(5), 30)
    assert description_length(graph, truth) == pytest.approx(
        description_length(graph, 7 * (4 - truth))
    )


@pytest.mark.parametrize(("groups", "size"), [(3, 40), (8, 25), (10, 100), (30, 40), (60, 30)])
def test_about_as_many_groups_are_found_as_were_planted(groups: int, size: int) -> None:
    graph = planted(groups, size)
    vectors = np.zeros((graph.count, 1), dtype=np.float32)
    fineness = resolution(vectors, np.arange(graph.count), graph, 15)
    assert fineness == resolution(vectors, np.arange(graph.count), graph, 15)
    found = consensus(graph, fineness, np.random.default_rng(0))
    truth = np.repeat(np.arange(groups), size)
    assert len(set(found.tolist())) == pytest.approx(groups, rel=0.3)
    assert adjusted_rand_score(truth, found) > 0.8


def test_a_side_too_large_for_one_graph_is_judged_by_samples(monkeypatch) -> None:
    vectors, truth = clouds([60] * 20, 0.1)
    order = np.random.default_rng(0).permutation(len(vectors))
    vectors, truth = vectors[order], truth[order]
    comment = np.arange(len(vectors))
    graph = graph_of(neighbours(vectors, 15), comment, 15)
    monkeypatch.setattr(granularity, "SAMPLE", 400)
    fineness = resolution(vectors, comment, graph, 15)
    assert fineness == resolution(vectors, comment, graph, 15)
    found = consensus(graph, fineness, np.random.default_rng(0))
    assert len(set(found.tolist())) == pytest.approx(20, rel=0.3)
    assert adjusted_rand_score(truth, found) > 0.8


def test_another_seed_finds_nearly_the_same_groups() -> None:
    graph = planted(30, 40, outside=6)
    one, other = (consensus(graph, 2.0, np.random.default_rng(seed)) for seed in (1, 2))
    assert adjusted_rand_score(one, other) >= 0.95


def test_the_same_generator_gives_the_same_consensus() -> None:
    graph = planted(20, 20, outside=8)
    one, other = (consensus(graph, 2.0, np.random.default_rng(4)) for _ in range(2))
    assert one.tobytes() == other.tobytes()


def test_a_node_without_edges_is_a_group_of_its_own() -> None:
    near = Graph(5, np.array([0]), np.array([3]), np.array([1.0]))
    groups = consensus(near, 1.0, np.random.default_rng(0))
    assert groups[0] == groups[3]
    assert len(set(groups.tolist())) == 4


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_graph_without_edges_has_each_node_alone(count: int) -> None:
    none = np.zeros(0, dtype=np.int64)
    empty = Graph(count, none, none, np.zeros(0))
    groups = consensus(empty, 1.0, np.random.default_rng(0))
    assert groups.shape == (count,)
    assert sorted(groups.tolist()) == list(range(count))


# Levels


def test_each_theme_is_in_exactly_one_broad_theme_numbered_by_falling_size() -> None:
    graph = planted(12, 20)
    # Groups 0-2, 3-5, ... are joined: four broad groups of three.
    rng = np.random.default_rng(0)
    start = rng.integers(12, size=600) // 3 * 3 * 20
    low, high = start + rng.integers(60, size=600), start + rng.integers(60, size=600)
    graph = Graph(
        240,
        np.concatenate([graph.source, np.minimum(low, high)[low != high]]),
        np.concatenate([graph.target, np.maximum(low, high)[low != high]]),
        np.ones(len(graph.source) + int((low != high).sum())),
    )
    theme = np.repeat(np.arange(12), 20)
    wide = broad(graph, theme, np.random.default_rng(0))
    assert wide.shape == (12,)
    assert set(wide.tolist()) == set(range(wide.max() + 1))
    assert (wide.reshape(4, 3) == wide.reshape(4, 3)[:, :1]).all(), "what lies close is together"
    sizes = np.bincount(wide[theme])
    assert (np.diff(sizes) <= 0).all()
    np.testing.assert_array_equal(wide, broad(graph, theme, np.random.default_rng(0)))


def test_no_themes_have_no_broad_themes() -> None:
    none = np.zeros(0, dtype=np.int64)
    empty = Graph(0, none, none, np.zeros(0))
    assert len(broad(empty, none, np.random.default_rng(0))) == 0
