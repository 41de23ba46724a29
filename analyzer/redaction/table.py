"""The table of recognisers. Of two that find the same span the upper one names it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analyzer.redaction import accounts, addresses, births, contacts, ids, phones, titles
from analyzer.redaction.spans import Place, Span

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A row: its name, its mask, what it finds in a text.

    ``digits``: it finds nothing in a text without digits. ``in_labels``: it also looks at units
    and attributes, which are often places.
    """

    name: str
    mask: str
    find: Callable[[str], Iterator[Place]]
    digits: bool = True
    in_labels: bool = True


RECOGNISERS: tuple[Recogniser, ...] = (
    Recogniser("mail", "[email]", contacts.mails, digits=False),
    Recogniser("link", "[link]", contacts.links, digits=False, in_labels=False),
    Recogniser("iban", "[account]", accounts.ibans),
    Recogniser("card", "[card]", accounts.cards),
    Recogniser("national id", "[id]", ids.numbered),
    Recogniser("named number", "[id]", ids.named),
    Recogniser("birth", "[birthdate]", births.births),
    Recogniser("ip", "[ip]", contacts.ips),
    Recogniser("phone", "[phone]", phones.phones, digits=False),
    Recogniser("address", "[address]", addresses.addresses, in_labels=False),
    Recogniser("handle", "[handle]", contacts.handles, digits=False),
    Recogniser("title", "[name]", titles.titled, digits=False),
)


def recognised(text: str, *, label: bool = False) -> Iterator[Span]:
    """Yield what every recogniser finds, overlaps included, in the order of the table."""
    has_digits = _DIGIT.search(text) is not None
    for row in RECOGNISERS:
        if (row.digits and not has_digits) or (label and not row.in_labels):
            continue
        for start, end in row.find(text):
            yield Span(start, end, row.mask, row.name)
