"""The figures, as pure functions. Each names the page or paper that defines it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 10
LEFT_OUT = "none"

Names = tuple[str, str]  # an employee label, a customer label


def agreement(
    truth: Sequence[str], found: Sequence[str], *, nameless: Collection[str] = ()
) -> dict[str, float]:
    """Return themes, labels, coverage, NMI, ARI and V over all texts.

    Texts left out are one cluster of their own (LEFT_OUT), as ../shared/eval/score_themes.py has
    it. Texts whose label is ``nameless`` do not count.
    ARI: Hubert & Arabie 1985. V: Rosenberg & Hirschberg 2007 (NMI with the arithmetic mean).
    """
    from sklearn.metrics import (
        adjusted_rand_score,
        normalized_mutual_info_score,
        v_measure_score,
    )

    kept = [i for i, label in enumerate(truth) if label not in nameless]
    a, b = [truth[i] for i in kept], [found[i] for i in kept]
    return {
        "texts": len(a),
        "labels": len(set(a)),
        "themes": len(set(b) - {LEFT_OUT}),
        "coverage": sum(theme != LEFT_OUT for theme in b) / len(b),
        "nmi": float(normalized_mutual_info_score(a, b)),
        "ari": float(adjusted_rand_score(a, b)),
        "v": float(v_measure_score(a, b)),
    }


def ari_of(first: Mapping[str, str], second: Mapping[str, str], ids: Sequence[str]) -> float:
    """Return the ARI of two groupings over ``ids``; an id left out is in the cluster LEFT_OUT."""
    from sklearn.metrics import adjusted_rand_score

    return float(
        adjusted_rand_score(
            [first.get(i, LEFT_OUT) for i in ids], [second.get(i, LEFT_OUT) for i in ids]
        )
    )


def npmi(topics: Sequence[Sequence[str]], documents: Sequence[Collection[str]]) -> float:
    """Return the mean over topics of the mean NPMI of their pairs of terms, -1..1.

    A term's probability is the share of documents that hold it (Bouma 2009; as topic coherence:
    Aletras & Stevenson 2013, Lau, Newman & Baldwin 2014). Terms that never meet count -1, terms
    that stand together in every document 1; topics of fewer than two terms do not count.
    """
    vocabulary = {term: i for i, term in enumerate(sorted({t for topic in topics for t in topic}))}
    held = _incidence(vocabulary, documents)
    together = np.asarray((held.T @ held).todense(), dtype=np.float64) / max(len(documents), 1)
    means = []
    for topic in topics:
        pairs = list(combinations([vocabulary[term] for term in topic], 2))
        if pairs:
            means.append(float(np.mean([_npmi(together, a, b) for a, b in pairs])))
    return float(np.mean(means)) if means else math.nan


def _incidence(vocabulary: Mapping[str, int], documents: Sequence[Collection[str]]) -> Any:
    from scipy.sparse import csr_matrix

    cells = [
        (row, vocabulary[term])
        for row, document in enumerate(documents)
        for term in set(document)
        if term in vocabulary
    ]
    rows, columns = ([cell[axis] for cell in cells] for axis in (0, 1))
    shape = (len(documents), len(vocabulary))
    return csr_matrix((np.ones(len(cells)), (rows, columns)), shape=shape)


def _npmi(together: NDArray[np.float64], a: int, b: int) -> float:
    both = together[a, b]
    if both <= 0:
        return -1.0
    if both >= 1:
        return 1.0
    return float(math.log(both / (together[a, a] * together[b, b])) / -math.log(both))


def diversity(topics: Sequence[Sequence[str]]) -> float:
    """Return the share of different terms among all topics' terms (Dieng, Ruiz & Blei 2020)."""
    terms = [term for topic in topics for term in topic]
    return len(set(terms)) / len(terms) if terms else math.nan


def own_theme_share(
    labels: NDArray[np.float32],
    texts: NDArray[np.float32],
    theme: NDArray[np.int64],
    *,
    centred: bool,
) -> float:
    """Return the share of themes whose label lies nearest to their own theme's centroid.

    ``labels`` (k, d), ``texts`` (n, d) with themes (n,), -1 for those left out: plain vectors of
    the embedder. A centroid is the mean of its theme's vectors; nearness is the cosine. ``centred``
    takes the labels' mean from the labels and the texts' mean from the texts before: a few words in
    a row are alike as a kind of text, whatever they say.
    """
    if centred:
        labels, texts = labels - labels.mean(axis=0), texts - texts.mean(axis=0)
    centres = np.stack([texts[theme == i].mean(axis=0) for i in range(len(labels))])
    cosine = _unit(labels) @ _unit(centres).T
    return float((cosine.argmax(axis=1) == np.arange(len(labels))).mean())


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = rows / np.maximum(
        np.linalg.norm(rows, axis=1, keepdims=True), 1e-12
    )
    return scaled


