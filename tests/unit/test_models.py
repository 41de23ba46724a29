"""The manifest, the registry, the container reader: what is pinned is what is loaded."""

from __future__ import annotations

import json
import shutil
import struct
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analyzer.errors import InputOutput, Misconfigured, ModelMismatch, UsageError
from models import build, e5s1, manifest, registry
from models.beside_embedder import BesideEmbedder
from models.manifest import BesideCard, read_manifest, sha256_of, verified_weights, weights_path
from tests.fakes import FakeEmbedder

CARDS = read_manifest()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a card whose weights are a small file in a package made for the test."""
    folder = tmp_path / "tiny_weights_pkg"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise ImportError('the package must not be imported')")
    (folder / "weights.bin").write_bytes(b"the weights")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(manifest.importlib.metadata, "version", lambda _name: "1.2.3")
    return replace(
        CARDS["minilm"], package="tiny-weights", module="tiny_weights_pkg", version="1.2.3",
        file="weights.bin", sha256=sha256_of(folder / "weights.bin"),
    )  # fmt: skip


def test_the_models_of_the_design_are_pinned() -> None:
    assert list(CARDS) == ["minilm", "multilingual", "fast"]
    for card in CARDS.values():
        assert len(card.sha256) == 64
        assert card.licence
        assert card.languages
        assert card.dimension > 0
        assert card.kind in registry.KINDS
        assert card.centre in ("none", "language")


def test_the_pinned_versions_are_those_that_the_package_requires() -> None:
    import tomllib

    root = Path(manifest.__file__).parent.parent
    needs = tomllib.loads((root / "pyproject.toml").read_text())["project"]["dependencies"]
    for card in CARDS.values():
        assert f"{card.package}=={card.version}" in needs


def test_weights_are_found_without_importing_their_package(package) -> None:
    assert verified_weights(package).read_bytes() == b"the weights"
    assert "tiny_weights_pkg" not in sys.modules


def test_a_changed_file_is_a_mismatch_that_says_both_hashes_and_what_to_do(package) -> None:
    path = weights_path(package)
    path.write_bytes(b"the weightz")
    with pytest.raises(ModelMismatch) as caught:
        verified_weights(package)
    text = str(caught.value)
    assert package.sha256[:16] in text
    assert sha256_of(path)[:16] in text
    assert str(path) in text
    assert "pip install --force-reinstall" in text
    assert caught.value.exit_code == 78


def test_another_version_of_the_package_is_an_error_that_names_both(package) -> None:
    with pytest.raises(
        Misconfigured, match=r"pinned to tiny-weights 1\.2\.4, found 1\.2\.3.*pip install"
    ):
        weights_path(replace(package, version="1.2.4"))


def test_a_missing_package_and_a_missing_file_are_errors_with_the_next_step(package) -> None:
    with pytest.raises(Misconfigured, match=r"needs tiny-weights.*pip install tiny-weights==1.2.3"):
        weights_path(replace(package, module="no_such_package_at_all"))
    with pytest.raises(Misconfigured, match=r"without other\.bin.*pip install"):
        weights_path(replace(package, file="other.bin"))


@pytest.mark.parametrize("change", ["unknown", "missing"])
def test_a_manifest_with_an_unknown_or_missing_key_is_an_error(tmp_path: Path, change: str) -> None:
    text = manifest.MANIFEST.read_text(encoding="utf-8")
    old = 'name = "minilm"\n'
    new = old + 'colour = "red"\n' if change == "unknown" else old
    text = text.replace(old, new)
    if change == "missing":
        text = text.replace('licence = "MIT"\n', "")
    path = tmp_path / "manifest.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"missing or unknown: (colour|licence)"):
        read_manifest(path)


def test_an_unknown_model_is_an_error_that_lists_those_there_are() -> None:
    with pytest.raises(
        UsageError, match=r"no model 'gpt'.*minilm, multilingual, fast, both, path:DIR"
    ):
        registry.load("gpt")


def test_a_folder_that_is_no_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="not a sentence-transformers model"):
        registry.load(f"path:{tmp_path}")
    assert not registry.needs_build(f"path:{tmp_path}")


def test_every_installed_model_has_the_pinned_hash() -> None:
    for status in registry.statuses(verify=True):
        assert status.ok, status.state


def test_a_status_line_says_what_is_wrong_and_the_others_still_stand(package, monkeypatch) -> None:
    weights_path(package).write_bytes(b"changed")
    monkeypatch.setattr(registry, "read_manifest", lambda: {"tiny": package})
    monkeypatch.setattr(registry, "read_beside", dict)
    (line,) = registry.statuses(verify=True)
    assert not line.ok
    assert "sha256" in line.state
    (unverified,) = registry.statuses(verify=False)
    assert unverified.ok


# Models side by side


class Part:
    """A part with a vector for each text: unit, of the text alone."""

    centre = "none"
    similar = 0.4

    def __init__(self, name: str, dimension: int, version: str = "1") -> None:
        self.name, self.dimension = name, dimension
        self.fingerprint = f"{name}:{version}"

    def embed(self, texts, progress=None):
        fake = FakeEmbedder(("queue", "pay"), self.dimension)
        return fake.embed([f"{self.name} {text}" for text in texts], progress)


def beside(weights: dict[str, float] | None = None, version: str = "1") -> BesideEmbedder:
    weights = weights or {"small": 1.0, "large": 2.0}
    card = BesideCard("two", "Test.", weights, "language", 0.2)
    parts = {"small": Part("small", 8, version), "large": Part("large", 24)}
    return BesideEmbedder(card, [parts[name] for name in weights])


TEXTS = ["the queue", "the pay", "nothing of either", "queue and pay"]


def test_vectors_side_by_side_have_length_one_and_each_part_its_weight() -> None:
    embedder = beside()
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (4, 32) == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    small, large = (part.embed(TEXTS) for part in (Part("small", 8), Part("large", 24)))
    np.testing.assert_allclose(
        vectors @ vectors.T, (small @ small.T + 4 * large @ large.T) / 5, atol=1e-5
    )
    assert (embedder.name, embedder.centre, embedder.similar) == ("two", "language", 0.2)


def test_a_vector_side_by_side_depends_on_its_text_alone() -> None:
    whole = beside().embed(TEXTS)
    for number, text in enumerate(TEXTS):
        assert beside().embed([text]).tobytes() == whole[number].tobytes()
    assert beside().embed(TEXTS[::-1]).tobytes() == whole[::-1].tobytes()
    assert beside().embed([]).shape == (0, 32)


def test_progress_counts_a_text_once_however_many_parts_read_it() -> None:
    heard: list[int] = []
    beside().embed(TEXTS, heard.append)
    assert sum(heard) == len(TEXTS)


def test_another_part_another_weight_and_another_order_have_another_fingerprint() -> None:
    others = [
        beside(),
        beside({"small": 1.0, "large": 3.0}),
        beside({"large": 2.0, "small": 1.0}),
        beside({"large": 2.0}),
        beside(version="2"),
    ]
    assert len({other.fingerprint for other in others}) == len(others)
    assert beside().fingerprint == others[0].fingerprint


def test_both_is_made_of_models_of_the_manifest() -> None:
    cards = manifest.read_beside()
    assert list(cards) == ["both"]
    for card in cards.values():
        assert set(card.parts) <= set(CARDS)
        assert len(card.parts) > 1
        assert all(weight > 0 for weight in card.parts.values())
        assert card.name not in CARDS
        assert card.centre == "language"
        assert all(part in card.about for part in card.parts)


def test_both_is_listed_after_its_parts_and_is_as_ready_as_they_are(monkeypatch) -> None:
    lines = registry.statuses(verify=False)
    assert [line.card.name for line in lines] == ["minilm", "multilingual", "fast", "both"]
    assert lines[-1].ok
    monkeypatch.setattr(build, "is_built", lambda card: card.name != "multilingual")
    last = registry.statuses(verify=False)[-1]
    assert (last.state, last.ok) == ("multilingual: not built", True)


def test_both_is_not_usable_when_a_part_is_not(package, monkeypatch) -> None:
    weights_path(package).write_bytes(b"changed")
    card = BesideCard("two", "Test.", {"tiny": 1.0}, "language", 0.2)
    tiny = replace(package, name="tiny")
    monkeypatch.setattr(registry, "read_manifest", lambda: {"tiny": tiny})
    monkeypatch.setattr(registry, "read_beside", lambda: {"two": card})
    line = registry.statuses(verify=True)[-1]
    assert (line.card.name, line.ok) == ("two", False)
    assert "tiny" in line.state
    assert "sha256" in line.state


@pytest.mark.parametrize(
    ("built", "needs"),
    [
        ({"minilm", "multilingual"}, False),
        ({"minilm"}, True),
        ({"multilingual"}, True),
        (set(), True),
    ],
)
def test_both_needs_a_build_if_a_part_does(monkeypatch, built: set[str], needs: bool) -> None:
    monkeypatch.setattr(build, "is_built", lambda card: card.name in built)
    assert registry.needs_build("both") is needs
    assert registry.parts_of("both") == ["minilm", "multilingual"]
    assert registry.parts_of("fast") == ["fast"]
    assert not registry.needs_build("fast")


@pytest.fixture
def copied_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minilm) -> Path:
    """Return a copy of the built minilm in a cache of its own."""
    card = CARDS["minilm"]
    source = build.build_folder(card)
    monkeypatch.setenv("BOTHSIDES_CACHE", str(tmp_path))
    target = build.build_folder(card)
    shutil.copytree(source, target)
    return target


@pytest.mark.parametrize("file", [build.MODEL_FILE, build.TOKENIZER_FILE])
def test_a_build_that_was_changed_is_refused(copied_build: Path, file: str) -> None:
    assert registry.load("minilm").dimension == 384
    with (copied_build / file).open("ab") as handle:
        handle.write(b" ")
    with pytest.raises(ModelMismatch, match=f"{file}.*bothsides models build minilm"):
        registry.load("minilm")


def test_a_build_whose_file_is_gone_is_refused(copied_build: Path) -> None:
    (copied_build / build.MODEL_FILE).unlink()
    with pytest.raises(ModelMismatch, match="changed or is missing"):
        registry.load("minilm")


def test_a_build_that_is_there_is_not_made_again(copied_build: Path, monkeypatch) -> None:
    monkeypatch.setattr(build, "_build_into", lambda *_: pytest.fail("built again"))
    assert build.build(CARDS["minilm"]) == copied_build


def test_an_unfinished_build_is_no_build(copied_build: Path) -> None:
    (copied_build / build.RECORD_FILE).unlink()
    assert not build.is_built(CARDS["minilm"])
    assert registry.needs_build("minilm")


def test_a_build_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("BOTHSIDES_CACHE", str(tmp_path / "cache"))

    def broken(_card, _weights, work: Path) -> None:
        (work / "half").write_text("x")
        raise Misconfigured("no")

    monkeypatch.setattr(build, "_build_into", broken)
    with pytest.raises(Misconfigured):
        build.build(CARDS["minilm"])
    assert list((tmp_path / "cache" / "models").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_an_error_with_the_next_step(
    tmp_path, monkeypatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BOTHSIDES_CACHE", str(tmp_path / "file"))
    with pytest.raises(InputOutput, match="Set BOTHSIDES_CACHE"):
        build.build(CARDS["minilm"])


def test_the_record_of_a_build_says_how_near_it_is_to_fp32(copied_build: Path) -> None:
    record = json.loads((copied_build / build.RECORD_FILE).read_text())
    assert record["source_sha256"] == CARDS["minilm"].sha256
    assert record["lowest_cosine_with_fp32"] >= build.MIN_COSINE


PIECES = [
    ("<s>", 0.0),
    ("</s>", 0.0),
    ("<unk>", 0.0),
    ("▁hello", -1.0),
    ("▁wörld", -2.0),
    ("▁", -3.0),
]


def container(path: Path) -> Path:
    """Write a tiny container by hand: one fp32 tensor and one of 4-bit blocks."""
    text = b"".join(piece.encode() for piece, _ in PIECES)
    ends = np.cumsum([0, *(len(piece.encode()) for piece, _ in PIECES)])
    head = b"E5S1" + struct.pack("<I7ifi", 1, 8, 2, 1, 16, len(PIECES), 32, 1, 1e-5, 2)
    head += struct.pack("<5iQ", len(PIECES), 0, 1, 1, 2, len(text))
    head += struct.pack(f"<{len(ends)}I", *ends)
    head += struct.pack(f"<{len(PIECES)}f", *(score for _, score in PIECES)) + text
    head += struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0xFF21, 1, 0x41)
    plain = struct.pack("<3f", 1.5, -2.0, 0.25)
    # 36 values in two blocks: nibbles 0..15 low, 15..0 high; the second is all 8 (zero) but one.
    first = struct.pack("<e", 0.5) + bytes(i | ((15 - i) << 4) for i in range(16))
    second = struct.pack("<e", 2.0) + bytes([0x8F]) + bytes([0x88] * 15)
    rows = [("emb.ln.w", 3, plain), ("l0.q.w", 36, first + second)]
    size = len(head) + 4 + sum(2 + len(name) + 1 + 4 + 8 + 8 for name, _, _ in rows)
    table, data = struct.pack("<i", len(rows)), b""
    for name, elements, raw in rows:
        table += struct.pack("<H", len(name)) + name.encode()
        table += struct.pack("<BIQQ", 0, elements, size + len(data), len(raw))
        data += raw
    path.write_bytes(head + table + data)
    return path


def test_a_container_is_read_as_it_was_written(tmp_path: Path) -> None:
    box = e5s1.read(container(tmp_path / "x.bin"))
    assert (box.hidden, box.layers, box.heads, box.feed_forward) == (8, 2, 1, 16)
    assert (box.vocabulary, box.positions, box.token_types) == (len(PIECES), 32, 1)
    assert box.epsilon == pytest.approx(1e-5)
    assert (box.bos, box.eos, box.unk) == (0, 1, 2)
    assert box.pieces == PIECES
    np.testing.assert_array_equal(box.tensors["emb.ln.w"], np.float32([1.5, -2.0, 0.25]))


def test_four_bit_blocks_are_scale_times_nibble_minus_eight_low_nibbles_first(
    tmp_path: Path,
) -> None:
    values = e5s1.read(container(tmp_path / "x.bin")).tensors["l0.q.w"]
    assert values.shape == (36,)
    np.testing.assert_array_equal(values[:16], (np.arange(16) - 8) * 0.5)
    np.testing.assert_array_equal(values[16:32], (7 - np.arange(16)) * 0.5)
    np.testing.assert_array_equal(values[32:], [14.0, 0, 0, 0])


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ModelMismatch, match="not an E5S1 file"):
        e5s1.read(path)


def test_the_tokenizer_of_a_container_splits_into_its_pieces(tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    box = e5s1.read(container(tmp_path / "x.bin"))
    tokenizer = Tokenizer.from_str(e5s1.tokenizer_json(box))
    assert tokenizer.encode("hello\twörld").tokens == ["<s>", "▁hello", "▁wörld", "</s>"]
    assert tokenizer.encode("hello  wörld").ids == tokenizer.encode("hello wörld").ids


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("emb.word", "embeddings.word_embeddings.weight"),
        ("emb.ln.b", "embeddings.LayerNorm.bias"),
        ("l3.ao.w", "encoder.layer.3.attention.output.dense.weight"),
        ("l11.oln.b", "encoder.layer.11.output.LayerNorm.bias"),
    ],
)
def test_tensors_are_named_as_bert_names_them(short: str, name: str) -> None:
    assert e5s1.bert_name(short) == name
