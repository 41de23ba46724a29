"""The table of recognisers. Of two that find the same span the upper one names it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analyzer.redaction import accounts, addresses, births, contacts, ids, phones, titles
from analyzer.redaction.spans import Place, Span


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A row: its name, its mask, what it finds in a text.

    It is only asked about a text that has at least so many ``digits`` and, if there are ``cues``,
    one of these (in lower case; a space may stand for the beginning of the text): most comments
    have neither, and looking for them costs far less. ``in_labels``: it also looks at units and
    attributes, which are often places.
    """

    name: str
    mask: str
    find: Callable[[str], Iterator[Place]]
    digits: int = 0
    cues: tuple[str, ...] = ()
    in_labels: bool = True


RECOGNISERS: tuple[Recogniser, ...] = (
    Recogniser("mail", "[email]", contacts.mails, cues=("@",)),
    Recogniser("spelled mail", "[email]", contacts.spelled_mails, cues=contacts.AT_CUES),
    Recogniser("link", "[link]", contacts.links, cues=("://", "www."), in_labels=False),
    Recogniser("page", "[link]", contacts.pages, cues=("/", "?", "#"), in_labels=False),
    Recogniser("iban", "[account]", accounts.ibans, digits=10),
    Recogniser("card", "[card]", accounts.cards, digits=13),
    Recogniser("national id", "[id]", ids.numbered, digits=6),
    Recogniser("named number", "[id]", ids.named, digits=3, cues=ids.CUES),
    Recogniser("birth", "[birthdate]", births.births, digits=1, cues=births.CUES),
    Recogniser("ip", "[ip]", contacts.ips, digits=1, cues=(".", ":")),
    Recogniser("phone", "[phone]", phones.phones, digits=6),
    Recogniser("spoken phone", "[phone]", phones.spoken),
    Recogniser(
        "address", "[address]", addresses.number_first, digits=1, cues=addresses.FIRST_CUES,
        in_labels=False,
    ),
    Recogniser(
        "address", "[address]", addresses.number_last, digits=1, cues=addresses.LAST_CUES,
        in_labels=False,
    ),
    Recogniser("postcode", "[address]", addresses.postcodes, digits=2, in_labels=False),
    Recogniser("handle", "[handle]", contacts.handles, cues=("@", *contacts.NETWORKS)),
    Recogniser("title", "[name]", titles.titled, cues=titles.CUES),
)  # fmt: skip


def recognised(text: str, *, label: bool = False) -> Iterator[Span]:
    """Yield what every recogniser finds, overlaps included, in the order of the table."""
    low = f" {text.lower()}"
    digits = sum(map(str.isdigit, text)) if any(c in text for c in "0123456789") else 0
    for row in RECOGNISERS:
        if digits < row.digits or (label and not row.in_labels):
            continue
        if row.cues and not any(cue in low for cue in row.cues):
            continue
        for start, end in row.find(text):
            yield Span(start, end, row.mask, row.name)
