"""Comments -> segments that slice back."""

from __future__ import annotations

from itertools import pairwise

import pytest

from analyzer.segment import LONG_SENTENCE_WORDS, MIN_CLAUSE_WORDS, segments
from analyzer.types import Comment


def cut(text: str, language: str = "en", body: tuple[int, int] | None = None) -> list[str]:
    comment = Comment("c", "employee", "pulse", "1", "text", text)
    found = segments(comment, body or (0, len(text)), language)
    for number, segment in enumerate(found):
        assert segment.index == number
        assert text[segment.start : segment.end] == segment.text
        assert segment.text == segment.text.strip() != ""
        assert segment.language == language
    for before, after in pairwise(found):
        assert before.end <= after.start
    return [segment.text for segment in found]


RUN_ON = {
    "en": (
        "The manager changed my rota three times in one week without asking me first "
        "but when I finally complained about it to the head office nobody ever bothered to call",
        "but when",
    ),
    "es": (
        "El gerente cambió mi turno tres veces en una semana sin preguntarme antes "
        "pero cuando por fin me quejé en la oficina central nadie se molestó nunca en llamarme",
        "pero cuando",
    ),
    "it": (
        "Il direttore ha cambiato il mio turno tre volte in una settimana senza chiedermelo prima "
        "ma quando alla fine mi sono lamentato in sede nessuno si è mai degnato di richiamarmi",
        "ma quando",
    ),
}


@pytest.mark.parametrize("language", RUN_ON)
def test_a_long_run_on_sentence_is_split_where_a_clause_begins(language: str) -> None:
    text, begins = RUN_ON[language]
    first, second = cut(text, language)
    assert second.startswith(begins)
    assert f"{first} {second}" == text


def test_a_sentence_of_usual_length_stays_whole() -> None:
    text = "The room was small, but the bed was good and the staff were kind to us."
    assert cut(text) == [text]


def test_every_part_of_a_split_sentence_keeps_enough_words_to_mean_something() -> None:
    text = " and ".join(
        f"the {w} people were never there for us" for w in (["one", "two", "three", "four", "five"])
    )
    parts = cut(text)
    assert len(parts) > 1
    for part in parts:
        assert MIN_CLAUSE_WORDS <= len(part.split()) <= LONG_SENTENCE_WORDS


def test_a_long_sentence_without_a_border_stays_whole() -> None:
    text = "word " * 40 + "end"
    assert cut(text) == [text]


def test_sentences_are_segments() -> None:
    assert cut("The pay is low. The hours are long! Who would stay here?") == [
        "The pay is low.", "The hours are long!", "Who would stay here?",
    ]  # fmt: skip


def test_a_sentence_too_short_for_a_subject_joins_its_neighbour() -> None:
    assert cut("Great place. So sad. But the pay is really too low.") == [
        "Great place. So sad.", "But the pay is really too low.",
    ]  # fmt: skip
    assert cut("So sad. The pay is really too low here.") == [
        "So sad. The pay is really too low here."
    ]
    assert cut("The pay is really too low here. Sad.") == ["The pay is really too low here. Sad."]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Dr. Smith was rude to all of us at the desk.", "en"),
        ("We came back at 9 a.m. to the closed bar.", "en"),
        ("El Sr. García fue muy amable con todos nosotros.", "es"),
        ("Il Sig. Rossi è stato molto gentile con tutti noi.", "it"),
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(text: str, language: str) -> None:
    assert cut(text, language) == [text]


def test_each_line_of_a_list_is_a_segment() -> None:
    lines = [
        "What I liked here:",
        "- the team was lovely",
        "- the canteen was good",
        "- no pay rise",
    ]
    assert cut("\n".join(lines)) == lines
    assert cut("\n \n".join(lines)) == lines


def test_an_empty_body_has_no_segments() -> None:
    assert cut("") == []
    assert cut("   \n  ") == []
    assert cut("something", body=(4, 4)) == []


def test_offsets_count_from_the_beginning_of_the_comment_not_of_its_body() -> None:
    text = "Title: The pay is low here. The hours are very long. Date: today"
    assert cut(text, body=(7, 52)) == ["The pay is low here.", "The hours are very long."]


def test_a_language_without_words_of_its_own_is_still_cut_into_sentences() -> None:
    assert len(cut("Wir brauchen mehr Leute. Sonst geht es nicht weiter.", "de")) == 2
    assert len(cut("人が足りません。もう続けられません。", "ja")) >= 1


def test_emoji_and_accents_do_not_shift_offsets() -> None:
    text = "😀😀 Très bien, merci à tous. 👍🏽 The pay is low here. Perché è così?"
    assert " ".join(cut(text)) == text


@pytest.mark.parametrize(
    ("text", "language", "begins"),
    [
        ("La habitación estaba muy sucia. ¿Por qué nadie limpia nunca aquí?", "es", "¿"),
        ("El baño no funcionaba nunca. ¡Qué vergüenza de hotel!", "es", "¡"),
        ("They all left the place. (It was a bad year for us.)", "en", "("),
    ],
)
def test_an_opening_mark_belongs_to_the_sentence_that_it_opens(text, language, begins) -> None:
    assert cut(text, language)[1].startswith(begins)


def test_a_lost_line_break_ends_a_sentence_and_a_capital_inside_a_name_does_not() -> None:
    assert cut("Really bad serviceThey never call anybody back at all") == [
        "Really bad service",
        "They never call anybody back at all",
    ]
    assert len(cut("I could not pay with my MasterCard this morning")) == 1
