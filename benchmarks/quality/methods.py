"""The other methods, as somebody would use them who has one vector a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzer.types import Labels, Vectors

WARM = 400


@dataclass(frozen=True)
class Fitted:
    """A cluster for each text (n,), -1 if left out; how to predict them again, if it can."""

    cluster: Labels
    predict: Callable[[], Labels] | None


# texts, vectors (n, d), seed, true number of labels
Method = Callable[[Sequence[str], Vectors, int, int], Fitted]


def bertopic(texts: Sequence[str], vectors: Vectors, seed: int, labels: int) -> Fitted:
    """BERTopic's default chain (Grootendorst 2022), all its defaults, but UMAP gets a seed."""
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder
    from umap import UMAP

    reducer = UMAP(
        n_neighbors=15,
        n_components=5,
        min_dist=0.0,
        metric="cosine",
        low_memory=False,
        random_state=seed,
        n_jobs=1,
    )
    model = BERTopic(umap_model=reducer, embedding_model=BaseEmbedder())
    topics, _ = model.fit_transform(list(texts), vectors)

    def predict() -> Labels:
        return _labels(model.transform(list(texts), vectors)[0])

    return Fitted(_labels(topics), predict)


def evoc(texts: Sequence[str], vectors: Vectors, seed: int, labels: int) -> Fitted:
    """EVoC with its defaults; of its layers the one that it chooses itself. It cannot predict."""
    from evoc import EVoC

    return Fitted(_labels(EVoC(random_state=seed).fit_predict(vectors)), None)


def kmeans(texts: Sequence[str], vectors: Vectors, seed: int, labels: int) -> Fitted:
    """k-means on unit vectors, told the true number of labels; the best of three starts."""
    from sklearn.cluster import KMeans

    model = KMeans(n_clusters=labels, n_init=3, random_state=seed).fit(vectors)
    return Fitted(_labels(model.labels_), lambda: _labels(model.predict(vectors)))


METHODS: dict[str, Method] = {"bertopic": bertopic, "evoc": evoc, "kmeans": kmeans}
OURS = "bothsides"
TITLES = {
    OURS: "Bothsides",
    "bertopic": "BERTopic, default",
    "evoc": "EVoC",
    "kmeans": "k-means, true k",
}


def warm(method: str, texts: Sequence[str], vectors: Vectors) -> None:
    """Let numba compile before the clock starts: a first call takes up to a minute."""
    METHODS[method](texts[:WARM], vectors[:WARM], 0, 2)


def _labels(found: object) -> NDArray[np.int64]:
    return np.asarray(found, dtype=np.int64)
