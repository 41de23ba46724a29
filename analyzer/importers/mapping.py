"""Which column holds what: said by ``--map``, by a profile, or guessed by name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzer.errors import BadData, InputOutput, Misconfigured, UsageError
from analyzer.importers import synonyms
from analyzer.importers.personal import AMBIGUOUS, is_personal
from analyzer.importers.table import loose
from analyzer.types import KINDS, Side

REPEATED = ("text", "attr")
ONCE = ("id", "date", "unit", "score", "respondent")
KEYS = ("text", *ONCE, "attr")
OPTIONS = ("sheet", "encoding", "side", "kind")
_ESCAPED = re.compile(r"\\([,=\\])")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Column names. Each ``text`` column makes its own comment; ``attr`` columns describe it."""

    text: tuple[str, ...]
    id: str | None = None
    date: str | None = None
    unit: str | None = None
    score: str | None = None
    respondent: str | None = None
    attr: tuple[str, ...] = ()

    def columns(self) -> tuple[str, ...]:
        """Return every column named, in the order of the keys."""
        return tuple(column for _, column in self.pairs())

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return (key, column) for every column named, in the order of the keys."""
        once = ((key, getattr(self, key)) for key in ONCE)
        return (
            *(("text", column) for column in self.text),
            *((key, column) for key, column in once if column is not None),
            *(("attr", column) for column in self.attr),
        )

    def __str__(self) -> str:
        """Return it as ``--map`` writes it, for a person."""
        return ", ".join(f"{key}={column}" for key, column in self.pairs())


@dataclass(frozen=True, slots=True)
class Profile:
    """How files with a certain header are read: kept in a TOML file, or in the database.

    ``mapping`` is None where nobody named columns and only the side and the kind are known.
    """

    mapping: Mapping | None = None
    sheet: str | None = None
    encoding: str | None = None
    side: Side | None = None
    kind: str | None = None


def from_dict(named: dict[str, Any] | None) -> Mapping | None:
    """Return the mapping that ``dataclasses.asdict`` made this of, and None of None."""
    if named is None:
        return None
    return Mapping(**{**named, **{key: tuple(named[key]) for key in REPEATED}})


def by_place(roles: dict[int, str], columns: Sequence[str]) -> Mapping:
    """Return the mapping that says what columns hold, by their places from 0.

    What is no key (a column that is not read) and no column is left out.

    Raises:
        UsageError: no column holds text, or two hold what only one can.

    """
    named: dict[str, list[str]] = {key: [] for key in KEYS}
    for place, role in sorted(roles.items()):
        if role in named and place < len(columns):
            named[role].append(columns[place])
    if not named["text"]:
        raise UsageError("Choose the column that holds the comments.")
    for key in ONCE:
        if len(named[key]) > 1:
            raise UsageError(f"Two columns are chosen as {key}: only one can be.")
    once = {key: named[key][0] for key in ONCE if named[key]}
    return Mapping(text=tuple(named["text"]), attr=tuple(named["attr"]), **once)


def roles_of(mapping: Mapping) -> dict[str, str]:
    """Return the first key under which each column of a mapping is named."""
    found: dict[str, str] = {}
    for key, column in mapping.pairs():
        found.setdefault(column, key)
    return found


def parse_map(text: str) -> Mapping:
    r"""Read ``text=pros,text=cons,id=review_id``; ``\,`` and ``\=`` stand for themselves in a name.

    Raises:
        UsageError: a key is unknown, given twice or has no column, or there is no ``text``.

    """
    named: dict[str, list[str]] = {key: [] for key in KEYS}
    for part in re.split(r"(?<!\\),", text):
        key, equals, column = (piece.strip() for piece in part.partition("="))
        if key not in KEYS:
            raise UsageError(f"--map has no key {key!r}. Keys: {', '.join(KEYS)}.")
        if not equals or not column:
            raise UsageError(f"--map names no column for {key!r}. Write {key}=COLUMN.")
        named[key].append(_ESCAPED.sub(r"\1", column))
    for key in ONCE:
        if len(named[key]) > 1:
            raise UsageError(f"--map names {key!r} twice. Only text and attr may be repeated.")
    if not named["text"]:
        raise UsageError("--map names no column for 'text'. Write text=COLUMN.")
    once = {key: named[key][0] for key in ONCE if named[key]}
    return Mapping(text=_distinct(named["text"]), attr=_distinct(named["attr"]), **once)


def read_profile(path: Path) -> Profile:
    """Read a TOML profile: the keys of ``--map``, and optionally those of OPTIONS.

    Raises:
        InputOutput: the file is missing or cannot be read.
        Misconfigured: it is not TOML, or a key or a value is wrong.

    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise InputOutput(f"There is no profile {path}.") from exc
    except OSError as exc:
        raise InputOutput(f"The profile {path} cannot be read: {exc.strerror}.") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise Misconfigured(f"The profile {path} is not TOML: {exc}.") from exc
    known = (*KEYS, *OPTIONS)
    for key in values:
        if key not in known:
            raise Misconfigured(f"The profile {path} has no key {key!r}. Keys: {', '.join(known)}.")
    once = {key: _one(path, key, values[key]) for key in ONCE if key in values}
    if "text" not in values:
        raise Misconfigured(f'The profile {path} names no column for text. Add text = "COLUMN".')
    text, attr = (_several(path, key, values.get(key, [])) for key in REPEATED)
    if not text:
        raise Misconfigured(f"The profile {path}: 'text' must name at least one column.")
    rest: dict[str, Any] = {key: _one(path, key, values[key]) for key in OPTIONS if key in values}
    _check_side(path, rest.get("side"), rest.get("kind"))
    return Profile(Mapping(text=text, attr=attr, **once), **rest)


