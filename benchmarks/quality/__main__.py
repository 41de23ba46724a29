"""Themes and pairs beside other methods: one run, one table, same embeddings for all.

usage: scripts/bench quality [--only banking77,'fixtures*'] [--methods bothsides,bertopic]
                             [--rows N] [--stability all|ours|none] [--cache DIR] [--output DIR]

Without ../shared (a user's machine) the fixtures alone are measured. With --cache, results of a run
that was broken off are used again, and embeddings too.
"""

from __future__ import annotations

import argparse
import fnmatch
import importlib.metadata
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.quality import data, jobs, report
from benchmarks.quality.methods import OURS, TITLES
from models.onnx_embedder import usable_cores

VERSIONED = (
    "bothsides", "bertopic", "umap-learn", "hdbscan", "evoc", "scikit-learn", "numpy", "numba",
    "graspologic-native", "onnxruntime",
)  # fmt: skip
# Results made of the words of others' data, or too long, stay in the cache folder.
NOT_WRITTEN = {"shown", "shown_outcomes", "weighed_outcomes"}


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="scripts/bench quality", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--only", default="*", help="names or patterns, comma between")
    parser.add_argument("--methods", default=",".join(TITLES), help="default: all")
    parser.add_argument("--rows", type=int, help="at most so many rows of a file (development)")
    parser.add_argument("--stability", choices=("all", "ours", "none"), default="all")
    parser.add_argument("--cache", type=Path, help="keep vectors and results here")
    parser.add_argument("--output", type=Path, default=data.ROOT / "benchmarks" / "results")
    args = parser.parse_args()
    args.only, args.methods = args.only.split(","), args.methods.split(",")
    if unknown := sorted(set(args.methods) - set(TITLES)):
        parser.error(f"there is no method {unknown[0]!r}; use some of: {', '.join(TITLES)}")
    return args


def main() -> None:
    """Measure, print and write."""
    if sys.argv[1:2] == [jobs.HIDDEN]:
        jobs.serve(sys.argv[2])
        return
    args = arguments()
    if args.cache:
        args.cache.mkdir(parents=True, exist_ok=True)
        found = measure(args, args.cache.resolve())
    else:
        with tempfile.TemporaryDirectory(prefix="bothsides-quality-") as folder:
            found = measure(args, Path(folder))
    text = markdown(found)
    args.output.mkdir(parents=True, exist_ok=True)
    (args.output / "quality.md").write_text(text, encoding="utf-8")
    kept = json.dumps(without_texts(found), indent=1, ensure_ascii=False)
    (args.output / "quality.json").write_text(kept + "\n", encoding="utf-8")
    print(text)
    if found["failed"]:
        sys.exit(f"Error: {len(found['failed'])} measurements failed; their messages stand above.")


