"""A mask is no word of its writer: no stage makes anything of it."""

from __future__ import annotations

import re

import numpy as np

from analyzer import clean, general, label, segment, wording
from analyzer.types import Comment
from analyzer.words import MASKS


def comment(text: str) -> Comment:
    return Comment("c", "employee", "pulse", "1", "text", text, "en", date="2026-01-01")


def test_a_comment_of_masks_says_nothing() -> None:
    assert clean.says_nothing("[name] [email], [phone].")
    assert clean.says_nothing("Nothing, [name]")
    assert not clean.says_nothing("[name] shouts")


def test_boilerplate_is_not_cut_inside_of_a_mask() -> None:
    words = ["rota", "pay", "queue", "noise", "towels", "parking", "breakfast", "manager"]
    texts = [
        f"The {words[n % 8]} and the {words[n // 8]} again. Sent by [name] to [email]"
        for n in range(40)
    ]
    own = [
        Comment(str(n), "employee", "pulse", str(n), "text", text) for n, text in enumerate(texts)
    ]
    spans, _ = clean.bodies(own)
    for text, span in zip(texts, spans, strict=True):
        assert span is not None
        body = text[slice(*span)]
        assert body.count("[") == body.count("]") == len(re.findall(r"\[\w+\]", body))


def test_a_sentence_of_masks_stays_with_its_neighbour() -> None:
    text = "The manager shouts at all of us. [name] [name] [name] [email]. Nobody dares to answer."
    found = segment.segments(comment(text), (0, len(text)), "en")
    assert all(re.search(r"\w", re.sub(r"\[\w+\]", "", one.text)) for one in found)


def test_a_mask_is_no_term_and_no_part_of_a_phrase() -> None:
    for mask in MASKS:
        assert wording.words_of(f"ask [{mask}] now") == ["ask", f"[{mask}]", "now"]
        assert not wording.Lexicon(frozenset(), frozenset()).means(f"[{mask}]", "en")
        assert label.words(f"ask [{mask}] about [the {mask}]") == {"ask", "about", "the", mask}


def test_thanks_to_somebody_are_general_praise() -> None:
    found = general.general(["Great place, thanks [name]!", "[name]"], ["en", "en"], frozenset())
    assert found.tolist() == [True, False]
    assert found.dtype == np.bool_
