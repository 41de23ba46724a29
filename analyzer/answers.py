"""The answers of a file -> comments: normalised, masked, their language told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analyzer import clean, gate, language
from analyzer.arrivals import comment_id
from analyzer.importers import Loaded
from analyzer.redaction import Redactor
from analyzer.remask import attributes_masked
from analyzer.types import Comment, Progress, Record, Side
from analyzer.words import MASK_PATTERN

DETECT_BATCH = 2000
_MASK = re.compile(MASK_PATTERN)


@dataclass(frozen=True)
class Answers:
    """A file's comments, each once; of several with one id the last stays.

    ``raw`` are their texts before anything was masked, by the comments' ids.
    """

    comments: Sequence[Comment]
    raw: Mapping[str, str]
    duplicate: int
    blank: int
    notes: Sequence[str]


def answers_of(
    loaded: Loaded,
    side: Side,
    kind: str,
    key: bytes,
    redactor: Redactor,
    progress: Progress,
) -> Answers:
    """Return a file's answers as comments: normalised, masked, their language told.

    ``key`` hashes respondents.
    """
    texts = []
    for at, record in enumerate(loaded.records):
        if at % DETECT_BATCH == 0:
            progress("mask", at, len(loaded.records))
        texts.append(redactor.text(clean.normalise(record.text)))
    progress("mask", len(texts), len(texts))
    # A mask is a word of ours, and says nothing of the writer's language.
    bare = [_MASK.sub(" ", text) for text in texts]
    languages: list[str | None] = []
    for start in range(0, len(texts), DETECT_BATCH):
        progress("read", start, len(texts))
        languages += language.detect(bare[start : start + DETECT_BATCH])
    progress("read", len(texts), len(texts))
    id_column = loaded.mapping.id or "row"
    found = [
        (_comment(record, side, kind, id_column, text, code, key, redactor), record.text)
        for record, text, code in zip(loaded.records, texts, languages, strict=True)
        if text
    ]
    once = {comment.id: comment for comment, _ in found}
    raw_texts = {comment.id: text for comment, text in found}
    blank = len(texts) - len(found)
    notes = _masked_labels(loaded.records, redactor)
    return Answers(list(once.values()), raw_texts, len(found) - len(once), blank, notes)


def _masked_labels(records: Sequence[Record], redactor: Redactor) -> list[str]:
    """Return a sentence if values of the unit's or the attributes' columns were masked."""
    changed = {
        (name, value)
        for record in records
        for name, value in (("unit", record.unit or ""), *record.attributes.items())
        if value and redactor.label(value) != value
    }
    if not changed:
        return []
    columns = ", ".join(sorted({name for name, _ in changed}))
    return [f"{len(changed)} values hold personal data and were masked, in: {columns}."]


def _comment(
    record: Record,
    side: Side,
    kind: str,
    id_column: str,
    text: str,
    code: str | None,
    key: bytes,
    redactor: Redactor,
) -> Comment:
    """Return the comment under an id that is the same whenever this answer is imported."""
    respondent = None
    if record.respondent:
        respondent = gate.respondent_hash(key, record.respondent)
    return Comment(
        id=comment_id(side, kind, id_column, record.source_id, record.column),
        side=side,
        kind=kind,
        source_id=record.source_id,
        column=record.column,
        text=text,
        language=code,
        date=record.date,
        unit=None if record.unit is None else redactor.label(record.unit),
        score=record.score,
        respondent=respondent,
        attributes=attributes_masked(dict(record.attributes), redactor),
    )
