"""What stands in the database before a run, as ``identity`` wants it."""

from __future__ import annotations

import json
import sqlite3

import numpy as np

from analyzer import edit_log, edits
from analyzer.found import NOTHING
from analyzer.identity import Span, Standing
from analyzer.projection import read_found, shown, singly
from analyzer.types import SIDES, BroadTheme, Polarity, Side, Theme


def read(db: sqlite3.Connection, fingerprint: str) -> dict[Side, Standing]:
    """Return each side as it stands; a database that was never analysed has nothing standing.

    ``fingerprint`` is that of the run to come: centroids of another model cannot be compared.
    """
    found = read_found(db)
    if found is None:
        return {side: _of_tables(db, side, fingerprint) for side in SIDES}
    view = shown(db)
    # A theme that only an edit made is known again by its segments; it need not be held.
    names = edits.named_by(edit_log.read(db)) & {theme.id for theme in found.themes}
    split = {row.id: row for row in view.found.themes if row.id not in view.own_labels}
    themes = {**{theme.id: theme for theme in found.themes}, **split}
    theme_of = _theme_of(db, view, [theme.id for theme in found.themes])
    return {
        side: Standing(
            theme_of=theme_of[side],
            themes={key: theme for key, theme in themes.items() if theme.side == side},
            broad={broad.id: broad for broad in found.broad if broad.side == side},
            held=frozenset(key for key in names if themes[key].side == side),
            next_theme=edit_log.next_number(db, side[0]),
            next_broad=edit_log.next_number(db, f"{side[0]}b"),
            same_space=_fingerprint(db) == fingerprint,
        )
        for side in SIDES
    }


def _fingerprint(db: sqlite3.Connection) -> str | None:
    row = db.execute("SELECT fingerprint FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    return row[0] if row else None


def _of_tables(db: sqlite3.Connection, side: Side, fingerprint: str) -> Standing:
    """Return a side that a version analysed which did not keep yet what it found, or nobody."""
    unknown = Polarity(0.0, 1.0, 0.0, 0.0)
    themes = {
        key: Theme(
            key, side, broad or "", nature or "subject", label, tuple(json.loads(terms)), comments,
            segments, unknown, np.frombuffer(centroid, dtype="<f4"), (),
        )
        for key, broad, nature, label, terms, comments, segments, centroid in db.execute(
            "SELECT id, broad_id, nature, label, terms, comments, segments, centroid FROM themes "
            "WHERE side = ?", [side],
        )
    }  # fmt: skip
    broad = {
        key: BroadTheme(key, side, label, (), 0, 0, unknown)
        for key, label in db.execute("SELECT id, label FROM broad_themes WHERE side = ?", [side])
    }
    return Standing(
        theme_of=_theme_of(db, edits.apply(NOTHING, (), {}), [])[side],
        themes=themes,
        broad=broad,
        next_theme=edit_log.next_number(db, side[0]),
        next_broad=edit_log.next_number(db, f"{side[0]}b"),
        same_space=_fingerprint(db) == fingerprint,
    )


def _theme_of(
    db: sqlite3.Connection, view: edits.Shown, themes: list[str]
) -> dict[Side, dict[Span, str]]:
    """Return the theme of each segment after people's splits and moves, before their merges."""
    changed = dict(singly(db, view.steps, themes, merges=False))
    result: dict[Side, dict[Span, str]] = {side: {} for side in SIDES}
    rows = db.execute(
        "SELECT c.side, s.comment_id, s.position, s.start_at, s.end_at, s.found_theme_id "
        "FROM segments s JOIN comments c ON c.id = s.comment_id"
    )
    for side, comment, position, start, end, theme in rows:
        result[side][comment, start, end] = changed.get((comment, position), theme)
    return result
