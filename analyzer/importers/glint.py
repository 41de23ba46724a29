"""Viva Glint's raw survey responses: which items have comments, and which are sensitive."""

from __future__ import annotations

from uuid import UUID

from analyzer.importers.plan import Answer
from analyzer.importers.table import Table, loose

_COMMENT, _SENSITIVE = "_comment", "_sensitive_comment_flag"


def answers(table: Table) -> dict[str, Answer]:
    """Return the columns of comments; a column is an item only if its comment stands beside it.

    An item's own column is the score that was given to it, and its header the question, or a UUID.
    """
    by_name = {loose(column): column for column in reversed(table.columns)}
    found = {}
    for column in table.columns:
        item = loose(column).removesuffix(_COMMENT)
        if item == loose(column) or item not in by_name:
            continue
        question = by_name[item]
        found[column] = Answer(
            score=question,
            question=None if _is_uuid(question) else question,
            sensitive=by_name.get(item + _SENSITIVE),
        )
    return found


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
