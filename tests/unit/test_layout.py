from __future__ import annotations

import numpy as np
import pytest

from analyzer.layout import layout, turned


def clouds(count: int, themes: int = 8, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Vectors (n, 48) around so many directions, and which each is around."""
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(themes, 48))
    theme = np.arange(count) % themes
    vectors = middles[theme] + rng.normal(0, 0.45, (count, 48))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), theme


def same_theme(places: np.ndarray, theme: np.ndarray, k: int = 10) -> float:
    """The share of each place's nearest others that are of its theme."""
    far = ((places[:, None] - places[None]) ** 2).sum(axis=2)
    np.fill_diagonal(far, np.inf)
    near = far.argsort(axis=1)[:, :k]
    return float((theme[near] == theme[:, None]).mean())


def test_what_means_the_same_lies_together() -> None:
    vectors, theme = clouds(900, themes=30)
    places = layout(vectors, np.random.default_rng(1))
    assert places.shape == (900, 2)
    assert places.dtype == np.float32
    assert same_theme(places, theme) > 0.9
    # More than the first two main directions can tell.
    around = vectors - vectors.mean(axis=0)
    plain = around @ np.linalg.svd(around, full_matrices=False)[2][:2].T
    assert same_theme(places, theme) > same_theme(plain, theme) + 0.1


def test_the_same_generator_gives_the_same_map() -> None:
    vectors, _ = clouds(300)
    one, two, other = (layout(vectors, np.random.default_rng(s)) for s in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_a_later_map_leaves_segments_where_they_were() -> None:
    vectors, theme = clouds(900)
    before = layout(vectors[:800], np.random.default_rng(1))
    former = np.full((900, 2), np.nan, dtype=np.float32)
    former[:800] = before
    after = layout(vectors, np.random.default_rng(2), former)
    moved = np.median(np.linalg.norm(after[:800] - before, axis=1))
    alone = layout(vectors, np.random.default_rng(2))
    assert moved < 0.1
    assert moved < np.median(np.linalg.norm(alone[:800] - before, axis=1)) / 2
    assert same_theme(after, theme) > 0.9


def test_places_are_turned_mirrored_and_moved_onto_the_former() -> None:
    rng = np.random.default_rng(4)
    former = rng.normal(size=(50, 2)).astype(np.float32)
    angle = 1.1
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    places = ((former * [1, -1]) @ turn * 1.5 + [3, -2]).astype(np.float32)
    known = former.copy()
    known[40:] = np.nan
    assert np.allclose(turned(places, known), former, atol=1e-4)


def test_too_few_former_places_turn_nothing() -> None:
    places = np.arange(8, dtype=np.float32).reshape(4, 2)
    former = np.full((4, 2), np.nan, dtype=np.float32)
    former[:2] = 0
    assert np.array_equal(turned(places, former), places)


@pytest.mark.parametrize("count", [0, 1, 5, 6, 40])
def test_few_segments_have_places_too(count: int) -> None:
    vectors, _ = clouds(max(count, 8))
    places = layout(vectors[:count], np.random.default_rng(0))
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()


def test_segments_that_are_all_the_same_have_places() -> None:
    vectors = np.ones((50, 16), dtype=np.float32) / 4
    assert np.isfinite(layout(vectors, np.random.default_rng(0))).all()


def test_what_cannot_be_laid_out_is_refused() -> None:
    vectors, _ = clouds(20)
    vectors[3, 4] = np.nan
    with pytest.raises(ValueError, match="not a number"):
        layout(vectors, np.random.default_rng(0))
    vectors, _ = clouds(20)
    with pytest.raises(ValueError, match="former places"):
        layout(vectors, np.random.default_rng(0), np.zeros((19, 2), dtype=np.float32))
