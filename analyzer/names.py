"""Names that stand all over a side's comments: the company's, a product's, a town's.

A name that everybody writes says nothing about the subject, yet it ties texts together. Names are
told by how they are written, not by a list: with a capital inside sentences, in many comments.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from analyzer.types import Segment
from analyzer.words import MONTHS

# A name stands in at least this share of the comments, and in so many of them.
COMMON_SHARE = 0.02
COMMON_COMMENTS = 5
# ... and has its capital at least so often where a sentence does not begin.
CAPITAL_SHARE = 0.6
MIN_LETTERS = 3
# Languages that write common nouns with a capital tell no names by it.
CAPITAL_NOUNS = frozenset({"de"})

_WORD = re.compile(r"[^\W\d_]+")
_BEGINS = re.compile(r"(?:^|[.!?:;\n\"“”(]\s*)$")


def common_names(segments: Sequence[Segment]) -> frozenset[str]:
    """Return the names, in lower case, that many comments of one side write."""
    inside: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    comments: dict[str, set[str]] = {}
    for segment in segments:
        shouted = segment.text.isupper()
        for match in _WORD.finditer(segment.text):
            word = match.group()
            if len(word) < MIN_LETTERS:
                continue
            key = word.casefold()
            comments.setdefault(key, set()).add(segment.comment_id)
            if shouted or _BEGINS.search(segment.text, 0, match.start()):
                continue
            inside[key] += 1
            capital[key] += word[0].isupper() and segment.language not in CAPITAL_NOUNS
    total = len({segment.comment_id for segment in segments})
    enough = max(COMMON_COMMENTS, COMMON_SHARE * total)
    return frozenset(
        word
        for word, count in inside.items()
        if len(comments[word]) >= enough
        and capital[word] >= CAPITAL_SHARE * count
        and word not in MONTHS
    )
