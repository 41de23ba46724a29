"""Load an embedder by name: verify the hash, touch no network, build once if it has to be built."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analyzer.errors import BothsidesError, ModelMismatch, UsageError
from analyzer.types import Embedder
from models import build
from models.base import Identity
from models.manifest import (
    BesideCard,
    ModelCard,
    read_beside,
    read_manifest,
    sha256_of,
    verified_weights,
    weights_path,
)

PATH_PREFIX = "path:"


@dataclass(frozen=True, slots=True)
class Status:
    """A line of ``bothsides models``: ``state`` is "ready", "not built" or an error's sentence."""

    card: ModelCard | BesideCard
    state: str
    ok: bool


def names() -> list[str]:
    """Return the names of the manifest's models."""
    return list(read_manifest())


def parts_of(name: str) -> list[str]:
    """Return the names of the manifest's models that ``name`` is made of: itself, or several."""
    return list(read_beside()[name].parts) if name in read_beside() else [name]


def card_of(name: str) -> ModelCard:
    """Return the manifest's row.

    Raises:
        UsageError: there is no model of that name.
    """
    cards = read_manifest()
    if name not in cards:
        known = ", ".join([*cards, *read_beside(), PATH_PREFIX + "DIR"])
        raise UsageError(f"There is no model {name!r}. Use one of: {known}.")
    return cards[name]


def needs_build(name: str) -> bool:
    """Return whether loading ``name`` would first build it (a minute; once a machine)."""
    if name.startswith(PATH_PREFIX):
        return False
    cards = [card_of(part) for part in parts_of(name)]
    return any(card.kind in build.LOADERS and not build.is_built(card) for card in cards)


def load(name: str) -> Embedder:
    """Return the embedder of that name, or of a folder: ``path:DIR``.

    Raises:
        UsageError: there is no model of that name.
        Misconfigured: its package is missing or in another version, or it cannot be built.
        ModelMismatch: a file is not the one that was pinned or built.
    """
    if name.startswith(PATH_PREFIX):
        from models.folder_embedder import FolderEmbedder

        return FolderEmbedder(Path(name.removeprefix(PATH_PREFIX)))
    if name in (beside := read_beside()):
        from models.beside_embedder import BesideEmbedder

        return BesideEmbedder(beside[name], [load(part) for part in beside[name].parts])
    card = card_of(name)
    return KINDS[card.kind](card)


def _load_onnx(card: ModelCard) -> Embedder:
    from models.onnx_embedder import OnnxEmbedder

    if not build.is_built(card):
        build.build(card)
    folder = build.build_folder(card)
    digest = _verified_build(card, folder)
    return OnnxEmbedder(
        Identity.of(card, digest),
        folder / build.MODEL_FILE,
        folder / build.TOKENIZER_FILE,
        card.max_tokens,
        card.prefix,
    )


def _verified_build(card: ModelCard, folder: Path) -> str:
    """Return the built file's sha256 after comparing it with what the build wrote down."""
    record = json.loads((folder / build.RECORD_FILE).read_text(encoding="utf-8"))
    for file, key in ((build.MODEL_FILE, "sha256"), (build.TOKENIZER_FILE, "tokenizer_sha256")):
        path = folder / file
        if not path.is_file() or sha256_of(path) != record[key]:
            raise ModelMismatch(
                f"The built model {path} was changed or is missing. Delete the folder {folder} and "
                f"run: bothsides models build {card.name}"
            )
    return str(record["sha256"])


def _load_static(card: ModelCard) -> Embedder:
    from models.static_embedder import StaticEmbedder

    weights = verified_weights(card)
    return StaticEmbedder(Identity.of(card, card.sha256), weights.parent.parent)


KINDS: dict[str, Callable[[ModelCard], Embedder]] = {
    "bert-safetensors": _load_onnx,
    "bert-e5s1": _load_onnx,
    "static": _load_static,
}


def statuses(*, verify: bool) -> list[Status]:
    """Return a line for each model; with ``verify`` every file is hashed."""
    lines = []
    for card in read_manifest().values():
        try:
            if verify:
                verified_weights(card)
            else:
                weights_path(card)
            built = card.kind not in build.LOADERS or build.is_built(card)
            if verify and built and card.kind in build.LOADERS:
                _verified_build(card, build.build_folder(card))
            lines.append(Status(card, "ready" if built else "not built", ok=True))
        except BothsidesError as exc:
            lines.append(Status(card, str(exc), ok=False))
    for beside in read_beside().values():
        bad = [line for line in lines if line.card.name in beside.parts and line.state != "ready"]
        state = f"{bad[0].card.name}: {bad[0].state}" if bad else "ready"
        lines.append(Status(beside, state, ok=all(line.ok for line in bad)))
    return lines
