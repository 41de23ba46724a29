"""The language detector, and what is made of its answers."""

from __future__ import annotations

import pytest

from analyzer.language import commonest, detect, share_of


def test_whole_sentences_are_told_apart() -> None:
    assert detect(
        [
            "The room was dirty and the staff were rude to us",
            "La habitación estaba muy sucia y el personal fue grosero",
            "La camera era sporca e il personale scortese",
        ]
    ) == ["en", "es", "it"]


def test_a_text_without_words_has_no_language() -> None:
    assert detect(["", "12345", "...", "😀"]) == [None] * 4


def test_no_texts_have_no_languages() -> None:
    assert detect([]) == []


def test_an_answer_depends_on_its_text_alone() -> None:
    texts = ["The queue was long", "La coda era lunga", "La cola era muy larga", "ok", "hotel"]
    assert detect(texts) == detect(texts[::-1])[::-1] == [detect([text])[0] for text in texts]


@pytest.mark.parametrize(
    ("languages", "usual"),
    [([], "en"), ([None, None], "en"), (["it", None, "it", "en"], "it"), (["es", "en"], "en")],
)
def test_the_commonest_language_counts_known_ones_and_breaks_ties_by_name(languages, usual) -> None:
    assert commonest(languages) == usual


def test_the_share_of_a_language_is_among_those_known() -> None:
    assert share_of("en", ["en", None, "it", "en", "es"]) == 0.5
    assert share_of("en", [None]) == 1.0
    assert share_of("en", []) == 1.0
