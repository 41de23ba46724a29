"""Old and new themes are matched one to one; ids are given once; labels stay while content does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analyzer import changes, identity
from analyzer.identity import Standing
from analyzer.types import Analysis, Comment, Evidence, Pair
from tests.builders import side_analysis

COUNT = 40


@pytest.fixture
def comments(make_comments) -> list[Comment]:
    return make_comments(*(f"text {i} of somebody" for i in range(COUNT)))


def side_of(comments, themes, labels=None):
    """Return a side in which comment i is in theme themes[i]."""
    spans = [(at, comments[at].text, number, 0.0) for at, number in enumerate(themes)]
    count = max(themes) + 1
    return side_analysis(
        "employee", comments, spans, labels or [f"label {i}" for i in range(count)]
    )


def standing_of(side, **given) -> Standing:
    """Return what stands after a run that had this result."""
    return Standing(
        theme_of={
            (s.comment_id, s.start, s.end): side.themes[at].id
            for s, at in zip(side.segments, side.theme.tolist(), strict=True)
        },
        themes={theme.id: theme for theme in side.themes},
        broad={broad.id: broad for broad in side.broad},
        **{
            "next_theme": len(side.themes) + 1,
            "next_broad": len(side.broad) + 1,
            "same_space": True,
            **given,
        },
    )


def ids(continued) -> list[str]:
    """Return the id of each segment's theme."""
    side = continued.side
    return [side.themes[at].id for at in side.theme.tolist()]


def test_the_first_run_numbers_from_one(comments) -> None:
    side = side_of(comments, [0] * 20 + [1] * 20)
    first = identity.continued(side, Standing())
    assert [theme.id for theme in first.side.themes] == ["e1", "e2"]
    assert [broad.id for broad in first.side.broad] == ["eb1"]
    assert [theme.label for theme in first.side.themes] == ["label 0", "label 1"]


def test_a_theme_that_another_number_has_now_keeps_its_id_and_label(comments) -> None:
    before = side_of(comments, [0] * 25 + [1] * 15)
    now = side_of(comments, [1] * 22 + [0] * 18, ["other", "names"])
    again = identity.continued(now, standing_of(before))
    assert ids(again) == ["e1"] * 22 + ["e2"] * 18
    assert {t.id: t.label for t in again.side.themes} == {"e1": "label 0", "e2": "label 1"}


def test_a_theme_may_grow_by_new_segments_as_it_likes(comments) -> None:
    before = side_of(comments[:6], [0] * 3 + [1] * 3)
    now = side_of(comments, [0] * 3 + [1] * 3 + [0] * 34)
    assert (
        ids(identity.continued(now, standing_of(before))) == ["e1"] * 3 + ["e2"] * 3 + ["e1"] * 34
    )


def test_a_new_theme_gets_a_number_that_was_never_used(comments) -> None:
    before = side_of(comments, [0] * 40)
    now = side_of(comments, [0] * 30 + [1] * 10)
    again = identity.continued(now, standing_of(before, next_theme=17))
    assert ids(again) == ["e1"] * 30 + ["e17"] * 10
    assert again.parents == {"e17": "e1"}


def test_content_that_changed_gets_a_new_label_but_keeps_the_id(comments) -> None:
    before = side_of(comments, [0] * 12 + [1] * 28)
    # 12 of its 12, and 18 others: Jaccard .4.
    now = side_of(comments, [0] * 30 + [1] * 10, ["fresh", "rest"])
    again = identity.continued(now, standing_of(before))
    first = again.side.themes[0]
    assert (first.id, first.label) == ("e1", "fresh")


def test_a_fresh_label_that_is_taken_is_told_apart(comments) -> None:
    before = side_of(comments[:20], [0] * 20, ["queue"])
    now = side_of(comments, [0] * 20 + [1] * 20, ["another", "queue"])
    labels = [t.label for t in identity.continued(now, standing_of(before)).side.themes]
    assert labels[0] == "queue"
    assert labels[1] == "queue (shift)"


