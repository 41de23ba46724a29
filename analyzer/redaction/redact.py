"""A text -> the same text with masks in the place of personal data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from analyzer.redaction.roster import NOBODY, Roster
from analyzer.redaction.spans import Redacted, Span, masked, standing
from analyzer.redaction.table import recognised

# Finds more personal data, such as Presidio.
Finder = Callable[[str], Sequence[Span]]


def redact(text: str, roster: Roster = NOBODY, more: Finder | None = None) -> Redacted:
    """Return a normalised text with personal data masked.

    Of spans that overlap the longest stands, then the one of the upper row of the table; those of
    ``more`` stand where no own recogniser has found anything.
    """
    return _redacted(text, roster, more, label=False)


def _redacted(text: str, roster: Roster, more: Finder | None, *, label: bool) -> Redacted:
    found = [*recognised(text, label=label), *roster.find(text)]
    own = standing(text, found) if found else ()
    if more is not None:
        free = [
            span
            for span in more(text)
            if all(span.end <= mine.start or mine.end <= span.start for mine in own)
        ]
        own = standing(text, [*own, *free])
    return masked(text, own)


@dataclass(frozen=True)
class Redactor:
    """How an import masks: with whose names, and with what besides the own recognisers.

    ``notes`` are sentences for a person about what it works with.
    """

    roster: Roster = NOBODY
    more: Finder | None = None
    notes: tuple[str, ...] = ()
    _labels: dict[str, str] = field(default_factory=dict, compare=False)

    def text(self, text: str) -> str:
        """Return a comment's text, masked."""
        return redact(text, self.roster, self.more).text

    def label(self, value: str) -> str:
        """Return a unit or an attribute's value, masked; it may be a place, as units often are."""
        if value not in self._labels:
            self._labels[value] = _redacted(value, self.roster, None, label=True).text
        return self._labels[value]
