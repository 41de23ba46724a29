"""General praise and complaint: segments that judge without a subject ("terrible place").

They belong together whatever else they say, and to no subject. A segment is general if it holds a
judging word or idiom and nothing else but vague words ("place", "everything") and filler. All of it
is told by words (`words.py`), so that it can be read and mended; a language without words has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from analyzer.words import MASK_PATTERN, WORDS, Words

# A longer segment has a subject that words alone do not see ("not good when he got to us ...").
MAX_WORDS = 16
_WORD = re.compile(r"[^\W\d_]+")
_MASK = re.compile(MASK_PATTERN)


def general(
    texts: Sequence[str], languages: Sequence[str], vague: frozenset[str]
) -> NDArray[np.bool_]:
    """Return (n,) whether each segment judges without saying what.

    ``vague`` are further words, in lower case, that name nothing in particular on this side, such
    as the company's name. Questions and requests are no judgement.
    """
    idioms = {code: _by_first(row.idioms) for code, row in WORDS.items()}
    return np.array(
        [
            code in WORDS and _is_general(text, WORDS[code], idioms[code], vague)
            for text, code in zip(texts, languages, strict=True)
        ],
        dtype=np.bool_,
    )


def _is_general(
    text: str, words: Words, idioms: dict[str, list[list[str]]], vague: frozenset[str]
) -> bool:
    tokens = _words(text)
    if not tokens or len(tokens) > MAX_WORDS or "?" in text or _asks(tokens, words):
        return False
    judged, place = False, 0
    while place < len(tokens):
        token = tokens[place]
        length = _idiom(tokens, place, idioms)
        if length or token in words.judging:
            judged = True
        elif not (token in words.filler or token in words.vague or token in vague):
            return False
        place += max(length, 1)
    return judged


def _words(text: str) -> list[str]:
    return _WORD.findall(_MASK.sub(" ", text).casefold())


def _asks(tokens: Sequence[str], words: Words) -> bool:
    start = " ".join(tokens) + " "
    return _begins(start, words.asking) and not _begins(start, words.exclaiming)


def _begins(text: str, starts: Iterable[str]) -> bool:
    return any(text.startswith(start + " ") for start in starts)


def _by_first(idioms: Iterable[str]) -> dict[str, list[list[str]]]:
    """Return the words of the idioms by their first word, the longest first."""
    found: dict[str, list[list[str]]] = {}
    for parts in sorted((idiom.split() for idiom in idioms), key=len, reverse=True):
        found.setdefault(parts[0], []).append(parts)
    return found


def _idiom(tokens: Sequence[str], place: int, idioms: dict[str, list[list[str]]]) -> int:
    """Return of how many words the idiom is that begins at ``place``, 0 if none does."""
    for parts in idioms.get(tokens[place], ()):
        if list(tokens[place : place + len(parts)]) == parts:
            return len(parts)
    return 0
