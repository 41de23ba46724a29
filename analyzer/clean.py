"""Normalise texts; leave out answers that say nothing, collectors' boilerplate and double sending.

Nothing is removed from a comment's text: what is left is a span of it, so offsets stay true.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence

from analyzer.types import Comment, Dropped
from analyzer.words import MASK_PATTERN, MONTHS, NOTHING

Span = tuple[int, int]

# A phrase that ends (or begins) at least this share of a source's comments was not written by their
# writers. Fewer comments than BOILERPLATE_COMMENTS say nothing about that. Numbers and months in
# it may differ from comment to comment.
BOILERPLATE_SHARE = 0.5
BOILERPLATE_COMMENTS = 20
# Boilerplate has at most, and at least, so many words.
EDGE_WORDS = 12
RUN_WORDS = 3
# Texts of fewer words are written twice by chance ("good location").
DUPLICATE_WORDS = 8

# Only names that HTML knows: "<list all of them>" is something that a person wrote.
_TAG = re.compile(
    r"<(?:/?(?:a|abbr|b|big|blockquote|body|br|center|code|div|em|font|h[1-6]|head|hr|html|i|img|"
    r"label|li|ol|p|pre|s|script|small|span|strike|strong|style|sub|sup|table|tbody|td|tfoot|th|"
    r"thead|title|tr|u|ul)(?:\s[^<>]{0,500})?\s*/?|!--.*?--)>",
    re.DOTALL | re.IGNORECASE,
)
_BREAKING_TAG = re.compile(r"<(?:br|/p|/div|/li)\b[^<>]{0,100}>", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
_NEWLINES = re.compile(r" ?\n[ \n]*")
_WORD = re.compile(r"\w+")
_MASK = re.compile(MASK_PATTERN)
# Collectors glue their phrases on ("worstDate of experience"): a capital begins a word here.
_GLUED_WORD = re.compile(rf"{MASK_PATTERN}|" r"[A-Z]+(?![^\W\dA-Z_])|[A-Z]?[^\W\dA-Z_]+|\d+")
_EDGE_PUNCTUATION = " \t\n-–—|:;,.*•·/"


def normalise(text: str) -> str:
    """Return the text as it is stored: NFC, no markup, no control characters, single spaces.

    Line breaks are kept (one at a time), since lists and paragraphs are borders of segments.
    """
    if "<" in text:
        text = _TAG.sub(" ", _BREAKING_TAG.sub("\n", text))
    if "&" in text:
        text = html.unescape(text)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(
        c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " "
        for c in text
    ) if not text.isascii() or not text.isprintable() else text  # fmt: skip
    return _NEWLINES.sub("\n", _SPACES.sub(" ", text)).strip()


def says_nothing(text: str) -> bool:
    """Return whether a text is blank, punctuation, masks, or only words for "nothing to say"."""
    words = _WORD.findall(_MASK.sub(" ", text).casefold())
    return all(word in NOTHING or word.isdigit() or word == "_" for word in words)


def bodies(comments: Sequence[Comment]) -> tuple[list[Span | None], list[Dropped]]:
    """Return, for each comment, the span that its writer wrote (None: left out), and what was left.

    ``comments`` are of one side. Reasons: "says nothing", "boilerplate", "duplicate".
    """
    spans: list[Span | None] = [None] * len(comments)
    dropped: list[Dropped] = []
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, comment in enumerate(comments):
        groups[comment.kind, comment.column].append(i)
    for members in groups.values():
        for i, span in zip(members, _inside([comments[i].text for i in members]), strict=True):
            spans[i] = span
    seen: set[tuple[object, ...]] = set()
    for i, comment in enumerate(comments):
        start, end = spans[i] or (0, 0)
        whole = len(comment.text)
        body = comment.text[start:end]
        if says_nothing(body):
            spans[i] = None
            dropped.append(Dropped(comment.id, 0, whole, "says nothing"))
            continue
        key = _sending(comment, body)
        if key in seen:
            spans[i] = None
            dropped.append(Dropped(comment.id, 0, whole, "duplicate"))
            continue
        if key:
            seen.add(key)
        dropped += [
            Dropped(comment.id, *edge, "boilerplate")
            for edge in ((0, start), (end, whole))
            if comment.text[slice(*edge)].strip()
        ]
    return spans, dropped


def _sending(comment: Comment, body: str) -> tuple[object, ...] | None:
    """Return what is equal when one person sends one answer twice; None when nobody can tell.

    Two people may write the same few words, and a file without dates and respondents says nothing
    about who wrote what: those are all kept.
    """
    words = tuple(_WORD.findall(body.casefold()))
    if len(words) < DUPLICATE_WORDS or not (comment.respondent or comment.date):
        return None
    return (comment.kind, comment.respondent, comment.date, comment.unit, words)


def _inside(texts: Sequence[str]) -> list[Span]:
    """Return each text's span without the boilerplate at its end and at its beginning."""
    tokens = [
        [(m.start(), m.end(), _mask(m.group())) for m in _GLUED_WORD.finditer(t)] for t in texts
    ]
    words = [[word for _, _, word in row] for row in tokens]
    after = _boilerplate_words(words, last=True)
    before = _boilerplate_words(words, last=False)
    spans = []
    for text, row, tail, head in zip(texts, tokens, after, before, strict=True):
        start, end = 0, len(text)
        if tail:
            end = row[len(row) - tail][0]
        if head:
            start = min(row[head - 1][1], end)
        while head and start < end and text[start] in _EDGE_PUNCTUATION:
            start += 1
        while tail and end > start and text[end - 1] in _EDGE_PUNCTUATION:
            end -= 1
        spans.append((start, end))
    return spans


def _boilerplate_words(words: Sequence[Sequence[str]], *, last: bool) -> list[int]:
    """Return how many words at each text's end (or beginning) too many texts have in common."""
    result = [0] * len(words)
    if len(words) < BOILERPLATE_COMMENTS:
        return result
    for size in range(EDGE_WORDS, RUN_WORDS - 1, -1):
        edges = [
            tuple(row[-size:] if last else row[:size]) if len(row) >= size else () for row in words
        ]
        counts = Counter(edge for edge in edges if edge)
        for i, edge in enumerate(edges):
            if edge and not result[i] and counts[edge] >= BOILERPLATE_SHARE * len(words):
                result[i] = size
    return result


def _mask(word: str) -> str:
    folded = word.casefold()
    return "#" if folded.isdigit() or folded in MONTHS else folded
