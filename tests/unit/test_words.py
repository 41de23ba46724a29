"""The table of words, language by language."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from analyzer.words import GRAMMAR, MONTHS, NOTHING, WORDS


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


@pytest.mark.parametrize("language", WORDS)
def test_the_grammar_of_every_language_is_complete_and_in_lower_case(language: str) -> None:
    for group in astuple(GRAMMAR[language]):
        assert group
        assert all(word == word.casefold() for word in group)


@pytest.mark.parametrize("language", GRAMMAR)
def test_qualities_are_no_loose_words(language: str) -> None:
    assert not GRAMMAR[language].qualities & GRAMMAR[language].loose
