"""What every embedder of this package is: an identity, and a method of its own."""

from __future__ import annotations

from dataclasses import dataclass

from models.manifest import ModelCard


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an embedder is; see :class:`analyzer.types.Embedder` for what the fields mean."""

    name: str
    fingerprint: str
    dimension: int
    centre: str
    similar: float

    @classmethod
    def of(cls, card: ModelCard, digest: str) -> Identity:
        """Return the identity of a model of the manifest, whose running file has this sha256."""
        fingerprint = f"{card.name}:{digest[:16]}"
        return cls(card.name, fingerprint, card.dimension, card.centre, card.similar)


class BaseEmbedder:
    """Holds the identity and shows it as the attributes of the Embedder protocol."""

    def __init__(self, identity: Identity) -> None:
        self.name = identity.name
        self.fingerprint = identity.fingerprint
        self.dimension = identity.dimension
        self.centre = identity.centre
        self.similar = identity.similar
