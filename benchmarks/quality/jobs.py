"""Each measurement in a process of its own, so that its peak of memory is its own.

A job's result is kept in the cache folder under the hash of what it depends on: a run that was
broken off goes on where it stopped, and after a change of the analyzer only our own rows are new.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.quality import data, methods, pairs, themes, vectors

HERE = Path(__file__).parent
HIDDEN = "--job"


def _prepare(job: Mapping[str, Any], place: vectors.Place) -> dict[str, Any]:
    return vectors.prepare(place, whole=job["whole"])


def _themes(job: Mapping[str, Any], place: vectors.Place) -> dict[str, Any]:
    theme_set = next(one for one in data.THEME_SETS if one.name == job["set"])
    return themes.measure(job["method"], theme_set, place, stability=job["stability"])


def _pairs(job: Mapping[str, Any], place: vectors.Place) -> dict[str, Any]:
    pair_set = next(one for one in data.PAIR_SETS if one.collection == job["collection"])
    return pairs.measure(pair_set, place)


KINDS: dict[str, Callable[[Mapping[str, Any], vectors.Place], dict[str, Any]]] = {
    "prepare": _prepare,
    "themes": _themes,
    "pairs": _pairs,
}


def run(job: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the result of a job, from the cache folder or from a new process.

    Raises:
        subprocess.CalledProcessError: the process failed; its message went to stderr.
    """
    key = json.dumps([job, _sources(job)], sort_keys=True)
    digest = hashlib.sha256(key.encode()).hexdigest()[:24]
    result = folder / "results" / f"{job['kind']}-{digest}.json"
    if not result.is_file():
        result.parent.mkdir(parents=True, exist_ok=True)
        given = json.dumps([job, str(folder), str(result)])
        quiet = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
        subprocess.run(
            [sys.executable, "-m", "benchmarks.quality", HIDDEN, given],
            check=True,
            cwd=data.ROOT,
            env={**os.environ, **quiet},
        )
    return dict(json.loads(result.read_text(encoding="utf-8")))


def serve(given: str) -> None:
    """Do one job: what the new process calls."""
    warnings.simplefilter("ignore")
    job, folder, target = json.loads(given)
    place = vectors.Place(Path(folder), job["collection"], job["rows"])
    row = KINDS[job["kind"]](job, place)
    part = Path(target).with_suffix(".part")
    part.write_text(json.dumps(row), encoding="utf-8")
    part.replace(target)


def _sources(job: Mapping[str, Any]) -> str:
    """Return a hash of the code that a job's result depends on."""
    folders = ["benchmarks/quality"]
    if job.get("method", methods.OURS) == methods.OURS:
        folders += ["analyzer", "models", "fixtures"]
    return _hash_of(tuple(folders))


@cache
def _hash_of(folders: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((data.ROOT / folder).rglob("*")):
            # How results are shown and called does not change them.
            if path.is_file() and path.suffix in {".py", ".toml", ".csv", ".jsonl", ".xlsx"}:
                if path.parent == HERE and path.name in {"report.py", "__main__.py"}:
                    continue
                digest.update(path.relative_to(data.ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
