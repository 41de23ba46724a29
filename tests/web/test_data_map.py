from __future__ import annotations

import numpy as np
import pytest

from webui.data_map import HEAD, NO_THEME, Points, bounds, pack_points, unpack_points


def points(count: int) -> Points:
    rng = np.random.default_rng(count)
    xy = rng.normal(5, 3, (count, 2)).astype(np.float32)
    return Points(np.arange(count, dtype=np.uint32) * 7, xy, rng.integers(-1, 40, count))


@pytest.mark.parametrize("count", [0, 1, 2, 1000])
def test_points_come_back_as_they_were(count: int) -> None:
    given = points(count)
    back = unpack_points(pack_points(given))
    assert np.array_equal(back.ids, given.ids)
    assert np.array_equal(back.theme, given.theme)
    low, high = bounds(given.xy)
    assert np.allclose(back.xy, given.xy, atol=float((high - low).max()) / 65535)


def test_a_point_takes_ten_bytes() -> None:
    packed = pack_points(points(100_000))
    assert len(packed) == HEAD.size + 1_000_000
    assert packed[:4] == b"BSM1"
    assert int.from_bytes(packed[4:8], "little") == 100_000


def test_a_point_of_no_theme_has_the_last_number() -> None:
    packed = pack_points(Points(np.array([1], np.uint32), np.zeros((1, 2), np.float32),
                                np.array([-1])))  # fmt: skip
    assert int.from_bytes(packed[-2:], "little") == NO_THEME


def test_the_map_keeps_its_shape() -> None:
    low, high = bounds(np.array([[0, 0], [10, 1]], dtype=np.float32))
    assert (high - low)[0] == pytest.approx((high - low)[1])


def test_what_is_no_map_is_refused() -> None:
    ids, xy = np.zeros(2, np.uint32), np.zeros((2, 2), np.float32)
    with pytest.raises(ValueError, match="theme"):
        pack_points(Points(ids, xy, np.zeros(3, int)))
    with pytest.raises(ValueError, match="no place"):
        pack_points(Points(ids, np.full((2, 2), np.nan, np.float32), np.zeros(2, int)))
    with pytest.raises(ValueError, match="themes"):
        pack_points(Points(ids, xy, np.array([0, 70000])))
    for content in (b"", b"BSM2" + bytes(28), pack_points(points(3))[:-1]):
        with pytest.raises(ValueError, match=r"map|points"):
            unpack_points(content)
