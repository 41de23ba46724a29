"""Vectors that all methods share: embedded once, kept in the cache folder, timed."""

from __future__ import annotations

import hashlib
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from analyzer import runs, store
from analyzer.database import opened
from analyzer.embed import CachedEmbedder
from analyzer.settings import Settings
from analyzer.types import SIDES, Comment, Embedder, Side, Vectors
from benchmarks.quality import data, ours


@dataclass
class Lazy:
    """A model that is loaded when a text is not in the cache: who only reads needs no memory."""

    name: str
    fingerprint: str
    dimension: int
    centre: str
    similar: float
    seconds: float = 0.0
    texts: int = 0
    _model: list[Embedder] = field(default_factory=list)

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Embed, and add the time, without that of loading."""
        if not self._model:
            self._model.append(runs.load_embedder(self.name))
        began = time.perf_counter()
        rows = self._model[0].embed(texts, progress)
        self.seconds += time.perf_counter() - began
        self.texts += len(texts)
        return rows

    def card(self) -> dict[str, object]:
        """Return what another process needs to make the same."""
        names = ("name", "fingerprint", "dimension", "centre", "similar")
        return {name: getattr(self, name) for name in names}


def lazy_of(name: str) -> Lazy:
    """Return the model of that name, loaded."""
    model = runs.load_embedder(name)
    names = ("fingerprint", "dimension", "centre", "similar")
    return Lazy(name, **{key: getattr(model, key) for key in names}, _model=[model])


@contextmanager
def cached(cache: Path, model: Lazy) -> Iterator[CachedEmbedder]:
    """Yield the embedder over the cache folder's vectors."""
    with opened(cache / "vectors.db", create=True) as db:
        yield CachedEmbedder(model, store.SqliteVectors(db))


@dataclass(frozen=True)
class Place:
    """A collection in the cache folder: its database, its model, how many rows were asked for."""

    cache: Path
    collection: str
    rows: int | None

    @property
    def stem(self) -> Path:
        """The path of its files, without an ending."""
        return self.cache / f"{self.collection}-{self.rows or 'all'}"

    def comments(self) -> list[Comment]:
        """Return its comments as a run reads them; of the fixtures ``rows`` a side."""
        found = data.comments(self.stem.with_suffix(".db"))
        if not self.rows or self.collection != "fixtures":
            return found
        draw, kept = random.Random(data.SAMPLE_SEED), set()
        for side in SIDES:
            own = [comment.id for comment in found if comment.side == side]
            kept.update(draw.sample(own, min(self.rows, len(own))))
        return [comment for comment in found if comment.id in kept]

    def labels(self, side: Side) -> dict[str, str]:
        """Return the human label of each source id of one side."""
        found = data.labels(self.collection, side, self.rows)
        if self.rows and self.collection == "fixtures":
            here = {comment.source_id for comment in self.comments()}
            found = {key: label for key, label in found.items() if key in here}
        return found

    def model(self) -> Lazy:
        """Return the model that was chosen for it, not loaded."""
        made = json.loads(self.stem.with_suffix(".json").read_text(encoding="utf-8"))
        return Lazy(**made["model"])


def prepare(place: Place, *, whole: bool) -> dict[str, object]:
    """Import a collection and embed all it needs; ``whole``: its comments as texts, too."""
    database = place.stem.with_suffix(".db")
    for old in place.cache.glob(f"{database.name}*"):
        old.unlink()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        data.import_into(database, place.collection, place.rows, Path(scratch))
    read = time.perf_counter() - began
    comments = place.comments()
    name, why = runs.choose_embedder(
        runs.AUTO, [comment.language for comment in comments], Settings().english_share
    )
    model = lazy_of(name)
    with cached(place.cache, model) as embedder:
        if whole:
            embedder.embed([comment.text for comment in comments])
        ours.warm(comments, embedder)
        ours.run(comments, embedder)
    texts = "\n".join(f"{comment.id} {comment.text}" for comment in comments)
    made = {
        "model": model.card(),
        "why": why,
        "read_seconds": read,
        "embedded": model.texts,
        "embed_seconds": model.seconds,
        "comments": {side: sum(c.side == side for c in comments) for side in SIDES},
        "digest": hashlib.sha256(texts.encode("utf-8", "surrogatepass")).hexdigest(),
    }
    place.stem.with_suffix(".json").write_text(json.dumps(made), encoding="utf-8")
    return made
