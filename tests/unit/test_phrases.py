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
    near = (vectors * centres[theme]).sum(axis=1)
    found = phrases.labels(
        segments,
        theme,
        near,
        [centres],
        [name.split() for name in topics],
        STOP,
        avoid,
        lambda texts, _: [model.embed(texts)],
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


def test_a_name_stands_in_no_label_even_glued_or_apart(minilm: Embedder) -> None:
    texts = ("Hilltop's queue is long", "worsthilltop queue ever", "hill top queue again")
    names, _ = labelled({"queue": texts, "pay": TOPICS["pay"]}, minilm, frozenset({"hilltop"}))
    assert "hill" not in names[0]
    assert "queue" in names[0]


def test_a_theme_without_a_phrase_is_named_by_its_terms(minilm: Embedder) -> None:
    names, _ = labelled({"why else": ("Why?", "why", "Why!"), "pay": TOPICS["pay"]}, minilm)
    assert names[0] == "why and else"


def test_themes_without_terms_or_phrases_are_told_apart_by_number(minilm: Embedder) -> None:
    names, _ = labelled({"": ("Why?", "why"), " ": ("So", "so so")}, minilm)
    assert names == ["theme 1", "theme 2"]


def test_where_comments_share_words_and_no_phrase_two_are_joined(minilm: Embedder) -> None:
    texts = (
        "I had to beg for the soap", "Where is the soap?", "The soap was gone by Monday",
        "I carried the towel down", "Nobody brought the towel", "The towel was grey",
    )  # fmt: skip
    names, _ = labelled({"soap towel": texts, "pay": TOPICS["pay"]}, minilm)
    assert names[0] == "soap and towel"


def test_two_labels_do_not_differ_by_an_ending_alone(minilm: Embedder) -> None:
    texts = {
        "refund": ("they issued a refund late", "he issued a refund", "who issued a refund here"),
        "refunds": ("please issue a refund", "to issue a refund", "they will issue a refund"),
    }
    names, _ = labelled(texts, minilm)
    assert {word[:4] for word in names[0].split()} != {word[:4] for word in names[1].split()}


@pytest.mark.parametrize(
    ("texts", "label"),
    [
        # Not "boiler broke", cut off before what the verb is done to.
        (
            ("the boiler broke my heart", "our boiler broke the pipe", *["a cold boiler"] * 3),
            "cold boiler",
        ),
        # Not "shifts bad management", a list without commas.
        (
            ("long shifts bad management", "shifts bad management", "bad management"),
            "bad management",
        ),
        # Not "hated the coffee", which is the story of one who speaks.
        (("I hated the coffee machine", "I hated the coffee machine here"), "coffee machine"),
        # Not "great is the breakfast", a scrap of another order of words.
        (("great is the breakfast buffet", "great is the breakfast buffet"), "breakfast buffet"),
    ],
)
def test_scraps_are_no_labels(minilm: Embedder, texts: tuple[str, ...], label: str) -> None:
    names, _ = labelled({"x y": texts, "pay": TOPICS["pay"]}, minilm)
    assert names[0] == label


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
