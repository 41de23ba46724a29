"""How much of what is personal is masked, how much else, and how long it takes.

usage: scripts/bench redaction [--comments N] [--names N] [--json FILE]

The hard comments are those of tests/redaction, the generated ones those of
tests/redaction_generator.py (a thousand of each part). The time is that of N comments of about 200
characters (generated sentences, some with personal data, most without) under a roster of so many
invented names.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

from analyzer.redaction import Redactor, Roster
from tests import redaction_generator as generator
from tests.redaction_scores import Score, hard, hard_roster, score

SYLLABLES = (
    "ba be ca co da de fa ga gi la le li lo ma mi mo na ni no ra re ri ro sa so ta te va vi za"
)
LENGTH = 200


def invented(count: int, rng: random.Random) -> list[tuple[str, str]]:
    """Return so many people with invented names, and some with names that are common words."""
    parts = SYLLABLES.split()

    def word() -> str:
        return "".join(rng.choice(parts) for _ in range(rng.randrange(2, 5))).capitalize()

    given = [*(word() for _ in range(1500)), *generator.GIVEN, "Rose", "Mark", "Will", "Sol"]
    family = [*(word() for _ in range(9000)), *generator.FAMILY, "Young", "Long", "Leal", "Conti"]
    return [(rng.choice(given), rng.choice(family)) for _ in range(count)]


def texts(count: int, rng: random.Random) -> list[str]:
    """Return comments of about LENGTH characters."""
    sentences = [
        marked.text
        for part in (generator.DEVELOPED, generator.HELD_OUT)
        for marked in generator.comments(part, 2000, seed=11)
    ]
    sentences += [
        "The rota comes out on Friday evening for Monday morning and nobody asks us.",
        "Nadie pregunta por los turnos y en verano faltan manos en la cocina.",
        "La cucina chiude alle dieci e chi arriva dopo non trova niente di caldo.",
        "I like the people but the pay is low and the building is cold in winter.",
    ] * 2000
    made = []
    for _ in range(count):
        text = ""
        while len(text) < LENGTH - 30:
            text += rng.choice(sentences) + " "
        made.append(text[: LENGTH + 50].strip())
    return made


def _figures(found: Score) -> dict[str, object]:
    return {
        "structured recall": round(found.recall(*found.structured), 4),
        "name recall": round(found.recall("name"), 4),
        "precision": round(found.precision(), 4),
        "of each kind": {
            kind: {
                "there": found.there[kind],
                "recall": round(found.recall(kind), 4),
                "precision": round(found.precision(kind), 4),
            }
            for kind in sorted(found.there)
        },
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=100_000)
    parser.add_argument("--names", type=int, default=20_000)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    result: dict[str, object] = {}
    for name, comments, roster in (
        ("hard", hard(), hard_roster()),
        ("developed", generator.comments(generator.DEVELOPED, 1000, 1), generator.roster()),
        ("held out", generator.comments(generator.HELD_OUT, 1000, 1), generator.roster()),
        ("unseen", generator.comments(generator.UNSEEN, 1000, 1), generator.roster()),
    ):
        found = score(comments, roster)
        result[name] = {"comments": len(comments), **_figures(found)}
        print(f"{name}, {len(comments)} comments\n{found.table()}\n")
    rng = random.Random(5)
    sample = texts(args.comments, rng)
    people = invented(args.names, rng)
    start = time.perf_counter()
    redactor = Redactor(Roster.of(people))
    built = time.perf_counter() - start
    start, worked = time.perf_counter(), time.process_time()
    masked = sum(redactor.text(text) != text for text in sample)
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    length = sum(map(len, sample)) / len(sample)
    print(
        f"{len(sample)} comments of {length:.0f} characters, {args.names} names: "
        f"{seconds:.1f} s, of them {worked:.1f} s of processor time (and {built:.1f} s for the "
        f"roster); {masked} have something masked"
    )
    result["time"] = {
        "comments": len(sample), "characters": round(length), "names": args.names,
        "seconds": round(seconds, 1), "processor seconds": round(worked, 1),
        "roster seconds": round(built, 1), "masked": masked,
    }  # fmt: skip
    if args.json:
        args.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
