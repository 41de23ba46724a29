"""A run that looks at new comments only: its cost is that of what is new."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence

from analyzer import (
    edit_log,
    found,
    gathering,
    increment,
    memory,
    pipeline,
    projection,
    results,
    waiting,
)
from analyzer.fitting import Job
from analyzer.increment import Arrived, NewTheme, Sample, Stray
from analyzer.memory import Memory
from analyzer.settings import Settings
from analyzer.types import SIDES, Side

# Settings that change no theme and no pair of those that stand.
NOT_OF_THE_RESULT = ("max_bad_rows", "max_cell_characters", "english_share", "refit_growth",
                     "new_theme_comments", "experience_map", "min_group_comments",
                     "retention_comments_months", "retention_aside_days",
                     "roster", "redactor", "keep_raw")  # fmt: skip


def basis(fingerprint: str, strategy: str, seed: int, settings: Settings, background: str) -> str:
    """Return all that a result depends on beside its comments, as JSON.

    ``background`` is a hash of the experience map and of the phrases that judge.
    """
    values = {
        key: value for key, value in settings.as_dict().items() if key not in NOT_OF_THE_RESULT
    }
    return json.dumps(
        {
            "the model": fingerprint,
            "the strategy": strategy,
            "the seed": seed,
            "the experience map": background,
            **{f"the setting {key}": value for key, value in sorted(values.items())},
        }
    )


def reasons_to_refit(
    db: sqlite3.Connection, kept: waiting.Model, now: str, settings: Settings
) -> list[str]:
    """Return why the standing themes are no good for new comments; empty: they are."""
    before, after = json.loads(kept.basis), json.loads(now)
    reasons = [
        f"{key} changed" for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]  # fmt: skip
    known = {theme.side for theme in (projection.read_found(db) or found.NOTHING).themes}
    reasons += [f"there were no {side} themes" for side in waiting.sides(db) if side not in known]
    count = db.execute("SELECT count(*) FROM comments").fetchone()[0]
    if settings.refit_growth and count > kept.comments * (1 + settings.refit_growth):
        reasons.append(f"there were {kept.comments} comments then, and there are {count} now")
    return reasons


def extend(job: Job, kept: waiting.Model) -> int:
    """Give new comments the standing themes, let strays gather; return the number of the run."""
    known = memory.load(kept.arrays)
    new = waiting.comments(job.reader)
    beside = waiting.beside(job.reader, new)
    arrived = {
        side: increment.arrive(known, new, side, job.embedder, beside=beside, progress=job.progress)
        for side in SIDES
    }
    job.progress("discover", 0, 1)
    fresh = {side: _gather(job, known, side, arrived[side]) for side in SIDES}
    standing = projection.read_found(job.reader)
    assert standing is not None
    learned = None
    if any(fresh.values()):
        learned = increment.learned(known, fresh)
        samples = {side: _sample(job, known, standing, arrived, side, fresh) for side in SIDES}
        standing = increment.described(
            learned, standing, fresh, samples, job.background.chart, job.embedder, job.settings
        )
    job.progress("discover", 1, 1)
    count = {side: sum(theme.side == side for theme in standing.themes) for side in SIDES}
    notes = [*_notes(kept, len(new), fresh), *pipeline.notes_on(count, len(standing.pairs))]
    addition = _addition(known, arrived, fresh, standing, learned, kept)
    job.progress("store", 0, 1)
    number = results.add_to_analysis(job.db, job.row(notes), addition, job.began)
    job.progress("store", 1, 1)
    return number


def _gather(job: Job, known: Memory, side: Side, arrived: Arrived) -> list[NewTheme]:
    own = increment.strays_of(arrived)
    if not own:
        return []
    before = waiting.strays(job.reader, side, max(gathering.MOST_STRAYS - len(own), 0))
    return increment.gather(
        known,
        [*before, *own],
        side,
        edit_log.next_number(job.reader, side[0]),
        job.settings,
    )


def _sample(
    job: Job,
    known: Memory,
    standing: found.Found,
    arrived: Mapping[Side, Arrived],
    side: Side,
    fresh: Mapping[Side, Sequence[NewTheme]],
) -> Sample:
    """Return comments that hold some segments of each theme, and all of each new one."""
    own = [theme.id for theme in standing.themes if theme.side == side]
    joined = {stray.ref: theme.id for theme in fresh[side] for stray in theme.members}
    ids = waiting.sampled(job.reader, own) | {ref[0] for ref in joined}
    theme_of = waiting.themes_of(job.reader, ids)
    new = arrived[side]
    for segment, number in zip(new.read.segments, new.theme.tolist(), strict=True):
        theme_of[segment.comment_id, segment.index] = known.ids[side][number]
    return Sample(waiting.of_ids(job.reader, ids), {**theme_of, **joined})


def _addition(
    known: Memory,
    arrived: Mapping[Side, Arrived],
    fresh: Mapping[Side, Sequence[NewTheme]],
    standing: found.Found,
    learned: Memory | None,
    kept: waiting.Model,
) -> results.Addition:
    joined = {
        stray.ref: theme.id for own in fresh.values() for theme in own for stray in theme.members
    }
    strays = [stray for row in arrived.values() for stray in increment.strays_of(row)]
    return results.Addition(
        sides=[_new_segments(known.ids[side], arrived[side], joined) for side in SIDES],
        result=standing,
        joined=joined,
        strays={s.ref: _half(s) for s in strays if s.ref not in joined},
        kept=(
            None
            if learned is None
            else results.Kept(kept.basis, kept.comments, memory.dump(learned))
        ),
    )


def _half(stray: Stray) -> bytes:
    return stray.vector.astype("<f2").tobytes()


def _new_segments(
    ids: Sequence[str], arrived: Arrived, joined: Mapping[found.Ref, str]
) -> results.NewSegments:
    segments = arrived.read.segments
    return results.NewSegments(
        segments,
        [
            joined.get((segment.comment_id, segment.index), ids[number])
            for segment, number in zip(segments, arrived.theme.tolist(), strict=True)
        ],
        arrived.confidence.tolist(),
        arrived.placed.polarity.tolist(),
        arrived.read.dropped,
    )


def _notes(kept: waiting.Model, count: int, fresh: Mapping[Side, Sequence[NewTheme]]) -> list[str]:
    themes = ", ".join(theme.id for own in fresh.values() for theme in own)
    return [
        f"{count} new comments were given the themes that run {kept.run} found; "
        "to find themes anew: bothsides analyze --refit",
        *([f"Comments that fitted no theme have become themes of their own: {themes}."]
          if themes else []),
    ]  # fmt: skip