def _check_side(path: Path, side: str | None, kind: str | None) -> None:
    if side is not None and side not in KINDS:
        raise Misconfigured(f"The profile {path}: 'side' must be one of: {', '.join(KINDS)}.")
    kinds = [k for s, found in KINDS.items() if side in (None, s) for k in found]
    if kind is not None and kind not in kinds:
        raise Misconfigured(f"The profile {path}: 'kind' must be one of: {', '.join(kinds)}.")


def resolve(mapping: Mapping, columns: Sequence[str], file: str) -> Mapping:
    """Return the mapping with each name as the file spells it; case and spaces do not count.

    Raises:
        BadData: a column that the mapping names is not there.
        UsageError: it is personal, which only the ``respondent`` may be, since that is hashed.

    """
    by_name = {loose(column): column for column in reversed(columns)}

    def find(name: str) -> str:
        if name in columns:
            return name
        if (column := by_name.get(loose(name))) is None:
            raise BadData(
                f"{file} has no column {name!r}. It has: {listed(columns)}. "
                "Name another one with --map."
            )
        return column

    once = {key: find(name) for key in ONCE if (name := getattr(mapping, key)) is not None}
    found = Mapping(
        text=_distinct(find(name) for name in mapping.text),
        attr=_distinct(find(name) for name in mapping.attr),
        **once,
    )
    _refuse_personal(found, file)
    return found


def _refuse_personal(mapping: Mapping, file: str) -> None:
    for key, column in mapping.pairs():
        # "name" may be that of a place, or of a record.
        may_be = key in ("unit", "id") and synonyms.fold(column) in AMBIGUOUS
        if key != "respondent" and is_personal(column) and not may_be:
            raise UsageError(
                f"{file}: the column {listed([column])} holds personal data, which is never read. "
                f"Leave out {key}=, or name the column as respondent=, which is stored as a hash."
            )


def guess(columns: Sequence[str], file: str) -> tuple[Mapping, tuple[str, ...]]:
    """Choose columns by their names alone; personal columns are never taken.

    Returns:
        The mapping, and sentences that say what was chosen and what was left.

    Raises:
        BadData: no column looks like free text.

    """
    free = [column for column in columns if not is_personal(column)]
    folded = {synonyms.fold(column): column for column in reversed(free)}
    personal = tuple(column for column in columns if is_personal(column))
    text = _guess_text(folded)
    if not text:
        raise BadData(
            f"{file} has no column that looks like free text. It has: {listed(columns)}. "
            "Name one with --map text=COLUMN."
        )
    once = {
        key: folded[next(name for name in names if name in folded)]
        for key, names in synonyms.SINGLE.items()
        if any(name in folded for name in names)
    }
    attr = tuple(column for column in free if synonyms.fold(column) in synonyms.ATTR)
    mapping = Mapping(text=text, attr=attr, **once)
    notes = [f"Columns chosen by name: {mapping}."]
    others = tuple(
        column
        for column in free
        if synonyms.fold(column) in synonyms.TEXT and column not in mapping.columns()
    )
    if others:
        notes.append(f"Also free text by name, not read: {listed(others)}. Add them with --map.")
    if personal:
        notes.append(f"Personal, not read: {listed(personal)}.")
    return mapping, tuple(notes)


def _guess_text(folded: dict[str, str]) -> tuple[str, ...]:
    for pair in synonyms.TEXT_PAIRS:
        if all(name in folded for name in pair):
            return tuple(folded[name] for name in pair)
    return tuple(folded[name] for name in synonyms.TEXT if name in folded)[:1]


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


# A header of more words or letters may be somebody's comment.
NAME_WORDS = 3
NAME_LETTERS = 40


def listed(columns: Sequence[str]) -> str:
    """Return names of columns for a message, without those that may be somebody's words."""
    # A file without a header has a comment in its place, which no message may quote. The names of
    # columns are short, and questions of surveys are told by their number.
    short = [
        name
        if len(name.split()) <= NAME_WORDS and len(name) <= NAME_LETTERS
        else f"(column {number})"
        for number, name in enumerate(columns[:30], 1)
    ]
    more = len(columns) - len(short)
    return ", ".join(short) + (f" and {more} more" if more else "")


def _one(path: Path, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Misconfigured(f'The profile {path}: {key!r} must be text, such as {key} = "name".')
    return value


def _several(path: Path, key: str, value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return _distinct(_one(path, key, item) for item in values)
