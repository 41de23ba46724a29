"""Analyses made by hand: the parts that a test does not care about get plain values."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from analyzer.types import (
    BroadTheme,
    Comment,
    Dropped,
    Labels,
    Nature,
    Polarity,
    Segment,
    Side,
    SideAnalysis,
    Sign,
    Theme,
    judgement,
)

# A comment's place in the list, its text that is a segment, the number of the theme, the polarity.
Span = tuple[int, str, int, float]


def polarity_of(values: Sequence[float]) -> Polarity:
    """Return the shares of the segments that judge so, and the mean."""
    judged = [judgement(value) for value in values]
    shares = (judged.count(key) / len(judged) for key in ("positive", "neutral", "negative"))
    return Polarity(*shares, mean=sum(values) / len(values))


def sign(name: str = "map", value: float = 0.5, weight: float = 1.0, **rest: object) -> Sign:
    """Return a sign that moves the probability by 10 points."""
    return Sign(name, value, weight, **{"moved": 0.1, "note": "why", **rest})  # type: ignore[arg-type]


def side_analysis(
    side: Side,
    comments: Sequence[Comment],
    spans: Sequence[Span],
    labels: Sequence[str],
    *,
    broad: Sequence[int] = (),
    natures: Mapping[int, Nature] | None = None,
    dropped: Sequence[Dropped] = (),
) -> SideAnalysis:
    """Return one side's result; ``broad`` is the broad theme of each theme, else all are in one.

    Theme ids are e1, e2, ...; those of broad themes be1, be2, ... Counts and polarities are those
    of the segments.
    """
    segments = _segments(comments, spans)
    theme = np.array([number for _, _, number, _ in spans])
    polarity = np.array([value for _, _, _, value in spans], dtype=float)
    held = np.array(broad or [0] * len(labels))
    themes = []
    for number, label in enumerate(labels):
        members = np.flatnonzero(theme == number)
        themes.append(
            Theme(
                id=f"{side[0]}{number + 1}",
                side=side,
                broad=f"b{side[0]}{held[number] + 1}",
                nature=(natures or {}).get(number, "subject"),
                label=label,
                terms=(*label.split(", "), "shift"),
                comments=len({segments[at].comment_id for at in members}),
                segments=len(members),
                polarity=polarity_of(polarity[members].tolist()),
                centroid=np.eye(8, dtype=np.float32)[number],
                exemplars=(int(members[0]),),
                nodes={"node": 0.5},
            )
        )
    return SideAnalysis(
        side=side,
        segments=segments,
        theme=theme,
        confidence=np.linspace(1, 0.4, len(spans)),
        polarity=polarity,
        themes=tuple(themes),
        broad=_broad(side, themes, held, segments, theme, polarity),
        dropped=tuple(dropped),
    )


def _segments(comments: Sequence[Comment], spans: Sequence[Span]) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    for at, text, _, _ in spans:
        comment = comments[at]
        start = comment.text.index(text)
        index = sum(segment.comment_id == comment.id for segment in segments)
        segments.append(Segment(comment.id, index, start, start + len(text), text, "en"))
    return tuple(segments)


def _broad(
    side: Side,
    themes: Sequence[Theme],
    held: Labels,
    segments: Sequence[Segment],
    theme: Labels,
    polarity: np.ndarray,
) -> tuple[BroadTheme, ...]:
    made = []
    for number in range(held.max() + 1):
        members = np.flatnonzero(held[theme] == number)
        below = [themes[at].label for at in np.flatnonzero(held == number)]
        made.append(
            BroadTheme(
                id=f"b{side[0]}{number + 1}",
                side=side,
                label=f"all of {below[0]}",
                terms=tuple(below),
                comments=len({segments[at].comment_id for at in members}),
                segments=len(members),
                polarity=polarity_of(polarity[members].tolist()),
            )
        )
    return tuple(made)


def without_erasure(db: sqlite3.Connection) -> None:
    """Take of a database what m012_erasure made."""
    for trigger in ("gone", "changed"):
        db.execute(f"DROP TRIGGER comment_words_{trigger}")
    db.execute("DROP TABLE comment_words")
    db.execute("DROP VIEW comment_texts")
    db.execute("DROP INDEX comments_respondent")
    db.execute("DROP INDEX IF EXISTS former_respondent")
    for table in ("access_log", "tombstones", "erasures", "files"):
        db.execute(f"DROP TABLE {table}")
    db.execute("ALTER TABLE imports DROP COLUMN aside_gone_at")
    db.execute("DELETE FROM secrets WHERE name = 'access log'")
    db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm012_erasure'")


def make_older(path: Path) -> None:
    """Make of an analysed database one of the schema before levels and polarity (m004)."""
    db = sqlite3.connect(path)
    try:
        db.execute("DROP INDEX themes_broad")
        for column in ("broad_id", "nature", "positive", "neutral", "negative", "mean"):
            db.execute(f"ALTER TABLE themes DROP COLUMN {column}")
        db.execute("ALTER TABLE segments DROP COLUMN polarity")
        db.execute("DROP TABLE broad_themes")
        db.execute("DELETE FROM cube")
        db.execute("DELETE FROM cube_state")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm004_levels_and_polarity'")
        for key, text in db.execute("SELECT rowid, signs FROM pairs").fetchall():
            signs = [{k: v for k, v in row.items() if k != "moved"} for row in json.loads(text)]
            db.execute("UPDATE pairs SET signs = ? WHERE rowid = ?", [json.dumps(signs), key])
        db.commit()
    finally:
        db.close()
