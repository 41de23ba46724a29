from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.hexagons import axial, hexagons


def labels(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_a_hexagon_of_five_respondents_is_shown_and_of_four_is_not() -> None:
    near, far = np.zeros((5, 2)), np.full((4, 2), 10.0)
    found = hexagons(np.vstack([near, far]), np.arange(9), np.zeros(9, dtype=np.int64), size=1.0)
    assert [(cell.respondents, cell.segments, cell.theme) for cell in found] == [(5, 5, 0)]
    assert (found[0].x, found[0].y) == (0.0, 0.0)


def test_respondents_count_and_not_segments() -> None:
    assert hexagons(np.zeros((50, 2)), np.arange(50) % 4, np.zeros(50, dtype=int), 1.0) == ()
    (cell,) = hexagons(np.zeros((50, 2)), np.arange(50) % 5, np.zeros(50, dtype=int), 1.0)
    assert (cell.respondents, cell.segments) == (5, 50)


def test_the_theme_of_a_hexagon_needs_as_many_respondents() -> None:
    respondent = labels(0, 1, 2, 3, 4, 5, 0)
    assert hexagons(np.zeros((7, 2)), respondent, labels(1, 1, 1, 1, 2, 2, 1), 1.0)[0].theme == -1
    assert hexagons(np.zeros((7, 2)), respondent, labels(1, 1, 1, 1, 1, 2, 1), 1.0)[0].theme == 1
    assert hexagons(np.zeros((7, 2)), respondent, np.full(7, -1), 1.0)[0].theme == -1


@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=1, max_size=40),
    st.floats(0.1, 5),
)
def test_every_place_lies_in_its_hexagon(places: list[tuple[float, float]], size: float) -> None:
    xy = np.array(places)
    q, r = axial(xy, size).T
    centre = np.stack([size * 3**0.5 * (q + r / 2), size * 1.5 * r], axis=1)
    # A hexagon reaches from its centre no further than its corners, and is the nearest.
    assert (np.linalg.norm(xy - centre, axis=1) <= size * (1 + 1e-9)).all()


@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_no_hexagon_ever_holds_fewer_than_asked_for(seed: int, least: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(0, 120))
    xy = rng.normal(0, 2, (count, 2))
    respondent, theme = rng.integers(0, 30, count), rng.integers(-1, 4, count)
    found = hexagons(xy, respondent, theme, 1.0, least)
    cells = axial(xy, 1.0) if count else np.zeros((0, 2))
    for cell in found:
        r = round(cell.y / 1.5)
        q = round(cell.x / 3**0.5 - r / 2)
        inside = (cells == [q, r]).all(axis=1)
        assert len(set(respondent[inside].tolist())) == cell.respondents >= least
        if cell.theme >= 0:
            of = set(respondent[inside & (theme == cell.theme)].tolist())
            assert len(of) >= least


def test_the_grid_does_not_move_with_what_is_shown() -> None:
    rng = np.random.default_rng(0)
    xy = rng.normal(0, 1, (400, 2))
    everything = {(c.x, c.y) for c in hexagons(xy, np.arange(400), np.zeros(400, int), 0.5)}
    half = {(c.x, c.y) for c in hexagons(xy[:200], np.arange(200), np.zeros(200, int), 0.5)}
    assert half
    assert half <= everything


def test_what_is_no_map_is_refused() -> None:
    with pytest.raises(ValueError, match="not a number"):
        hexagons(np.array([[np.nan, 0.0]]), labels(0), labels(0), 1.0)
    with pytest.raises(ValueError, match="positive"):
        hexagons(np.zeros((1, 2)), labels(0), labels(0), 0.0)
