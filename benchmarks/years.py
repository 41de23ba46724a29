"""Batches for years: do themes keep their ids, do edits hold, and what does a new batch cost?

    scripts/bench years months fixtures        12 monthly batches of the sample data
    scripts/bench years months retail          the same of ../shared/data/walmart_*.csv
    scripts/bench years subjects               subjects held back, then imported: are they found?
    scripts/bench years large                  a base of 100,000 comments, then 1,000 new ones

Each prints Markdown; --write puts it into benchmarks/results/years.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from sklearn.metrics import adjusted_rand_score

from analyzer import editing, history, queries, runs, store
from analyzer.database import connect_readonly, opened
from analyzer.editing import By
from analyzer.settings import Settings
from analyzer.types import SIDES, Comment
from benchmarks.quality import data

MONTHS = 12
BASE, BATCH = 100_000, 1_000
RESULTS = Path(__file__).parent / "results" / "years.md"
KEEPS = 0.95
BY = By("benchmark", "to see whether it holds", "2026-01-01T00:00:00+00:00")
Spans = dict[tuple[str, int, int], str]


@dataclass(frozen=True)
class Month:
    """What one month's run did; ``unrecorded`` themes lost segments that no record explains."""

    number: int
    comments: int
    how: str
    seconds: float
    themes: str
    changes: Mapping[str, int]
    kept: float
    worst: float
    unrecorded: int
    edits: str


