"""A file -> comments in the database: read, normalise, redact, tell the language, store.

With runs.py the only place where core and shell meet.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer import batches, clean, importers, language, profiles, store
from analyzer.arrivals import comment_id
from analyzer.database import opened, translated
from analyzer.errors import BadData, TooManyBadRows, UsageError
from analyzer.importers.mapping import Mapping as ColumnMapping
from analyzer.redact import redact
from analyzer.settings import Settings
from analyzer.types import KINDS, Comment, Progress, Record, Side, no_progress

if TYPE_CHECKING:
    from sqlite_utils import Database

DETECT_BATCH = 2000
SHOWN_COLUMNS = 3


@dataclass(frozen=True)
class Receipt:
    """What became of one file.

    An answer is a cell of a text column in a row that could be read, so a row has as many as there
    are text columns. Each is new, changed, unchanged, duplicate (its id stands again further down,
    or in a newer version of the row) or empty (blank, or it may not be read):

        answers = new + changed + unchanged + duplicate + empty
        rows    = answers / text columns + rejected

    ``header`` is the hash of the columns, under which a profile is kept.
    """

    file: str
    side: str
    kind: str
    format: str
    mapping: Mapping[str, object]
    rows: int
    answers: int
    new: int
    changed: int
    unchanged: int
    duplicate: int
    empty: int
    rejected: int
    rejected_rows: Sequence[Mapping[str, object]]
    notes: Sequence[str]
    dry_run: bool
    header: str
    # The number by which the import can be taken back; None: nothing was written.
    batch: int | None = None


def import_file(
    path: Path,
    database: Path,
    settings: Settings,
    *,
    side: Side | None = None,
    kind: str | None = None,
    mapping: ColumnMapping | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    dry_run: bool = False,
    progress: Progress = no_progress,
) -> Receipt:
    """Read a file and add its comments in one transaction; the same file again adds nothing.

    Without a side it is the one that a profile or the format says. What is told of the columns and
    of the side is kept as a profile for files with the same header.

    Raises:
        UsageError: the kind does not belong to the side, or nobody says whose comments these are.
        BadData: the file cannot be read as comments, or too many of its rows cannot.
        InputOutput, Locked: the file or the database cannot be used.
    """
    if side is not None:
        _check_kind(side, kind)
    loaded = importers.read_file(
        path, mapping=mapping, sheet=sheet, encoding=encoding, known=profiles.known_in(database)
    )
    told = side is not None or mapping is not None
    side, kind = _whose(path, loaded, side, kind)
    _refuse_bad_rows(path, loaded, settings.max_bad_rows)
    _refuse_no_text(path, loaded)
    notes = list(loaded.notes)
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
            duplicate=loaded.duplicate + answers.duplicate,
        )
        if db is None:
            counts = store.Counts(len(answers.comments), 0, 0)
        elif dry_run:
            counts, _ = store.compare(db, answers.comments)
        else:
            counts = store.add_import(db, row, answers.comments, loaded.rejected)
            if told and loaded.mapping.text and _keep(db, loaded, row, mapping):
                notes.append(f"Kept for files with this header (profile {loaded.header}).")
        if db is not None and (other := batches.of_other_side(db.conn, row.sha256, side)):
            notes.append(
                f"The same file is there as {other.side} comments, too. If that was a mistake: "
                f"bothsides undo {other.id}"
            )
    return Receipt(
        file=path.name,
        side=side,
        kind=kind,
        format=loaded.format,
        mapping=row.mapping,
        rows=loaded.rows,
        answers=loaded.answers,
        new=counts.new,
        changed=counts.changed,
        unchanged=counts.unchanged,
        duplicate=row.duplicate,
        empty=row.empty,
        rejected=len(loaded.rejected),
        rejected_rows=[asdict(bad) for bad in loaded.rejected],
        notes=notes,
        dry_run=dry_run,
        header=loaded.header,
        batch=counts.batch,
    )


def _check_kind(side: Side, kind: str | None) -> None:
    if kind is not None and kind not in KINDS[side]:
        raise UsageError(
            f"{kind!r} is no kind of {side} comments. Use one of: {', '.join(KINDS[side])}."
        )


def _whose(
    path: Path, loaded: importers.Loaded, side: Side | None, kind: str | None
) -> tuple[Side, str]:
    """Return the side and the kind: as told, or as kept or implied, or the first kind of a side."""
    side = side or loaded.side
    if side is None:
        raise UsageError(
            f"{path.name} does not say whose comments these are. Add --side employee or --side "
            "customer (in an inbox: put it into a folder employee/ or customer/); it is kept for "
            "files with the same header."
        )
    implied = loaded.kind if loaded.side == side else None
    kind = kind or implied or KINDS[side][0]
    _check_kind(side, kind)
    return side, kind


def _keep(
    db: Database, loaded: importers.Loaded, row: store.ImportRow, mapping: ColumnMapping | None
) -> bool:
    return profiles.keep(
        db,
        loaded.header,
        side=row.side,
        kind=row.kind,
        mapping=None if mapping is None else loaded.mapping,
        file=row.file,
        now=row.imported_at,
    )


def _refuse_no_text(path: Path, loaded: importers.Loaded) -> None:
    """Refuse a file whose columns of text hold no word: something else was exported, or named."""
    if (
        not loaded.answers
        or loaded.ratings
        or any(char.isalpha() for r in loaded.records for char in r.text)
    ):
        return
    named = ", ".join(loaded.mapping.text[:SHOWN_COLUMNS])
    raise BadData(
        f"{path.name} holds no free text: nothing in its columns of text ({named}) has a letter. "
        "Export it with the texts, or name other columns with --map text=COLUMN."
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
    respondent = None
    if record.respondent:
        respondent = hmac.new(key, record.respondent.encode(), "sha256").hexdigest()[:32]
    return Comment(
        id=comment_id(side, kind, id_column, record.source_id, record.column),
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
