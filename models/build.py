"""Make the int8 ONNX file of a BERT from its pinned weights, once, into the user's cache folder.

The only step that needs torch and onnx. The graph takes ``input_ids`` of one text, int64 (1,
tokens),
and gives the mean of the last hidden states with length 1, float32 (1, dimension): a text alone
needs no padding and no attention mask, and its vector cannot depend on a batch.
Recipe: torch.onnx.export (opset 17), then onnxruntime's dynamic quantisation with QInt8 weights,
per channel, constant MatMuls only.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analyzer.errors import InputOutput, Misconfigured
from models import e5s1
from models.base import Identity
from models.manifest import ModelCard, sha256_of, verified_weights

if TYPE_CHECKING:
    import torch

RECIPE = "int8-1"
MODEL_FILE = "model.int8.onnx"
TOKENIZER_FILE = "tokenizer.json"
RECORD_FILE = "build.json"
MIN_COSINE = 0.97

PROBES = (
    "The queue at the desk was endless and nobody came to help.",
    "We are always two people short on the late shift.",
    "Lovely staff, thank you!",
    "My card was charged twice and I want the money back.",
    "El personal fue muy amable con los niños.",
    "La camera era sporca e faceva freddo.",
)


def cache_root() -> Path:
    """Return the folder for built models: $BOTHSIDES_CACHE, or the user's cache folder."""
    if named := os.environ.get("BOTHSIDES_CACHE"):
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "bothsides"


def build_folder(card: ModelCard) -> Path:
    """Return where the build of this very source file, by this recipe, is kept."""
    source = hashlib.sha256(f"{card.sha256}:{RECIPE}".encode()).hexdigest()[:16]
    return cache_root() / "models" / f"{card.name}-{source}"


def is_built(card: ModelCard) -> bool:
    """Return whether a finished build is in the cache: its record is written last."""
    return (build_folder(card) / RECORD_FILE).is_file()


def build(card: ModelCard) -> Path:
    """Build, check against fp32, and put into the cache; return the folder. A second call is free.

    Raises:
        Misconfigured: torch or onnx is missing, or the int8 vectors are too far from fp32.
        ModelMismatch: the weights are not the pinned ones.
        InputOutput: the cache folder cannot be written.
    """
    weights = verified_weights(card)
    target = build_folder(card)
    if is_built(card):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{card.name}-", dir=target.parent))
    except OSError as exc:
        raise InputOutput(
            f"The model cache {target.parent} cannot be written: {exc.strerror}. "
            "Set BOTHSIDES_CACHE to a folder that can."
        ) from exc
    try:
        _build_into(card, weights, work)
        try:
            work.rename(target)
        except OSError:
            # Somebody else finished the same build first: theirs is as good.
            if not is_built(card):
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def _build_into(card: ModelCard, weights: Path, work: Path) -> None:
    network, tokenizer = LOADERS[card.kind](weights)
    tokenizer_path = work / TOKENIZER_FILE
    tokenizer_path.write_text(tokenizer, encoding="utf-8")
    fp32 = work / "model.fp32.onnx"
    _export(network, fp32)
    _quantise(fp32, work / MODEL_FILE)
    cosine = _agreement(fp32, work / MODEL_FILE, tokenizer_path, card)
    if cosine < MIN_COSINE:
        raise Misconfigured(
            f"The int8 build of {card.name!r} agrees with fp32 only to a cosine of {cosine:.3f} "
            f"(at least {MIN_COSINE} is needed). Use another model with --embedder."
        )
    fp32.unlink()
    record = {
        "model": card.name,
        "source_sha256": card.sha256,
        "recipe": RECIPE,
        "sha256": sha256_of(work / MODEL_FILE),
        "tokenizer_sha256": sha256_of(tokenizer_path),
        "lowest_cosine_with_fp32": round(cosine, 4),
    }
    (work / RECORD_FILE).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def _load_safetensors(weights: Path) -> tuple[torch.nn.Module, str]:
    from transformers import AutoModel

    os.environ["HF_HUB_OFFLINE"] = "1"
    network = AutoModel.from_pretrained(weights.parent, local_files_only=True)
    tokenizer = json.loads((weights.parent / TOKENIZER_FILE).read_text(encoding="utf-8"))
    tokenizer["padding"] = tokenizer["truncation"] = None
    return network, json.dumps(tokenizer, ensure_ascii=False)


def _load_e5s1(weights: Path) -> tuple[torch.nn.Module, str]:
    import torch
    from transformers import BertConfig, BertModel

    box = e5s1.read(weights)
    network = BertModel(
        BertConfig(
            vocab_size=box.vocabulary,
            hidden_size=box.hidden,
            num_hidden_layers=box.layers,
            num_attention_heads=box.heads,
            intermediate_size=box.feed_forward,
            max_position_embeddings=box.positions,
            type_vocab_size=box.token_types,
            layer_norm_eps=box.epsilon,
        ),
        add_pooling_layer=False,
    )
    shapes = {name: tensor.shape for name, tensor in network.state_dict().items()}
    state = {}
    for short, values in box.tensors.items():
        name = e5s1.bert_name(short)
        state[name] = torch.from_numpy(values).reshape(shapes[name])
    network.load_state_dict(state, strict=True)
    return network, e5s1.tokenizer_json(box)


LOADERS: dict[str, Callable[[Path], tuple[Any, str]]] = {
    "bert-safetensors": _load_safetensors,
    "bert-e5s1": _load_e5s1,
}


def _export(network: torch.nn.Module, path: Path) -> None:
    import torch

    class Sentence(torch.nn.Module):
        """Token ids of one text -> its unit vector."""

        def __init__(self, inner: torch.nn.Module) -> None:
            super().__init__()
            self.inner = inner

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            hidden = self.inner(input_ids=input_ids).last_hidden_state
            return torch.nn.functional.normalize(hidden.mean(dim=1), dim=1)

    with warnings.catch_warnings():
        # The exporter with dynamo=False is announced as legacy; the new one writes graphs that the
        # quantiser does not understand yet.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Sentence(network).eval(),
            (torch.tensor([[101, 2000, 3000, 102]]),),
            str(path),
            input_names=["input_ids"],
            output_names=["vector"],
            dynamic_axes={"input_ids": {1: "tokens"}},
            opset_version=17,
            dynamo=False,
        )


def _quantise(fp32: Path, int8: Path) -> None:
    try:
        from onnxruntime.quantization import QuantType, quantize_dynamic
    except ImportError as exc:
        raise Misconfigured("Building a model needs onnx. Install it: pip install onnx") from exc

    quantize_dynamic(
        fp32,
        int8,
        weight_type=QuantType.QInt8,
        per_channel=True,
        extra_options={"MatMulConstBOnly": True},
    )


def _agreement(fp32: Path, int8: Path, tokenizer: Path, card: ModelCard) -> float:
    """Return the lowest cosine between the two files over the probes."""
    from models.onnx_embedder import OnnxEmbedder

    exact, small = (
        OnnxEmbedder(
            Identity.of(card, "probe"), path, tokenizer, card.max_tokens, card.prefix
        ).embed(PROBES)
        for path in (fp32, int8)
    )
    return float(np.min(np.sum(exact * small, axis=1)))
