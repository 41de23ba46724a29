"""Read an upload in a child process that may use little memory and time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from analyzer import limits, profiles
from analyzer.errors import BadData
from analyzer.importers import Loaded
from analyzer.importers.mapping import Mapping, from_dict
from analyzer.limits import MEGABYTE, Limits
from analyzer.types import Progress, Record, Rejected, no_progress

CHILD = "analyzer.jobs.reader"
# What reading costs beside the file, and a byte of it; measured with tables of short cells.
BASE_MEMORY = 320 * MEGABYTE
MEMORY_OF_A_BYTE = 24
MOST_MEMORY = 1600 * MEGABYTE
SECONDS = 60
# So often a caller hears how far it is, in records.
OFTEN = 500


def limits_for(size: int) -> Limits:
    """Return the limits for a file of so many bytes."""
    memory = min(BASE_MEMORY + MEMORY_OF_A_BYTE * size, MOST_MEMORY)
    return Limits(memory=memory, cpu=SECONDS, wall=2 * SECONDS)


def reader(database: Path, cell: int, progress: Progress = no_progress) -> Callable[..., Loaded]:
    """Return what reads a file as :func:`analyzer.importers.read_file` does, in a child.

    ``cell`` is how many characters a cell may have. The profiles are those of ``database``.

    Raises (when it is called):
        BothsidesError: as read_file; BadData as well if the file needs too much.

    """

    def read(
        path: Path,
        *,
        mapping: Mapping | None,
        sheet: str | None = None,
        encoding: str | None = None,
        known: object = None,
        name: str | None = None,
    ) -> Loaded:
        request = _request(path, database, cell, mapping, sheet, encoding, name)
        records: list[Record] = []
        rejected: list[Rejected] = []
        head: dict[str, Any] = {}
        total = 1
        progress("parse", 0, total)
        for said in limits.ask(CHILD, request, limits_for(_size(path)), name=request["name"]):
            if "record" in said:
                records.append(Record(**said["record"]))
                if len(records) % OFTEN == 0:
                    progress("parse", len(records), total)
            elif "rejected" in said:
                rejected.append(Rejected(**said["rejected"]))
            else:
                head, total = said["head"], max(int(said["records"]), 1)
        progress("parse", total, total)
        mapped = from_dict(head.pop("mapping"))
        assert mapped is not None
        notes = tuple(head.pop("notes"))
        return Loaded(
            mapping=mapped, notes=notes, records=tuple(records), rejected=tuple(rejected), **head
        )

    return read


def preview(
    path: Path,
    database: Path,
    cell: int,
    *,
    name: str,
    roles: dict[int, str] | None = None,
    sheet: str | None = None,
) -> dict[str, Any]:
    """Return what a file would become, as JSON of :class:`analyzer.preview.Preview`.

    ``roles`` say what columns hold, by their places; None: as the file is known.

    Raises:
        BothsidesError: as read_file, but that wrong columns are told in the preview.

    """
    request = _request(path, database, cell, None, sheet, None, name)
    asked = {**request, "preview": True, "roles": roles}
    for said in limits.ask(CHILD, asked, limits_for(_size(path)), name=name):
        return said
    raise BadData(f"{name} cannot be read.")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _request(
    path: Path,
    database: Path,
    cell: int,
    mapping: Mapping | None,
    sheet: str | None,
    encoding: str | None,
    name: str | None,
) -> dict[str, Any]:
    return {
        "path": str(path.absolute()),
        "name": name or path.name,
        "mapping": None if mapping is None else asdict(mapping),
        "sheet": sheet,
        "encoding": encoding,
        "cell": cell,
        "preview": False,
        "profiles": {
            header: {
                "side": kept.side,
                "kind": kept.kind,
                "mapping": None if kept.mapping is None else asdict(kept.mapping),
            }
            for header, kept in profiles.all_known(database).items()
        },
    }
