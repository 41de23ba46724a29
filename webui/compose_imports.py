"""Rows -> the pages of imports. No I/O, no Flask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import quote, urlencode

from analyzer.batches import Batch
from analyzer.jobs.uploads import MOST_BYTES, Upload
from analyzer.profiles import Kept
from analyzer.types import KINDS, SIDES, Rejected, Side
from webui.contexts import SideView
from webui.contexts_work import (
    BatchView,
    ColumnsPage,
    ColumnView,
    ImportPage,
    OfView,
    Option,
    ProfileView,
    ReceiptPage,
    RejectedView,
    SampleView,
    SheetPage,
    SheetView,
    UploadView,
)
from webui.language import Text
from webui.language import gettext as _
from webui.words import COMMENT_KINDS, SIDE_WORDS

REJECTED_SHOWN = 50
# What a column can be read as: the key of the mapping, and its words.
UNREAD = "-"
ROLES = {
    UNREAD: Text("not read"),
    "text": Text("comment"),
    "id": Text("id of the comment"),
    "date": Text("date"),
    "unit": Text("unit (store, team, region)"),
    "score": Text("score"),
    "respondent": Text("respondent (kept as a hash)"),
    "attr": Text("attribute"),
}
PERSONAL_ROLES = (UNREAD, "respondent")


def side_view(side: str) -> SideView:
    """Return a side in words."""
    key = cast("Side", side)
    return SideView(key, SIDE_WORDS[key])


def _kind(kind: str) -> str:
    """Return a kind of comments as it stands after the name of its side."""
    return str(COMMENT_KINDS.get(kind, kind)).lower()


def upload_view(upload: Upload, next_ids: Sequence[str] = ()) -> UploadView:
    """Return a file that waits; ``next_ids`` are those to come after it."""
    return UploadView(
        href=upload_href(upload.id, next_ids),
        name=upload.name,
        megabytes=upload.size / 1_000_000,
        at=upload.at,
        next=",".join(next_ids),
        waiting=len(next_ids),
    )


def upload_href(key: str, next_ids: Sequence[str], **more: str) -> str:
    """Return the address of an upload's page; the state of the wizard is in it."""
    asked = {**more, **({"next": ",".join(next_ids)} if next_ids else {})}
    return f"/import/{quote(key, safe='')}" + (f"?{urlencode(asked)}" if asked else "")


def batch_view(batch: Batch) -> BatchView:
    """Return an import."""
    href = f"/imports/{batch.id}"
    undoable = batch.tracked and not batch.undone_at
    return BatchView(
        href=href,
        number=batch.id,
        file=batch.file,
        side=side_view(batch.side),
        kind=_kind(batch.kind),
        format=batch.format,
        imported_at=batch.imported_at,
        rows=batch.row_count,
        new=batch.new,
        changed=batch.changed,
        unchanged=batch.unchanged,
        duplicate=batch.duplicate,
        empty=batch.empty,
        rejected=batch.rejected,
        undone_at=batch.undone_at,
        undo=f"{href}/undo" if undoable else None,
    )


def import_page(
    problem: str | None,
    waiting: Sequence[Upload],
    batches: Sequence[Batch],
    profiles: Sequence[Kept],
) -> ImportPage:
    """Return the start of an import."""
    return ImportPage(
        title=_("Import"),
        section="import",
        origin=None,
        problem=problem,
        most_megabytes=MOST_BYTES // 1_000_000,
        waiting=tuple(upload_view(upload) for upload in waiting),
        batches=tuple(batch_view(batch) for batch in batches),
        profiles=tuple(
            ProfileView(
                forget=f"/import/profiles/{quote(kept.header, safe='')}/forget",
                file=kept.file,
                side=side_view(kept.side) if kept.side else None,
                kind=_kind(kept.kind or ""),
                columns=kept.columns,
                kept_at=kept.kept_at,
            )
            for kept in profiles
        ),
    )


def sheet_page(upload: Upload, next_ids: Sequence[str], sheets: Sequence[str]) -> SheetPage:
    """Return the choice of a sheet."""
    return SheetPage(
        title=_("Import %(file)s", file=upload.name),
        section="import",
        origin=None,
        upload=upload_view(upload, next_ids),
        sheets=tuple(
            SheetView(name, upload_href(upload.id, next_ids, sheet=name)) for name in sheets
        ),
    )


