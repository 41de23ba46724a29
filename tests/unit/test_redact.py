"""Personal data of a fixed form is masked; figures that are no personal data are not."""

from __future__ import annotations

import pytest
from analyzer.redact import redact


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mail me at a.b+c@mail.co.uk now", "mail me at [email] now"),
        ("José.García@correo.es", "[email]"),
        ("see https://x.example/z?q=1 and www.foo.com too", "see [link] and [link] too"),
        ("IBAN GB82 WEST 1234 5698 7654 32 please", "IBAN [account] please"),
        ("DE89370400440532013000", "[account]"),
        ("card 4111 1111 1111 1111 was charged", "card [card] was charged"),
        ("card 4111-1111-1111-1111", "card [card]"),
        ("5500005555555559", "[card]"),
        ("call +44 20 7946 0958 now", "call [phone] now"),
        ("call (020) 7946-0958", "call [phone]"),
        ("mobile 07911123456", "mobile [phone]"),
        ("al 0039 06 1234 5678", "al [phone]"),
        ("06-12-34-56-78", "[phone]"),
        ("06/12/34/56/78", "[phone]"),
        ("06 12 34 56 78", "[phone]"),
        ("thanks @hotel_uk!", "thanks [handle]!"),
    ],
)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    assert redact(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "We stayed from 12/03/2024 until 15/03/2024.",
        "on 2024-03-12 at 14:30",
        "on 12.03.2024",
        "between 12:30 - 14:00",
        "I paid 1,234.56 and not 1.299,00 euros",
        "£1299 for two nights, 12.500 pesos",
        "room 1204, table 7, 30 people, 24/7",
        "order 12345678",
        "in 2024 and in 2025",
        "a card 4111 1111 1111 1112 without a valid check digit",
        "half @ price",
        "me@ or @ home",
    ],
)
def test_dates_prices_and_counts_are_left_as_they_are(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "from 2024 - 2025 it cost more",
        "the season 2024/2025",
        "2019 2020 2021 were good years",
        "on 12.03.2024 14:30",
        "between 01/05/2024 - 12/05/2024",
    ],
)
def test_ranges_of_dates_are_no_phone_numbers(text: str) -> None:
    assert redact(text) == text


def test_an_account_with_wrong_check_digits_is_not_called_an_account() -> None:
    assert "[account]" not in redact("GB82 WEST 1234 5698 7654 33")


def test_masking_twice_changes_nothing_more() -> None:
    once = redact("a@b.example, +44 20 7946 0958, www.x.example, @someone")
    assert redact(once) == once
    assert "@" not in once
