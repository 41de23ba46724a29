"""Places on a map for segments, from their vectors: what means the same lies together.

At most 800 landmarks (k-means in the main directions of the vectors) are laid out by t-SNE,
which keeps neighbours (van der Maaten and Hinton 2008,
https://jmlr.org/papers/v9/vandermaaten08a.html); every segment then lies among its nearest
landmarks, spread by what its cell varies in. So the cost grows with the number of segments only in
matrix products, where UMAP's grows in single steps. The same vectors, generator and number of
threads give the same map.

A later run starts from the places of the former one and is turned to fit it (Procrustes), so that
people find their themes where they were.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzer.types import Vectors

Places = NDArray[np.float32]

DIRECTIONS = 48
SAMPLE = 20_000
LANDMARKS = 800
ROUNDS_OF_MEANS = 8
PERPLEXITY = 10.0
ROUNDS, ROUNDS_AGAIN, EXAGGERATED = 300, 120, 80
AMONG = 4
# How far a cell spreads, as a share of the way to its landmark's nearest neighbours on the map.
SPREAD = 0.55
BLOCK = 8192


def layout(vectors: Vectors, rng: np.random.Generator, former: Places | None = None) -> Places:
    """Return a place (n, 2) for each segment, about 0, about 1 wide.

    ``vectors`` (n, d) are those in which themes are found, ``former`` (n, 2) the places that the
    segments had, not a number for those that are new.

    Raises:
        ValueError: a vector is not finite, or ``former`` has another length.
    """
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds a value that is not a number")
    if former is not None and former.shape != (len(vectors), 2):
        raise ValueError(f"{len(vectors)} vectors, former places {former.shape}")
    if len(vectors) < AMONG + 2:
        return _few(len(vectors))
    main = _main_directions(vectors, rng)
    landmarks = _means(main, rng)
    cell = _nearest(main, landmarks)[:, 0]
    start, rounds = _start(landmarks, cell, former)
    placed = _tsne(landmarks, start, rounds)
    places = _among(main, landmarks, placed, cell)
    places = (places - places.mean(axis=0)) / max(float(places.std()) * 4, 1e-9)
    if former is not None:
        places = turned(places.astype(np.float32), former)
    return places.astype(np.float32)


def turned(places: Places, former: Places) -> Places:
    """Return the places turned, mirrored, scaled and moved to lie best on the former ones.

    Orthogonal Procrustes over the segments that have both (not a number: has none); with fewer than
    three of them the places are returned as they are. Scaling is held between a half and twice.
    """
    both = np.isfinite(former).all(axis=1)
    if both.sum() < 3:
        return places
    own, other = places[both].astype(np.float64), former[both].astype(np.float64)
    own_middle, other_middle = own.mean(axis=0), other.mean(axis=0)
    own, other = own - own_middle, other - other_middle
    size = float((own**2).sum())
    if size == 0:
        return places
    left, stretch, right = np.linalg.svd(own.T @ other)
    scale = float(np.clip(stretch.sum() / size, 0.5, 2.0))
    moved = (places - own_middle) @ (left @ right) * scale + other_middle
    return np.asarray(moved, dtype=np.float32)


def _few(count: int) -> Places:
    """Return places on a circle: too few to say what is near what."""
    angle = np.arange(count) / max(count, 1) * 2 * np.pi
    return np.asarray(np.stack([np.cos(angle), np.sin(angle)], axis=1) / 2, dtype=np.float32)


def _main_directions(vectors: Vectors, rng: np.random.Generator) -> Vectors:
    """Return the vectors (n, 48) in the directions in which a sample of them varies most."""
    sample = vectors
    if len(vectors) > SAMPLE:
        sample = vectors[np.sort(rng.choice(len(vectors), SAMPLE, replace=False))]
    middle = sample.mean(axis=0)
    around = (sample - middle).astype(np.float64)
    _, directions = np.linalg.eigh(around.T @ around)
    kept = directions[:, ::-1][:, :DIRECTIONS]
    # An eigenvector's sign is arbitrary: its largest part is made positive.
    largest = kept[np.abs(kept).argmax(axis=0), np.arange(kept.shape[1])]
    kept = (kept * np.sign(largest)).astype(np.float32)
    return np.vstack(
        [(vectors[i : i + BLOCK] - middle) @ kept for i in range(0, len(vectors), BLOCK)]
    )


def _means(main: Vectors, rng: np.random.Generator) -> Vectors:
    """Return the landmarks (m, 48): k-means of a sample, one for about ten segments at most."""
    sample = main
    if len(main) > SAMPLE:
        sample = main[np.sort(rng.choice(len(main), SAMPLE, replace=False))]
    count = int(np.clip(len(sample) // 8, AMONG + 1, LANDMARKS))
    means = sample[np.sort(rng.choice(len(sample), count, replace=False))]
    for _ in range(ROUNDS_OF_MEANS):
        cell = _nearest(sample, means, 1)[:, 0]
        sums = np.zeros_like(means, dtype=np.float64)
        np.add.at(sums, cell, sample)
        size = np.bincount(cell, minlength=count)
        held = size > 0
        means[held] = (sums[held] / size[held, None]).astype(np.float32)
    return means


def _distances(rows: Vectors, others: Vectors) -> Vectors:
    """Return the squared distances (n, m)."""
    squared = (rows**2).sum(axis=1)[:, None] + (others**2).sum(axis=1) - 2 * rows @ others.T
    return np.asarray(np.maximum(squared, 0), dtype=np.float32)


def _nearest(main: Vectors, landmarks: Vectors, count: int = AMONG) -> NDArray[np.int64]:
    """Return the nearest landmarks (n, count) of each segment, the nearest first."""
    found = np.empty((len(main), count), dtype=np.int64)
    for start in range(0, len(main), BLOCK):
        far = _distances(main[start : start + BLOCK], landmarks)
        if count == 1:
            found[start : start + BLOCK, 0] = far.argmin(axis=1)
            continue
        near = np.argpartition(far, count - 1, axis=1)[:, :count]
        order = np.take_along_axis(far, near, axis=1).argsort(axis=1, kind="stable")
        found[start : start + BLOCK] = np.take_along_axis(near, order, axis=1)
    return found


def _start(
    landmarks: Vectors, cell: NDArray[np.int64], former: Places | None
) -> tuple[Places, int]:
    """Return where the landmarks start, (m, 2), and for how many rounds they then move.

    With a former map: at the mean of what their segments had, or of their nearest landmarks that
    have any. Without: at the first two main directions.
    """
    plain = landmarks[:, :2] / max(float(landmarks[:, 0].std()), 1e-9) * 1e-2
    if former is None:
        return plain.astype(np.float32), ROUNDS
    known = np.isfinite(former).all(axis=1)
    size = np.bincount(cell[known], minlength=len(landmarks))
    if (size > 0).sum() < 3:
        return plain.astype(np.float32), ROUNDS
    sums = np.zeros((len(landmarks), 2))
    np.add.at(sums, cell[known], former[known])
    held = size > 0
    start = np.zeros((len(landmarks), 2), dtype=np.float32)
    start[held] = sums[held] / size[held, None]
    near = _distances(landmarks[~held], landmarks[held]).argsort(axis=1)[:, :3]
    start[~held] = start[held][near].mean(axis=1)
    # The former map is about 1 wide, that of t-SNE some tens.
    return start * np.float32(30 / max(float(start.std()) * 4, 1e-9)), ROUNDS_AGAIN


@dataclass(frozen=True)
class _Pull:
    """How strongly landmarks hold each other (m, m), symmetric, of sum 1."""

    strength: Vectors

    @classmethod
    def of(cls, landmarks: Vectors) -> _Pull:
        """Return the joint probabilities of t-SNE, each row's width found by bisection."""
        far = _distances(landmarks, landmarks).astype(np.float64)
        np.fill_diagonal(far, np.inf)
        count = len(landmarks)
        wanted = np.log(min(PERPLEXITY, (count - 1) / 3))
        scale = far[np.isfinite(far)].mean() or 1.0
        low, high = np.zeros(count), np.full(count, np.inf)
        width = np.full(count, 1.0 / scale)
        near = far - far.min(axis=1, keepdims=True)
        near[~np.isfinite(near)] = np.inf
        for _ in range(60):
            weight = np.exp(-near * width[:, None])
            total = weight.sum(axis=1)
            mean = np.where(np.isfinite(near), near, 0) * weight
            entropy = np.log(total) + width * mean.sum(axis=1) / total
            wide = entropy > wanted
            low, high = np.where(wide, width, low), np.where(wide, high, width)
            width = np.where(np.isfinite(high), (low + high) / 2, width * 2)
        row = weight / total[:, None]
        joint = (row + row.T) / (2 * count)
        return cls(np.maximum(joint, 1e-12).astype(np.float32))


