"""Themes -> key terms, labels, exemplars.

Terms are BERTopic's class-based TF-IDF through its manual mode (Grootendorst 2022, "Manual Topic
Modeling" in its documentation): our themes are its topics. The same fitted model can be exported.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from analyzer.types import Labels, Segment, Vectors
from analyzer.words import MASKS

if TYPE_CHECKING:
    from bertopic import BERTopic

# Key terms are chosen from so many of a theme's words, the weightiest that may be one: of RANKED.
# Where a word needs several people, most of the weightiest are too rare.
CANDIDATE_TERMS, RANKED = 100, 1500
# A key term is used by at least this share of a theme's segments.
MIN_TERM_SHARE = 0.04
MIN_EXEMPLAR_WORDS = 5
# Words of two letters and more, apostrophes inside; no digits, so no dates and no amounts, and not
# what stands in a mask.
WORD_PATTERN = rf"(?u)\b(?!(?<=\[)(?:{'|'.join(MASKS)})\])" r"[^\W\d_]+(?:['’][^\W\d_]+)*\b"
_WORD = re.compile(WORD_PATTERN)

# A text -> 2: enough people of the theme use its words, 1: only of the side, 0: not even there.
Level = Callable[[str], int]


def any_text(_: str) -> int:
    """Return the level of every text of a side on which one person is enough."""
    return 2


@cache
def stop_words() -> list[str]:
    """Return the stop words of English, Spanish and Italian, from spaCy, and single letters."""
    from spacy.lang.en.stop_words import STOP_WORDS as EN
    from spacy.lang.es.stop_words import STOP_WORDS as ES
    from spacy.lang.it.stop_words import STOP_WORDS as IT

    words = {part for word in EN | ES | IT for part in _WORD.findall(word.casefold())}
    shortened = [
        "don't",
        "doesn't",
        "didn't",
        "can't",
        "won't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "couldn't",
        "wouldn't",
        "i'm",
        "i've",
        "i'd",
        "i'll",
        "it's",
        "that's",
        "there's",
        "they're",
        "we're",
        "you're",
        "he's",
        "she's",
        "we've",
        "they've",
    ]
    curly = [word.replace("'", "’") for word in shortened]
    return sorted(words | set(shortened) | set(curly) | set("abcdefghijklmnopqrstuvwxyz"))


def topic_model(texts: Sequence[str], vectors: Vectors, theme: Labels) -> BERTopic:
    """Return a BERTopic model fitted in manual mode: its topics are our themes.

    Its topic numbers follow its own order; ``topics_`` is aligned with ``texts``.
    """
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder
    from bertopic.cluster import BaseCluster
    from bertopic.dimensionality import BaseDimensionalityReduction
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    model = BERTopic(
        embedding_model=BaseEmbedder(),
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=BaseCluster(),
        vectorizer_model=CountVectorizer(
            token_pattern=WORD_PATTERN, ngram_range=(1, 2), stop_words=stop_words()
        ),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        top_n_words=CANDIDATE_TERMS,
    )
    # Not above: BERTopic warns of more than a hundred, which only take some more memory.
    model.top_n_words = RANKED
    with warnings.catch_warnings():
        # Themes made only of stop words give BERTopic an empty row, of which numpy warns.
        warnings.simplefilter("ignore")
        model.fit(list(texts), embeddings=vectors, y=theme)
    return model


def key_terms(
    model: BERTopic,
    segments: Sequence[Segment],
    theme: Labels,
    avoid: frozenset[str],
    levels: Sequence[Level] | None = None,
) -> list[list[str]]:
    """Return the terms of each theme, the most typical first, without the words to ``avoid``.

    ``levels``, if given, tell for each theme which terms come first, and which (0) are none.

    A term must stand in at least two of the theme's segments, word beside word: the vectorizer
    joins words over stop words and over the borders of segments, and the rarest words weigh most.
    """
    topic_of = {int(t): int(topic) for t, topic in zip(theme, model.topics_, strict=True)}
    texts: dict[int, list[str]] = {}
    for segment, number in zip(segments, theme, strict=True):
        words = " ".join(_WORD.findall(segment.text.casefold()))
        texts.setdefault(int(number), []).append(f" {words} ")
    ranks = levels or [any_text] * len(topic_of)
    return [
        [
            term
            for term in _chosen(model.get_topic(topic_of[number]), texts[number], ranks[number])
            if not avoid & set(term.split())
        ]
        for number in range(len(topic_of))
    ]


def _chosen(weighted: Sequence[tuple[str, float]], texts: Sequence[str], level: Level) -> list[str]:
    """Return the terms that enough of a theme's segments use, no word twice."""
    may_be = ((term, weight, level(term)) for term, weight in weighted if term and weight > 0)
    found = list(islice((row for row in may_be if row[2]), CANDIDATE_TERMS))
    used_by = {term: sum(f" {term} " in text for text in texts) for term, *_ in found}
    enough = max(2, round(MIN_TERM_SHARE * len(texts)))
    # A tiny theme may share no word at all: then its own rare words have to do.
    enough = min(enough, max(used_by.values(), default=0))
    ranked = [
        (-rank, -weight * used_by[term] ** 0.5, term)
        for term, weight, rank in found
        if used_by[term] >= max(enough, 1)
    ]
    terms: list[str] = []
    for *_, term in sorted(ranked):
        if not any(set(term.split()) & set(other.split()) for other in terms):
            terms.append(term)
    return terms


def words(text: str) -> set[str]:
    """Return the words of a text in lower case."""
    return set(_WORD.findall(text.casefold()))


def exemplars(
    segments: Sequence[Segment], vectors: Vectors, members: Labels, centroid: Vectors, count: int
) -> tuple[int, ...]:
    """Return the indices of the theme's most telling segments.

    Near its centroid, of different comments, no text twice, whole phrases before scraps.
    """
    cosine = vectors[members] @ centroid
    short = np.array([len(segments[i].text.split()) < MIN_EXEMPLAR_WORDS for i in members])
    chosen: list[int] = []
    seen: set[str] = set()
    for at in np.lexsort((members, -cosine, short)):
        segment = segments[members[at]]
        keys = {segment.comment_id, segment.text.casefold()}
        if seen & keys:
            continue
        seen |= keys
        chosen.append(int(members[at]))
        if len(chosen) == count:
            break
    return tuple(chosen)
