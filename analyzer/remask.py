"""Mask again what is stored, when more is known of what to mask: a new version, a longer roster.

The text that was there is overwritten, also where it is kept as a former one: it must not be read
again. Whatever else a comment says stays, and so does the import that it belongs to.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from analyzer import vectors
from analyzer.database import opened, transaction, translated
from analyzer.stale import forget_segments
from analyzer.types import Comment

if TYPE_CHECKING:
    from sqlite_utils import Database

# What may hold personal data, and the language, which is told by the text.
_MASKED = "text, language, unit, attributes"


class Masks(Protocol):
    """What masks: see :class:`analyzer.redaction.Redactor`."""

    def text(self, text: str) -> str:
        """Return a comment's text, masked."""

    def label(self, value: str) -> str:
        """Return a unit or an attribute's value, masked."""


def attributes_masked(attributes: dict[str, str], masks: Masks) -> dict[str, str]:
    """Return attributes with their values masked."""
    return {name: masks.label(value) for name, value in attributes.items()}


def is_masked_anew(stored: Sequence[Any], now: Comment, masks: Masks) -> bool:
    """Tell whether a stored comment differs from ``now`` only by what is masked in it.

    ``stored`` is its row: id, side, kind, source_id, column, text, language, date, unit, score,
    respondent, attributes (JSON).
    """
    text, unit, attributes = stored[5], stored[8], json.loads(stored[11])
    return (
        (stored[7], stored[9], stored[10]) == (now.date, now.score, now.respondent)
        and (text == now.text or masks.text(text) == now.text)
        and (stored[6] == now.language or text != now.text)
        and (unit == now.unit or (unit is not None and masks.label(unit) == now.unit))
        and attributes_masked(attributes, masks) == dict(now.attributes)
    )


def mask_anew(db: Database, comments: Sequence[Comment], masks: Masks) -> None:
    """Put these comments in the place of what is stored of them, and mask their former values.

    Part of the caller's transaction.
    """
    db.execute("PRAGMA secure_delete = ON")
    db.conn.executemany(
        f"UPDATE comments SET ({_MASKED}) = (?, ?, ?, ?) WHERE id = ?",
        [(c.text, c.language, c.unit, _json(dict(c.attributes)), c.id) for c in comments],
    )
    for comment in comments:
        _mask_former(db, masks, "WHERE comment_id = ?", [comment.id])
    forget_segments(db, [comment.id for comment in comments])


def _mask_former(db: Database, masks: Masks, where: str, values: Sequence[str]) -> None:
    rows = db.execute(
        f"SELECT comment_id, import_id, text, unit, attributes FROM former {where}", list(values)
    ).fetchall()
    changed = []
    for key, number, *stored in rows:
        masked = _masked(stored, masks)
        if masked != stored:
            changed.append((*masked, key, number))
    db.conn.executemany(
        "UPDATE former SET (text, unit, attributes) = (?, ?, ?) "
        "WHERE comment_id = ? AND import_id = ?",
        changed,
    )


def _masked(stored: Sequence[Any], masks: Masks) -> list[Any]:
    text, unit, attributes = stored
    return [
        masks.text(text),
        None if unit is None else masks.label(unit),
        _json(attributes_masked(json.loads(attributes), masks)),
    ]


def _json(attributes: dict[str, str]) -> str:
    return json.dumps(attributes, ensure_ascii=False, sort_keys=True)


def mask_all(database: Path, masks: Masks, *, dry_run: bool = False) -> tuple[int, int]:
    """Mask every comment of a database again; return how many there are and how many changed.

    One transaction. Their segments go, and with them the vectors that nothing uses any more; the
    next analysis reads them again.

    Raises:
        InputOutput, Locked: the database cannot be used.
    """
    with translated(database), opened(database, create=False) as db:
        db.execute("PRAGMA secure_delete = ON")
        with transaction(db):
            rows = db.execute("SELECT id, text, unit, attributes FROM comments").fetchall()
            changed = []
            for key, *stored in rows:
                masked = _masked(stored, masks)
                if masked != stored:
                    changed.append((*masked, key))
            if changed and not dry_run:
                db.conn.executemany(
                    "UPDATE comments SET (text, unit, attributes) = (?, ?, ?) WHERE id = ?", changed
                )
                forget_segments(db, [row[-1] for row in changed])
                db.execute(
                    "UPDATE imports SET masked_anew = masked_anew + ? "
                    "WHERE id = (SELECT max(id) FROM imports)",
                    [len(changed)],
                )
            if not dry_run:
                _mask_former(db, masks, "", [])
                if changed:
                    vectors.sweep(db)
    return len(rows), len(changed)
