"""What people decide is checked, written as an event, and shown, in one transaction."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analyzer import edit_log, projection, splitting
from analyzer.database import opened, transaction, translated
from analyzer.edits import Edit, Shown, active
from analyzer.embed import text_hash
from analyzer.errors import BadData, BothsidesError, InputOutput, UsageError
from analyzer.found import ends, pair_values
from analyzer.steps import Key, Merge
from analyzer.types import Theme

Targets = tuple[str, ...]
Made = tuple[Targets, Mapping[str, Any]]
# A segment as exports name it: source id and segment index.
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class By:
    """Who decides, why, and when (ISO 8601)."""

    who: str
    why: str
    at: str


def read_places(path: Path) -> list[Place]:
    """Return the segments that a CSV file names in the columns of ``export segments``.

    Raises:
        InputOutput: the file cannot be read.
        BadData: it is no UTF-8, has no such columns, or an index is no number.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as handle:
            rows = list(csv.DictReader(handle))
    except FileNotFoundError as exc:
        raise InputOutput(f"There is no file {path}.") from exc
    except OSError as exc:
        raise InputOutput(f"{path} cannot be read: {exc.strerror}.") from exc
    except UnicodeDecodeError as exc:
        raise BadData(f"{path} is not in UTF-8. Save it as UTF-8.") from exc
    places = []
    for number, row in enumerate(rows, start=2):
        try:
            places.append((row["source_id"], int(row["segment_index"])))
        except (KeyError, TypeError, ValueError) as exc:
            raise BadData(
                f"{path}, row {number}: it needs the columns source_id and segment_index, as "
                "bothsides export segments writes them."
            ) from exc
    return places


def rename(database: Path, target: str, name: str, by: By) -> Edit:
    """Give a theme or a broad theme a name.

    Raises, as every function of this module:
        UsageError: what is named is not there, or this cannot be done to it.
        BothsidesError: nothing was analysed yet.
        InputOutput, Locked: the database cannot be used.
    """

    def make(db: sqlite3.Connection, view: Shown) -> Made:
        name_ = name.strip()
        if not name_:
            raise UsageError("A name cannot be empty.")
        if target not in {broad.id for broad in view.found.broad}:
            _theme(view, target)
        return (target,), {"name": name_}

    return _record(database, by, "rename", make)


def merge(database: Path, into: str, sources: Sequence[str], by: By) -> Edit:
    """Put the segments of some themes into another of the same side, now and in runs to come."""

    def make(db: sqlite3.Connection, view: Shown) -> Made:
        side = _theme(view, into).side
        for source in sources:
            if _theme(view, source).side != side:
                raise UsageError(f"{source} and {into} are of different sides: pair them instead.")
            if source == into:
                raise UsageError(f"{into} cannot be merged into itself.")
        return (into, *dict.fromkeys(sources)), {}

    return _record(database, by, "merge", make)


def split(
    database: Path,
    theme: str,
    by: By,
    *,
    phrases: Sequence[str] = (),
    places: Sequence[Place] = (),
    name: str = "",
) -> Edit:
    """Make a theme of a part of another.

    The part are the segments that hold one of ``phrases`` (new ones too), those at ``places``, or,
    without either, the smaller of two parts told by the vectors.
    """

    def make(db: sqlite3.Connection, view: Shown) -> Made:
        source = _theme(view, theme)
        rows = _segments(db, theme)
        folded = tuple(phrase.casefold().strip() for phrase in phrases if phrase.strip())
        if folded:
            leaves = [any(phrase in text.casefold() for phrase in folded) for _, _, text in rows]
        elif places:
            wanted = {_found_place(db, source.side, place, None)[0] for place in places}
            leaves = [ref in wanted for ref, _, _ in rows]
        else:
            leaves = _halves(db, rows)
        if all(leaves) or not any(leaves):
            raise UsageError(
                f"{theme} cannot be split like that: {sum(leaves)} of its {len(leaves)} segments "
                "would leave it."
            )
        new = f"{source.side[0]}{edit_log.next_number(db, source.side[0])}"
        edit_log.add_identity(db, new, source.side, None, theme)
        texts = [[text for (_, _, text), its in zip(rows, leaves, strict=True) if its == wanted]
                 for wanted in (True, False)]  # fmt: skip
        terms = splitting.telling(*texts)
        payload: dict[str, Any] = {
            "new": new,
            "label": " ".join(terms[:2]) or f"part of {source.label}",
            "terms": terms,
            "phrases": list(folded),
            "segments": len(texts[0]),
        }
        if name.strip():
            payload["name"] = name.strip()
        if not folded:
            keys = [[key for (_, key, _), its in zip(rows, leaves, strict=True) if its == wanted]
                    for wanted in (True, False)]  # fmt: skip
            payload["moved"], payload["stayed"] = keys
        return (theme,), payload

    return _record(database, by, "split", make)


