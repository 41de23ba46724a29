"""JSON and JSON Lines -> Table. Numbers keep the digits they have in the file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from analyzer.errors import BadData
from analyzer.importers import intercom
from analyzer.importers.bounds import MEGABYTE, deeper_than, lines
from analyzer.importers.json_stream import DECODER, parts
from analyzer.importers.source import Source
from analyzer.importers.table import Row, Table
from analyzer.importers.text_files import codec_of, opened

_WANTED = "A list of objects, or one object a line, can be read."
_TOO_DEEP = "is nested too deeply"
_Item = tuple[int, Any, str | None]
_Items = Callable[[], Iterator[_Item]]


def read_json(source: Source) -> Table:
    """Return the table of a JSON document; JSON Lines are recognised.

    The objects may be a list, the only such list in an object, or an object's values (by id).

    Raises:
        BadData: it is empty, cannot be decoded, is not JSON or holds no objects.
        UsageError: there is no encoding of the name given.

    """
    codec, encoding = codec_of(source)
    try:
        items, more = _document(source, codec)
    except json.JSONDecodeError as exc:
        first = next(_lines(source, codec), None)
        if first is None or not isinstance(first[1], dict):
            raise BadData(
                f"{source.name} is not JSON: {exc.msg} at line {exc.lineno}. {_WANTED}"
            ) from exc
        items, more = partial(_lines, source, codec), ("Read as JSON Lines: one object a line.",)
    except RecursionError as exc:
        raise BadData(f"{source.name} {_TOO_DEEP}. {_WANTED}") from exc
    except OverflowError as exc:
        raise BadData(
            f"{source.name} holds one value of more than {source.bounds.line // MEGABYTE} million "
            f"characters. {_WANTED}"
        ) from exc
    return _table(items, (encoding, *more))


def read_lines(source: Source) -> Table:
    """Return the table of JSON Lines; a bad line is kept aside. A JSON document is recognised.

    Raises:
        BadData: it is empty, cannot be decoded or holds no objects.
        UsageError: there is no encoding of the name given.

    """
    codec, encoding = codec_of(source)
    items: _Items = partial(_lines, source, codec)
    objects, lines, single = 0, 0, None
    for _, item, _ in items():
        lines += 1
        objects += isinstance(item, dict)
        single = item
    # A single line may also be a whole document: {"reviews": [...]} has no cell of its own.
    if objects and (lines > 1 or _has_cells(single)):
        return _table(items, (encoding,))
    return read_json(source)


def _lines(source: Source, codec: str) -> Iterator[_Item]:
    with opened(source, codec) as text:
        for number, line in enumerate(lines(text, source.bounds.line), start=1):
            if line is None:
                yield number, None, "is too long"
            elif line.strip():
                yield number, *_decoded(line, source.bounds.depth)


def _decoded(line: str, depth: int) -> tuple[Any, str | None]:
    """Return what a line holds, or why it cannot be read."""
    try:
        item = DECODER.decode(line)
    except json.JSONDecodeError as exc:
        return None, f"is not JSON: {exc.msg}"
    except RecursionError:
        return None, _TOO_DEEP
    if isinstance(item, dict | list) and deeper_than(item, depth):
        return None, _TOO_DEEP
    return item, None


@dataclass
class _Found:
    """What a document holds: its lists, with whether there is an object in them, and the rest."""

    lists: dict[str | None, bool] = field(default_factory=dict)
    objects: int = 0
    others: int = 0
    notes: tuple[str, ...] = ()


def _document(source: Source, codec: str) -> tuple[_Items, tuple[str, ...]]:
    """Return what goes through the document's objects, and sentences. Raises JSONDecodeError."""
    found = _survey(source, codec)
    full = [key for key, has_object in found.lists.items() if has_object]
    if len(full) > 1:
        raise BadData(
            f"{source.name} holds several lists of objects: {', '.join(map(str, full))}. "
            "Save the one that holds the comments as a file of its own."
        )
    if full:
        return partial(_elements, source, codec, full[0]), found.notes
    if found.objects and not found.lists and not found.others:
        return partial(_keyed, source, codec), found.notes
    with opened(source, codec) as text:
        whole = DECODER.decode(text.read())
    if isinstance(whole, dict) and _has_cells(whole):
        return lambda: iter([(1, whole, None)]), found.notes
    if whole == [] or (isinstance(whole, dict) and found.lists):
        return lambda: iter(()), found.notes
    raise BadData(f"{source.name} holds no objects. {_WANTED}")


def _survey(source: Source, codec: str) -> _Found:
    found = _Found()
    with opened(source, codec) as text:
        for part in parts(text, source.bounds):
            is_object = isinstance(part.value, dict)
            if part.index is not None or part.value == []:
                found.lists[part.key] = found.lists.get(part.key, False) or is_object
            elif is_object and part.key is not None:
                found.objects += 1
            else:
                found.others += 1
            if part.key == "links" and is_object and part.value.get("next"):
                found.notes = ("It says that there is a next page: import that, too.",)
    return found


def _elements(source: Source, codec: str, key: str | None) -> Iterator[_Item]:
    with opened(source, codec) as text:
        for part in parts(text, source.bounds):
            if part.key == key and part.index is not None:
                yield part.index, part.value, None


def _keyed(source: Source, codec: str) -> Iterator[_Item]:
    with opened(source, codec) as text:
        for number, part in enumerate(parts(text, source.bounds), start=1):
            yield number, {"id": part.key, **part.value}, None


@dataclass(frozen=True, slots=True)
class _Rows:
    """The objects as rows; each time they are gone through, the file is read again."""

    items: _Items
    columns: tuple[str, ...]

    def __iter__(self) -> Iterator[Row]:
        blank = dict.fromkeys(self.columns, "")
        for number, item, problem in self.items():
            cells, problem = _read(item, problem, Counter())
            yield Row(number, None if cells is None else {**blank, **cells}, problem)


def _table(items: _Items, notes: tuple[str, ...]) -> Table:
    columns: dict[str, None] = {}
    left_out: Counter[str] = Counter()
    for _, item, problem in items():
        columns.update(dict.fromkeys(_read(item, problem, left_out)[0] or ()))
    lists = [name for name in left_out if name not in intercom.LEFT_OUT]
    if lists:
        notes = (*notes, f"Lists of objects inside an object are not read: {', '.join(lists)}.")
    notes = (*notes, *intercom.notes(left_out))
    return Table(tuple(columns), _Rows(items, tuple(columns)), notes)


def _read(
    item: Any, problem: str | None, left_out: Counter[str]
) -> tuple[dict[str, str] | None, str | None]:
    """Return the cells of an object, or why there are none; count what is left out of it."""
    if problem is not None or not isinstance(item, dict):
        return None, problem or "is not an object"
    if intercom.is_conversation(item):
        item = intercom.customers_words(item, left_out)
    try:
        return _flat(item, left_out), None
    except RecursionError:
        return None, _TOO_DEEP


def _has_cells(item: object) -> bool:
    cells, _ = _read(item, None, Counter())
    return any((cells or {}).values())


def _flat(item: dict[str, Any], left_out: Counter[str], prefix: str = "") -> dict[str, str]:
    cells: dict[str, str] = {}
    for key, value in item.items():
        name = prefix + key
        if isinstance(value, dict):
            cells.update(_flat(value, left_out, f"{name}."))
        elif not isinstance(value, list):
            cells[name] = _cell(value)
        elif any(isinstance(part, (dict, list)) for part in value):
            left_out[name] += 1
        else:
            cells[name] = ", ".join(_cell(part) for part in value if part is not None)
    return cells


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
