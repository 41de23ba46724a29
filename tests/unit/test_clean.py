"""Normalising, answers that say nothing, collectors' boilerplate, double sending."""

from __future__ import annotations

import pytest

from analyzer import clean

PLACES = ("lobby", "kitchen", "garden", "lift", "pool", "bar", "garage", "spa", "stairs", "roof")
VERBS = ("liked", "feared", "missed", "cleaned", "painted", "left", "found", "closed")


def varied(count: int) -> list[str]:
    """Return texts that share no run of three words at either end."""
    return [
        f"{VERBS[i % 8]} {PLACES[i % 10]}{'x' * i} number{'y' * i} again{'z' * i} twice{'q' * i}"
        for i in range(count)
    ]


@pytest.mark.parametrize(
    ("raw", "clean_text"),
    [
        ("<p>Hi</p><p>You</p>", "Hi\nYou"),
        ("one<br/>two", "one\ntwo"),
        ("<b>bold</b> text", "bold text"),
        ("salt &amp; pepper &#39;n&#39; all", "salt & pepper 'n' all"),
        ("cafe\u0301", "café"),
        ("a\r\n\r\n\n b", "a\nb"),
        ("a\u00a0 \t b", "a b"),
        ("zero\u200bwidth\x00nul\ufeff", "zero width nul"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("I <3 this place", "I <3 this place"),
        ("  around  ", "around"),
        ("", ""),
    ],
)
def test_normalising_gives_plain_text_with_single_spaces(raw: str, clean_text: str) -> None:
    assert clean.normalise(raw) == clean_text


@pytest.mark.parametrize(
    "raw", ["<p>a</p> b\r\n\n c &lt; d", "x\u200b\u200b y", "é &amp;amp; e\u0301"]
)
def test_what_normalising_gives_has_no_control_characters(raw: str) -> None:
    import unicodedata

    text = clean.normalise(raw)
    assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf") for c in text)
    assert "  " not in text


def test_normalising_plain_text_changes_nothing() -> None:
    text = "Perché no? We’ll see — “maybe” 😀\nsecond line"
    assert clean.normalise(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "nothing", "N/A", "n.a.", "none at all", "No comment", "Nothing to add", "I don't know",
        "...", "-", "", "12", "😀", "nada", "Nada que añadir.", "ninguno", "sin comentarios",
        "niente", "Niente da aggiungere", "nessun commento", "No, grazie",
    ],
)  # fmt: skip
def test_an_answer_without_a_message_says_nothing(text: str) -> None:
    assert clean.says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nothing works here", "no pay", "Pay.", "No towels", "never again", "nada funciona",
        "sin agua", "niente acqua calda", "nessun rispetto", "Бассейн закрыт", "サービスが遅い",
    ],
)  # fmt: skip
def test_a_short_answer_with_a_message_says_something(text: str) -> None:
    assert not clean.says_nothing(text)


def test_a_phrase_that_ends_most_comments_of_a_source_is_boilerplate(make_comments) -> None:
    texts = [f"{body}. Date of experience: 3 May 2024" for body in varied(30)]
    comments = make_comments(*texts, side="customer")
    spans, dropped = clean.bodies(comments)
    for comment, span, body in zip(comments, spans, varied(30), strict=True):
        assert span is not None
        assert comment.text[slice(*span)].rstrip(".") == body
    assert {gone.reason for gone in dropped} == {"boilerplate"}
    assert len(dropped) == 30


def test_boilerplate_is_found_whatever_its_date(make_comments) -> None:
    months = ("January", "March", "maggio", "junio", "Dec")
    texts = [
        f"{body} Date of experience: {i} {months[i % 5]} {2000 + i}"
        for i, body in enumerate(varied(30))
    ]
    comments = make_comments(*texts, side="customer")
    spans, _ = clean.bodies(comments)
    assert all(
        "experience" not in c.text[slice(*s)] for c, s in zip(comments, spans, strict=True) if s
    )
    assert None not in spans


def test_boilerplate_glued_to_the_last_word_is_found(make_comments) -> None:
    texts = [f"{body}Date of experience: May 3, 2024" for body in varied(30)]
    comments = make_comments(*texts, side="customer")
    spans, _ = clean.bodies(comments)
    assert [c.text[slice(*s)] for c, s in zip(comments, spans, strict=True) if s] == varied(30)


