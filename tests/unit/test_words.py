"""The table of words, language by language."""

from __future__ import annotations

import pytest

from analyzer.words import MONTHS, NOTHING, WORDS


@pytest.mark.parametrize("language", ["en", "es", "it"])
def test_every_language_has_every_group_of_words(language: str) -> None:
    words = WORDS[language]
    assert words.nothing
    assert words.contrast
    assert words.joining
    assert len(words.months) >= 12


@pytest.mark.parametrize("language", WORDS)
def test_words_are_in_lower_case_as_they_are_compared(language: str) -> None:
    words = WORDS[language]
    for word in (*words.nothing, *words.contrast, *words.joining, *words.months):
        assert word == word.casefold()
        assert word


@pytest.mark.parametrize("language", WORDS)
def test_a_word_of_contrast_is_no_joining_word(language: str) -> None:
    assert not set(WORDS[language].contrast) & set(WORDS[language].joining)


def test_the_collected_sets_hold_every_language() -> None:
    assert {"nothing", "nada", "niente"} <= NOTHING
    assert {"may", "mayo", "maggio"} <= MONTHS
