"""Comments of one side -> what their writers wrote, in segments. The order says nothing.

Comments are put in the order of their texts' hashes first: the rows of a file may come in any
order, and the result is the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from analyzer import clean, hearing, segment
from analyzer.language import commonest
from analyzer.types import Comment, Dropped, Labels, Progress, Segment, Side

STEP = 500


@dataclass(frozen=True)
class Read:
    """A side after segmenting.

    ``comment`` (n_segments,) numbers each segment's comment; ``whole`` holds the text of each
    comment so numbered. ``usual`` is the language of those whose own is not known. ``person`` is
    who wrote each comment, by its id: the respondent, or its row of the source.
    """

    segments: tuple[Segment, ...]
    comment: Labels
    whole: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    usual: str
    person: Mapping[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        """The segments' texts."""
        return [segment.text for segment in self.segments]

    @property
    def languages(self) -> list[str]:
        """The segments' languages."""
        return [segment.language for segment in self.segments]


def read(
    comments: Sequence[Comment],
    side: Side,
    progress: Progress,
    usual: str | None = None,
    beside: Sequence[Comment] = (),
) -> Read:
    """Return the segments of one side's comments, and what was left out.

    ``usual`` is the language of comments whose own is not known; without it, the commonest.
    ``beside`` are comments read before: they are not read again, but boilerplate and what was sent
    twice are told beside them.
    """
    own = sorted((c for c in comments if c.side == side), key=_shuffled)
    usual = usual or commonest([comment.language for comment in own])
    before = sorted((c for c in beside if c.side == side), key=_shuffled)
    bodies, dropped = clean.bodies([*before, *own])
    bodies = bodies[len(before) :]
    known = {comment.id for comment in before}
    dropped = [gone for gone in dropped if gone.comment_id not in known]
    segments: list[Segment] = []
    numbers: list[int] = []
    whole: list[str] = []
    for at, (comment, body) in enumerate(zip(own, bodies, strict=True)):
        if at % STEP == 0:
            progress(f"segment {side}", at, len(own))
        if body is not None:
            parts = segment.segments(comment, body, comment.language or usual)
            segments.extend(parts)
            numbers.extend([len(whole)] * len(parts))
            whole.append(comment.text[slice(*body)])
    progress(f"segment {side}", len(own), len(own))
    comment_of = np.array(numbers, dtype=np.int64)
    person = {c.id: hearing.writer(c) for c in own}
    return Read(tuple(segments), comment_of, tuple(whole), tuple(dropped), usual, person)


def _shuffled(comment: Comment) -> tuple[bytes, str, str]:
    return hashlib.sha256(comment.text.encode()).digest(), comment.kind, comment.id