def unreadable_page(upload: Upload, next_ids: Sequence[str], problem: str) -> ColumnsPage:
    """Return the page of a file that cannot be read at all."""
    return _columns_page(upload, next_ids, {}, sheet=None, of=(), roles={}, problem=problem)


def columns_page(
    upload: Upload,
    next_ids: Sequence[str],
    seen: Mapping[str, Any],
    *,
    sheet: str | None,
    sides: Sequence[Side],
    chosen: str | None,
    roles: Mapping[int, str],
    problem: str | None,
) -> ColumnsPage:
    """Return the choice of side, kind and columns.

    ``seen`` is the JSON of :class:`analyzer.preview.Preview`; ``sides`` are those that may be
    chosen. ``chosen`` (``side-kind``) and ``roles`` (by the places of columns) were.
    """
    if chosen is None and seen["side"] in sides:
        chosen = f"{seen['side']}-{seen['kind'] or KINDS[seen['side']][0]}"
    of = tuple(
        OfView(
            side_view(side),
            tuple(
                Option(f"{side}-{kind}", COMMENT_KINDS[kind], f"{side}-{kind}" == chosen)
                for kind in KINDS[side]
            ),
        )
        for side in SIDES
        if side in sides
    )
    return _columns_page(
        upload,
        next_ids,
        seen,
        sheet=sheet,
        of=of,
        roles=roles,
        problem=problem or seen["problem"],
    )


def _columns_page(
    upload: Upload,
    next_ids: Sequence[str],
    seen: Mapping[str, Any],
    *,
    sheet: str | None,
    of: tuple[OfView, ...],
    roles: Mapping[int, str],
    problem: str | None,
) -> ColumnsPage:
    known = _roles(seen.get("mapping"))
    return ColumnsPage(
        title=_("Import %(file)s", file=upload.name),
        section="import",
        origin=None,
        upload=upload_view(upload, next_ids),
        sheet=sheet,
        problem=problem,
        readable=bool(seen),
        format=seen.get("format", ""),
        notes=tuple(seen.get("notes", ())),
        of=of,
        columns=tuple(
            _column(
                place,
                column["name"],
                roles[place] if place in roles else known.get(column["name"], UNREAD),
                personal=column["personal"],
            )
            for place, column in enumerate(seen.get("columns", ()))
        ),
        rows=seen.get("rows", 0),
        answers=seen.get("answers", 0),
        empty=seen.get("empty", 0),
        rejected=seen.get("rejected", 0),
        first=tuple(SampleView(**sample) for sample in seen.get("first", ())),
        worst=tuple(SampleView(**sample) for sample in seen.get("worst", ())),
    )


def _roles(mapping: Mapping[str, Any] | None) -> dict[str, str]:
    """Return what each column of a mapping is read as."""
    found: dict[str, str] = {}
    for key, named in (mapping or {}).items():
        for column in named if isinstance(named, list | tuple) else [named]:
            if column is not None:
                found.setdefault(column, key)
    return found


def _column(place: int, name: str, role: str, *, personal: bool) -> ColumnView:
    offered = [key for key in ROLES if not personal or key in PERSONAL_ROLES]
    return ColumnView(
        field=f"c{place}",
        name=name,
        personal=personal,
        options=tuple(Option(key, ROLES[key], key == role) for key in offered),
    )


def receipt_page(batch: Batch, notes: Sequence[str], rejected: Sequence[Rejected]) -> ReceiptPage:
    """Return what became of one file."""
    view = batch_view(batch)
    return ReceiptPage(
        title=_("Import %(number)s", number=batch.id),
        section="import",
        origin=None,
        batch=view,
        notes=tuple(notes),
        mapping=tuple((column, ROLES[key]) for column, key in _roles(batch.mapping).items()),
        rejected=tuple(
            RejectedView(row.row, row.column, row.reason) for row in rejected[:REJECTED_SHOWN]
        ),
        more=max(len(rejected) - REJECTED_SHOWN, 0),
        download=f"{view.href}/rejected.csv",
    )