def brier(probability: Sequence[float], right: Sequence[bool]) -> float:
    """Return the mean squared difference of probability and outcome (Brier 1950)."""
    if not probability:
        return math.nan
    return float(np.mean((np.asarray(probability) - np.asarray(right, dtype=float)) ** 2))


def ece(
    probability: Sequence[float], right: Sequence[bool], bins: int = BINS, *, equal_mass: bool
) -> float:
    """Return the expected calibration error: the mean gap of probability and share right in bins.

    Gaps are weighted by the size of the bin. Bins are equally wide (Naeini, Cooper & Hauskrecht
    2015; Guo et al. 2017) or hold equally many (Nguyen & O'Connor 2015).
    """
    if not probability:
        return math.nan
    p, y = np.asarray(probability, dtype=float), np.asarray(right, dtype=float)
    order = np.argsort(p, kind="stable")
    if equal_mass:
        parts = np.array_split(order, min(bins, len(p)))
    else:
        number = np.minimum((p * bins).astype(int), bins - 1)
        parts = [np.flatnonzero(number == i) for i in range(bins)]
    gaps = [len(part) * abs(p[part].mean() - y[part].mean()) for part in parts if len(part)]
    return float(sum(gaps) / len(p))


@dataclass(frozen=True)
class ShownPair:
    """A pair as the program shows it."""

    employee: str
    customer: str
    kind: str
    probability: float


@dataclass(frozen=True)
class Gold:
    """Which labels belong together: matches with their kind ("" if not said), the rest."""

    match: Mapping[Names, str]
    neutral: frozenset[Names] = frozenset()
    never: frozenset[Names] = frozenset()


Speaks = Mapping[str, Collection[str]]  # a theme's id -> the labels or concepts it stands for


def verdict(
    pair: ShownPair, left: Speaks, right: Speaks, gold: Gold, *, kinds: bool
) -> bool | None:
    """Return whether gold calls the pair right; None: it does not judge it.

    With ``kinds`` a pair is right only if one of the matches it makes has its kind.
    """
    names = _names(pair, left, right)
    matched = names & gold.match.keys()
    if matched:
        return not kinds or any(gold.match[name] == pair.kind for name in matched)
    return None if not names or names & gold.neutral else False


def _names(pair: ShownPair, left: Speaks, right: Speaks) -> set[Names]:
    return {(a, b) for a in left.get(pair.employee, ()) for b in right.get(pair.customer, ())}


def pair_scores(
    pairs: Sequence[ShownPair], left: Speaks, right: Speaks, gold: Gold, *, kinds: bool = False
) -> dict[str, float]:
    """Return precision, recall, F1 and ``never`` as ../shared/eval/score_pairs.py counts them.

    Precision is over the pairs that gold judges. Recall is over the matches whose two labels each
    lead a theme. With ``kinds`` a match counts only for a pair of its kind.
    """
    led = [set().union(*side.values()) if side else set() for side in (left, right)]
    reachable = {(a, b) for a, b in gold.match if a in led[0] and b in led[1]}
    verdicts = [verdict(pair, left, right, gold, kinds=kinds) for pair in pairs]
    hit: set[Names] = set()
    never = 0
    for pair in pairs:
        names = _names(pair, left, right)
        matched = names & gold.match.keys()
        hit |= {name for name in matched if not kinds or gold.match[name] == pair.kind}
        never += not matched and bool(names & gold.never)
    judged = sum(v is not None for v in verdicts)
    precision = sum(v is True for v in verdicts) / judged if judged else 0.0
    recall = len(hit & reachable) / len(reachable) if reachable else 0.0
    both = precision + recall
    return {
        "pairs": len(pairs),
        "judged": judged,
        "reachable": len(reachable),
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / both if both else 0.0,
        "never": never,
    }


def left_alone(
    pairs: Sequence[ShownPair], left: Speaks, right: Speaks, gold: Gold
) -> tuple[int, int]:
    """Return how many themes should have no pair, and how many of those have none.

    A theme should have none if its label has no partner in gold, neither a match nor a neutral one.
    """
    known = [*gold.match, *gold.neutral]
    should = alone = 0
    for axis, side in enumerate((left, right)):
        partnered = {names[axis] for names in known}
        shown = {(pair.employee, pair.customer)[axis] for pair in pairs}
        lone = [theme for theme, said in side.items() if not set(said) & partnered]
        should += len(lone)
        alone += sum(theme not in shown for theme in lone)
    return should, alone
