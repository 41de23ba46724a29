"""Sentiment: how each segment judges, -1 (complaint) .. 1 (praise), and how a theme's segments do.

Two opinions. A probe: per language, a ridge regression of 1, 0 and -1 on the vectors that the run's
own embedder gives a small table of positive, neutral and negative phrases (`models/polarity.toml`).
It reads any language of the table and says how a segment is meant as a whole. And VADER (Hutto &
Gilbert 2014, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text",
ICWSM), English only: a lexicon with rules for negation, emphasis and emoji.

Measured on real comments in English known to be praise or complaint (airline tweets, employees'
pros and cons, customers' stars): 84 to 94 % of the signs are right; VADER alone has 79 to 80 %.

A segment's polarity depends on that segment alone, on the embedder and on the phrases: not on the
other segments of the run.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzer.discover.assign import unit
from analyzer.errors import Misconfigured
from analyzer.types import NEUTRAL_BELOW, Embedder, Polarity, Vectors

METHOD = (
    "Sentiment is estimated for each segment by a small regression on the model's vectors, learned "
    "from example phrases in English, Spanish and Italian, and in English also by the lexicon "
    "VADER; it tells praise from complaint in roughly 85 of 100 English comments, in fewer of "
    "other languages, and misses irony."
)
CLASSES: dict[str, float] = {"positive": 1.0, "negative": -1.0, "neutral": 0.0}
MIN_PHRASES = 5
# What VADER's opinion counts where there is one; the probe's is the rest.
VADER_SHARE = 0.3
VADER_LANGUAGE = "en"
# The ridge's penalty, for centred vectors of length 1. Between 3 and 20 it hardly matters.
PENALTY = 6.0
DECIMALS = 4
# The probe for languages without phrases of their own: learned from all.
OTHERS = "*"

Examples = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Line:
    """One language's regression: polarity = unit(vector - middle) . weights + level.

    ``middle`` and ``weights`` are (d,).
    """

    middle: Vectors
    weights: NDArray[np.float64]
    level: float

    def read(self, vectors: Vectors) -> NDArray[np.float64]:
        """Return (n,), about -1..1."""
        # A sum a row, not a product with BLAS: the latter's last bits depend on the batch.
        around = unit(vectors - self.middle).astype(np.float64)
        read: NDArray[np.float64] = (around * self.weights).sum(axis=1) + self.level
        return read


@dataclass(frozen=True)
class Probe:
    """What one embedder's vectors say of praise and complaint; ``lines`` by language."""

    lines: Mapping[str, Line]


def parse(text: str, name: str) -> Examples:
    """Return the example phrases written in ``text`` (TOML): language -> class -> phrases.

    ``name`` is what errors call it.

    Raises:
        Misconfigured: it is not TOML, there is no language, a class is missing or has fewer than
            ``MIN_PHRASES`` phrases, or a phrase is empty or stands twice.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise Misconfigured(f"{name} is not TOML: {exc}.") from exc
    if not data:
        raise Misconfigured(f"{name}: no language; write [en] and its phrases.")
    return {code: _phrases(table, f"{name}: [{code}]") for code, table in data.items()}


def _phrases(table: object, where: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(table, dict):
        raise Misconfigured(f"{where}: it must be a table with {', '.join(CLASSES)}.")
    if unknown := sorted(set(table) - set(CLASSES)):
        raise Misconfigured(f"{where}: {unknown[0]} is none of: {', '.join(CLASSES)}.")
    seen: set[str] = set()
    found: dict[str, tuple[str, ...]] = {}
    for key in CLASSES:
        phrases = table.get(key)
        if not isinstance(phrases, list) or len(phrases) < MIN_PHRASES:
            raise Misconfigured(f"{where}: {key} needs a list of {MIN_PHRASES} phrases or more.")
        for phrase in phrases:
            if not isinstance(phrase, str) or not phrase.strip():
                raise Misconfigured(f"{where}: {key} holds an empty phrase.")
            if phrase in seen:
                raise Misconfigured(f"{where}: the phrase {phrase!r} stands twice.")
            seen.add(phrase)
        found[key] = tuple(phrases)
    return found


def learn(examples: Examples, embedder: Embedder) -> Probe:
    """Return the probe of an embedder: one regression for each language, and one over all."""
    rows = [
        (code, value, phrase)
        for code, classes in examples.items()
        for key, value in CLASSES.items()
        for phrase in classes[key]
    ]
    vectors = embedder.embed([phrase for _, _, phrase in rows])
    codes = np.array([code for code, _, _ in rows])
    values = np.array([value for _, value, _ in rows])
    lines = {code: _fit(vectors[codes == code], values[codes == code]) for code in examples}
    return Probe({**lines, OTHERS: _fit(vectors, values)})


def _fit(vectors: Vectors, values: NDArray[np.float64]) -> Line:
    """Return the ridge regression of ``values`` (n,) on ``vectors`` (n, d); classes count alike.

    A ridge draws its answers towards 0, the more the wider the model's vectors are spread. They are
    stretched back to -1..1 by what it says of phrases that it did not learn from (each left out in
    turn, by the hat matrix).
    """
    middle = vectors.mean(axis=0)
    rows = unit(vectors - middle).astype(np.float64)
    weight = np.array([1.0 / np.count_nonzero(values == value) for value in values])
    weight *= len(values) / weight.sum()
    centre, level = weight @ rows / len(rows), float(weight @ values / len(rows))
    around = rows - centre
    inner = (around * weight[:, None]).T @ around + PENALTY * np.eye(rows.shape[1])
    solved = np.linalg.solve(inner, (around * weight[:, None]).T)
    slopes = solved @ (values - level)
    hat = (around * solved.T).sum(axis=1) + weight / len(rows)
    answers = around @ slopes + level
    unseen = (answers - hat * values) / np.maximum(1.0 - hat, 1e-6)
    spread = float(weight @ (unseen - level) ** 2)
    stretch = float(weight @ ((unseen - level) * (values - level))) / max(spread, 1e-12)
    slopes = slopes * max(stretch, 0.0)
    return Line(middle, slopes, level - float(centre @ slopes))


def polarity(
    texts: Sequence[str], languages: Sequence[str], vectors: Vectors, probe: Probe
) -> NDArray[np.float64]:
    """Return how each segment judges (n,), -1..1.

    ``vectors`` (n, d) are as the embedder gives them: no language's mean is taken away.
    """
    codes = np.array([code if code in probe.lines else OTHERS for code in languages])
    read = np.zeros(len(texts))
    for code, line in probe.lines.items():
        own = codes == code
        read[own] = np.clip(line.read(vectors[own]), -1.0, 1.0)
    english = np.array([code == VADER_LANGUAGE for code in languages], dtype=np.bool_)
    if english.any():
        second = _vader([text for text, its in zip(texts, english, strict=True) if its])
        read[english] = (1 - VADER_SHARE) * read[english] + VADER_SHARE * second
    rounded: NDArray[np.float64] = np.round(read, DECIMALS) + 0.0
    return rounded


def _vader(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return VADER's compound score of each text (n,), -1..1."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return np.array([analyzer.polarity_scores(text)["compound"] for text in texts])


def summary(polarity: NDArray[np.float64]) -> Polarity:
    """Return the shares of praise, neither and complaint among segments (n,), and their mean."""
    if not len(polarity):
        return Polarity(0.0, 1.0, 0.0, 0.0)
    positive = float((polarity >= NEUTRAL_BELOW).mean())
    negative = float((polarity <= -NEUTRAL_BELOW).mean())
    return Polarity(positive, 1.0 - positive - negative, negative, float(polarity.mean()))
