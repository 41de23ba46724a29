"""The composition root: import -> analyse -> store, with a progress callback.

Core and shell meet here and nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib.metadata
import platform
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analyzer import clean, experience, importers, label, language, pipeline, queries, store
from analyzer.database import connect_readonly, opened, translated
from analyzer.embed import CachedEmbedder, text_hash
from analyzer.errors import BothsidesError, InputOutput, TooManyBadRows, UsageError
from analyzer.importers.mapping import Mapping as ColumnMapping
from analyzer.redact import redact
from analyzer.settings import Settings
from analyzer.types import KINDS, SIDES, Comment, Embedder, Progress, Record, Side, no_progress

if TYPE_CHECKING:
    from sqlite_utils import Database

DETECT_BATCH = 2000
DEFAULT_MAP = Path(__file__).parent.parent / "models" / "experience_map.toml"
AUTO = "auto"
# What changes a result when its version changes.
VERSIONED = (
    "bothsides", "numpy", "scipy", "scikit-learn", "spacy", "bertopic", "graspologic-native",
    "onnxruntime", "tokenizers", "lingua-language-detector",
)  # fmt: skip


@dataclass(frozen=True)
class Receipt:
    """What became of one file.

    Every answer (a cell of a text column in a row that could be read) is new, changed, unchanged,
    duplicate (its id stands again further down) or empty.
    """

    file: str
    side: str
    kind: str
    format: str
    mapping: Mapping[str, object]
    rows: int
    new: int
    changed: int
    unchanged: int
    duplicate: int
    empty: int
    rejected: int
    rejected_rows: Sequence[Mapping[str, object]]
    notes: Sequence[str]
    dry_run: bool


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
    partnerless: Mapping[str, int]
    dropped: Mapping[str, Mapping[str, int]]
    pairs: Mapping[str, int]
    notes: Sequence[str]


def import_file(
    path: Path,
    database: Path,
    settings: Settings,
    *,
    side: Side,
    kind: str | None = None,
    mapping: ColumnMapping | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    dry_run: bool = False,
    progress: Progress = no_progress,
) -> Receipt:
    """Read a file and add its comments in one transaction; the same file again adds nothing.

    Raises:
        UsageError: the kind does not belong to the side.
        BadData: the file cannot be read as comments, or too many of its rows cannot.
        InputOutput, Locked: the file or the database cannot be used.
    """
    kind = kind or KINDS[side][0]
    if kind not in KINDS[side]:
        raise UsageError(
            f"{kind!r} is no kind of {side} comments. Use one of: {', '.join(KINDS[side])}."
        )
    loaded = importers.read_file(path, mapping=mapping, sheet=sheet, encoding=encoding)
    _refuse_bad_rows(path, loaded, settings.max_bad_rows)
    with _key_of(database, dry_run=dry_run) as (db, key):
        answers = _answers(loaded, side, kind, key, progress)
        row = store.ImportRow(
            file=path.name,
            sha256=_sha256(path),
            side=side,
            kind=kind,
            format=loaded.format,
            mapping=asdict(loaded.mapping),
            imported_at=datetime.now(UTC).isoformat(timespec="seconds"),
            row_count=loaded.rows,
            empty=loaded.empty + answers.blank,
            duplicate=answers.duplicate,
        )
        if db is None:
            counts = store.Counts(len(answers.comments), 0, 0)
        elif dry_run:
            counts, _ = store.compare(db, answers.comments)
        else:
            counts = store.add_import(db, row, answers.comments, loaded.rejected)
    return Receipt(
        file=path.name,
        side=side,
        kind=kind,
        format=loaded.format,
        mapping=row.mapping,
        rows=loaded.rows,
        new=counts.new,
        changed=counts.changed,
        unchanged=counts.unchanged,
        duplicate=row.duplicate,
        empty=row.empty,
        rejected=len(loaded.rejected),
        rejected_rows=[asdict(bad) for bad in loaded.rejected],
        notes=loaded.notes,
        dry_run=dry_run,
    )


@contextmanager
def _key_of(database: Path, *, dry_run: bool) -> Iterator[tuple[Database | None, bytes]]:
    """Yield the database and its key for respondents; a dry run makes no database: None."""
    if dry_run and not database.is_file():
        yield None, b""
        return
    with translated(database), opened(database, create=True) as db:
        yield db, store.respondent_key(db)


@dataclass(frozen=True)
class _Answers:
    """A file's comments, each once; of several with one id the last stays."""

    comments: Sequence[Comment]
    duplicate: int
    blank: int


