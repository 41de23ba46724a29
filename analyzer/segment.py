"""Comments -> segments: sentences, and the clauses of sentences that run on.

Sentences come from spaCy's rule-based sentencizer on a blank pipeline (no trained model): its
tokenizer knows the abbreviations of a language. ``comment.text[start:end]`` is always the segment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from analyzer.types import Comment, Segment
from analyzer.words import MASK_PATTERN, WORDS

if TYPE_CHECKING:
    from spacy.language import Language

# A sentence of more words is split at a clause border, if both parts keep MIN_CLAUSE_WORDS.
LONG_SENTENCE_WORDS = 24
MIN_CLAUSE_WORDS = 5
# A sentence of fewer words ("So sad.") stays with its neighbour.
MIN_SENTENCE_WORDS = 3

Span = tuple[int, int]

_OPENING = "¿¡([{“«‹„"

# What is masked is no word of its writer: a sentence of masks has none.
_WORD = re.compile(rf"(?P<mask>{MASK_PATTERN})|\w+(?:['’]\w+)*")
# A line break, and where a collector lost it: "bad serviceThey never". A name has a capital first.
_BREAK = re.compile(r"\n|(?<!\S)[a-zß-öø-ÿ]{3,}(?=[A-ZÀ-ÖØ-Þ])")
_ALWAYS = re.compile(r"[;:](?=\s)|\s[-–—]+\s|\.{2,}|…|,(?=\s)|\s(?=\(?\d{1,2}[).]\s)")


def segments(comment: Comment, body: Span, language: str) -> list[Segment]:
    """Return the segments of the comment's ``body`` in order; ``language`` is an ISO 639-1 code."""
    spans = _merge_short(comment.text, list(_sentences(comment.text, body, language)))
    parts = [part for span in spans for part in _split_long(comment.text, span, language)]
    return [
        Segment(comment.id, i, start, end, comment.text[start:end], language)
        for i, (start, end) in enumerate(parts)
    ]


@cache
def _pipeline(language: str) -> Language:
    import spacy

    nlp = spacy.blank(language if language in WORDS else "xx")
    nlp.add_pipe("sentencizer")
    return nlp


def _sentences(text: str, body: Span, language: str) -> Iterator[Span]:
    """Yield trimmed sentence spans; a line break, or what is left of one, ends a sentence."""
    nlp = _pipeline(language)
    for at, end_of_line in _lines(text, body):
        start, line = at, text[at:end_of_line]
        for sentence in nlp(line).sents:
            # The sentencizer leaves a mark that opens the next sentence with the one before.
            end = at + len(line[: sentence.end_char].rstrip(_OPENING))
            span = _trim(text, start, end)
            if span[0] < span[1]:
                yield span
                start = end


def _lines(text: str, body: Span) -> Iterator[Span]:
    start = body[0]
    for match in _BREAK.finditer(text, *body):
        yield start, match.end()
        start = match.end()
    yield start, body[1]


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _words(text: str, span: Span) -> int:
    return sum(match["mask"] is None for match in _WORD.finditer(text, *span))


def _merge_short(text: str, spans: list[Span]) -> list[Span]:
    """Join sentences too short to have a subject with the one before, the first with the next."""
    merged: list[Span] = []
    for span in spans:
        if merged and (
            _words(text, span) < MIN_SENTENCE_WORDS or _words(text, merged[-1]) < MIN_SENTENCE_WORDS
        ):
            merged[-1] = (merged[-1][0], span[1])
        else:
            merged.append(span)
    return merged


@cache
def _borders(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return where a clause may begin: before a word of contrast, before a joining word."""
    words = WORDS.get(language)
    if not words:
        return _ALWAYS, _ALWAYS
    contrast, joining = (
        re.compile(r"[,\s]\s*(?=(?:" + "|".join(map(re.escape, group)) + r")\b)", re.IGNORECASE)
        for group in (words.contrast, words.joining)
    )
    return contrast, joining


def _split_long(text: str, span: Span, language: str) -> list[Span]:
    """Split at the best border nearest the middle until every part is short or has no border."""
    if _words(text, span) <= LONG_SENTENCE_WORDS:
        return [span]
    contrast, joining = _borders(language)
    middle = (span[0] + span[1]) / 2
    for pattern in (contrast, _ALWAYS, joining):
        cuts = sorted(
            (m.end() for m in pattern.finditer(text, *span)), key=lambda c: abs(c - middle)
        )
        for cut in cuts:
            left, right = _trim(text, span[0], cut), _trim(text, cut, span[1])
            if min(_words(text, left), _words(text, right)) >= MIN_CLAUSE_WORDS:
                return [*_split_long(text, left, language), *_split_long(text, right, language)]
    return [span]