def _tsne(landmarks: Vectors, start: Places, rounds: int) -> Places:
    """Return the landmarks' places (m, 2), moved so that neighbours are neighbours."""
    pull = _Pull.of(landmarks).strength
    again = rounds != ROUNDS
    places, speed = start.astype(np.float32).copy(), np.zeros_like(start, dtype=np.float32)
    gain = np.ones_like(places)
    rate = max(len(landmarks) / 12 / 4, 20.0)
    for step in range(rounds):
        early = step < EXAGGERATED and not again
        far = 1 + _distances(places, places)
        close = 1 / far
        np.fill_diagonal(close, 0)
        push = close / close.sum()
        force = (pull * (12 if early else 1) - push) * close
        slope = 4 * (places * force.sum(axis=1)[:, None] - force @ places)
        same = np.sign(slope) == np.sign(speed)
        gain = np.clip(np.where(same, gain * 0.8, gain + 0.2), 0.01, None)
        speed = (0.5 if early else 0.8) * speed - rate * gain * slope
        places += speed.astype(np.float32)
        places -= places.mean(axis=0)
    return places


def _among(main: Vectors, landmarks: Vectors, placed: Places, cell: NDArray[np.int64]) -> Places:
    """Return the segments' places (n, 2) among their landmarks, each cell spread out."""
    near = _nearest(main, landmarks)
    far = np.stack([((main - landmarks[near[:, k]]) ** 2).sum(axis=1) for k in range(AMONG)], 1)
    # A neighbour that the map has put elsewhere would drag a segment across it.
    apart = ((placed[near] - placed[near[:, :1]]) ** 2).sum(axis=2)
    reach = _reach(placed)
    weight = np.exp(-(far - far[:, :1]) / np.maximum(far[:, :1], 1e-9) * 4)
    weight *= apart <= (3 * reach[cell, None]) ** 2
    weight /= weight.sum(axis=1, keepdims=True)
    places = np.einsum("nk,nkd->nd", weight, placed[near].astype(np.float64))
    order = np.argsort(cell, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(cell[order])) + 1):
        own = int(cell[members[0]])
        places[members] += _spread(main[members] - landmarks[own]) * reach[own] * SPREAD
    return np.asarray(places, dtype=np.float32)


def _reach(placed: Places) -> NDArray[np.float64]:
    """Return how far each landmark's third neighbour is on the map (m,)."""
    far = _distances(placed, placed)
    np.fill_diagonal(far, np.inf)
    count = min(3, len(placed) - 1)
    return np.sqrt(np.sort(far, axis=1)[:, count - 1].astype(np.float64))


def _spread(residual: Vectors) -> NDArray[np.float64]:
    """Return places (k, 2) in a disc of radius 1, by the two ways in which a cell varies most."""
    if len(residual) < 3:
        return np.zeros((len(residual), 2))
    around = (residual - residual.mean(axis=0)).astype(np.float64)
    _, directions = np.linalg.eigh(around.T @ around)
    kept = directions[:, :-3:-1]
    kept = kept * np.sign(kept[np.abs(kept).argmax(axis=0), [0, 1]])
    shape = around @ kept
    shape /= np.maximum(shape.std(axis=0), 1e-9)
    # Outliers are drawn in: the disc ends where the next cell begins.
    far = np.sqrt((shape**2).sum(axis=1, keepdims=True))
    return np.asarray(shape / np.maximum(far, 1e-9) * np.tanh(far / 2.2))
