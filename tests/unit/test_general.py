"""General praise and complaint: a judgement without a subject, and nothing else."""

from __future__ import annotations

import pytest

from analyzer.general import general
from analyzer.words import WORDS

NONE: frozenset[str] = frozenset()


def is_general(text: str, language: str = "en", vague: frozenset[str] = NONE) -> bool:
    return bool(general([text], [language], vague)[0])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "terrible place"),
        ("en", "Love it"),
        ("en", "best company ever!!"),
        ("en", "Worst hotel."),
        ("en", "highly recommended"),
        ("en", "would never come back"),
        ("en", "Never again!"),
        ("en", "great job"),
        ("en", "thank you"),
        ("en", "Keep it up"),
        ("en", "could be better"),
        ("en", "What a disappointment"),
        ("en", "can't complain"),
        ("en", "I’m very happy with everything"),
        ("en", "It was the best experience of my life"),
        ("es", "muy bueno"),
        ("es", "El peor sitio en el que he estado"),
        ("es", "Todo perfecto, muchas gracias"),
        ("es", "No volveremos nunca más"),
        ("es", "¡Qué vergüenza!"),
        ("it", "pessimo posto"),
        ("it", "Tutto perfetto, grazie mille"),
        ("it", "un'esperienza orribile"),
        ("it", "Ci torneremo sicuramente"),
        ("it", "mai più"),
    ],
)
def test_a_judgement_without_a_subject_is_general(language: str, text: str) -> None:
    assert is_general(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "good pay"),
        ("en", "rude staff"),
        ("en", "great benefits"),
        ("en", "slow service"),
        ("en", "nice people"),
        ("en", "terrible management"),
        ("en", "the best breakfast"),
        ("en", "no complaints about the pay"),
        ("en", "my order came back broken"),
        ("es", "buen sueldo"),
        ("es", "personal muy amable"),
        ("es", "la comida malísima"),
        ("it", "ottimo stipendio"),
        ("it", "personale pessimo"),
        ("it", "camera bellissima"),
    ],
)
def test_a_judgement_with_a_subject_is_not(language: str, text: str) -> None:
    assert not is_general(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "where is my card"),
        ("en", "cancel my order please"),
        ("en", "yes"),
        ("en", "no thank you"),
        ("en", "what is the best way to fix this"),
        ("en", "what's the best"),
        ("en", "tell me a joke"),
        ("en", "is it any good?"),
        ("en", "have a nice day"),
        ("en", "please recommend something nice"),
        ("es", "cuál es el mejor"),
        ("es", "¿es bueno?"),
        ("it", "qual è il migliore"),
        ("it", "no grazie"),
    ],
)
def test_questions_and_requests_are_no_judgement(language: str, text: str) -> None:
    assert not is_general(text, language)


@pytest.mark.parametrize("text", ["", "...", "👍", "10/10", "it was", "the place", "I have been"])
def test_nothing_is_general_without_a_judging_word(text: str) -> None:
    assert not is_general(text)


def test_words_that_name_what_everything_is_about_are_vague_where_they_are_given() -> None:
    assert not is_general("Ardemar is great")
    assert is_general("Ardemar is great", vague=frozenset({"ardemar"}))


def test_a_long_text_is_no_general_judgement() -> None:
    assert is_general("very good " * 8)
    assert not is_general("very good " * 9)


def test_a_language_without_words_has_no_general_judgements() -> None:
    assert not is_general("très bien", "fr")


def test_each_segment_is_judged_alone_and_none_make_none() -> None:
    found = general(["terrible place", "good pay", "muy bueno"], ["en", "en", "es"], NONE)
    assert found.tolist() == [True, False, True]
    assert general([], [], NONE).shape == (0,)


@pytest.mark.parametrize("language", WORDS)
def test_a_word_has_one_part_and_is_written_as_it_is_compared(language: str) -> None:
    row = WORDS[language]
    assert not row.judging & (row.vague | row.filler)
    assert not row.vague & row.filler
    for word in (*row.judging, *row.vague, *row.filler):
        assert word == word.casefold()
        assert word.isalpha()
    for phrase in (*row.idioms, *row.asking, *row.exclaiming):
        assert phrase == phrase.casefold()
        assert phrase.replace(" ", "").isalpha()
    assert len(set(row.idioms)) == len(row.idioms)