def measure(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Return every result: prepared collections, theme rows, pair rows, and what they ran on."""
    began = time.monotonic()

    def wanted(name: str, collection: str) -> bool:
        asked = any(fnmatch.fnmatchcase(name, pattern) for pattern in args.only)
        return asked and data.present(collection)

    theme_sets = [one for one in data.THEME_SETS if wanted(one.name, one.collection)]
    pair_sets = [one for one in data.PAIR_SETS if wanted(one.collection, one.collection)]
    if not theme_sets and not pair_sets:
        names = [one.name for one in data.THEME_SETS] + [one.collection for one in data.PAIR_SETS]
        sys.exit(f"Error: no data here fits --only. Names: {', '.join(names)}.")
    found: dict[str, Any] = {"prepared": {}, "themes": {}, "pairs": {}, "failed": []}
    whole = {one.collection for one in theme_sets}
    for name in dict.fromkeys(one.collection for one in (*theme_sets, *pair_sets)):
        job = {"kind": "prepare", "collection": name, "rows": args.rows, "whole": name in whole}
        if prepared := told(job, folder, found["failed"]):
            found["prepared"][name] = prepared
    for one in theme_sets:
        if one.collection in found["prepared"]:
            found["themes"][one.name] = {
                method: told(theme_job(one, method, args, found), folder, found["failed"])
                for method in args.methods
            }
    for other in pair_sets if OURS in args.methods else ():
        job = {"kind": "pairs", "collection": other.collection, "rows": args.rows}
        if other.collection in found["prepared"] and (row := told(job, folder, found["failed"])):
            found["pairs"][other.collection] = row
    found["about"] = about(args, time.monotonic() - began)
    return found


def theme_job(
    one: data.ThemeSet, method: str, args: argparse.Namespace, found: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the job of one method on one set; ``digest`` and ``model`` say what it works on."""
    prepared = found["prepared"][one.collection]
    asked = {"all": True, "ours": method == OURS, "none": False}
    return {
        "kind": "themes",
        "collection": one.collection,
        "set": one.name,
        "method": method,
        "rows": args.rows,
        "stability": asked[args.stability],
        "digest": prepared["digest"],
        "model": prepared["model"]["fingerprint"],
    }


def told(job: Mapping[str, Any], folder: Path, failed: list[str]) -> dict[str, Any]:
    """Do a job and say on stderr how long it took; of one that failed no figure is there."""
    began = time.monotonic()
    name = " ".join(str(job[key]) for key in ("kind", "set", "collection", "method") if key in job)
    try:
        return jobs.run(job, folder)
    except subprocess.CalledProcessError:
        failed.append(name)
        print(f"FAILED: {name}; its message stands above", file=sys.stderr)
        return {}
    finally:
        print(f"{time.monotonic() - began:7.1f} s  {name}", file=sys.stderr, flush=True)


def about(args: argparse.Namespace, seconds: float) -> dict[str, Any]:
    """Return date, machine, commit, versions and what was asked for."""
    git = ["git", "-C", str(data.ROOT)]
    commit = subprocess.run(
        [*git, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    changed = subprocess.run(
        [*git, "status", "--porcelain", "analyzer", "models", "fixtures", "benchmarks/quality"],
        capture_output=True, text=True, check=False,
    ).stdout.strip()  # fmt: skip
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": (commit or "unknown") + (", with changes" if changed else ""),
        "machine": f"{platform.system()} {platform.machine()}, {usable_cores()} cores",
        "python": platform.python_version(),
        "versions": {name: importlib.metadata.version(name) for name in VERSIONED},
        "rows": args.rows,
        "stability": args.stability,
        "shared": data.SHARED.is_dir(),
        "seconds": round(seconds),
    }


def markdown(found: Mapping[str, Any]) -> str:
    """Return the whole report."""
    told = found["about"]
    versions = ", ".join(f"{name} {version}" for name, version in told["versions"].items())
    lines = [
        f"{told['date']}, commit {told['commit']}; {told['machine']}; Python {told['python']}; "
        f"{versions}. Default settings; seed 0, other seed 1. {told['seconds']} seconds in all."
    ]
    if told["rows"]:
        lines.append(f"**A trial: at most {told['rows']} rows of each file.**")
    if found["failed"]:
        lines.append(f"**Failed, so not in the tables: {'; '.join(found['failed'])}.**")
    if not told["shared"]:
        lines.append("The public data sets are not on this machine: the fixtures alone.")
    parts: Sequence[tuple[str, str, bool]] = (
        ("Themes", f"{report.NOTES}\n\n{report.themes(found['themes'])}", bool(found["themes"])),
        ("ARI beside BERTopic's default", report.ratios(found["themes"]), bool(found["themes"])),
        (
            "Stability",
            f"{report.STABILITY_NOTES}\n\n{report.stability(found['themes'])}",
            bool(found["themes"]),
        ),
        ("Pairs", f"{report.PAIR_NOTES}\n\n{report.pairs(found['pairs'])}", bool(found["pairs"])),
        (
            "Calibration of the pairs' probabilities",
            f"{report.CALIBRATION_NOTES}\n\n{report.calibration(found['pairs'])}",
            bool(found["pairs"]),
        ),
        ("Import and embedding", report.embedding(found["prepared"]), True),
    )
    body = [f"## {title}\n\n{text}" for title, text, there in parts if there]
    return "\n\n".join(["# Quality of themes and pairs", *lines, *body]) + "\n"


def without_texts(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the results without what is made of the words of others' data."""
    pairs = {
        name: {key: value for key, value in row.items() if key not in NOT_WRITTEN}
        for name, row in found["pairs"].items()
    }
    return {**found, "pairs": pairs}


if __name__ == "__main__":
    main()