def batches(comments: Sequence[Comment]) -> list[list[Comment]]:
    """Return the comments by month, if both sides are of twelve; else each side in twelve parts."""
    months = {side: {(c.date or "")[:7] for c in comments if c.side == side} for side in SIDES}
    if months["employee"] == months["customer"] and len(months["employee"]) == MONTHS:
        return [
            [c for c in comments if (c.date or "").startswith(month)]
            for month in sorted(months["employee"])
        ]
    parts: list[list[Comment]] = [[] for _ in range(MONTHS)]
    for side in SIDES:
        own = sorted((c for c in comments if c.side == side), key=lambda c: (c.date or "~", c.id))
        for at, comment in enumerate(own):
            parts[at * MONTHS // len(own)].append(comment)
    return parts


def load(collection: str) -> list[Comment]:
    """Return the comments of a collection of the quality benchmark, as an import makes them."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "all.db"
        data.import_into(database, collection, None, Path(folder))
        return data.comments(database)


def add(database: Path, comments: Sequence[Comment], name: str) -> None:
    """Import comments that were read before."""
    with opened(database, create=True) as db:
        for side in SIDES:
            own = [comment for comment in comments if comment.side == side]
            row = store.ImportRow(
                name, name, side, "", "benchmark", {}, BY.at, len(own), empty=0, duplicate=0
            )
            store.add_import(db, row, own, [])


def spans(database: Path) -> Spans:
    """Return the theme that each segment is shown in."""
    with closing(connect_readonly(database)) as db:
        rows = db.execute("SELECT comment_id, start_at, end_at, theme_id FROM segments")
        return {(row[0], row[1], row[2]): row[3] for row in rows}


def keeping(before: Spans, after: Spans, told: set[str]) -> tuple[float, float, int]:
    """Return the share of segments that kept their theme, the worst theme's, and the unrecorded.

    ``told`` are the themes of which the record says split or merged.
    """
    was, kept = Counter(before.values()), Counter()
    for span, theme in before.items():
        kept[theme] += after.get(span) == theme
    shares = {theme: kept[theme] / count for theme, count in was.items()}
    bad = [theme for theme, share in shares.items() if share < KEEPS and theme not in told]
    return sum(kept.values()) / max(len(before), 1), min(shares.values(), default=1.0), len(bad)


def told_of(database: Path) -> set[str]:
    """Return the themes of which the newest run's record says that they split or merged."""
    with closing(connect_readonly(database)) as db:
        rows = [row for row in history.changes(db).themes if row.kind in ("split", "merged")]
    return {row.other_id if row.kind == "split" else row.theme_id for row in rows} - {None}


@dataclass(frozen=True)
class Decided:
    """What people decided after the first month."""

    names: Mapping[str, str]
    merged: Sequence[str]
    rejected: tuple[str, str] | None
    accepted: tuple[str, str] | None

    def broken(self, database: Path) -> list[str]:
        """Return what of it does not hold any more."""
        with closing(connect_readonly(database)) as db:
            themes = {row.id: row.label for row in queries.themes(db)}
            pairs = {(p.employee.id, p.customer.id): p.status for p in queries.pairs(db)}
        wrong = [f"name {key}" for key, name in self.names.items() if themes.get(key) != name]
        wrong += [f"merge {key}" for key in self.merged if key in themes]
        if self.rejected and pairs.get(self.rejected, "rejected") != "rejected":
            wrong.append("rejection")
        if self.accepted and pairs.get(self.accepted) != "accepted":
            wrong.append("acceptance")
        return wrong


def decide(database: Path) -> Decided:
    """Rename the largest theme of each side, merge two, accept a pair and reject one."""
    with closing(connect_readonly(database)) as db:
        sides = {side: queries.themes(db, side) for side in SIDES}
        pairs = [(p.employee.id, p.customer.id) for p in queries.pairs(db)]
    names = {rows[0].id: f"Our {side} name" for side, rows in sides.items()}
    for theme, name in names.items():
        editing.rename(database, theme, name, BY)
    merged = sides["customer"][-1].id
    editing.merge(database, sides["customer"][-2].id, [merged], BY)
    ends = [pair for pair in pairs if merged not in pair]
    if ends:
        editing.judge(database, "reject", ends[0], BY)
    if len(ends) > 1:
        editing.judge(database, "accept", ends[1], BY)
    return Decided(names, [merged], ends[0] if ends else None, ends[1] if len(ends) > 1 else None)


def month_by_month(
    collection: str, embedder: str, growth: float
) -> tuple[list[Month], dict[str, float]]:
    """Import and analyse twelve batches; return the months, and how the end agrees with a refit."""
    settings = Settings({"refit_growth": growth})
    months: list[Month] = []
    decided: Decided | None = None
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "years.db"
        for number, batch in enumerate(batches(load(collection)), start=1):
            add(database, batch, f"month {number}")
            before = spans(database)
            months.append(_month(database, number, batch, before, settings, embedder, decided))
            print(months[-1], file=sys.stderr)
            decided = decided or decide(database)
        last = spans(database)
        runs.analyze(database, settings, embedder=embedder, refit=True)
        end = spans(database)
        shared = sorted(last.keys() & end.keys())
        kept, worst, unrecorded = keeping(last, end, told_of(database))
        agreement = adjusted_rand_score([last[s] for s in shared], [end[s] for s in shared])
        broken = decided.broken(database) if decided else ["no edits"]
    return months, {
        "agreement (ARI)": agreement, "kept": kept, "worst": worst, "unrecorded": unrecorded,
        "edits broken": len(broken),
    }  # fmt: skip


def _month(
    database: Path,
    number: int,
    batch: Sequence[Comment],
    before: Spans,
    settings: Settings,
    embedder: str,
    decided: Decided | None,
) -> Month:
    began = time.perf_counter()
    summary = runs.analyze(database, settings, embedder=embedder)
    seconds = time.perf_counter() - began
    kept, worst, unrecorded = keeping(before, spans(database), told_of(database))
    anew = any("found anew" in note for note in summary.notes) or number == 1
    broken = decided.broken(database) if decided else []
    return Month(
        number, len(batch), "anew" if anew else "added", seconds,
        "/".join(str(count) for count in summary.themes.values()), summary.changes, kept, worst,
        unrecorded, "-" if decided is None else ", ".join(broken) or "all hold",
    )  # fmt: skip


def months_text(collection: str, embedder: str, growth: float) -> str:
    """Return the twelve months as Markdown."""
    months, end = month_by_month(collection, embedder, growth)
    lines = [
        f"## Twelve months: {collection}",
        "",
        f"`scripts/bench years months {collection} --embedder {embedder} --growth {growth:g}`",
        "",
        "| month | comments | themes were | s | themes (employees/customers) | new | split "
        "| merged | gone | segments that keep their theme | worst theme "
        "| below 95 % without a record | edits |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in months:
        counts = [str(row.changes[kind]) for kind in ("new", "split", "merged", "gone")]
        cells = [
            str(row.number), str(row.comments), row.how, f"{row.seconds:.1f}", row.themes, *counts,
            f"{row.kept:.1%}", f"{row.worst:.0%}", str(row.unrecorded), row.edits,
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        "A refit at the end: "
        + ", ".join(f"{key} {value:.3g}" for key, value in end.items())
        + ".",
        "",
    ]
    return "\n".join(lines)


# Every so-many-th of the subjects of the sample data, by falling number of comments.
HELD_BACK = (0, 3, 6, 9, 12)
OTHERS = 200


def subjects_text(embedder: str) -> str:
    """Return, for subjects that were held back, the themes that new comments became."""
    comments = load("fixtures")
    gold = {side: data.labels("fixtures", side) for side in SIDES}
    label = {c.id: gold[c.side].get(c.source_id, "") for c in comments}
    lines = [
        "## Subjects held back",
        "",
        f"`scripts/bench years subjects --embedder {embedder}`: themes are found without one "
        f"subject a side; then its comments come, and {OTHERS} others that were held back too.",
        "",
        "| subject (comments) | subject (comments) | new theme (segments) "
        "| of a subject held back |",
        "|---|---|---|---|",
    ]
    for place in HELD_BACK:
        held = {side: _subject(comments, label, side, place) for side in SIDES}
        lines += _held_back(comments, label, held, embedder)
    return "\n".join([*lines, ""])


def _subject(comments: Sequence[Comment], label: Mapping[str, str], side: str, place: int) -> str:
    counts = Counter(label[c.id] for c in comments if c.side == side)
    return [name for name, _ in counts.most_common() if name not in ("general", "empty", "")][place]


def _held_back(
    comments: Sequence[Comment],
    label: Mapping[str, str],
    held: Mapping[str, str],
    embedder: str,
) -> list[str]:
    settings = Settings({"refit_growth": 0})
    new = [c for c in comments if label[c.id] == held[c.side]]
    rest = [c for c in comments if label[c.id] != held[c.side]]
    random.Random(0).shuffle(rest)
    cells = [f"{name} ({sum(label[c.id] == name for c in new)})" for name in held.values()]
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "held.db"
        add(database, rest[OTHERS:], "base")
        runs.analyze(database, settings, embedder=embedder)
        add(database, [*new, *rest[:OTHERS]], "new")
        runs.analyze(database, settings, embedder=embedder)
        with closing(connect_readonly(database)) as db:
            fresh = [row for row in history.changes(db).themes if row.kind == "new"]
            told = dict(db.execute("SELECT id, label FROM themes").fetchall())
            members = {
                row.theme_id: [
                    label[key] for (key,) in db.execute(
                        "SELECT comment_id FROM segments WHERE theme_id = ?", [row.theme_id]
                    )
                ]
                for row in fresh
            }  # fmt: skip
    print(cells, members.keys(), file=sys.stderr)
    return [
        f"| {' | '.join(cells)} | {told[key]} ({len(own)}) "
        f"| {sum(name in held.values() for name in own) / len(own):.0%} |"
        for key, own in members.items()
    ] or [f"| {' | '.join(cells)} | none | |"]


# Words that are put in the place of numbers and names, so that a repeated comment is a new text.
SWAPS = (
    ("the", "this"), ("and", "plus"), ("very", "really"), ("good", "decent"), ("great", "super"),
    ("bad", "poor"), ("never", "hardly ever"), ("always", "every time"), ("store", "shop"),
    ("people", "folks"), ("time", "hour"), ("work", "job"), ("customer", "client"),
)  # fmt: skip


def varied(comment: Comment, copy: int) -> Comment:
    """Return a comment like another, with some words changed, under an id of its own."""
    rng = random.Random(f"{comment.id}/{copy}")
    text = comment.text
    for word, other in rng.sample(SWAPS, 4):
        text = re.sub(rf"\b{word}\b", other, text)
    sentences = re.split(r"(?<=[.!?])\s+", text)
    rng.shuffle(sentences)
    return replace(
        comment,
        id=f"{comment.id[:24]}{copy:08x}",
        source_id=f"{comment.source_id}-{copy}",
        text=" ".join(sentences),
        date=None,
        respondent=None,
    )


def many(count: int) -> list[Comment]:
    """Return so many comments of both sides: the data in ../shared, repeated with variations."""
    names = ("walmart", "banking77", "clinc150", "nhs")
    originals = [
        replace(comment, id=f"{name[:2]}{comment.id[2:]}")
        for name in names
        for comment in load(name)
    ]
    rng = random.Random(0)
    rng.shuffle(originals)
    rounds = -(-count // len(originals))
    rows = [varied(c, copy) if copy else c for copy in range(rounds) for c in originals]
    return rows[:count]


def large_text(embedder: str) -> str:
    """Return what the base and then the batch cost, each in a process of its own."""
    comments = many(BASE + BATCH)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "large.db"
        add(database, comments[:BASE], "base")
        first = _measured(database, embedder)
        size = database.stat().st_size
        with closing(connect_readonly(database)) as db:
            model = db.execute("SELECT length(arrays) FROM models").fetchone()[0]
        add(database, comments[BASE:], "batch")
        second = _measured(database, embedder)
    share = second["seconds"] / first["seconds"]
    rows = [("base", BASE, first), ("batch", BATCH, second)]
    lines = [
        f"## {BASE:,} comments, then {BATCH:,}",
        "",
        f"`scripts/bench years large --embedder {embedder}`, {os.cpu_count()} cores",
        "",
        "| run | comments | segments | themes | seconds | peak memory, MB |",
        "|---|---|---|---|---|---|",
        *(
            f"| {name} | {count:,} | {row['segments']:,} | {row['themes']} | {row['seconds']:.0f} "
            f"| {row['peak_mb']:,.0f} |"
            for name, count, row in rows
        ),
        "",
        f"The second run takes {share:.1%} of the time of the first. The model that it loads is "
        f"{model / 1e6:.0f} MB of a database of {size / 1e6:,.0f} MB.",
        "",
    ]
    return "\n".join(lines)


def _measured(database: Path, embedder: str) -> dict[str, float]:
    """Analyse in a new process; return its seconds, peak memory, segments and themes."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.years", "one", str(database), "--embedder", embedder],
        check=True, capture_output=True, text=True, cwd=data.ROOT,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    print(found, file=sys.stderr)
    return found


def _one(database: Path, embedder: str) -> None:
    began = time.perf_counter()
    summary = runs.analyze(database, Settings(), embedder=embedder)
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - began,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "segments": sum(summary.segments.values()),
                "themes": sum(summary.themes.values()),
                "notes": summary.notes,
            }
        )
    )


def _write(text: str) -> None:
    """Put a section into the results, in the place of the one with the same heading."""
    heading = text.splitlines()[0]
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Batches for years\n\n"
    parts = re.split(r"(?m)^(?=## )", old)
    parts = [part for part in parts if not part.startswith(heading)]
    sections = [part.strip() for part in (*parts, text)]
    RESULTS.write_text("\n\n".join(sections) + "\n", encoding="utf-8")


def main() -> None:
    """Measure what the arguments name."""
    parser = argparse.ArgumentParser(prog="scripts/bench years")
    parser.add_argument("what", choices=["months", "subjects", "large", "one"])
    parser.add_argument("of", nargs="?", default="fixtures")
    parser.add_argument("--embedder", default="auto")
    parser.add_argument("--growth", type=float, default=1.0, help="the setting refit_growth")
    parser.add_argument("--write", action="store_true", help=f"into {RESULTS.name}")
    given = parser.parse_args()
    if given.what == "one":
        _one(Path(given.of), given.embedder)
        return
    if given.what == "months":
        collection = {"retail": "walmart"}.get(given.of, given.of)
        text = months_text(collection, given.embedder, given.growth)
    elif given.what == "subjects":
        text = subjects_text(given.embedder)
    else:
        text = large_text(given.embedder)
    print(text)
    if given.write:
        _write(text)


if __name__ == "__main__":
    main()
