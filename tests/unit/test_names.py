"""Names are told by how they are written: with a capital inside sentences, in many comments."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.describe import widespread_names
from analyzer.names import COMMON_COMMENTS, common_names
from analyzer.reading import Read
from analyzer.types import Segment

OTHER = ("The pay is low", "We waited for an hour", "Breakfast was cold", "It rained all day")


def segments(*texts: str, language: str = "en") -> list[Segment]:
    return [Segment(f"c{i}", 0, 0, len(t), t, language) for i, t in enumerate(texts)]


def read(*texts: str) -> Read:
    return Read(tuple(segments(*texts)), np.arange(len(texts)), texts, (), "en")


def test_a_word_with_a_capital_in_many_comments_is_a_name() -> None:
    texts = [f"I like the Hilltop number {i}" for i in range(6)]
    assert common_names(segments(*texts, *OTHER)) == {"hilltop"}


@pytest.mark.parametrize(
    "text",
    [
        "the queue is long",
        "Queue was long",
        "It rained. Queue was long",
        "He said: Queue",
        "THE QUEUE WAS LONG",
        "we came in March and left in June",
        "I am in DC",
    ],
)
def test_ordinary_words_beginnings_shouts_months_and_short_forms_are_no_names(text: str) -> None:
    assert common_names(segments(*[f"{text} {i}" for i in range(9)], *OTHER)) == set()


def test_a_noun_of_german_is_no_name() -> None:
    texts = [f"ich warte auf das Zimmer {i}" for i in range(9)]
    assert common_names(segments(*texts, language="de")) == set()
    assert common_names(segments(*texts, language="en")) == {"zimmer"}


def test_a_word_that_is_mostly_written_small_is_no_name() -> None:
    texts = ["ask the Desk again", "ask the desk again", "ask the desk now"] * 4
    assert common_names(segments(*texts)) == set()


def test_a_name_of_few_comments_is_not_common() -> None:
    few = [f"the Hilltop is nice {i}" for i in range(COMMON_COMMENTS - 1)]
    assert common_names(segments(*few, *OTHER)) == set()
    many = [f"the Hilltop is nice {i}" for i in range(COMMON_COMMENTS)]
    assert common_names(segments(*many, *OTHER)) == {"hilltop"}
    assert common_names(segments(*many, *(["it rained"] * 300))) == set(), "under 2 % of comments"


def test_a_comment_that_says_a_name_often_counts_once() -> None:
    (one,) = segments(" ".join(["the Hilltop"] * 30))
    assert common_names([one, *segments(*OTHER)]) == set()


def test_no_segments_have_no_names() -> None:
    assert common_names([]) == set()


def test_a_name_that_stands_in_many_themes_belongs_to_none_of_them() -> None:
    texts = [f"I like the Hilltop number {i}" for i in range(12)]
    theme = np.arange(12) % 4
    assert widespread_names(read(*texts), theme, 4) == {"hilltop"}


def test_a_name_that_belongs_to_one_theme_is_kept() -> None:
    named = [f"I like the Hilltop number {i}" for i in range(6)]
    texts = [*named, *[f"the pay is low {i}" for i in range(6)]]
    theme = np.repeat([0, 1], 6)
    assert common_names(read(*texts).segments) == {"hilltop"}
    assert widespread_names(read(*texts), theme, 2) == set()


def test_the_name_of_the_only_theme_is_kept() -> None:
    texts = [f"I like the Hilltop number {i}" for i in range(6)]
    assert widespread_names(read(*texts), np.zeros(6, dtype=int), 1) == set()