@pytest.mark.parametrize("seed", range(20))
def test_matching_is_one_to_one_and_never_below_the_minimum(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before, after = rng.integers(-1, 9, 500), rng.integers(-1, 7, 500)
    after[:250] = before[:250] % 7
    shared = identity.overlap(before, after, 9, 7)
    found = identity.matched(shared)
    assert len(set(found.values())) == len(found)
    alike = identity.jaccard(shared)
    assert all(alike[o, n] >= identity.MIN_SHARE for o, n in found.items())


def test_random_groupings_are_no_match() -> None:
    rng = np.random.default_rng(0)
    shared = identity.overlap(rng.integers(0, 10, 2000), rng.integers(0, 10, 2000), 10, 10)
    assert identity.matched(shared) == {}


def test_the_same_grouping_is_matched_whatever_its_numbers() -> None:
    rng = np.random.default_rng(0)
    before = rng.integers(0, 30, 2000)
    order = rng.permutation(30)
    found = identity.matched(identity.overlap(before, order[before], 30, 30))
    assert found == dict(enumerate(order.tolist()))


def test_themes_without_a_common_segment_are_told_by_their_centroids(
    comments, make_comments
) -> None:
    before = side_of(comments, [0] * 20 + [1] * 20)
    others = [replace(c, id=f"z{c.id}") for c in comments]
    now = side_of(others, [1] * 20 + [0] * 20)
    now = replace(now, themes=tuple(replace(t, centroid=np.eye(8, dtype=np.float32)[1 - i])
                                    for i, t in enumerate(now.themes)))  # fmt: skip
    assert ids(identity.continued(now, standing_of(before))) == ["e1"] * 20 + ["e2"] * 20
    apart = identity.continued(now, standing_of(before, same_space=False))
    assert set(ids(apart)) == {"e3", "e4"}


def test_a_theme_that_edits_name_keeps_its_segments_if_it_is_not_found(comments) -> None:
    before = side_of(comments, [0] * 30 + [1] * 10)
    now = side_of(comments, [0] * 40)
    held = identity.continued(now, standing_of(before, held=frozenset({"e2"})))
    assert ids(held) == ["e1"] * 30 + ["e2"] * 10
    assert held.kept_whole.keys() == {1}
    assert set(ids(identity.continued(now, standing_of(before)))) == {"e1"}


def test_a_theme_that_a_held_one_emptied_is_gone_and_its_number_leads_there(comments) -> None:
    before = side_of(comments, [0] * 40)
    now = side_of(comments, [i % 5 for i in range(40)])
    held = identity.continued(now, standing_of(before, held=frozenset({"e1"})))
    assert set(ids(held)) == {"e1"}
    assert held.number.tolist() == [0] * 5


def test_broad_themes_keep_their_ids_and_names(comments) -> None:
    spans = [(at, c.text, at % 4, 0.0) for at, c in enumerate(comments)]
    labels = ["a", "b", "c", "d"]
    before = side_analysis("employee", comments, spans, labels, broad=[0, 0, 1, 1])
    first = identity.continued(before, Standing()).side
    assert [b.label for b in first.broad] == ["a · b", "c · d"]
    now = side_analysis("employee", comments, spans, labels, broad=[1, 1, 0, 0])
    again = identity.continued(now, standing_of(first)).side
    assert {t.label: t.broad for t in again.themes} == {"a": "eb1", "b": "eb1", "c": "eb2",
                                                        "d": "eb2"}  # fmt: skip
    assert {b.id: b.label for b in again.broad} == {"eb1": "a · b", "eb2": "c · d"}


def test_pairs_follow_their_themes(comments, make_comments) -> None:
    theirs = make_comments(*(f"their {i}" for i in range(4)), side="customer")
    customer = side_analysis("customer", theirs, [(i, theirs[i].text, i % 2, 0) for i in range(4)],
                             ["x", "y"])  # fmt: skip
    before = side_of(comments, [0] * 20 + [1] * 20)
    now = side_of(comments, [1] * 20 + [0] * 20)
    pair = Pair("e2", "c1", "same-topic", 0.9, 0.5, Evidence((), (), ()))
    sides = {
        "employee": identity.continued(now, standing_of(before)),
        "customer": identity.continued(customer, Standing(next_theme=5)),
    }
    analysis = Analysis({"employee": now, "customer": customer}, (pair,), {}, ())
    (found,) = identity.renamed(analysis, sides).pairs
    assert (found.employee_theme_id, found.customer_theme_id) == ("e1", "c5")


def told(before, after, moves):
    rows = changes.theme_changes(before, after, moves)
    return {(row.kind, row.theme_id, row.other_id, row.moved) for row in rows}


def test_what_came_grew_shrank_split_merged_and_went_is_told() -> None:
    before = {"e1": 100, "e2": 50, "e3": 20, "e4": 30, "e5": 10}
    after = {"e1": 60, "e2": 70, "e4": 31, "e6": 40, "e7": 9}
    moves = {
        ("e1", "e1"): 60, ("e1", "e6"): 40, ("e2", "e2"): 50, ("e3", "e2"): 20, ("e4", "e4"): 30,
    }  # fmt: skip
    assert told(before, after, moves) == {
        ("new", "e7", None, 0), ("split", "e6", "e1", 40), ("merged", "e3", "e2", 20),
        ("gone", "e5", None, 0), ("grown", "e2", None, 0), ("shrunk", "e1", None, 0),
    }  # fmt: skip


def test_a_part_that_went_to_a_theme_that_stood_is_told_too() -> None:
    moves = {("e1", "e1"): 80, ("e1", "e2"): 18, ("e1", "e3"): 2, ("e2", "e2"): 50}
    rows = told({"e1": 100, "e2": 50, "e3": 50}, {"e1": 80, "e2": 68, "e3": 52}, moves)
    assert ("split", "e2", "e1", 18) in rows
    assert not any(row[1] == "e3" for row in rows)


def test_where_the_segments_of_a_theme_that_is_gone_went_is_told() -> None:
    moves = {("e1", "e2"): 4, ("e1", "e3"): 3, ("e1", "e4"): 3, ("e5", "e2"): 9, ("e5", "e3"): 1}
    before = {"e1": 10, "e2": 90, "e3": 90, "e4": 90, "e5": 10}
    assert told(before, {"e2": 94, "e3": 93, "e4": 93}, moves) == {
        ("gone", "e1", None, 0), ("split", "e2", "e1", 4), ("split", "e3", "e1", 3),
        ("split", "e4", "e1", 3), ("merged", "e5", "e2", 9), ("split", "e3", "e5", 1),
    }  # fmt: skip


def test_strays_that_find_a_theme_of_their_own_are_new_and_not_a_part_of_another() -> None:
    moves = {("e1", "e1"): 50, ("e1", "e2"): 20}
    before, after = {"e1": 70}, {"e1": 50, "e2": 20}
    rows = changes.theme_changes(before, after, moves, {("e1", "e2"): 20})
    assert {(row.kind, row.theme_id, row.other_id) for row in rows} == {
        ("new", "e2", None), ("shrunk", "e1", None), ("split", "e2", "e1"),
    }  # fmt: skip


def test_nothing_that_changed_is_nothing_told() -> None:
    assert told({"e1": 5}, {"e1": 5}, {("e1", "e1"): 5}) == set()


def test_a_label_that_is_not_heard_any_more_is_not_kept(comments) -> None:
    before = identity.continued(side_of(comments, [0] * 40, ["rare yacht"]), Standing()).side
    now = side_of(comments, [0] * 40, ["slow rota"])
    kept = identity.continued(now, standing_of(before), frozenset({"rar", "yacht"})).side
    gone = identity.continued(now, standing_of(before), frozenset({"rar", "slow", "rot"})).side
    assert [kept.themes[0].label, gone.themes[0].label] == ["rare yacht", "slow rota"]
    assert gone.themes[0].id == "e1"
