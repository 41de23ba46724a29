"""Spans of personal data, which of them stand, and the text that is left of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analyzer.words import MASK_PATTERN

# (start, end), half open.
Place = tuple[int, int]
_MASK = re.compile(MASK_PATTERN)


@dataclass(frozen=True, slots=True)
class Span:
    """Personal data at ``text[start:end]``: the mask that takes its place, and who found it."""

    start: int
    end: int
    mask: str
    recogniser: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without personal data; ``spans`` are places in the original, in order, disjoint."""

    text: str
    spans: tuple[Span, ...]

    def to_redacted(self, offset: int) -> int:
        """Return where a place of the original is now; inside of what is masked: its mask."""
        at = bisect_right([span.start for span in self.spans], offset)
        shift = sum(len(s.mask) - (s.end - s.start) for s in self.spans[:at])
        if at and offset < self.spans[at - 1].end:
            own = self.spans[at - 1]
            return own.start + shift - len(own.mask) + (own.end - own.start)
        return offset + shift

    def to_original(self, offset: int) -> int:
        """Return where a place of the redacted text was; inside of a mask: what it masks."""
        shift = 0
        for span in self.spans:
            start = span.start + shift
            if offset < start:
                break
            if offset < start + len(span.mask):
                return span.start
            shift += len(span.mask) - (span.end - span.start)
        return offset - shift


def standing(text: str, found: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans that stand: the longest of those that overlap, then the first of ``found``.

    What is masked already stays as it is: a span that touches a mask goes.
    """
    taken: list[Place] = [match.span() for match in _MASK.finditer(text)] if "[" in text else []
    kept: list[Span] = []
    for span in sorted(found, key=lambda s: s.start - s.end):
        if all(span.end <= start or end <= span.start for start, end in taken):
            taken.append((span.start, span.end))
            kept.append(span)
    return tuple(sorted(kept, key=lambda span: span.start))


def masked(text: str, spans: Iterable[Span]) -> Redacted:
    """Return the text with each of these spans, in order and disjoint, masked."""
    own = tuple(spans)
    parts, at = [], 0
    for span in own:
        parts += [text[at : span.start], span.mask]
        at = span.end
    return Redacted("".join([*parts, text[at:]]), own)
