"""What the comments of each theme say: words, phrases, and what they tell."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.types import Segment
from analyzer.wording import Lexicon, Role, Talk, listen, roles_of, stem_of, telling, words_of

STOP = frozenset({"the", "was", "is", "at", "and", "we", "in", "there's"})
LEXICON = Lexicon(STOP, frozenset({"hilltop"}))


def heard(*texts: str, language: str = "en") -> Talk:
    talk = Talk(language)
    for number, text in enumerate(texts):
        talk.hear(f"c{number}", words_of(text), 0.5, LEXICON)
    return talk


def phrases(talk: Talk) -> set[str]:
    return {" ".join(phrase) for phrase in talk.said}


def roles(*texts: str, language: str = "en") -> dict[str, Role]:
    segments = [Segment(f"c{i}", 0, 0, len(t), t, language) for i, t in enumerate(texts)]
    return roles_of(segments, [words_of(text) for text in texts], LEXICON)


def test_words_are_in_lower_case_and_marks_are_kept() -> None:
    assert words_of("The Staff’s check-in, 3pm") == ["the", "staff's", "check-in", ",", "3pm"]


@pytest.mark.parametrize(
    ("one", "two"), [("towel", "towels"), ("price", "prices"), ("camera", "camere")]
)
def test_a_word_and_its_plural_have_one_stem(one: str, two: str) -> None:
    assert stem_of(one) == stem_of(two)


@pytest.mark.parametrize(
    "word", ["the", "theres", "THERE'S".casefold(), "january", "really", "minutes", "x", "3pm", "-"]
)
def test_stop_words_dates_and_idle_words_mean_nothing(word: str) -> None:
    assert not LEXICON.means(word, "en")


@pytest.mark.parametrize("word", ["hilltop", "hilltop's", "hill-top", "worsthilltop"])
def test_a_name_to_avoid_is_seen_in_every_form(word: str) -> None:
    assert not LEXICON.means(word, "en")


def test_what_is_idle_depends_on_the_language() -> None:
    assert LEXICON.means("minutos", "en")
    assert not LEXICON.means("minutos", "es")
    assert LEXICON.means("really", "nl"), "a language without a row has no idle words"


def test_a_phrase_begins_and_ends_with_words_that_mean_something() -> None:
    assert phrases(heard("the queue at the front desk")) == {
        "queue at the front", "queue at the front desk", "front desk"
    }  # fmt: skip


def test_no_phrase_crosses_a_mark_or_a_number() -> None:
    assert phrases(heard("slow queue, cold soup")) == {"slow queue", "cold soup"}
    assert phrases(heard("queue 40 people")) == set()


def test_what_is_denied_is_not_said() -> None:
    assert phrases(heard("not clean towels")) == set()
    assert phrases(heard("no clean towels")) == {"clean towels"}


def test_a_phrase_is_whole_where_it_does_not_go_on() -> None:
    talk = heard("broken coffee machine", "a coffee machine leaks", "the kettle ruined my day")
    assert len(talk.said["coffee", "machine"]) == 2
    assert len(talk.whole["coffee", "machine"]) == 1
    assert not talk.whole["kettle", "ruined"], "what it ruined is missing"


def test_verbs_and_nouns_are_told_by_their_neighbours() -> None:
    found = roles(
        "we mop the floor", "I mop it", "to mop the stairs", "the floor is wet", "on the floor."
    )
    assert found["mop"].is_verb
    assert not found["floor"].is_verb
    assert found["floor"].noun > found["wet"].noun


def test_roles_are_learned_in_every_language_of_the_table() -> None:
    assert roles("non lavo le camere", "non lavo il bagno", language="it")["lavo"].is_verb
    assert roles("no limpio la sala", "yo limpio las mesas", language="es")["limpio"].is_verb


def test_a_theme_talks_in_its_commonest_language() -> None:
    texts = [("cold soup", "en"), ("cold tea", "en"), ("zuppa fredda", "it")]
    segments = [Segment(f"c{i}", 0, 0, len(t), t, code) for i, (t, code) in enumerate(texts)]
    words = [words_of(text) for text, _ in texts]
    zero, near = np.zeros(3, dtype=np.int64), np.ones(3, dtype=np.float32)
    (talk,) = listen(segments, words, zero, near, 1, LEXICON)
    assert talk.language == "en"
    assert phrases(talk) == {"cold soup", "cold tea"}


def test_a_word_tells_most_where_many_say_it_and_others_do_not() -> None:
    own, other = telling([heard("cold soup", "cold soup"), heard("cold tea", "hot tea")])
    assert own[stem_of("soup")] == 1.0
    assert own[stem_of("cold")] == pytest.approx(1 / 1.5)
    assert other[stem_of("cold")] == pytest.approx(0.25 / 1.5)


def test_words_are_joined_in_the_language_of_the_theme() -> None:
    assert heard(language="es").joined(["jabón", "toallas"]) == "jabón y toallas"
    assert heard(language="nl").joined(["zeep", "handdoek"]) == "zeep handdoek"