def move(database: Path, place: Place, theme: str, by: By, kind: str | None = None) -> Edit:
    """Put one segment, as exports name it, into another theme of its side."""

    def make(db: sqlite3.Connection, view: Shown) -> Made:
        side = _theme(view, theme).side
        ref, key = _found_place(db, side, place, kind)
        now = db.execute(
            "SELECT theme_id FROM segments WHERE comment_id = ? AND position = ?", ref
        ).fetchone()[0]
        if now == theme:
            raise UsageError(f"Segment {place[1]} of {place[0]} is in {theme} already.")
        return (theme,), {"comment": key[0], "text": key[1], "source_id": place[0],
                          "segment_index": place[1], "from": now}  # fmt: skip

    return _record(database, by, "move", make)


def hide(database: Path, targets: Sequence[str], by: By) -> Edit:
    """Hide a theme, or a pair named by its two themes, from pages and exports."""

    def make(db: sqlite3.Connection, view: Shown) -> Made:
        if len(targets) == 1:
            _theme(view, targets[0])
            if targets[0] in view.hidden:
                raise UsageError(f"{targets[0]} is hidden already.")
            return (targets[0],), {}
        return _ends(view, targets), {}

    return _record(database, by, "hide", make)


def judge(database: Path, action: str, pair: Sequence[str], by: By) -> Edit:
    """Accept or reject (``action``) a pair, named by its two themes."""

    def make(db: sqlite3.Connection, view: Shown) -> Made:
        named = _ends(view, pair)
        row = next(row for row in view.found.pairs if ends(row) == named)
        if row.status == f"{action}ed":
            raise UsageError(f"The pair {named[0]}, {named[1]} is {row.status} already.")
        return named, {"pair": pair_values(row)}

    return _record(database, by, action, make)


def note(database: Path, targets: Sequence[str], text: str, by: By) -> Edit:
    """Write something down about themes; it changes nothing that is shown."""

    def make(db: sqlite3.Connection, view: Shown) -> Made:
        if not text.strip():
            raise UsageError("A note cannot be empty.")
        for target in targets:
            _theme(view, target)
        return tuple(targets), {"text": text.strip()}

    return _record(database, by, "note", make)


def undo(database: Path, number: int, by: By) -> Edit:
    """Take an event back; to undo an undoing brings it back."""
    with _writing(database) as db:
        known = {edit.id: edit for edit in edit_log.read(db)}
        target = known.get(number)
        if target is None:
            raise UsageError(f"There is no edit {number}. bothsides history lists them.")
        if target.undone_by is not None:
            raise UsageError(f"Edit {number} was undone already, by edit {target.undone_by}.")
        of = f"{target.action} {' '.join(target.targets)}"
        made = edit_log.add(
            db, at=by.at, who=by.who, action="undo", targets=[str(number)], payload={"of": of},
            why=by.why,
        )  # fmt: skip
        edit_log.set_undone(db, number, made)
        if target.action == "undo":
            edit_log.set_undone(db, int(target.targets[0]), None)
        projection.project(db)
        return next(edit for edit in edit_log.read(db) if edit.id == made)


