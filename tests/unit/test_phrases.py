"""Labels: phrases of two to five words that find their own theme."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from analyzer import label, phrases
from analyzer.discover.assign import centroids
from analyzer.types import Embedder, Segment, Vectors

STOP = frozenset(label.stop_words())
TOPICS = {
    "queue": (
        "the queue at the desk was long", "a long queue at the desk again",
        "long queue, nobody at the desk", "I stood in a long queue for an hour",
    ),
    "pay": (
        "the low pay is why I left", "low pay for hard work", "they promise more but it is low pay",
        "with such low pay nobody stays",
    ),
    "towels": (
        "no clean towels in the room", "we asked for clean towels twice",
        "clean towels never came", "not enough clean towels on the trolley",
    ),
}  # fmt: skip


def labelled(
    topics: dict[str, Sequence[str]],
    model: Embedder,
    avoid: frozenset[str] = frozenset(),
    language: str = "en",
) -> tuple[list[str], Vectors]:
    texts = [text for own in topics.values() for text in own]
    theme = np.repeat(np.arange(len(topics)), [len(own) for own in topics.values()])
    segments = [Segment(f"c{i}", 0, 0, len(text), text, language) for i, text in enumerate(texts)]
    vectors = model.embed(texts)
    centres = centroids(vectors, theme, len(topics))
    terms = [[name, "else"] for name in topics]
    found = phrases.labels(
        segments, theme, vectors, centres, terms, STOP, avoid, lambda t, _: model.embed(t)
    )
    return found, centres


@pytest.fixture(scope="module")
def english(minilm: Embedder) -> tuple[list[str], Vectors]:
    return labelled(TOPICS, minilm)


def test_a_label_is_a_phrase_that_the_theme_repeats(english) -> None:
    for name, words in zip(english[0], ("queue", "pay", "towels"), strict=True):
        assert words in name.split()


def test_a_label_has_two_to_five_words_and_no_stop_word_at_its_ends(english) -> None:
    for name in english[0]:
        words = name.split()
        assert 2 <= len(words) <= 5
        assert not {words[0], words[-1]} & STOP


def test_a_label_finds_its_own_theme(english, minilm: Embedder) -> None:
    names, centres = english
    cosine = minilm.embed(names) @ centres.T
    assert cosine.argmax(axis=1).tolist() == [0, 1, 2]


def test_no_two_themes_have_the_same_label(minilm: Embedder) -> None:
    twice = {"a": TOPICS["queue"], "b": [text + "!" for text in TOPICS["queue"]]}
    names, _ = labelled(twice, minilm)
    assert len(set(names)) == 2


def test_a_word_to_avoid_stands_in_no_label(minilm: Embedder) -> None:
    names, _ = labelled(TOPICS, minilm, avoid=frozenset({"queue"}))
    assert "queue" not in names[0].split()


def test_a_theme_without_a_phrase_is_named_by_its_terms(minilm: Embedder) -> None:
    names, _ = labelled({"why": ("Why?", "why", "Why!"), "pay": TOPICS["pay"]}, minilm)
    assert names[0] == "why else"


@pytest.mark.parametrize(
    ("language", "texts", "word"),
    [
        (
            "es",
            ("el desayuno frío", "un desayuno frío otra vez", "desayuno frío y caro"),
            "desayuno",
        ),
        (
            "it",
            ("colazione fredda", "la colazione fredda di nuovo", "colazione fredda"),
            "colazione",
        ),
    ],
)
def test_labels_are_in_the_language_of_the_theme(
    multilingual: Embedder, language: str, texts: tuple[str, ...], word: str
) -> None:
    names, _ = labelled({"a": texts}, multilingual, language=language)
    assert word in names[0].split()
