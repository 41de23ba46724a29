"""The pages of imports: send files, say what they hold, look at a preview, see the receipt, undo.

Each step is a page of its own address; what was chosen so far stands in it. A form is answered with
303. Nothing is imported here: a job is asked for.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, cast

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Redirect

from analyzer import batches, profiles
from analyzer.cells import safe
from analyzer.database import opened, translated
from analyzer.errors import BadData, UsageError
from analyzer.jobs import queue, reading, uploads
from analyzer.jobs.uploads import Upload
from analyzer.types import KINDS, SIDES, Side
from webui import compose_imports as compose
from webui import db
from webui.allowed import IMPORT, require, viewer
from webui.contexts_work import ImportPage
from webui.language import gettext as _
from webui.render import page as rendered
from webui.uploading import cell_limit

if TYPE_CHECKING:
    from sqlite_utils import Database

pages = Blueprint("imports", __name__)

BATCHES_SHOWN = 30
FILES_AT_ONCE = 20
_COLUMN = re.compile(r"c(\d{1,4})")
_ID = re.compile(r"[0-9a-f]{32}")


@pages.get("/import")
def start() -> Response:
    """Show the form for files, what waits, what was imported, what is known of files."""
    return rendered("import.html", _start(None))


def _start(problem: str | None) -> ImportPage:
    sides = _sides()
    if not sides:
        abort(403)
    if not db.database().exists():
        return compose.import_page(problem, (), (), ())
    read = db.connection()
    own = [row for row in uploads.uploads(read) if row.who == viewer().name]
    used = {job.args.get("upload") for job in queue.jobs(read, most=1000)}
    done = [row for row in reversed(batches.batches(read)) if row.side in sides]
    kept = [row for row in profiles.kept_profiles(read) if row.side is None or row.side in sides]
    waiting = [row for row in own if row.id not in used]
    return compose.import_page(problem, waiting, done[:BATCHES_SHOWN], kept)


def _sides() -> list[Side]:
    """Return the sides for which the viewer may import."""
    return [side for side in SIDES if viewer().may(IMPORT[side])]


@contextmanager
def _writing() -> Iterator[Database]:
    with translated(db.database()), opened(db.database(), create=True) as writing:
        yield writing


@pages.post("/import")
def send() -> Response | Redirect:
    """Keep the files that were sent; go on with the first."""
    if not _sides():
        abort(403)
    sent = [file for file in request.files.getlist("files") if file.filename]
    if not sent or len(sent) > FILES_AT_ONCE:
        problem = _("Choose files to import, %(most)s at most.", most=FILES_AT_ONCE)
        return rendered("import.html", _start(problem), 400)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    kept: list[str] = []
    try:
        with _writing() as writing:
            for file in sent:
                stream, name = cast("BinaryIO", file.stream), file.filename or ""
                one = uploads.keep(writing, db.database(), stream, name, viewer().name, now)
                kept.append(one.id)
    except BadData as exc:
        return rendered("import.html", _start(str(exc)), 400)
    return redirect(compose.upload_href(kept[0], kept[1:]), 303)


def _upload(key: str) -> Upload:
    """Return an upload of the viewer's own, or answer 404."""
    found = uploads.find(db.connection(), key) if _ID.fullmatch(key) else None
    if found is None or found.who != viewer().name or not _sides():
        abort(404)
    return found


def _next(text: str) -> list[str]:
    return [key for key in text.split(",") if _ID.fullmatch(key)]


@pages.get("/import/<key>")
def look(key: str) -> Response:
    """Show an upload: the choice of a sheet, or side, kind and columns with a preview."""
    upload, later = _upload(key), _next(request.args.get("next", ""))
    sheet, roles = request.args.get("sheet"), _roles(request.args)
    path = uploads.path_of(db.database(), upload)
    try:
        seen = reading.preview(
            path, db.database(), cell_limit(), name=upload.name, roles=roles or None, sheet=sheet
        )
    except (BadData, UsageError) as exc:
        return rendered("import_columns.html", compose.unreadable_page(upload, later, str(exc)))
    if len(seen["sheets"]) > 1:
        return rendered("import_sheet.html", compose.sheet_page(upload, later, seen["sheets"]))
    context = compose.columns_page(
        upload,
        later,
        seen,
        sheet=sheet,
        sides=_sides(),
        chosen=request.args.get("of"),
        roles=roles,
        problem=_("Say whose comments these are.") if request.args.get("missing") else None,
    )
    return rendered("import_columns.html", context)


