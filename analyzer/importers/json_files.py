"""JSON and JSON Lines -> Table. Numbers keep the digits they have in the file."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from analyzer.errors import BadData
from analyzer.importers.source import Source
from analyzer.importers.table import Row, Table
from analyzer.importers.text_files import decode

_WANTED = "A list of objects, or one object a line, can be read."
# Digits stay text, so that an id of 20 digits and a rating of 4.0 come back as they were written.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=lambda _: None)
_Item = tuple[int, Any, str | None]


def read_json(source: Source) -> Table:
    """Return the table of a JSON document; JSON Lines are recognised.

    The objects may be a list, the only such list in an object, or an object's values (by id).

    Raises:
        BadData: it is empty, cannot be decoded, is not JSON or holds no objects.
        UsageError: there is no encoding of the name given.

    """
    text, encoding = decode(source)
    try:
        document = _DECODER.decode(text)
    except json.JSONDecodeError as exc:
        lines = list(_lines(text))
        if not isinstance(lines[0][1], dict):
            raise BadData(
                f"{source.name} is not JSON: {exc.msg} at line {exc.lineno}. {_WANTED}"
            ) from exc
        return _table(lines, (encoding, "Read as JSON Lines: one object a line."))
    except RecursionError as exc:
        raise BadData(f"{source.name} is nested too deeply. {_WANTED}") from exc
    return _table(_objects(source, document), (encoding,))


def read_lines(source: Source) -> Table:
    """Return the table of JSON Lines; a bad line is kept aside. A JSON document is recognised.

    Raises:
        BadData: it is empty, cannot be decoded or holds no objects.
        UsageError: there is no encoding of the name given.

    """
    text, encoding = decode(source)
    lines = list(_lines(text))
    one = len(lines) == 1
    # A single line may also be a whole document: {"reviews": [...]} has no cell of its own.
    if any(isinstance(item, dict) and (not one or _flat(item, [])) for _, item, _ in lines):
        return _table(lines, (encoding,))
    return read_json(source)


def _lines(text: str) -> Iterator[_Item]:
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        if not line.strip():
            continue
        try:
            item = _DECODER.decode(line)
        except json.JSONDecodeError as exc:
            yield number, None, f"is not JSON: {exc.msg}"
        except RecursionError:
            yield number, None, "is nested too deeply"
        else:
            yield number, item, None


def _objects(source: Source, document: object) -> Iterable[_Item]:
    if isinstance(document, dict):
        lists = {key: value for key, value in document.items() if isinstance(value, list)}
        full = [key for key, value in lists.items() if any(isinstance(v, dict) for v in value)]
        if len(full) > 1:
            raise BadData(
                f"{source.name} holds several lists of objects: {', '.join(full)}. "
                "Save the one that holds the comments as a file of its own."
            )
        if full:
            document = lists[full[0]]
        elif document and all(isinstance(value, dict) for value in document.values()):
            document = [{"id": key, **value} for key, value in document.items()]
        elif any(_flat(document, []).values()):
            document = [document]
        elif lists:
            document = []
    if not isinstance(document, list) or (
        document and not any(isinstance(item, dict) for item in document)
    ):
        raise BadData(f"{source.name} holds no objects. {_WANTED}")
    return [(number, item, None) for number, item in enumerate(document, start=1)]


def _table(items: Iterable[_Item], notes: tuple[str, ...]) -> Table:
    columns: dict[str, None] = {}
    skipped: list[str] = []
    flat: list[tuple[int, dict[str, str] | None, str | None]] = []
    for number, item, problem in items:
        if isinstance(item, dict):
            cells = _flat(item, skipped)
            columns.update(dict.fromkeys(cells))
            flat.append((number, cells, None))
        else:
            flat.append((number, None, problem or "is not an object"))
    if skipped:
        names = ", ".join(dict.fromkeys(skipped))
        notes = (*notes, f"Lists of objects inside an object are not read: {names}.")
    blank = dict.fromkeys(columns, "")
    rows = (
        Row(number, None if cells is None else {**blank, **cells}, problem)
        for number, cells, problem in flat
    )
    return Table(tuple(columns), rows, notes)


def _flat(item: dict[str, Any], skipped: list[str], prefix: str = "") -> dict[str, str]:
    cells: dict[str, str] = {}
    for key, value in item.items():
        name = prefix + key
        if isinstance(value, dict):
            cells.update(_flat(value, skipped, f"{name}."))
        elif not isinstance(value, list):
            cells[name] = _cell(value)
        elif any(isinstance(part, (dict, list)) for part in value):
            skipped.append(name)
        else:
            cells[name] = ", ".join(_cell(part) for part in value if part is not None)
    return cells


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
