from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.cells import safe
from tests.payloads import FORMULAS

BEGINS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "r-1", "00123", "-4", "+3.5", "-0,5", "a=b", "'x", "mail@x.org", "e1", "¡Ñ!", "#1"]
)
def test_plain_text_and_numbers_stay(text: str) -> None:
    assert safe(text) == text


@given(st.text(max_size=20))
def test_no_cell_begins_like_a_formula_and_nothing_else_changes(text: str) -> None:
    made = safe(text)
    assert made in (text, f"'{text}")
    if made == text and text.strip()[:1] in BEGINS:
        float(text.replace(",", "."))
