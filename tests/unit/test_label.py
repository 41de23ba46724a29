"""Themes -> terms, exemplars."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer import label
from analyzer.types import Segment
from tests.fakes import FakeEmbedder

QUEUE = [
    "The long queue at the front desk took an hour",
    "We stood in a long queue and the front desk was empty",
    "Another long queue this morning, the front desk had one person",
    "Long queue again, nobody at the front desk",
    "The queue never moved at all, it was a long queue",
    "I hate the queue at the desk",
]
PAY = [
    "My pay is low for the hours that I work",
    "Low pay and unpaid hours every week",
    "The pay is too low, even the supermarket gives more",
    "Low pay is why people leave the hotel",
    "I cannot live on such low pay",
    "Pay has not gone up in years",
]
TEXTS = QUEUE + PAY
THEME = np.array([0] * len(QUEUE) + [1] * len(PAY))
NOTHING: frozenset[str] = frozenset()


def segments(texts: list[str]) -> list[Segment]:
    return [Segment(f"c{i}", 0, 0, len(t), t, "en") for i, t in enumerate(texts)]


@pytest.fixture(scope="module")
def model():
    vectors = FakeEmbedder(("queue", "pay")).embed(TEXTS)
    return label.topic_model(TEXTS, vectors, THEME)


@pytest.fixture(scope="module")
def terms(model) -> list[list[str]]:
    return label.key_terms(model, segments(TEXTS), THEME, NOTHING)


def test_the_topics_of_the_model_are_our_themes(model) -> None:
    assert len(set(zip(model.topics_, THEME.tolist(), strict=True))) == 2
    assert set(model.topics_) == {0, 1}


def test_a_themes_terms_are_what_it_speaks_of(terms) -> None:
    assert any("queue" in term for term in terms[0][:2])
    assert any("pay" in term.split() for term in terms[1][:2])
    assert not any("pay" in term.split() for term in terms[0])


class FakeModel:
    """A topic model that ranked these words for its one topic."""

    def __init__(self, *ranked: str, segments: int) -> None:
        self.topics_ = [0] * segments
        self._ranked = ranked

    def get_topic(self, number: int) -> list[tuple[str, float]]:
        assert number == 0
        return [(word, 1.0 - i / 100) for i, word in enumerate(self._ranked)] + [("", 0.0)]


def test_a_term_of_two_words_stands_side_by_side_in_one_segment() -> None:
    texts = ["The front desk was empty", "A long and slow queue", "It was late", "Check in is slow"]
    texts *= 2
    model = FakeModel("front desk", "long queue", "late check", "slow", segments=8)
    (terms,) = label.key_terms(model, segments(texts), np.zeros(8, dtype=int), NOTHING)
    assert "front desk" in terms
    assert "long queue" not in terms, "a stop word stood between the two"
    assert "late check" not in terms, "the border of two segments stood between them"


def test_a_word_of_one_segment_alone_is_no_term_of_a_theme() -> None:
    texts = ["the queue is slow", "the queue never ends", "the queue and a violin"]
    model = FakeModel("violin", "queue", segments=3)
    (terms,) = label.key_terms(model, segments(texts), np.zeros(3, dtype=int), NOTHING)
    assert terms == ["queue"]


def test_no_word_is_shown_twice_in_a_themes_terms(terms) -> None:
    for own in terms:
        words = [word for term in own for word in term.split()]
        assert len(words) == len(set(words))


def test_stop_words_and_figures_are_no_terms(terms) -> None:
    stop = set(label.stop_words())
    for word in (word for own in terms for term in own for word in term.split()):
        assert word not in stop
        assert not word.isdigit()


def test_stop_words_are_those_of_three_languages() -> None:
    assert {"the", "don't", "don’t", "pero", "muy", "però", "anche", "x"} <= set(label.stop_words())
    assert "queue" not in label.stop_words()


def test_a_theme_of_stop_words_alone_has_no_terms() -> None:
    texts = [*QUEUE, "it is what it is", "and so it was", "so it is"]
    theme = np.array([0] * 6 + [1] * 3)
    vectors = FakeEmbedder(("queue",)).embed(texts)
    model = label.topic_model(texts, vectors, theme)
    found = label.key_terms(model, segments(texts), theme, NOTHING)
    assert found[1] == []


def test_one_theme_of_one_segment_has_terms() -> None:
    texts = ["The breakfast was cold"]
    vectors = FakeEmbedder(("breakfast",)).embed(texts)
    theme = np.array([0])
    model = label.topic_model(texts, vectors, theme)
    found = label.key_terms(model, segments(texts), theme, NOTHING)
    assert "breakfast" in " ".join(found[0])


def test_the_same_input_gives_the_same_terms(terms) -> None:
    vectors = FakeEmbedder(("queue", "pay")).embed(TEXTS)
    model = label.topic_model(TEXTS, vectors, THEME)
    again = label.key_terms(model, segments(TEXTS), THEME, NOTHING)
    assert again == terms


def test_words_to_avoid_are_in_no_term() -> None:
    texts = ["the queue at Hilltop is slow", "Hilltop queue is slow", "slow queue, Hilltop"]
    model = FakeModel("hilltop", "hilltop queue", "queue", "slow", segments=3)
    theme = np.zeros(3, dtype=int)
    (terms,) = label.key_terms(model, segments(texts), theme, frozenset({"hilltop"}))
    assert terms == ["queue", "slow"]


def test_exemplars_are_the_nearest_whole_phrases_of_different_comments() -> None:
    texts = [
        "the queue was long today again", "queue!", "the queue was long today again",
        "the queue at the desk is slow", "something else about my breakfast",
    ]  # fmt: skip
    own = segments(texts)
    own.append(Segment("c0", 1, 0, 5, "the queue is also outside the door", "en"))
    vectors = np.array([[1, 0], [1, 0], [1, 0], [0.9, 0.43], [0, 1], [0.99, 0.1]], dtype=np.float32)
    chosen = label.exemplars(own, vectors, np.arange(6), vectors[0], 10)
    assert chosen == (0, 3, 4, 1)
    assert len({own[i].comment_id for i in chosen}) == len(chosen)


def test_there_are_no_more_exemplars_than_asked_for_and_only_members() -> None:
    vectors = FakeEmbedder(("queue", "pay")).embed(TEXTS)
    members = np.flatnonzero(THEME == 1)
    chosen = label.exemplars(segments(TEXTS), vectors, members, vectors[7], 3)
    assert len(chosen) == 3
    assert set(chosen) <= set(members.tolist())
