"""What people decided, as events; a result with them applied is what is shown.

Events address themes by the ids that they keep for life. They are replayed in order on the
algorithm's own result, after every run; to undo one is to replay the others. An event whose theme
is not there has nothing to hold on to: it rests, and a note says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from analyzer.found import Ends, Found, ends, pair_of
from analyzer.lineage import Born, line_of
from analyzer.steps import Merge, Move, Split, Step
from analyzer.types import BroadTheme, Pair, Theme

# What stands between the labels of themes in that of a broad theme: see ``describe``.
JOINED = " · "


@dataclass(frozen=True, slots=True)
class Edit:
    """One event: ``run`` is the run that people saw, ``at`` ISO 8601."""

    id: int
    at: str
    who: str
    action: str
    targets: tuple[str, ...]
    payload: Mapping[str, Any]
    why: str
    run: int
    undone_by: int | None = None


@dataclass(frozen=True)
class Shown:
    """What is shown: ``found`` with the edits in it.

    ``steps`` give segments their themes, in order. ``hidden`` and ``hidden_pairs`` are still there,
    but not to be looked at. ``own_labels`` are those of the algorithm, ``named`` the ids of themes
    and broad themes that people named. ``notes`` are sentences for a person.
    """

    found: Found
    steps: tuple[Step, ...]
    own_labels: Mapping[str, str]
    named: frozenset[str]
    hidden: frozenset[str]
    hidden_pairs: frozenset[Ends]
    notes: tuple[str, ...]


@dataclass
class _State:
    """The result while the events are replayed on it; pairs by the ids that their themes have."""

    themes: dict[str, Theme]
    broad: dict[str, BroadTheme]
    pairs: dict[Ends, Pair]
    steps: list[Step] = field(default_factory=list)
    merged: dict[str, str] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    hidden_pairs: set[Ends] = field(default_factory=set)
    rejected: dict[Ends, int] = field(default_factory=dict)
    exemplars: dict[str, Any] = field(default_factory=dict)
    closest: dict[Ends, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def now(self, theme_id: str) -> str | None:
        """Return the id under which a theme is there, None if it is not."""
        while theme_id in self.merged:
            theme_id = self.merged[theme_id]
        return theme_id if theme_id in self.themes else None


def active(edits: Iterable[Edit]) -> list[Edit]:
    """Return the events that hold, in order: undone ones and undoings are left out."""
    return sorted(
        (e for e in edits if e.undone_by is None and e.action != "undo"), key=lambda e: e.id
    )


def named_by(edits: Iterable[Edit]) -> frozenset[str]:
    """Return the ids that active events name: such themes never vanish."""
    held = [edit for edit in active(edits) if edit.action != "note"]
    return frozenset(target for edit in held for target in edit.targets)


def apply(found: Found, edits: Iterable[Edit], born: Mapping[str, Born]) -> Shown:
    """Return what is shown: the algorithm's result with the active events replayed on it.

    ``born`` tells where themes came from: what was decided for a theme before a part of it became a
    theme of its own holds for that part too.
    """
    state = _State(
        themes={theme.id: theme for theme in found.themes},
        broad={broad.id: broad for broad in found.broad},
        pairs={ends(pair): pair for pair in found.pairs},
        exemplars=dict(found.exemplars),
        closest=dict(found.closest),
    )
    own = {theme.id: theme.label for theme in found.themes}
    for edit in active(edits):
        if not ACTIONS[edit.action](state, edit):
            gone = ", ".join(edit.targets)
            state.notes.append(
                f"Edit {edit.id} ({edit.action} {gone}) rests: it names a theme that is not there."
            )
    _reject_parts(state, born)
    _relabel_broad(state, own)
    pairs = sorted(state.pairs.values(), key=lambda p: (-p.probability, ends(p)))
    result = Found(
        themes=tuple(state.themes.values()),
        broad=tuple(state.broad.values()),
        pairs=tuple(pairs),
        exemplars=state.exemplars,
        closest=state.closest,
    )
    return Shown(
        found=result,
        steps=tuple(state.steps),
        own_labels=own,
        named=frozenset(state.named),
        hidden=frozenset(state.hidden),
        hidden_pairs=frozenset(state.hidden_pairs),
        notes=tuple(state.notes),
    )


def _rename(state: _State, edit: Edit) -> bool:
    target, name = edit.targets[0], str(edit.payload["name"])
    if target in state.broad:
        state.broad[target] = replace(state.broad[target], label=name)
        state.named.add(target)
        return True
    theme = state.now(target)
    if theme is None:
        return False
    state.themes[theme] = replace(state.themes[theme], label=name)
    state.named.add(theme)
    return True


def _merge(state: _State, edit: Edit) -> bool:
    """Merge the targets into the first of them."""
    into = state.now(edit.targets[0])
    sources = [state.now(target) for target in edit.targets[1:]]
    if into is None or not any(sources):
        return False
    for source in sources:
        if source is None or source == into:
            continue
        state.steps.append(Merge(source, into))
        state.merged[source] = into
        del state.themes[source]
        for table in (state.pairs, state.rejected, state.closest):
            _rekey(table, source, into)
        state.hidden_pairs = {_through(pair, source, into) for pair in state.hidden_pairs}
        for pair in list(state.pairs):
            if pair[0] == into or pair[1] == into:
                state.pairs[pair] = replace(
                    state.pairs[pair], employee_theme_id=pair[0], customer_theme_id=pair[1]
                )
    return True


def _through(pair: Ends, source: str, into: str) -> Ends:
    left, right = (into if end == source else end for end in pair)
    return left, right


def _rekey(table: dict[Ends, Any], source: str, into: str) -> None:
    """Give the target what the source had; where both have a row, the target's stays.

    Of two pairs the one that people judged stays, and of two that they did not, the likelier.
    """
    for pair in [key for key in table if source in key]:
        row, target = table.pop(pair), _through(pair, source, into)
        other = table.get(target)
        if isinstance(row, Pair) and isinstance(other, Pair):
            row = max(row, other, key=_weight)
        elif other is not None:
            row = other
        table[target] = row


def _weight(pair: Pair) -> tuple[int, float]:
    return ("suggested", "rejected", "accepted").index(pair.status), pair.probability


def _split(state: _State, edit: Edit) -> bool:
    source = state.now(edit.targets[0])
    new = str(edit.payload["new"])
    if source is None:
        return False
    state.steps.append(
        Split(
            source,
            new,
            tuple(edit.payload.get("phrases", ())),
            frozenset((c, h) for c, h in edit.payload.get("moved", ())),
            frozenset((c, h) for c, h in edit.payload.get("stayed", ())),
        )
    )
    if new not in state.themes:
        # A later run may find it by itself; until then its words are those of the event.
        state.themes[new] = replace(
            state.themes[source],
            id=new,
            label=str(edit.payload["label"]),
            terms=tuple(edit.payload["terms"]),
        )
    if name := edit.payload.get("name"):
        state.themes[new] = replace(state.themes[new], label=str(name))
        state.named.add(new)
    return True


def _move(state: _State, edit: Edit) -> bool:
    into = state.now(edit.targets[0])
    if into is None:
        return False
    state.steps.append(Move((edit.payload["comment"], edit.payload["text"]), into))
    return True


def _hide(state: _State, edit: Edit) -> bool:
    if len(edit.targets) == 2:
        pair = _ends(state, edit)
        if pair:
            state.hidden_pairs.add(pair)
        return pair is not None
    theme = state.now(edit.targets[0])
    if theme:
        state.hidden.add(theme)
    return theme is not None


def _ends(state: _State, edit: Edit) -> Ends | None:
    left, right = (state.now(target) for target in edit.targets)
    return (left, right) if left and right else None


def _accept(state: _State, edit: Edit) -> bool:
    """Accept a pair; one that the algorithm no longer finds is as it was when it was accepted."""
    pair = _ends(state, edit)
    if pair is None:
        return False
    known = state.pairs.get(pair)
    if known is None:
        known = pair_of(edit.payload["pair"])
        state.notes.append(
            f"The pair {pair[0]}, {pair[1]} was accepted and is kept; this run did not find it."
        )
    state.pairs[pair] = replace(
        known, employee_theme_id=pair[0], customer_theme_id=pair[1], status="accepted"
    )
    state.rejected.pop(pair, None)
    return True


def _reject(state: _State, edit: Edit) -> bool:
    pair = _ends(state, edit)
    if pair is None:
        return False
    state.rejected[pair] = edit.run
    if pair in state.pairs:
        state.pairs[pair] = replace(state.pairs[pair], status="rejected")
    return True


def _note(state: _State, edit: Edit) -> bool:
    return True


ACTIONS: Mapping[str, Callable[[_State, Edit], bool]] = {
    "rename": _rename,
    "merge": _merge,
    "split": _split,
    "move": _move,
    "hide": _hide,
    "accept": _accept,
    "reject": _reject,
    "note": _note,
}


def _relabel_broad(state: _State, own: Mapping[str, str]) -> None:
    """Let the labels of broad themes, made of those of themes, follow what people did to these."""
    now: dict[str, dict[str, str]] = {}
    for theme_id, label in own.items():
        there = state.now(theme_id)
        if there:
            theme = state.themes[there]
            now.setdefault(theme.broad, {})[label] = theme.label
    for key, broad in state.broad.items():
        if key not in state.named:
            parts = [now.get(key, {}).get(part, part) for part in broad.label.split(JOINED)]
            state.broad[key] = replace(broad, label=JOINED.join(dict.fromkeys(parts)))


def _reject_parts(state: _State, born: Mapping[str, Born]) -> None:
    """Reject the suggested pairs of themes that split off after their whole was rejected."""
    for pair, row in state.pairs.items():
        if row.status != "suggested":
            continue
        lines = [line_of(theme, born) for theme in pair]
        for rejected, run in state.rejected.items():
            since = [line.get(theme, -1) for line, theme in zip(lines, rejected, strict=True)]
            if min(since) > -1 and all(first == 0 or first > run for first in since):
                state.pairs[pair] = replace(row, status="rejected")
