"""Random kills of a batch, each followed by a batch that goes on: is the result as if undisturbed?

usage: scripts/bench faults [--kills 300] [--seed 1] [--output benchmarks/results/faults.json]

What is killed, how, and what is compared: tests/faults/kills.py. Two small nights of exports, the
embedder of the tests; everything else is the program as it is. Exit code 1 if anything differed.
"""

from __future__ import annotations

import argparse
import json
import platform
import sqlite3
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.kills import measure

RESULTS = Path(__file__).parent / "results" / "faults.json"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, default=RESULTS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(given.kills, given.seed, Path(folder))
    result = {
        "command": f"scripts/bench faults --kills {given.kills} --seed {given.seed}",
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **figures.as_dict(),
    }
    given.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))
    sys.exit(bool(figures.failures))


if __name__ == "__main__":
    main()
