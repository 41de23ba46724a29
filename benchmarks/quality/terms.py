"""The same key terms for every method, so that coherence compares groupings and not term makers."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analyzer import label

TERMS = 10
_WORD = re.compile(label.WORD_PATTERN)


def words(texts: Sequence[str]) -> list[list[str]]:
    """Return each text's words, small, without the stop words of English, Spanish and Italian."""
    stop = set(label.stop_words())
    return [[w for w in _WORD.findall(text.casefold()) if w not in stop] for text in texts]


def key_terms(
    documents: Sequence[Sequence[str]], theme: NDArray[np.int64], count: int = TERMS
) -> list[list[str]]:
    """Return the ``count`` terms of each theme by class-based TF-IDF (Grootendorst 2022, eq. 3).

    A term weighs its share of the theme's words x log(1 + A / its number), A being the mean number
    of words in a theme. Ties go by the alphabet. ``theme`` (n,) is -1 for texts left out.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    themes = int(theme.max(initial=-1)) + 1
    joined: list[list[str]] = [[] for _ in range(themes)]
    for document, number in zip(documents, theme, strict=True):
        if number >= 0:
            joined[number].extend(document)
    if not any(joined):
        return [[] for _ in range(themes)]
    maker = CountVectorizer(analyzer=lambda document: document)
    counts = maker.fit_transform(joined).tocsr().astype(np.float64)
    names = maker.get_feature_names_out()
    usual = counts.sum() / themes
    rarity = np.log(1 + usual / np.asarray(counts.sum(axis=0)).ravel())
    found = []
    for row in range(themes):
        part = counts.getrow(row)
        weight = part.data / max(part.data.sum(), 1) * rarity[part.indices]
        best = np.lexsort((names[part.indices], -weight))[:count]
        found.append([str(names[part.indices[i]]) for i in best])
    return found
