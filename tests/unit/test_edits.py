"""Events are replayed on the algorithm's result; undoing is replaying without."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analyzer import edits, found, splitting, steps
from analyzer.edits import Edit
from analyzer.lineage import Born
from analyzer.types import BroadTheme, Evidence, Pair, Polarity, Theme

PLAIN = Polarity(0.0, 1.0, 0.0, 0.0)


def theme(theme_id: str, broad: str = "eb1") -> Theme:
    side = "employee" if theme_id[0] == "e" else "customer"
    return Theme(theme_id, side, broad, "subject", f"label {theme_id}", ("word",), 5, 9, PLAIN,
                 np.eye(3, dtype=np.float32)[0], ())  # fmt: skip


def pair(e: str, c: str, probability: float = 0.7, status: str = "suggested") -> Pair:
    return Pair(e, c, "same-topic", probability, 0.5, Evidence((), (), ("word",)), status)


def result(*pairs: Pair, themes=("e1", "e2", "e3", "c1", "c2")) -> found.Found:
    broad = (BroadTheme("eb1", "employee", "label e1 · label e2", (), 5, 9, PLAIN),)
    return found.Found(tuple(theme(t) for t in themes), broad, pairs, {}, {})


def event(number: int, action: str, *targets: str, run: int = 1, **payload) -> Edit:
    return Edit(number, "2026-01-01T00:00:00", "Ana", action, targets, payload, "why", run)


def shown(base: found.Found, *events: Edit, born=None) -> edits.Shown:
    return edits.apply(base, events, born or {})


def pairs_of(view: edits.Shown) -> dict[tuple[str, str], str]:
    return {found.ends(p): p.status for p in view.found.pairs}


def labels(view: edits.Shown) -> dict[str, str]:
    return {t.id: t.label for t in view.found.themes}


def test_no_events_show_what_was_found() -> None:
    base = result(pair("e1", "c1"))
    view = shown(base)
    assert view.found == base
    assert (view.steps, view.notes, view.hidden) == ((), (), frozenset())


def test_a_result_comes_back_from_its_json() -> None:
    base = replace(result(pair("e1", "c1")), exemplars={"e1": (("k", 0),)},
                   closest={("e1", "c1"): ((("k", 0), ("l", 1), 0.5),)})  # fmt: skip
    again = found.load(found.dump(base))
    assert again.themes[0].centroid.tolist() == base.themes[0].centroid.tolist()
    plain = [replace(t, centroid=None) for t in base.themes]
    assert [replace(t, centroid=None) for t in again.themes] == plain
    assert replace(again, themes=()) == replace(base, themes=())


def test_a_name_holds_and_the_broad_theme_that_quotes_it_follows() -> None:
    view = shown(result(), event(1, "rename", "e2", name="Wages"))
    assert labels(view)["e2"] == "Wages"
    assert view.own_labels["e2"] == "label e2"
    assert view.found.broad[0].label == "label e1 · Wages"


def test_a_broad_theme_can_be_named_too() -> None:
    view = shown(result(), event(1, "rename", "eb1", name="Money"))
    assert view.found.broad[0].label == "Money"


def test_the_last_name_counts_and_undoing_it_brings_the_one_before_back() -> None:
    one, two = event(1, "rename", "e1", name="A"), event(2, "rename", "e1", name="B")
    assert labels(shown(result(), one, two))["e1"] == "B"
    assert labels(shown(result(), one, replace(two, undone_by=3)))["e1"] == "A"


def test_a_merged_theme_is_gone_and_its_pairs_are_the_targets() -> None:
    base = result(pair("e2", "c1", 0.9), pair("e1", "c1", 0.6), pair("e2", "c2", 0.8))
    view = shown(base, event(1, "merge", "e1", "e2"))
    assert "e2" not in labels(view)
    assert {found.ends(p): p.probability for p in view.found.pairs} == {
        ("e1", "c1"): 0.9, ("e1", "c2"): 0.8,
    }  # fmt: skip
    assert steps.rerouted(view.steps, "e2") == ("e1", False)


def test_merges_lead_on_to_the_last_target() -> None:
    view = shown(result(), event(1, "merge", "e2", "e3"), event(2, "merge", "e1", "e2"))
    assert [steps.rerouted(view.steps, t)[0] for t in ("e1", "e2", "e3")] == ["e1"] * 3


def test_a_judgement_of_a_merged_themes_pair_outlives_the_merge() -> None:
    base = result(pair("e2", "c1", 0.9), pair("e1", "c1", 0.95))
    rejected = event(1, "reject", "e2", "c1")
    assert pairs_of(shown(base, rejected, event(2, "merge", "e1", "e2"))) == {
        ("e1", "c1"): "rejected"
    }
    values = found.pair_values(base.pairs[0])
    accepted = event(1, "accept", "e2", "c1", pair=values)
    assert pairs_of(shown(base, accepted, event(2, "merge", "e1", "e2"))) == {
        ("e1", "c1"): "accepted"
    }


def test_a_rejected_pair_stays_rejected_when_it_is_found_again() -> None:
    rejected = event(1, "reject", "e1", "c1")
    assert pairs_of(shown(result(), rejected)) == {}
    assert pairs_of(shown(result(pair("e1", "c1", 0.99)), rejected)) == {("e1", "c1"): "rejected"}


def test_a_rejected_pair_does_not_come_back_through_a_theme_that_split_off_later() -> None:
    base = result(pair("e3", "c1"))
    rejected = event(1, "reject", "e1", "c1", run=4)
    later = {"e3": Born("e1", 5), "e1": Born(None, 1), "c1": Born(None, 1)}
    assert pairs_of(shown(base, rejected, born=later)) == {("e3", "c1"): "rejected"}
    earlier = {**later, "e3": Born("e1", 4)}
    assert pairs_of(shown(base, rejected, born=earlier)) == {("e3", "c1"): "suggested"}
    accepted = event(2, "accept", "e3", "c1", pair=found.pair_values(base.pairs[0]))
    assert pairs_of(shown(base, rejected, accepted, born=later)) == {("e3", "c1"): "accepted"}


def test_an_accepted_pair_that_is_not_found_any_more_stays_and_a_note_says_so() -> None:
    values = found.pair_values(pair("e1", "c1", 0.8))
    view = shown(result(), event(1, "accept", "e1", "c1", pair=values))
    assert pairs_of(view) == {("e1", "c1"): "accepted"}
    assert view.found.pairs[0].probability == 0.8
    assert any("was accepted and is kept" in note for note in view.notes)
    again = shown(result(pair("e1", "c1", 0.6)), event(1, "accept", "e1", "c1", pair=values))
    assert (again.found.pairs[0].probability, again.notes) == (0.6, ())


def test_of_accepting_and_rejecting_the_last_counts() -> None:
    base = result(pair("e1", "c1"))
    accept = event(1, "accept", "e1", "c1", pair=found.pair_values(base.pairs[0]))
    assert pairs_of(shown(base, accept, event(2, "reject", "e1", "c1"))) == {
        ("e1", "c1"): "rejected"
    }


def test_hidden_is_marked_not_taken_away() -> None:
    base = result(pair("e1", "c1"), pair("e2", "c2"))
    view = shown(base, event(1, "hide", "e1"), event(2, "hide", "e2", "c2"))
    assert (view.hidden, view.hidden_pairs) == ({"e1"}, {("e2", "c2")})
    assert len(view.found.pairs) == 2


@pytest.mark.parametrize("action", ["rename", "split", "move", "hide", "merge"])
def test_an_event_whose_theme_is_not_there_rests_and_a_note_says_so(action: str) -> None:
    payload = {"name": "A", "new": "e9", "label": "l", "terms": [], "comment": "k", "text": "t"}
    view = shown(result(), event(7, action, "e99", "e98", **payload))
    assert labels(view) == labels(shown(result()))
    assert view.notes == (f"Edit 7 ({action} e99, e98) rests: it names a theme that is not there.",)


def never(split, key) -> bool:
    raise AssertionError("no vector is needed here")


def place(view, theme_id, key=("k", "aa"), text="some text", nearer=never, **rest) -> str:
    return steps.placed(view.steps, theme_id, key, text, nearer, **rest)


def split_by(number=1, target="e1", new="e9", **payload) -> Edit:
    return event(number, "split", target, new=new, label="part", terms=["t"], **payload)


def test_a_split_by_a_phrase_takes_new_segments_too() -> None:
    view = shown(result(), split_by(phrases=["late bus"]))
    assert place(view, "e1", text="The LATE BUS again") == "e9"
    assert place(view, "e1", text="The early bus") == "e1"
    assert place(view, "e2", text="The late bus") == "e2"
    assert labels(view)["e9"] == "part"
    assert steps.rerouted(view.steps, "e1") == ("e1", True)


def test_a_split_by_a_list_asks_for_vectors_only_of_segments_that_it_does_not_know() -> None:
    view = shown(result(), split_by(moved=[["k", "aa"]], stayed=[["k", "bb"]]))
    assert place(view, "e1", ("k", "aa")) == "e9"
    assert place(view, "e1", ("k", "bb")) == "e1"
    assert place(view, "e1", ("k", "cc"), nearer=lambda split, key: True) == "e9"
    assert place(view, "e1", ("k", "cc"), nearer=lambda split, key: False) == "e1"


def test_a_part_that_a_run_finds_by_itself_has_its_own_words_unless_people_named_it() -> None:
    base = result(themes=("e1", "e9", "c1"))
    assert labels(shown(base, split_by(phrases=["x"])))["e9"] == "label e9"
    assert labels(shown(base, split_by(phrases=["x"], name="Mine")))["e9"] == "Mine"


def test_a_moved_segment_is_moved_wherever_the_run_puts_it() -> None:
    view = shown(result(), event(1, "move", "e3", comment="k", text="aa"))
    assert [place(view, t) for t in ("e1", "e2", "e3")] == ["e3"] * 3
    assert place(view, "e1", ("k", "bb")) == "e1"


def test_steps_are_taken_in_the_order_of_the_events() -> None:
    move, merge = event(1, "move", "e2", comment="k", text="aa"), event(2, "merge", "e3", "e2")
    assert place(shown(result(), move, merge), "e1") == "e3"
    view = shown(result(), split_by(phrases=["text"]), event(2, "merge", "e2", "e9"))
    assert place(view, "e1") == "e2"
    # ... but a run knows a segment again by its theme before the merges.
    assert place(view, "e1", merges=False) == "e9"


def test_every_action_of_the_table_is_named_by_held_themes_but_notes() -> None:
    made = [event(1, "rename", "e1"), event(2, "note", "e2"), event(3, "hide", "e3"),
            replace(event(4, "hide", "c1"), undone_by=5), event(5, "undo", "4")]  # fmt: skip
    assert edits.named_by(made) == {"e1", "e3"}


def test_two_groups_are_told_apart_and_the_smaller_is_the_part() -> None:
    rng = np.random.default_rng(0)
    middles = np.repeat(np.eye(8)[:2], [12, 30], axis=0)
    vectors = (middles + 0.2 * rng.normal(size=middles.shape)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert splitting.halves(vectors).tolist() == [True] * 12 + [False] * 30
    order = rng.permutation(42)
    assert (splitting.halves(vectors[order]) == (order < 12)).all()


def test_the_words_of_a_part_are_those_that_the_rest_does_not_use() -> None:
    own = ["the bus was late", "a late bus", "bus and pay"]
    assert splitting.telling(own, ["the pay is low", "my pay"])[:2] == ["bus", "late"]
