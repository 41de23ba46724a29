"""A file -> comments in the database: read, normalise, redact, tell the language, store.

With runs.py the only place where core and shell meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer import batches, gate, importers, profiles, raw, store
from analyzer.answers import answers_of
from analyzer.database import opened, translated
from analyzer.errors import BadData, TooManyBadRows, UsageError
from analyzer.files import sha256_of
from analyzer.importers.mapping import Mapping as ColumnMapping
from analyzer.redaction.load import redactor_of
from analyzer.settings import Settings
from analyzer.types import KINDS, Progress, Side, no_progress

if TYPE_CHECKING:
    from sqlite_utils import Database

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
    # So many of the unchanged differ only by what is masked in them now.
    masked_anew: int = 0


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
    name: str | None = None,
    read: Callable[..., importers.Loaded] = importers.read_file,
) -> Receipt:
    """Read a file and add its comments in one transaction; the same file again adds nothing.

    Without a side it is the one that a profile or the format says. What is told of the columns and
    of the side is kept as a profile for files with the same header. ``name`` is what people call
    the file; ``read`` is what reads it, as :func:`analyzer.importers.read_file` does.

    Raises:
        UsageError: the kind does not belong to the side, or nobody says whose comments these are.
        BadData: the file cannot be read as comments, or too many of its rows cannot.
        Misconfigured: the roster, Presidio or the key of raw texts is not as it must be.
        InputOutput, Locked: the file or the database cannot be used.
    """
    if side is not None:
        _check_kind(side, kind)
    redactor = redactor_of(settings)
    key_of_raw = raw.key_of(settings)
    name = name or path.name
    loaded = read(
        path,
        mapping=mapping,
        sheet=sheet,
        encoding=encoding,
        known=profiles.known_in(database),
        name=name,
    )
    told = side is not None or mapping is not None
    side, kind = _whose(name, loaded, side, kind)
    _refuse_bad_rows(name, loaded, settings.max_bad_rows)
    _refuse_no_text(name, loaded)
    notes = [*loaded.notes, *redactor.notes]
    with _key_of(database, dry_run=dry_run) as (db, key):
        entry = gate.open_gate(db.conn) if db else None
        loaded = gate.let_in(loaded, entry, side, kind, key) if entry else loaded
        vault = raw.Vault(db, key_of_raw) if db is not None and key_of_raw else None
        answers = answers_of(loaded, side, kind, key, redactor, progress)
        notes += answers.notes
        row = store.ImportRow(
            file=name,
            sha256=sha256_of(path),
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
            counts = store.compare(db, answers.comments, redactor).counts
        else:
            counts = store.add_import(
                db,
                row,
                answers.comments,
                loaded.rejected,
                redactor,
                erasures=entry.erasures if entry else None,
                within=lambda db: vault.keep(db, answers.raw) if vault else None,
            )
            if told and loaded.mapping.text and _keep(db, loaded, row, mapping):
                notes.append(f"Kept for files with this header (profile {loaded.header}).")
        if db is not None and (other := batches.of_other_side(db.conn, row.sha256, side)):
            notes.append(
                f"The same file is there as {other.side} comments, too. If that was a mistake: "
                f"bothsides undo {other.id}"
            )
    if counts.masked_anew:
        notes.append(
            f"{counts.masked_anew} of the unchanged hold more that is masked now than when they "
            "were imported; what stood there was overwritten."
        )
    return Receipt(
        file=name,
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
        masked_anew=counts.masked_anew,
    )


def _check_kind(side: Side, kind: str | None) -> None:
    if kind is not None and kind not in KINDS[side]:
        raise UsageError(
            f"{kind!r} is no kind of {side} comments. Use one of: {', '.join(KINDS[side])}."
        )


def _whose(
    name: str, loaded: importers.Loaded, side: Side | None, kind: str | None
) -> tuple[Side, str]:
    """Return the side and the kind: as told, or as kept or implied, or the first kind of a side."""
    side = side or loaded.side
    if side is None:
        raise UsageError(
            f"{name} does not say whose comments these are. Add --side employee or --side "
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


def _refuse_no_text(name: str, loaded: importers.Loaded) -> None:
    """Refuse a file whose columns of text hold no word: something else was exported, or named."""
    if (
        not loaded.answers
        or loaded.ratings
        or any(char.isalpha() for r in loaded.records for char in r.text)
    ):
        return
    named = ", ".join(loaded.mapping.text[:SHOWN_COLUMNS])
    raise BadData(
        f"{name} holds no free text: nothing in its columns of text ({named}) has a letter. "
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


def _refuse_bad_rows(name: str, loaded: importers.Loaded, allowed: float) -> None:
    bad = loaded.rejected
    if not loaded.rows or len(bad) / loaded.rows <= allowed:
        return
    shown = "; ".join(
        f"row {r.row}" + (f", column {r.column!r}" if r.column else "") + f": {r.reason}"
        for r in bad[:3]
    )
    more = f"; and {len(bad) - 3} more" if len(bad) > 3 else ""
    raise TooManyBadRows(
        f"{name}: {len(bad)} of {loaded.rows} rows cannot be read, more than "
        f"{allowed:.1%}; nothing was imported. {shown}{more}. Correct the file or the mapping, or "
        "raise the setting max_bad_rows."
    )
