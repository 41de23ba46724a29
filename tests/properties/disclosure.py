"""The audit of published figures: what somebody who has all of them can work out. Tests only.

Everybody who asks knows the rule of the rounding and not its key, so each figure is an interval for
a count of people. The attacker of this audit knows more: which kinds of people there may be, by
all their groups at once, and not only how many of each. What he can say of a group are the least
and the greatest number of its people under all these intervals, two linear programs (Hundepool et
al. 2012, Statistical Disclosure Control, chapter 4.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

from analyzer.guard import rounding
from analyzer.guard.publish import Published, Thresholds
from analyzer.guard.suppress import JUDGED

# Lest rounding errors of the solver count as knowledge.
NEARLY = 1e-6
ROUNDS = 8
# More people than there can be.
ANY = 1000
# Far faster here than the simplex method.
SOLVER = "highs-ipm"


@dataclass(frozen=True)
class Answers:
    """Published figures: ``who`` (n, people) counts for each, between ``low`` and ``high``."""

    who: csr_matrix
    low: np.ndarray
    high: np.ndarray


def incidence(found: Published, measure: int, people: int) -> csr_matrix:
    """Return (n_groups, people) who is in which group."""
    own = found.groups.members[measure]
    ones, shape = np.ones(len(own.group)), (len(own.size), people)
    return csr_matrix((ones, (own.group, own.person)), shape=shape)


def answers(found: Sequence[Published], people: int, least: Thresholds) -> Answers:
    """Return all that is told of these themes: figures, and which groups may be read.

    A theme that is there has people enough for a figure, and for comments if they may be read;
    where judgements are told there are ``least.comments``.
    """
    who, low, high = [], [], []
    for one in found:
        for measure, told in enumerate(one.shown):
            lower, upper = _bounds(one, measure, least)
            if measure == 0:
                lower[one.shown[1:].any(axis=0)] = np.maximum(
                    lower[one.shown[1:].any(axis=0)], JUDGED * least.figures
                )
                told[0] = one.groups.sizes[0, 0] >= least.figures
                if one.readable[0, 0]:
                    lower[0] = max(lower[0], least.comments)
                else:
                    upper[0] = min(upper[0], least.comments - 1)
            who.append(incidence(one, measure, people)[told])
            low.append(lower[told])
            high.append(upper[told])
    return Answers(vstack(who).tocsr(), np.concatenate(low), np.concatenate(high))


def _bounds(one: Published, measure: int, least: Thresholds) -> tuple[np.ndarray, np.ndarray]:
    """Return what the figures stand for; what is hidden may be of any number."""
    shown, figures = one.shown[measure], one.figures[measure]
    low, high = rounding.bounds(figures, least.figures)
    hidden_low = np.full(len(figures), least.figures)
    return np.where(shown, low, hidden_low), np.where(shown, high, ANY)


def cells(found: Sequence[Published], people: int) -> csr_matrix:
    """Return every group of these themes by every measure, published or not."""
    every = [incidence(one, m, people) for one in found for m in range(len(one.figures))]
    return vstack(every).tocsr()


def small(who: csr_matrix, least: int) -> csr_matrix:
    """Return those of the groups that have one to four people."""
    size = np.asarray(who.sum(axis=1)).ravel()
    return who[(size > 0) & (size < least)]


def differences(who: csr_matrix, least: int, most: int, rng: np.random.Generator) -> csr_matrix:
    """Return the rests of one to four people where one group lies in another; a sample of them."""
    size = np.asarray(who.sum(axis=1)).ravel()
    common = (who @ who.T).tocoo()
    rest = size[common.row] - common.data
    # The group of the column lies wholly in that of the row.
    pairs = np.flatnonzero((common.data == size[common.col]) & (rest > 0) & (rest < least))
    chosen = rng.choice(pairs, min(most, len(pairs)), replace=False)
    return (who[common.row[chosen]] - who[common.col[chosen]]).tocsr()


def leaks(known: Answers, targets: csr_matrix, least: int, rng: np.random.Generator) -> list[int]:
    """Return the targets that the answers bound to within one to ``least`` - 1 people.

    A target is cleared by any crowd for which all answers are true and that has nobody of it, or
    ``least`` of it: one linear program clears many. Those left are bounded one by one.
    """
    who, goals, crowd = _kinds(known.who, targets)
    limits = vstack([who, -who]).tocsr(), np.concatenate([known.high, -known.low]).astype(float)
    true = who @ crowd
    assert ((known.low <= true) & (true <= known.high)).all()
    gone = (who @ goals.T.multiply(crowd[:, None]).tocsc()).toarray()
    open_ = (gone > (true - known.low)[:, None]).any(axis=0)
    for turn in range(ROUNDS):
        if not open_.any():
            return []
        signs = rng.choice([-1, 1], len(open_)) if turn > 1 else np.full(len(open_), 1 - 2 * turn)
        found = linprog(goals.T @ (signs * open_), *limits, bounds=(0, ANY), method=SOLVER).x
        count = goals @ found
        open_ &= (count >= 1 - NEARLY) & (count < least - NEARLY)
    return [at for at in np.flatnonzero(open_).tolist() if _is_bounded(goals[[at]], limits, least)]


def _is_bounded(goal: csr_matrix, limits: tuple[csr_matrix, np.ndarray], least: int) -> bool:
    target = goal.toarray().ravel()
    if linprog(target, *limits, method=SOLVER).fun < 1 - NEARLY:
        return False
    most = linprog(-target, *limits, bounds=(0, ANY), method=SOLVER)
    return bool(-most.fun < least - NEARLY)


def _kinds(who: csr_matrix, goals: csr_matrix) -> tuple[csr_matrix, csr_matrix, np.ndarray]:
    """Return both with a column for each kind of people instead of each person, and their number.

    People of a kind count for the same answers and the same targets.
    """
    both = vstack([who, goals]).tocsc()
    both.sort_indices()
    ends, rows = both.indptr, both.indices
    names = [rows[ends[at] : ends[at + 1]].tobytes() for at in range(both.shape[1])]
    _, example, count = np.unique(
        np.array(names, dtype=object), return_index=True, return_counts=True
    )
    return who.tocsc()[:, example].tocsr(), goals.tocsc()[:, example].tocsr(), count
