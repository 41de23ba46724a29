"""Take the analysis of comments away, when their text is no longer what was analysed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def forget_segments(db: Database, comment_ids: Sequence[str]) -> None:
    """Take the analysis of comments away: its offsets belong to the text that was."""
    for table, column in (
        ("closest", "employee_comment_id"),
        ("closest", "customer_comment_id"),
        ("exemplars", "comment_id"),
        ("gathering", "comment_id"),
        ("segments", "comment_id"),
        ("dropped", "comment_id"),
    ):
        db.conn.executemany(
            f"DELETE FROM {table} WHERE {column} = ?", [(key,) for key in comment_ids]
        )
