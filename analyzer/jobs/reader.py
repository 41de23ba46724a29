"""The child process that reads an upload; see :mod:`analyzer.limits`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from analyzer import limits
from analyzer.importers import Bounds, Known, Mapping, Opened, Profile, open_file, sheets_of
from analyzer.importers.mapping import from_dict

# A table of comments of 50 MB has fewer.
MOST_LINES = 1_000_000


def work(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Read or preview the file that the request names."""
    if request["preview"]:
        yield _preview(request)
    else:
        mapping = from_dict(request["mapping"])
        yield from _records(_opened(request, mapping), mapping)


def _opened(request: dict[str, Any], mapping: Mapping | None) -> Opened:
    return open_file(
        Path(request["path"]),
        mapping=mapping,
        sheet=request["sheet"],
        encoding=request["encoding"],
        known=_known(request["profiles"]),
        name=request["name"],
        bounds=_bounds(request),
    )


def _bounds(request: dict[str, Any]) -> Bounds:
    return Bounds(cell=request["cell"], lines=MOST_LINES)


def _known(kept: dict[str, Any]) -> Known:
    def known(header: str) -> Profile | None:
        row = kept.get(header)
        return row and Profile(from_dict(row["mapping"]), side=row["side"], kind=row["kind"])

    return known


def _records(opened: Opened, mapping: Mapping | None) -> Iterator[dict[str, Any]]:
    """Yield the file as a head, its records and its rejected rows."""
    loaded = opened.load(mapping)
    yield {
        "head": {
            "format": loaded.format,
            "mapping": asdict(loaded.mapping),
            "rows": loaded.rows,
            "empty": loaded.empty,
            "notes": loaded.notes,
            "duplicate": loaded.duplicate,
            "header": loaded.header,
            "side": loaded.side,
            "kind": loaded.kind,
        },
        "records": len(loaded.records),
    }
    for record in loaded.records:
        yield {"record": asdict(record)}
    for bad in loaded.rejected:
        yield {"rejected": asdict(bad)}


def _preview(request: dict[str, Any]) -> dict[str, Any]:
    from analyzer.preview import Preview, preview

    if request["sheet"] is None:
        sheets = sheets_of(Path(request["path"]), name=request["name"], bounds=_bounds(request))
        if len(sheets) > 1:
            return asdict(Preview("xlsx", sheets))
    roles = request["roles"]
    if roles is not None:
        roles = {int(place): role for place, role in roles.items()}
    return asdict(preview(_opened(request, None), roles))


if __name__ == "__main__":
    limits.answer(work)
