"""What people's merges, splits and moves do to a segment, one step after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

# A segment as an event names it: the id of its comment, and the hash of its text in hexadecimal.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Merge:
    """All segments of ``source`` belong to ``into``."""

    source: str
    into: str


@dataclass(frozen=True)
class Split:
    """A part of ``source`` is the theme ``new``.

    With ``phrases``, the segments that hold one of them. Otherwise those of ``moved``; one that is
    in neither list is told by which part it is nearer to.
    """

    source: str
    new: str
    phrases: tuple[str, ...] = ()
    moved: frozenset[Key] = frozenset()
    stayed: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class Move:
    """One segment belongs to ``into``."""

    key: Key
    into: str


Step = Merge | Split | Move


def placed(
    steps: Sequence[Step],
    theme: str,
    key: Key,
    text: str,
    nearer: Callable[[Split, Key], bool],
    *,
    merges: bool = True,
) -> str:
    """Return the theme of one segment after the steps; ``theme`` is the algorithm's.

    ``nearer`` says whether a segment that a split does not list is nearer to the part that left.
    Without ``merges`` it is the theme by which the next run knows it again.
    """
    folded = text.casefold()
    for step in steps:
        if isinstance(step, Merge):
            theme = step.into if merges and theme == step.source else theme
        elif isinstance(step, Move):
            theme = step.into if key == step.key else theme
        elif theme == step.source and _leaves(step, key, folded, nearer):
            theme = step.new
    return theme


def _leaves(step: Split, key: Key, folded: str, nearer: Callable[[Split, Key], bool]) -> bool:
    if step.phrases:
        return any(phrase in folded for phrase in step.phrases)
    if key in step.moved or key in step.stayed:
        return key in step.moved
    return nearer(step, key)


def rerouted(steps: Sequence[Step], theme: str) -> tuple[str, bool]:
    """Return a theme's id after the merges, and whether a split looks at its segments."""
    singly = False
    for step in steps:
        if isinstance(step, Merge) and theme == step.source:
            theme = step.into
        elif isinstance(step, Split) and theme == step.source:
            singly = True
    return theme, singly
