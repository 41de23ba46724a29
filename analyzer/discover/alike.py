"""Near-duplicates: the same text sent again, with a word or a number changed.

Copies are each other's nearest neighbours and would be a theme of their own, however small. Only
one of each family is used to find themes; the others are then given a theme by the common rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from analyzer.discover.graph import Neighbours
from analyzer.types import Labels

# Copies with a word changed have a cosine of .97 and more; paraphrases stay below.
ALIKE = 0.97
_WORD = re.compile(r"[^\W\d_]+")


def firsts(texts: Sequence[str]) -> Labels:
    """Return the indices of texts that do not repeat the letters of an earlier one, in order."""
    seen: dict[tuple[str, ...], int] = {}
    for number, text in enumerate(texts):
        words = tuple(_WORD.findall(text.casefold())) or (text,)
        seen.setdefault(words, number)
    return np.array(list(seen.values()), dtype=np.int64)


def leaders(near: Neighbours) -> Labels:
    """Return the indices of those that are no near-copy of an earlier neighbour, in order."""
    copies = (near.cosine >= ALIKE) & (near.index < np.arange(len(near.index))[:, None])
    leads = np.ones(len(near.index), dtype=np.bool_)
    for number in np.flatnonzero(copies.any(axis=1)):
        if leads[near.index[number][copies[number]]].any():
            leads[number] = False
    return np.flatnonzero(leads)
