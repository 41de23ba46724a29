"""Personal data of a fixed form is masked; figures that are no personal data are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.errors import InputOutput, Misconfigured
from analyzer.redaction import NOBODY, Redacted, Roster, Span, redact
from analyzer.redaction.rosters import read_roster


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
    assert redact(text).text == masked


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
    assert redact(text).text == text


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
    assert redact(text).text == text


def test_an_account_with_wrong_check_digits_is_not_called_an_account() -> None:
    assert "[account]" not in redact("GB82 WEST 1234 5698 7654 33").text


def test_masking_twice_changes_nothing_more() -> None:
    once = redact("a@b.example, +44 20 7946 0958, www.x.example, @someone").text
    assert redact(once).text == once
    assert "@" not in once


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("name at company dot com", "[email]"),
        ("ana arroba correo punto es", "[email]"),
        ("DNI 12345678Z, NIE X1234567L", "DNI [id], NIE [id]"),
        ("RSSMRA85T10A562S", "[id]"),
        ("NI AB 12 34 56 C, NHS 943 476 5919", "NI [id], NHS [id]"),
        ("SSN 219-09-9999", "SSN [id]"),
        ("passport AAB123456", "passport [id]"),
        ("badge number E-20417.", "badge number [id]."),
        ("at 12 Baker Street, London NW1 6XE", "at [address]"),
        ("en la calle Mayor 7, 28013 Madrid", "en la [address]"),
        ("in Via Garibaldi 12, 20121 Milano (MI)", "in [address]"),
        ("born on 3 March 1984", "born on [birthdate]"),
        ("nacido el 5 de mayo de 1971", "nacido el [birthdate]"),
        ("nata a Torino il 12/05/1990", "nata a Torino il [birthdate]"),
        ("from 192.168.14.77", "from [ip]"),
        ("from 2001:db8:85a3::8a2e:370:7334 too", "from [ip] too"),
        ("bit.ly/3xYz is it", "[link] is it"),
        ("Mr Smith and la dottoressa Rossi", "Mr [name] and la dottoressa [name]"),
    ],
)
def test_each_family_has_its_mask(text: str, masked: str) -> None:
    assert redact(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "DNI-like 12345678A in the catalogue",
        "part 000-12-3456",
        "on 3 March 1984 the shop opened",
        "version 10.15.7.1 crashes",
        "we met at booking.com",
        "5 minutes down the road",
        "la calle está a 5 minutos",
        "ho scritto via mail 3 volte",
        "IMEI 356938035643809",
        "order 612345678 and invoice 07700900123",
    ],
)
def test_what_only_looks_like_personal_data_is_left(text: str) -> None:
    assert redact(text).text == text


ROSTER = Roster.of(
    [("Laura", "Pérez Gómez"), ("Mark", "Will"), ("Rose", "Taylor"), ("Jan", "van der Berg"),
     ("Siobhán", "O'Brien"), ("Sol", "Leal")]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Laura Pérez Gómez left", "[name] left"),
        ("laura perez left", "[name] left"),
        ("I told Gomez, L. Pérez and Laura P. so", "I told [name], [name] and [name]. so"),
        ("Laura's and O’Brien’s rota", "[name]'s and [name]’s rota"),
        ("ask Van der Berg", "ask [name]"),
        ("I told Mark, mark it, and will you?", "I told [name], mark it, and will you?"),
        ("A rose for Rose in the Rose Garden", "A rose for [name] in the Rose Garden"),
        ("Hacía sol. Hablé con Sol Leal.", "Hacía sol. Hablé con [name]."),
        ("Mark my words. Will it rain?", "Mark my words. Will it rain?"),
        ("In Jan we froze", "In Jan we froze"),
        ("Perezoso, lauramente", "Perezoso, lauramente"),
    ],
)
def test_names_of_a_roster_are_masked_where_they_are_names(text: str, masked: str) -> None:
    assert redact(text, ROSTER).text == masked


def test_the_longest_span_stands_and_then_the_upper_row() -> None:
    (span,) = redact("at 12 Pérez Street, London NW1 6XE", ROSTER).spans
    assert span.mask == "[address]"


def test_a_mask_is_never_masked_whoever_is_on_the_roster() -> None:
    roster = Roster.of([("Link", "Phone"), ("Ana", "Card")])
    text = "Write to [email] or [link] [phone], not to Link Phone"
    assert redact(text, roster).text == "Write to [email] or [link] [phone], not to [name]"


def test_offsets_go_there_and_back() -> None:
    own = Redacted(
        "Ask [name] or [email] now", (Span(4, 9, "[name]", "r"), Span(13, 20, "[email]", "m"))
    )
    original = "Ask Laura or a@b.com now"
    assert [own.to_redacted(at) for at in (0, 4, 6, 9, 13, 20, len(original))] == [
        0, 4, 4, 10, 14, 21, len(own.text)
    ]  # fmt: skip
    assert [own.to_original(at) for at in (0, 4, 7, 10, 14, 21)] == [0, 4, 4, 9, 13, 20]


@pytest.mark.parametrize(
    "content",
    [
        "first,last\nAna,Ruiz Gil\n", "Nombre;Apellidos\nAna;Ruiz Gil\n", "name\nAna Ruiz Gil\n",
        "Ana Ruiz Gil\n", "Ruiz Gil, Ana\n", "id\tfull name\n1\tAna Ruiz Gil\n",
    ],
)  # fmt: skip
def test_a_roster_file_has_columns_or_a_name_a_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "r.csv").write_text(content, encoding="utf-8-sig")
    roster = read_roster(tmp_path / "r.csv")
    assert roster.given == {"ana"}
    assert roster.family == {"ruiz", "gil"}


def test_a_roster_that_cannot_be_used_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputOutput, match="cannot be read"):
        read_roster(tmp_path / "none.csv")
    (tmp_path / "r").write_bytes("Jos\xe9".encode("latin-1"))
    with pytest.raises(Misconfigured, match="not in UTF-8"):
        read_roster(tmp_path / "r")
    (tmp_path / "r").write_text("1,2\n")
    with pytest.raises(Misconfigured, match="holds no name"):
        read_roster(tmp_path / "r")
    assert not list(NOBODY.find("Ana"))


def test_a_town_and_an_everyday_word_are_no_names_whoever_is_on_the_roster() -> None:
    roster = Roster.of([("Diego", "Just"), ("Antonio", "More")])
    text = "We flew from San Diego. Just was late. More of San Antonio!"
    assert redact(text, roster).text == text
    assert redact("I told Diego Just", roster).text == "I told [name]"
