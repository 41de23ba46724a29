"""Texts a second of the fast form against sentence-transformers on torch, side by side, one run.

usage: scripts/bench embedding [--texts N] [--rounds N]

Texts are the sample data's comments of 8 to 60 words. Both get all cores; rounds alternate, and the
medians and their ratio are printed, since machines are shared and noisy.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import time
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
FIXTURES = Path(__file__).parent.parent / "fixtures"


def texts(count: int) -> list[str]:
    """Return ``count`` different texts of 8 to 60 words."""
    found = []
    for name, column in (
        ("exit_interviews.csv", "reason_for_leaving"),
        ("pulse_survey.csv", "comment"),
    ):
        with (FIXTURES / name).open(newline="", encoding="utf-8") as handle:
            found += [row[column] for row in csv.DictReader(handle)]
    lines = (FIXTURES / "reviews.jsonl").read_text(encoding="utf-8").splitlines()
    found += [json.loads(line)["review"] for line in lines]
    return [text for text in dict.fromkeys(found) if 8 <= len(text.split()) <= 60][:count]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()

    import numpy as np
    import torch
    from sentence_transformers import SentenceTransformer

    from models import registry
    from models.manifest import verified_weights
    from models.onnx_embedder import usable_cores

    torch.set_num_threads(usable_cores())
    sample = texts(args.texts)
    fast = registry.load("minilm")
    folder = verified_weights(registry.card_of("minilm")).parent
    exact = SentenceTransformer(str(folder), device="cpu")

    def embed_exact() -> np.ndarray:
        return np.asarray(
            exact.encode(sample, batch_size=16, normalize_embeddings=True, show_progress_bar=False)
        )

    a, b = embed_exact(), fast.embed(sample)
    cosine = np.sum(a * b, axis=1)
    times: dict[str, list[float]] = {"torch fp32": [], "onnx int8": []}
    for _ in range(args.rounds):
        for name, run in (("torch fp32", embed_exact), ("onnx int8", lambda: fast.embed(sample))):
            began = time.perf_counter()
            run()
            times[name].append(len(sample) / (time.perf_counter() - began))
    order = np.random.default_rng(0).permutation(len(sample))
    shuffled = fast.embed([sample[i] for i in order])
    alone = np.concatenate([fast.embed([text]) for text in sample[:100]])
    same = bool((shuffled == b[order]).all() and (alone == b[:100]).all())
    medians = {name: statistics.median(rates) for name, rates in times.items()}
    for name, rate in medians.items():
        print(f"{name}: {rate:.0f} texts/s (median of {args.rounds}, {usable_cores()} cores)")
    print(f"ratio: {medians['onnx int8'] / medians['torch fp32']:.2f}")
    print(
        f"cosine with fp32: median {np.median(cosine):.4f}, mean {cosine.mean():.4f}, lowest "
        f"{cosine.min():.4f}, at least .98 for {(cosine >= 0.98).mean():.1%} of the texts"
    )
    print(f"same bytes in another order and alone: {same}")


if __name__ == "__main__":
    main()