def long(count: int) -> list[str]:
    return [
        f"{one} {two}" for one, two in zip(varied(count), varied(2 * count)[count:], strict=True)
    ]


def bodies_of(comments) -> list[str]:
    spans, _ = clean.bodies(comments)
    return [c.text[slice(*s)] for c, s in zip(comments, spans, strict=True) if s]


def test_a_phrase_that_begins_most_comments_of_a_source_is_boilerplate(make_comments) -> None:
    comments = make_comments(*[f"Survey answer received: {one} {one}" for one in long(30)])
    assert bodies_of(comments) == [f"{one} {one}" for one in long(30)]
    _, dropped = clean.bodies(comments)
    assert all((gone.reason, gone.start) == ("boilerplate", 0) for gone in dropped)


def test_a_phrase_that_begins_short_comments_does_not_take_the_rest_with_it(make_comments) -> None:
    comments = make_comments(*[f"I would like {body}" for body in varied(30)])
    assert all(
        body.endswith(own) for body, own in zip(bodies_of(comments), varied(30), strict=True)
    )


def test_boilerplate_of_one_source_is_looked_for_in_that_source_alone(make_comments) -> None:
    from dataclasses import replace

    glued = make_comments(*[f"{b}. Sent from my phone" for b in varied(30)], kind="exit")
    once = replace(make_comments("I was told off. Sent from my phone", kind="pulse")[0], id="other")
    spans, _ = clean.bodies([*glued, once])
    assert spans[-1] == (0, len(once.text))
    assert spans[0] != (0, len(glued[0].text))


def test_a_small_corpus_has_no_boilerplate(make_comments) -> None:
    comments = make_comments(*[f"{b}. Date of experience: 3 May 2024" for b in varied(19)])
    spans, dropped = clean.bodies(comments)
    assert spans == [(0, len(comment.text)) for comment in comments]
    assert dropped == []


def test_a_phrase_of_few_writers_is_kept(make_comments) -> None:
    texts = varied(40)
    texts[:8] = [f"{body} never again in life" for body in texts[:8]]
    comments = make_comments(*texts)
    spans, dropped = clean.bodies(comments)
    assert spans == [(0, len(comment.text)) for comment in comments]
    assert dropped == []


def test_a_comment_of_boilerplate_alone_says_nothing(make_comments) -> None:
    texts = [f"{body}. Date of experience: 3 May 2024" for body in varied(29)]
    comments = make_comments(*texts, "Date of experience: 4 May 2024", side="customer")
    spans, dropped = clean.bodies(comments)
    assert spans[-1] is None
    assert dropped[-1].reason == "says nothing"


LONG = "The night shift is always two people short and nobody cares about that"


def test_the_same_long_answer_of_the_same_day_is_a_duplicate(make_comments) -> None:
    comments = make_comments(LONG, LONG.upper() + "!", date="2025-01-02", unit="Bath")
    spans, dropped = clean.bodies(comments)
    assert spans == [(0, len(LONG)), None]
    assert [(gone.comment_id, gone.reason) for gone in dropped] == [("e1", "duplicate")]


@pytest.mark.parametrize(
    "other", [{"date": "2025-01-03"}, {"unit": "York"}, {"respondent": "b"}, {"kind": "exit"}]
)
def test_the_same_words_of_another_day_unit_person_or_kind_are_kept(make_comments, other) -> None:
    given = {"date": "2025-01-02", "unit": "Bath", "respondent": "a", "kind": "pulse"}
    first = make_comments(LONG, **given)
    second = make_comments(LONG, **{**given, **other})
    spans, dropped = clean.bodies([*first, *second])
    assert None not in spans
    assert dropped == []


def test_short_answers_are_written_twice_by_chance_and_kept(make_comments) -> None:
    comments = make_comments("Good location", "Good location", date="2025-01-02", respondent="a")
    spans, _ = clean.bodies(comments)
    assert None not in spans


def test_without_date_and_respondent_nobody_can_tell_and_both_are_kept(make_comments) -> None:
    spans, _ = clean.bodies(make_comments(LONG, LONG, unit="Bath"))
    assert None not in spans


def test_no_comments_give_nothing() -> None:
    assert clean.bodies([]) == ([], [])
