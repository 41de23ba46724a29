"""Vectors from any sentence-transformers model in a local folder: ``--embedder path:DIR``."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analyzer.errors import Misconfigured
from models.base import BaseEmbedder, Identity
from models.manifest import sha256_of

# No measurement exists for a model that we do not know: MiniLM's floor is a fair start.
SIMILAR = 0.40


class FolderEmbedder(BaseEmbedder):
    """Texts -> unit vectors, float32 (n, dimension), by torch in fp32. Nothing is downloaded."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "modules.json").is_file():
            raise Misconfigured(
                f"{folder} is not a sentence-transformers model: it has no modules.json. "
                "Name the folder that SentenceTransformer.save() wrote."
            )
        os.environ["HF_HUB_OFFLINE"] = "1"
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        dimension = self._model.get_embedding_dimension()
        if not dimension:
            raise Misconfigured(f"The model in {folder} does not say how long its vectors are.")
        name = f"path:{folder.name}"
        super().__init__(Identity(name, f"{name}:{_digest(folder)}", dimension, "none", SIMILAR))

    def embed(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return one unit row a text; ``progress`` hears how many more are done."""
        out = np.empty((len(texts), self.dimension), dtype=np.float32)
        for i, text in enumerate(texts):
            # One text a call: padding to the longest of a batch changes the last bits.
            out[i] = self._model.encode(text, normalize_embeddings=True, show_progress_bar=False)
            if progress:
                progress(1)
        return out


def _digest(folder: Path) -> str:
    """Return one digest of every file in the folder, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(folder)}:{sha256_of(path)};".encode())
    return digest.hexdigest()[:16]
