"""The composition root: comments -> analysis -> store, with a progress callback.

Core and shell meet here and in intake.py, and nowhere else.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from analyzer import (
    experience,
    extending,
    fitting,
    history,
    label,
    language,
    mapfile,
    pipeline,
    queries,
    results,
    sentiment,
    store,
    waiting,
)
from analyzer.database import connect_readonly, opened, translated
from analyzer.embed import CachedEmbedder, text_hash
from analyzer.errors import BothsidesError, InputOutput
from analyzer.settings import Settings
from analyzer.types import SIDES, Embedder, Progress, Side, no_progress

AUTO = "auto"
POLARITY = Path(__file__).parent.parent / "models" / "polarity.toml"
# What changes a result when its version changes.
VERSIONED = (
    "bothsides", "numpy", "scipy", "scikit-learn", "spacy", "bertopic", "graspologic-native",
    "onnxruntime", "tokenizers", "lingua-language-detector",
)  # fmt: skip


@dataclass(frozen=True)
class Summary:
    """What a run found, for a person and for ``--json``."""

    run: int
    seconds: float
    seed: int
    strategy: str
    embedder: str
    why_embedder: str
    comments: Mapping[str, int]
    segments: Mapping[str, int]
    themes: Mapping[str, int]
    broad: Mapping[str, int]
    partnerless: Mapping[str, int]
    dropped: Mapping[str, Mapping[str, int]]
    pairs: Mapping[str, int]
    changes: Mapping[str, int]
    notes: Sequence[str]


def choose_embedder(
    name: str, languages: Sequence[str | None], english_share: float
) -> tuple[str, str]:
    """Return the model to use and why, in a sentence; ``languages`` are those of the comments.

    ``auto`` weighs only comments whose language the detector is sure of.
    """
    if name != AUTO:
        return name, f"{name} was asked for."
    share = language.share_of("en", languages)
    chosen = "both" if share >= english_share else "multilingual"
    than = "at least" if chosen == "both" else "less than"
    return chosen, (
        f"{chosen} was chosen: {share:.1%} of the comments whose language is clear are English, "
        f"{than} {english_share:.0%}."
    )


def load_map(settings: Settings) -> experience.ExperienceMap:
    """Return the experience map that the settings name, or the one that comes with Bothsides.

    Raises:
        InputOutput: the file is missing.
        Misconfigured: it is not a valid map.
    """
    path = mapfile.path_of(settings)
    return experience.parse(mapfile.read(path), path.name)


def load_background(settings: Settings) -> pipeline.Background:
    """Return what a run knows beforehand: the experience map and the phrases that judge.

    Raises:
        InputOutput: a file is missing.
        Misconfigured: it is not valid.
    """
    return pipeline.Background(load_map(settings), sentiment.parse(_polarity(), POLARITY.name))


def background_hash(settings: Settings) -> str:
    """Return a hash of what :func:`load_background` reads."""
    texts = mapfile.read(mapfile.path_of(settings)), _polarity()
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _polarity() -> str:
    try:
        return POLARITY.read_text(encoding="utf-8")
    except OSError as exc:
        raise InputOutput(
            f"{POLARITY} cannot be read: {exc.strerror}. Install Bothsides again."
        ) from exc


def load_embedder(name: str, progress: Progress = no_progress) -> Embedder:
    """Return the embedder; a model that has to be built is built first, once a machine."""
    from models import registry

    if registry.needs_build(name):
        progress(f"build {name}", 0, 1)
        embedder = registry.load(name)
        progress(f"build {name}", 1, 1)
        return embedder
    return registry.load(name)


def analyze(
    database: Path,
    settings: Settings,
    *,
    seed: int = 0,
    embedder: str = AUTO,
    strategy: str = "leiden",
    refit: bool = False,
    progress: Progress = no_progress,
) -> Summary:
    """Analyse the comments of the database, all of them or only those that are new.

    New comments get the standing themes, if the analysis that stands was made in the same way.
    Else, or with ``refit``, themes are found anew; those that are still there keep their ids.
    Either way the run is one transaction, with people's edits applied.

    Raises:
        BothsidesError: the database holds no comments.
        UsageError: there is no such strategy or model.
        Misconfigured, InputOutput, Locked: as their names say.
    """
    began = time.monotonic()
    background = load_background(settings)
    with translated(database), opened(database, create=False) as db:
        reader = connect_readonly(database)
        try:
            spoken = waiting.languages(reader)
            if not spoken:
                raise BothsidesError(
                    f"{database} holds no comments. Import some: "
                    "bothsides import FILE --side employee"
                )
            name, why = choose_embedder(embedder, spoken, settings.english_share)
            cached = CachedEmbedder(load_embedder(name, progress), store.SqliteVectors(db))
            job = fitting.Job(
                db=db,
                reader=reader,
                settings=settings,
                background=background,
                embedder=cached,
                seed=seed,
                strategy=strategy,
                basis=extending.basis(
                    cached.fingerprint, strategy, seed, settings, background_hash(settings)
                ),
                row=_row_maker(reader, began, seed, strategy, cached, settings, why),
                began=results.state(reader),
                progress=progress,
            )
            kept = waiting.model(reader)
            reasons = ["you asked for it"] if refit else []
            if kept is not None and not refit:
                reasons = extending.reasons_to_refit(reader, kept, job.basis, settings)
            if kept is None or reasons:
                notes = [f"Themes were found anew: {', '.join(reasons)}."] if kept else []
                number = fitting.fit(job, notes)
            else:
                number = extending.extend(job, kept)
        finally:
            reader.close()
    return summary(database, number, why)


def _row_maker(
    reader: sqlite3.Connection,
    began: float,
    seed: int,
    strategy: str,
    embedder: Embedder,
    settings: Settings,
    why: str,
) -> Callable[[Sequence[str]], results.RunRow]:
    """Return what makes the row of a run that began then (monotonic seconds) from its notes."""
    inputs, versions = queries.input_hashes(reader), _versions()
    return lambda notes: results.RunRow(
        finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - began, 1),
        seed=seed,
        strategy=strategy,
        embedder=embedder.name,
        fingerprint=embedder.fingerprint,
        settings=settings.as_dict(),
        versions=versions,
        inputs=inputs,
        notes=(why, *notes),
    )


def summary(database: Path, run: int, why: str) -> Summary:
    """Return what the newest run found, read back from the database."""
    reader = connect_readonly(database)
    try:
        info = queries.last_run(reader)
        assert info is not None
        counts = {side: queries.side_counts(reader, side) for side in SIDES}
        kinds: dict[str, int] = {}
        for pair in queries.pairs(reader):
            kinds[pair.kind] = kinds.get(pair.kind, 0) + 1
        changed = history.changes(reader, run).counts()
    finally:
        reader.close()
    return Summary(
        run=run,
        seconds=info.seconds,
        seed=info.seed,
        strategy=info.strategy,
        embedder=info.embedder,
        why_embedder=why,
        comments={side: c.comments for side, c in counts.items()},
        segments={side: c.segments for side, c in counts.items()},
        themes={side: c.themes for side, c in counts.items()},
        broad={side: c.broad for side, c in counts.items()},
        partnerless={side: c.partnerless for side, c in counts.items()},
        dropped={side: c.dropped for side, c in counts.items()},
        pairs=dict(sorted(kinds.items())),
        changes=changed,
        notes=[note for note in info.notes if note != why],
    )


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in VERSIONED:
        found[name] = importlib.metadata.version(name)
    return found


def export_bertopic(database: Path, folder: Path, side: Side) -> int:
    """Save a side's themes as a fitted BERTopic model; return how many topics it has.

    Its topic vectors are means of the model's plain vectors, which come from the cache: a text
    embedded by the same model can be compared with them.

    Raises:
        BothsidesError: nothing was analysed yet, or this side has no themes.
        InputOutput: the folder cannot be written.
    """
    with translated(database), opened(database, create=False) as db:
        reader = connect_readonly(database)
        try:
            run = queries.last_run(reader)
            segments = [row for row in queries.segments(reader) if row.side == side]
            names = {row.id: row.label for row in queries.themes(reader, side, hidden=True)}
        finally:
            reader.close()
        if run is None or not segments:
            raise BothsidesError(f"{database} has no {side} themes yet. Run: bothsides analyze")
        hashes = [text_hash(segment.text) for segment in segments]
        known = store.SqliteVectors(db).load(run.fingerprint, list(dict.fromkeys(hashes)))
    vectors = np.array([np.frombuffer(known[key], dtype="<f4") for key in hashes])
    order = {theme_id: i for i, theme_id in enumerate(names)}
    theme = np.array([order[segment.theme_id] for segment in segments], dtype=np.int64)
    model = label.topic_model([segment.text for segment in segments], vectors, theme)
    topic_of = dict(zip(theme.tolist(), model.topics_, strict=True))
    model.set_topic_labels({topic_of[order[key]]: name for key, name in names.items()})
    try:
        model.save(str(folder), serialization="safetensors", save_ctfidf=True)
    except OSError as exc:
        raise InputOutput(f"{folder} cannot be written: {exc.strerror}.") from exc
    return len(names)