def _answers(
    loaded: importers.Loaded, side: Side, kind: str, key: bytes, progress: Progress
) -> _Answers:
    texts = [redact(clean.normalise(record.text)) for record in loaded.records]
    languages: list[str | None] = []
    for start in range(0, len(texts), DETECT_BATCH):
        progress("read", start, len(texts))
        languages += language.detect(texts[start : start + DETECT_BATCH])
    progress("read", len(texts), len(texts))
    id_column = loaded.mapping.id or "row"
    found = [
        _comment(record, side, kind, id_column, text, code, key)
        for record, text, code in zip(loaded.records, texts, languages, strict=True)
        if text
    ]
    once = {comment.id: comment for comment in found}
    return _Answers(list(once.values()), len(found) - len(once), len(texts) - len(found))


def _refuse_bad_rows(path: Path, loaded: importers.Loaded, allowed: float) -> None:
    bad = loaded.rejected
    if not loaded.rows or len(bad) / loaded.rows <= allowed:
        return
    shown = "; ".join(
        f"row {r.row}" + (f", column {r.column!r}" if r.column else "") + f": {r.reason}"
        for r in bad[:3]
    )
    more = f"; and {len(bad) - 3} more" if len(bad) > 3 else ""
    raise TooManyBadRows(
        f"{path.name}: {len(bad)} of {loaded.rows} rows cannot be read, more than "
        f"{allowed:.1%}; nothing was imported. {shown}{more}. Correct the file or the mapping, or "
        "raise the setting max_bad_rows."
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _comment(
    record: Record,
    side: Side,
    kind: str,
    id_column: str,
    text: str,
    code: str | None,
    key: bytes,
) -> Comment:
    """Return the comment under an id that is the same whenever this answer is imported."""
    place = "\x1f".join((side, kind, id_column, record.source_id, record.column))
    respondent = None
    if record.respondent:
        respondent = hmac.new(key, record.respondent.encode(), "sha256").hexdigest()[:32]
    return Comment(
        id=hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:32],
        side=side,
        kind=kind,
        source_id=record.source_id,
        column=record.column,
        text=text,
        language=code,
        date=record.date,
        unit=record.unit,
        score=record.score,
        respondent=respondent,
        attributes=record.attributes,
    )


def choose_embedder(
    name: str, comments: Sequence[Comment], english_share: float
) -> tuple[str, str]:
    """Return the model to use and why, in a sentence.

    ``auto`` weighs only comments whose language the detector is sure of.
    """
    if name != AUTO:
        return name, f"{name} was asked for."
    share = language.share_of("en", [comment.language for comment in comments])
    chosen = "minilm" if share >= english_share else "multilingual"
    than = "at least" if chosen == "minilm" else "less than"
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
    path = Path(settings.experience_map) if settings.experience_map else DEFAULT_MAP
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputOutput(f"The experience map {path} cannot be read: {exc}.") from exc
    return experience.parse(text, path.name)


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
    progress: Progress = no_progress,
) -> Summary:
    """Analyse every comment of the database and put the result in the place of the last one.

    Raises:
        BothsidesError: the database holds no comments.
        UsageError: there is no such strategy or model.
        Misconfigured, InputOutput, Locked: as their names say.
    """
    began = time.monotonic()
    chart = load_map(settings)
    with translated(database), opened(database, create=False) as db:
        reader = connect_readonly(database)
        try:
            comments = queries.comments(reader)
            inputs = queries.input_hashes(reader)
        finally:
            reader.close()
        if not comments:
            raise BothsidesError(
                f"{database} holds no comments. Import some: bothsides import FILE --side employee"
            )
        name, why = choose_embedder(embedder, comments, settings.english_share)
        cached = CachedEmbedder(load_embedder(name, progress), store.SqliteVectors(db))
        analysis = pipeline.analyze(
            comments,
            cached,
            chart,
            settings,
            np.random.default_rng(seed),
            strategy_name=strategy,
            progress=progress,
        )
        seconds = round(time.monotonic() - began, 1)
        run = store.RunRow(
            finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
            seconds=seconds,
            seed=seed,
            strategy=strategy,
            embedder=name,
            fingerprint=cached.fingerprint,
            settings=settings.as_dict(),
            versions=_versions(),
            inputs=inputs,
            notes=(why, *analysis.notes),
        )
        progress("store", 0, 1)
        number = store.replace_analysis(db, run, analysis)
        progress("store", 1, 1)
    return summary(database, number, why)


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
        partnerless={side: c.partnerless for side, c in counts.items()},
        dropped={side: c.dropped for side, c in counts.items()},
        pairs=dict(sorted(kinds.items())),
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
            names = {row.id: row.label for row in queries.themes(reader, side)}
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
