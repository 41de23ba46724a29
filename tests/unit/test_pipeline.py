"""The whole core on texts whose themes are known beforehand. No clock, no file, no model."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer import experience, pipeline
from analyzer.errors import UsageError
from analyzer.settings import Settings
from tests.fakes import FakeEmbedder

CHART = experience.parse(
    """
    [[node]]
    id = "rota"
    side = "employee"
    name = "Rota"
    description = "Rota."
    en = ["the rota"]
    [[node]]
    id = "queue"
    side = "customer"
    name = "Queue"
    description = "Queue."
    en = ["the queue"]
    [[node]]
    id = "parking"
    side = "customer"
    name = "Parking"
    description = "Parking."
    en = ["the parking"]
    [[edge]]
    employee = "rota"
    customer = "queue"
    kind = "driver-outcome"
    strength = "strong"
    reason = "Expected."
    source = "Nobody 2000"
    """,
    "map",
)
EMPLOYEE = {"rota": 16, "breakfast": 15, "pay": 14, "manager": 13, "uniform": 12}
CUSTOMER = {"queue": 16, "breakfast": 15, "parking": 14, "noise": 13, "wifi": 12}
TOPICS = tuple(EMPLOYEE | CUSTOMER)
WORDS = (
    "pot", "window", "river", "carpet", "ladder", "button", "violin", "garden", "pencil", "jug",
)  # fmt: skip


def said(topic: str, count: int) -> list[str]:
    return [
        f"the {topic} {WORDS[i % 10]} {WORDS[(i // 2) % 10]} bad{'x' * i}" for i in range(count)
    ]


@pytest.fixture
def comments(make_comments):
    return [
        *make_comments(*(text for topic, count in EMPLOYEE.items() for text in said(topic, count))),
        *make_comments(
            *(text for topic, count in CUSTOMER.items() for text in said(topic, count)),
            side="customer",
        ),
    ]


def run(comments, embedder=None, seed=0, **settings):
    return pipeline.analyze(
        comments,
        embedder or FakeEmbedder(TOPICS),
        CHART,
        Settings({"resolution": 1.0, **settings}),
        np.random.default_rng(seed),
    )


def topic_of(theme, side) -> str:
    words = " ".join(side.segments[i].text for i in theme.exemplars).split()
    return max(TOPICS, key=words.count)


def named(analysis):
    return {
        theme.id: topic_of(theme, side) for side in analysis.sides.values() for theme in side.themes
    }


@pytest.fixture
def analysis(comments):
    return run(comments)


def test_each_topic_becomes_one_theme(analysis) -> None:
    assert sorted(named(analysis).values()) == sorted([*EMPLOYEE, *CUSTOMER])


def test_every_segment_has_a_theme_and_a_confidence(analysis) -> None:
    for side in analysis.sides.values():
        assert len(side.theme) == len(side.confidence) == len(side.segments)
        assert set(side.theme.tolist()) == set(range(len(side.themes)))
        assert ((side.confidence >= 0) & (side.confidence <= 1)).all()
        assert sum(theme.segments for theme in side.themes) == len(side.segments)


def test_the_same_topic_on_both_sides_and_the_expected_outcome_are_pairs(analysis) -> None:
    names = named(analysis)
    found = {
        (names[p.employee_theme_id], names[p.customer_theme_id]): p.kind for p in analysis.pairs
    }
    assert found == {("breakfast", "breakfast"): "same-topic", ("rota", "queue"): "driver-outcome"}


def test_a_pair_carries_its_evidence(analysis) -> None:
    by_kind = {pair.kind: pair.evidence for pair in analysis.pairs}
    assert by_kind["driver-outcome"].edge == "rota>queue"
    assert by_kind["driver-outcome"].source == "Nobody 2000"
    assert by_kind["same-topic"].edge is None
    for pair in analysis.pairs:
        odds = sum(sign.weight for sign in pair.evidence.signs)
        assert pair.probability == pytest.approx(1 / (1 + np.exp(-odds)))
        assert pair.evidence.closest
        assert pair.status == "suggested"


def test_the_same_input_and_seed_give_the_same_analysis(comments, analysis) -> None:
    again = run(comments)
    assert again.pairs == analysis.pairs
    for side, one in analysis.sides.items():
        other = again.sides[side]
        assert one.segments == other.segments
        assert one.theme.tobytes() == other.theme.tobytes()
        assert one.confidence.tobytes() == other.confidence.tobytes()
        assert [t.label for t in one.themes] == [t.label for t in other.themes]


@pytest.mark.parametrize("side", ["employee", "customer"])
def test_one_side_alone_gives_themes_and_no_pairs_and_says_so(comments, side) -> None:
    analysis = run([comment for comment in comments if comment.side == side])
    other = "customer" if side == "employee" else "employee"
    assert len(analysis.sides[side].themes) == 5
    assert analysis.sides[other].themes == ()
    assert analysis.pairs == ()
    assert any(f"no {other} comments" in note for note in analysis.notes)


@pytest.mark.parametrize("side", ["employee", "customer"])
def test_one_side_alone_is_analysed_by_a_centred_model_too(comments, side) -> None:
    embedder = FakeEmbedder(TOPICS)
    embedder.centre = "language"
    analysis = run([comment for comment in comments if comment.side == side], embedder)
    assert analysis.sides[side].themes
    assert analysis.pairs == ()


def test_no_comments_give_an_empty_analysis() -> None:
    analysis = run([])
    assert analysis.pairs == ()
    assert len(analysis.notes) == 2


def test_comments_that_say_nothing_give_no_segments_and_are_listed(make_comments) -> None:
    analysis = run(make_comments("n/a", "nothing", "-"))
    side = analysis.sides["employee"]
    assert side.segments == ()
    assert [gone.reason for gone in side.dropped] == ["says nothing"] * 3


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_handful_of_comments_is_analysed(make_comments, count) -> None:
    comments = make_comments(*said("rota", count))
    comments += make_comments(*said("queue", count), side="customer")
    analysis = run(comments)
    for side in analysis.sides.values():
        assert len(side.segments) == count
        assert sum(theme.segments for theme in side.themes) == count


def test_progress_hears_every_stage_to_its_end(comments) -> None:
    heard: dict[str, tuple[int, int]] = {}
    pipeline.analyze(
        comments, FakeEmbedder(("rota",)), CHART, Settings(), np.random.default_rng(0),
        progress=lambda stage, done, total: heard.__setitem__(stage, (done, total)),
    )  # fmt: skip
    assert list(heard) == [
        "segment employee", "segment customer", "embed", "discover", "label", "align",
    ]  # fmt: skip
    assert all(done == total for done, total in heard.values())


def test_comments_are_not_changed_by_an_analysis(comments) -> None:
    before = list(comments)
    run(comments)
    assert comments == before


def test_an_unknown_strategy_is_an_error_before_anything_is_embedded(comments) -> None:
    embedder = FakeEmbedder()
    with pytest.raises(UsageError, match="no strategy"):
        pipeline.analyze(
            comments, embedder, CHART, Settings(), np.random.default_rng(0), strategy_name="magic"
        )
    assert embedder.calls == 0


def test_a_centred_model_gives_the_means_it_took_away(comments) -> None:
    embedder = FakeEmbedder(("rota", "queue"))
    embedder.centre = "language"
    analysis = run(comments, embedder)
    assert set(analysis.language_means) == {"*", "en"}
    assert run(comments).language_means == {}
