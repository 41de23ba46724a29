"""The cache around an embedder: same vectors, no text twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from analyzer import embed
from analyzer.embed import CachedEmbedder, text_hash
from analyzer.errors import BothsidesError
from tests.fakes import FakeEmbedder

TEXTS = ["the queue", "my pay", "the queue again", "", "ünïcode 😀"]


class MemoryCache:
    def __init__(self) -> None:
        self.kept: dict[str, dict[bytes, bytes]] = {}
        self.saves = 0

    def load(self, fingerprint: str, hashes: Sequence[bytes]) -> Mapping[bytes, bytes]:
        own = self.kept.get(fingerprint, {})
        return {key: own[key] for key in hashes if key in own}

    def save(self, fingerprint: str, vectors: Mapping[bytes, bytes]) -> None:
        self.saves += 1
        self.kept.setdefault(fingerprint, {}).update(vectors)


def test_cached_vectors_are_the_same_to_the_byte(fake_embedder: FakeEmbedder) -> None:
    cached = CachedEmbedder(fake_embedder, MemoryCache())
    plain = FakeEmbedder(fake_embedder.topics).embed(TEXTS)
    assert cached.embed(TEXTS).tobytes() == plain.tobytes()
    assert cached.embed(TEXTS).tobytes() == plain.tobytes()


def test_only_unknown_texts_are_embedded(fake_embedder: FakeEmbedder) -> None:
    cached = CachedEmbedder(fake_embedder, MemoryCache())
    cached.embed(TEXTS[:2])
    cached.embed(TEXTS)
    assert fake_embedder.seen == TEXTS
    calls = fake_embedder.calls
    cached.embed(TEXTS[::-1])
    assert fake_embedder.calls == calls


def test_a_text_that_is_repeated_is_embedded_once(fake_embedder: FakeEmbedder) -> None:
    cached = CachedEmbedder(fake_embedder, MemoryCache())
    vectors = cached.embed(["pay", "queue", "pay", "pay"])
    assert fake_embedder.seen == ["pay", "queue"]
    np.testing.assert_array_equal(vectors[0], vectors[3])


def test_vectors_of_two_models_never_meet() -> None:
    cache = MemoryCache()
    small, large = FakeEmbedder(dimension=8), FakeEmbedder(dimension=16)
    CachedEmbedder(small, cache).embed(TEXTS)
    assert CachedEmbedder(large, cache).embed(TEXTS).shape == (len(TEXTS), 16)
    assert large.seen == TEXTS


def test_the_cached_embedder_looks_like_the_one_inside(fake_embedder: FakeEmbedder) -> None:
    cached = CachedEmbedder(fake_embedder, MemoryCache())
    for name in ("name", "fingerprint", "dimension", "centre", "similar"):
        assert getattr(cached, name) == getattr(fake_embedder, name)


def test_no_texts_give_an_empty_matrix_and_no_call(fake_embedder: FakeEmbedder) -> None:
    assert CachedEmbedder(fake_embedder, MemoryCache()).embed([]).shape == (0, 48)
    assert fake_embedder.calls == 0


def test_a_killed_run_goes_on_where_it_stopped(fake_embedder, monkeypatch) -> None:
    monkeypatch.setattr(embed, "CHECKPOINT", 2)
    cache = MemoryCache()
    CachedEmbedder(fake_embedder, cache).embed(TEXTS)
    assert cache.saves == 3


def test_progress_adds_up_to_all_texts(fake_embedder) -> None:
    cached = CachedEmbedder(fake_embedder, MemoryCache())
    cached.embed(TEXTS[:2])
    heard: list[int] = []
    cached.embed(TEXTS, heard.append)
    assert sum(heard) == len(TEXTS)


@pytest.mark.parametrize("spoil", ["shape", "rows", "nan"])
def test_vectors_that_cannot_be_used_are_an_error_and_are_not_kept(spoil: str) -> None:
    class Broken(FakeEmbedder):
        def embed(self, texts, progress=None):
            rows = super().embed(texts, progress)
            if spoil == "nan":
                rows[0, 0] = np.nan
                return rows
            return rows[:, :-1] if spoil == "shape" else rows[:-1]

    cache = MemoryCache()
    with pytest.raises(BothsidesError, match=r"The model fake gave vectors .* models verify"):
        CachedEmbedder(Broken(), cache).embed(TEXTS)
    assert cache.kept == {}


def test_a_hash_tells_texts_apart_and_takes_any_text() -> None:
    assert text_hash("a") == text_hash("a") != text_hash("a ")
    assert len(text_hash("lone surrogate \ud800")) == 16
