"""What the cube of guarded figures costs: seconds and rows, on comments of invented people.

``python -m benchmarks.cube [COMMENTS]``. Half of the comments are of each side; people, units,
months, departments, tenures and themes are skewed as in a real company.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from analyzer.database import opened, transaction
from analyzer.guard import cube

THEMES, UNITS, DEPARTMENTS, TENURES, COUNTRIES = 100, 25, 9, 4, 6


def fill(db: object, side: str, count: int, rng: np.random.Generator) -> None:
    """Write comments of one side with a theme or two each."""
    kinds = ("exit", "pulse") if side == "employee" else ("review", "ticket")

    def some(values: int) -> np.ndarray:
        weights = 1 / np.arange(1, values + 1) ** 0.7
        return rng.choice(values, count, p=weights / weights.sum())

    people = rng.integers(0, max(count // 2, 1), count)
    unit, month, department, tenure = some(UNITS), some(24), some(DEPARTMENTS), some(TENURES)
    country = some(COUNTRIES)
    kind = some(2)
    connection = db.conn  # type: ignore[attr-defined]
    connection.executemany(
        "INSERT INTO comments VALUES (?, ?, ?, ?, 'text', 'words', 'en', ?, ?, NULL, ?, ?, 1)",
        [
            (
                f"{side}{at}", side, kinds[kind[at]], str(at),
                f"{2024 + month[at] // 12}-{month[at] % 12 + 1:02}-01", f"unit {unit[at]}",
                f"{side}{people[at]}",
                json.dumps(
                    {
                        "department": f"d{department[at]}", "tenure": f"t{tenure[at]}",
                        "country": f"c{country[at]}",
                    }
                ),
            )
            for at in range(count)
        ],
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO themes (id, run_id, side, position, label, terms, comments, segments, "
        "centroid, nodes) VALUES (?, 1, ?, 0, 'label', '[]', 1, 1, x'00', '{}')",
        [(f"{side[0]}{number}", side) for number in range(THEMES)],
    )
    theme = np.stack([some(THEMES), some(THEMES)], axis=1)
    polarity = rng.uniform(-1, 1, (count, 2)).round(2)
    connection.executemany(
        "INSERT INTO segments VALUES (?, ?, 0, 5, 'en', ?, 1.0, ?, ?)",
        [
            (f"{side}{at}", place, f"{side[0]}{theme[at, place]}", float(polarity[at, place]),
             f"{side[0]}{theme[at, place]}")
            for at in range(count)
            for place in range(2)
        ],
    )  # fmt: skip


def main() -> None:
    """Fill a database, compute the cube, and say what it cost."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rng = np.random.default_rng(7)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cube.db"
        with opened(path, create=True) as db:
            with transaction(db):
                db.execute(
                    "INSERT INTO imports (id, file, sha256, side, kind, format, mapping, "
                    "imported_at, row_count, new, changed, unchanged, duplicate, empty, rejected) "
                    "VALUES (1, 'f', 's', 'employee', 'pulse', 'csv', '{}', 't', 0, 0, 0, 0, 0, "
                    "0, 0)"
                )
                db.execute(
                    "INSERT INTO runs (id, finished_at, seconds, seed, strategy, embedder, "
                    "fingerprint, settings, versions, inputs, notes) VALUES (1, 't', 0, 0, 's', "
                    "'e', 'f', '{}', '{}', '[]', '[]')"
                )
                for side in ("employee", "customer"):
                    fill(db, side, count // 2, rng)
            print(f"{count} comments written")
            for again in ("first", "nothing changed"):
                began = time.perf_counter()
                with transaction(db):
                    cube.refresh(db.conn)
                print(f"{again}: {time.perf_counter() - began:.1f} s")
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
            rows = dict(db.execute("SELECT side, count(*) FROM cube GROUP BY side").fetchall())
            print(f"rows: {rows}, file {path.stat().st_size / 2**20:.0f} MB, peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