@contextmanager
def _writing(database: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on a database that was analysed; gives its connection."""
    with translated(database), opened(database, create=False) as db, transaction(db):
        if projection.read_found(db.conn) is None:
            raise BothsidesError(f"{database} has no themes to edit yet. Run: bothsides analyze")
        yield db.conn


def _record(
    database: Path, by: By, action: str, make: Callable[[sqlite3.Connection, Shown], Made]
) -> Edit:
    with _writing(database) as db:
        view = projection.shown(db)
        targets, payload = make(db, view)
        labels = {theme.id: theme.label for theme in view.found.themes}
        labels.update((broad.id, broad.label) for broad in view.found.broad)
        payload = {**payload, "labels": [labels[target] for target in targets]}
        made = edit_log.add(
            db, at=by.at, who=by.who, action=action, targets=targets, payload=payload, why=by.why
        )
        projection.project(db)
        return next(edit for edit in active(edit_log.read(db)) if edit.id == made)


def _theme(view: Shown, theme_id: str) -> Theme:
    for theme in view.found.themes:
        if theme.id == theme_id:
            return theme
    for step in view.steps:
        if isinstance(step, Merge) and step.source == theme_id:
            raise UsageError(
                f"{theme_id} was merged into {step.into}: name that, or undo the merge (bothsides "
                "history has its number)."
            )
    raise UsageError(f"There is no theme {theme_id}. bothsides export themes lists them.")


def _ends(view: Shown, pair: Sequence[str]) -> tuple[str, str]:
    sides = [_theme(view, theme).side for theme in pair]
    named = (pair[0], pair[1]) if sides[0] == "employee" else (pair[1], pair[0])
    if named not in {ends(row) for row in view.found.pairs}:
        raise UsageError(
            f"{named[0]} and {named[1]} are no pair. bothsides export pairs lists them."
        )
    return named


def _segments(db: sqlite3.Connection, theme: str) -> list[tuple[tuple[str, int], Key, str]]:
    """Return the segments shown in a theme: where they are, as events name them, their text."""
    rows = db.execute(
        "SELECT s.comment_id, s.position, "
        "substr(c.text, s.start_at + 1, s.end_at - s.start_at) FROM segments s "
        "JOIN comments c ON c.id = s.comment_id WHERE s.theme_id = ? ORDER BY 1, 2",
        [theme],
    )
    return [((row[0], row[1]), (row[0], text_hash(row[2]).hex()), row[2]) for row in rows]


def _halves(db: sqlite3.Connection, rows: Sequence[tuple[Any, Key, str]]) -> list[bool]:
    run = db.execute("SELECT fingerprint FROM runs ORDER BY id DESC LIMIT 1").fetchone()[0]
    found = [
        db.execute(
            "SELECT vector FROM embeddings WHERE fingerprint = ? AND text_hash = ?",
            [run, bytes.fromhex(key[1])],
        ).fetchone()
        for _, key, _ in rows
    ]
    if None in found:
        raise UsageError("The vectors of this theme are not there: name a phrase to split it by.")
    vectors = np.array([np.frombuffer(row[0], dtype="<f4") for row in found])
    return [bool(its) for its in splitting.halves(vectors)]


def _found_place(
    db: sqlite3.Connection, side: str, place: Place, kind: str | None
) -> tuple[tuple[str, int], Key]:
    """Return a segment by the names that exports give it: where it is, and its key."""
    rows = db.execute(
        "SELECT c.kind, s.comment_id, s.position, "
        "substr(c.text, s.start_at + 1, s.end_at - s.start_at) "
        "FROM segments s JOIN comments c ON c.id = s.comment_id "
        "WHERE c.side = ?1 AND c.source_id = ?2 AND (?3 IS NULL OR c.kind = ?3) "
        "ORDER BY c.kind, c.column_name, c.id, s.position",
        [side, place[0], kind],
    ).fetchall()
    kinds = sorted({row[0] for row in rows})
    if len(kinds) > 1:
        raise UsageError(f"{place[0]} is an id of several kinds: say which, --kind {kinds[0]}.")
    if not 0 <= place[1] < len(rows):
        raise UsageError(
            f"There is no segment {place[1]} of {place[0]} among the {side} comments. "
            "bothsides export segments lists them."
        )
    _, comment, position, text = rows[place[1]]
    return (comment, position), (comment, text_hash(text).hex())
