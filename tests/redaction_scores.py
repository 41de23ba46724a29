"""Recall and precision of redaction on comments whose personal data is known."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from analyzer.redaction import Roster, redact

FOLDER = Path(__file__).parent / "redaction"
# (start, end, kind): kind is the word in the mask.
Gold = tuple[int, int, str]


@dataclass(frozen=True)
class Marked:
    """A comment and where its personal data stands."""

    text: str
    spans: tuple[Gold, ...]


@dataclass
class Score:
    """Of one kind: how many there are, are masked whole, were masked, and rightly so."""

    there: Counter[str] = field(default_factory=Counter)
    masked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def recall(self, *kinds: str) -> float:
        return self._ratio(self.masked, self.there, kinds)

    def precision(self, *kinds: str) -> float:
        return self._ratio(self.right, self.found, kinds)

    def _ratio(self, part: Counter[str], whole: Counter[str], kinds: tuple[str, ...]) -> float:
        chosen = kinds or tuple(whole)
        return sum(part[k] for k in chosen) / max(1, sum(whole[k] for k in chosen))

    @property
    def structured(self) -> tuple[str, ...]:
        return tuple(kind for kind in self.there if kind != "name")

    def table(self) -> str:
        rows = [
            f"{kind:<10} {self.there[kind]:>5} {self.recall(kind):>7.3f} "
            f"{self.precision(kind):>7.3f}"
            for kind in sorted(self.there | self.found)
        ]
        head = f"{'kind':<10} {'there':>5} {'recall':>7} {'precis.':>7}"
        total = (
            f"structured {self.recall(*self.structured):.4f}, names {self.recall('name'):.4f}, "
            f"precision {self.precision():.4f}"
        )
        return "\n".join([head, *rows, total])


def score(comments: Iterable[Marked], roster: Roster) -> Score:
    """Compare what is masked with what should be.

    A span counts as masked if no letter and no digit of it is left, under whatever mask. A mask is
    right if at least nine in ten of the letters and digits that it hides are personal data.
    """
    own = Score()
    for comment in comments:
        found = redact(comment.text, roster).spans
        hidden = {at for span in found for at in range(span.start, span.end)}
        personal = {at for start, end, _ in comment.spans for at in range(start, end)}
        for start, end, kind in comment.spans:
            own.there[kind] += 1
            whole = all(at in hidden for at in range(start, end) if comment.text[at].isalnum())
            own.masked[kind] += whole
            if not whole:
                own.missed.append(f"{kind}: {comment.text[start:end]!r} in {comment.text!r}")
        for span in found:
            kind = span.mask.strip("[]")
            own.found[kind] += 1
            places = [at for at in range(span.start, span.end) if comment.text[at].isalnum()]
            right = sum(at in personal for at in places) >= 0.9 * len(places)
            own.right[kind] += right
            if not right:
                what = comment.text[span.start : span.end]
                own.wrong.append(f"{span.recogniser}: {what!r} in {comment.text!r}")
    return own


def hard() -> list[Marked]:
    """The comments written by hand."""
    lines = (FOLDER / "hard.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Marked(row["text"], tuple(tuple(s) for s in row["spans"])) for row in rows]


def hard_roster() -> Roster:
    """Whose names stand in them."""
    with (FOLDER / "roster.csv").open(encoding="utf-8", newline="") as handle:
        return Roster.of((row["first"], row["last"]) for row in csv.DictReader(handle))