def _roles(fields: MultiDict[str, str]) -> dict[int, str]:
    """Return what is chosen for each column, by its place in the file."""
    return {
        int(found[1]): role for name, role in fields.items() if (found := _COLUMN.fullmatch(name))
    }


@pages.post("/import/<key>")
def decide(key: str) -> Redirect:
    """Show the preview with what was chosen, ask for the import, or discard the file."""
    upload, later = _upload(key), _next(request.form.get("next", ""))
    action = request.form.get("action")
    if action == "discard":
        with _writing() as writing:
            uploads.discard(writing, db.database(), upload)
        return redirect(compose.upload_href(later[0], later[1:]) if later else "/import", 303)
    state = {
        name: value
        for name, value in request.form.items()
        if value and (name in ("sheet", "of") or _COLUMN.fullmatch(name))
    }
    side, __, kind = request.form.get("of", "").partition("-")
    if side not in SIDES or kind not in KINDS[side]:
        missing = {"missing": "1"} if action == "import" else {}
        return redirect(compose.upload_href(key, later, **state, **missing), 303)
    require(IMPORT[side])
    if action != "import":
        return redirect(compose.upload_href(key, later, **state), 303)
    roles = _roles(request.form) or None
    if roles is not None and "text" not in roles.values():
        return redirect(compose.upload_href(key, later, **state), 303)
    number = _ask(upload, side, kind, roles, state.get("sheet"))
    return redirect(compose.upload_href(later[0], later[1:]) if later else f"/jobs/{number}", 303)


def _ask(
    upload: Upload, side: Side, kind: str, roles: dict[int, str] | None, sheet: str | None
) -> int:
    args = {
        "upload": upload.id,
        "side": side,
        "kind": kind,
        "roles": roles,
        "sheet": sheet,
        "analyze": request.form.get("analyze") == "yes",
    }
    with _writing() as writing:
        return queue.add(writing, "import", args, viewer().name)


@pages.post("/import/profiles/<header>/forget")
def forget(header: str) -> Redirect:
    """Forget what was told of files with a header."""
    found = [row for row in profiles.kept_profiles(db.connection()) if row.header == header]
    if not found:
        abort(404)
    for side in [found[0].side] if found[0].side else SIDES:
        require(IMPORT[cast("Side", side)])
    with _writing() as writing:
        profiles.forget(writing, header)
    return redirect("/import#profiles", 303)


def _batch(number: int) -> batches.Batch:
    found = batches.batch(db.connection(), number)
    if found is None:
        abort(404)
    require(IMPORT[cast("Side", found.side)])
    return found


@pages.get("/imports/<int:number>")
def receipt(number: int) -> Response:
    """Show what became of one file."""
    found, read = _batch(number), db.connection()
    notes = next(
        (
            job.result.get("notes", ())
            for job in queue.jobs(read, most=1000)
            if job.kind == "import" and job.result.get("batch") == number
        ),
        (),
    )
    context = compose.receipt_page(found, notes, batches.rejected_rows(read, number))
    return rendered("receipt.html", context)


@pages.get("/imports/<int:number>/rejected.csv")
def rejected(number: int) -> Response:
    """Send the rows that were kept aside: where and why, without their text."""
    found = _batch(number)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("row", "column", "reason"))
    for row in batches.rejected_rows(db.connection(), found.id):
        writer.writerow((row.row, safe(row.column or ""), safe(row.reason)))
    answer = Response(out.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="rejected-{found.id}.csv"'
    return answer


@pages.post("/imports/<int:number>/undo")
def undo(number: int) -> Redirect:
    """Ask for an import to be taken back."""
    found = _batch(number)
    args = {"batch": found.id, "side": found.side}
    with _writing() as writing:
        job = queue.add_once(writing, "undo", args, viewer().name)
    return redirect(f"/jobs/{job}", 303)
