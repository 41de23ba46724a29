"""Read the E5S1 container: a 4-bit multilingual-e5-small with its Unigram tokenizer.

Layout (little-endian): magic ``E5S1``; u32 version; 7 i32: hidden, layers, heads, feed-forward,
vocabulary, positions, token types; f32 layer-norm epsilon; i32 quant kind; 5 i32: pieces n, bos,
eos,
pad, unk; u64 length of the pieces' text; u32 offsets[n+1]; f32 scores[n]; the text; i32 count and
u32 bytes of a normalisation table; i32 count of tensors, each: u16 name length, name, u8 type, u32
elements, u64 offset from the start of the file, u64 bytes. A tensor is f32 when bytes = 4 x
elements,
else blocks of 32 values in 18 bytes: f16 scale, then 16 bytes whose low nibbles are the first 16
values and whose high nibbles are the next 16; value = (nibble - 8) x scale.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzer.errors import ModelMismatch

BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])


@dataclass(frozen=True)
class Container:
    """The file's content: sizes, tensors by their short names, the tokenizer's pieces."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    tensors: dict[str, NDArray[np.float32]]
    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    unk: int


class _Reader:
    """A cursor over bytes that unpacks little-endian values."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def raw(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]


def _tensor(data: bytes, elements: int, offset: int, size: int) -> NDArray[np.float32]:
    if size == 4 * elements:
        return np.frombuffer(data, "<f4", elements, offset).astype(np.float32)
    blocks = np.frombuffer(data, BLOCK, size // BLOCK.itemsize, offset)
    low = (blocks["nibbles"] & 0x0F).astype(np.float32) - 8
    high = (blocks["nibbles"] >> 4).astype(np.float32) - 8
    values = np.concatenate([low, high], axis=1) * blocks["scale"].astype(np.float32)[:, None]
    return values.reshape(-1)[:elements]


def read(path: Path) -> Container:
    """Read the container at ``path``.

    Raises:
        ModelMismatch: the file does not begin with ``E5S1``.
    """
    data = path.read_bytes()
    reader = _Reader(data)
    if reader.raw(4) != b"E5S1":
        raise ModelMismatch(f"{path} is not an E5S1 file; install its package again.")
    reader.take("I")
    hidden, layers, heads, feed_forward, vocabulary, positions, types = reader.take("7i")
    epsilon, _kind = reader.take("fi")
    count, bos, eos, _pad, unk = reader.take("5i")
    (text_length,) = reader.take("Q")
    offsets = reader.take(f"{count + 1}I")
    scores = reader.take(f"{count}f")
    text = reader.raw(text_length)
    pieces = [
        (text[offsets[i] : offsets[i + 1]].decode("utf-8", "replace"), scores[i])
        for i in range(count)
    ]
    _rows, table_bytes = reader.take("iI")
    reader.raw(table_bytes)
    tensors = {}
    for _ in range(reader.take("i")[0]):
        name = reader.raw(reader.take("H")[0]).decode("ascii")
        _type, elements, offset, size = reader.take("BIQQ")
        tensors[name] = _tensor(data, elements, offset, size)
    return Container(
        hidden, layers, heads, feed_forward, vocabulary, positions, types, epsilon, tensors, pieces,
        bos, eos, unk,
    )  # fmt: skip


_ENCODER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def bert_name(short: str) -> str:
    """Return Hugging Face's name for one of the container's: ``l3.aln.w`` and the like."""
    if short in _EMBEDDINGS:
        return _EMBEDDINGS[short]
    layer, part, suffix = short.split(".")
    kind = {"w": "weight", "b": "bias"}[suffix]
    return f"encoder.layer.{layer[1:]}.{_ENCODER[part]}.{kind}"


def tokenizer_json(box: Container) -> str:
    """Return the tokenizer in the JSON form that the ``tokenizers`` library loads."""
    from tokenizers import Regex, Tokenizer
    from tokenizers.models import Unigram
    from tokenizers.normalizers import NFKC, Replace, Sequence
    from tokenizers.pre_tokenizers import Metaspace
    from tokenizers.processors import TemplateProcessing

    tokenizer = Tokenizer(Unigram(box.pieces, unk_id=box.unk, byte_fallback=False))
    tokenizer.normalizer = Sequence(
        [
            Replace(Regex(r"[\t\n\r\u200b\u200c\u200d\u2028\u2029\ufeff]"), " "),
            NFKC(),
            Replace(Regex(r" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = Metaspace(prepend_scheme="always")
    bos, eos = box.pieces[box.bos][0], box.pieces[box.eos][0]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{bos} $A {eos}", special_tokens=[(bos, box.bos), (eos, box.eos)]
    )
    return tokenizer.to_str()
