"""Attacks on the figures of employees: differences, linear programs, one person more or less."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

from analyzer.guard import rounding, suppress
from analyzer.guard.groups import Crowd, Groups, groups
from analyzer.guard.publish import Published, publish

LEAST = 5
KEY = b"a key of the tests, 32 bytes long"
THEMES = 6
SEEDS = range(20)


@dataclass
class Population:
    """600 people; ``themes`` are comments of each theme, ``found`` what is published of it."""

    crowd: Crowd
    judged: np.ndarray
    themes: list[np.ndarray]
    found: list[Published]


def made(seed: int, people: int = 600, without: int | None = None) -> Population:
    """Return a skewed population; every second one has people who wrote up to three comments."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 8, int(rng.integers(3, 6)))
    wrote = rng.integers(1, 4, people) if seed % 2 else np.ones(people, dtype=int)
    person = np.repeat(np.arange(people), wrote)
    count = len(person)
    codes = np.stack(
        [rng.choice(int(m), count, p=rng.dirichlet(np.full(int(m), 0.7))) for m in sizes], axis=1
    )
    codes[rng.random(codes.shape) < 0.03] = -1
    weights = rng.dirichlet(np.full(THEMES, 0.6))
    drawn = rng.choice(THEMES, (count, 2), p=weights)
    judged = np.eye(3, dtype=bool)[rng.choice(3, count, p=[0.3, 0.2, 0.5])]
    keep = person != (-1 if without is None else without)
    crowd = Crowd(
        person[keep],
        people,
        tuple(f"a{at}" for at in range(len(sizes))),
        tuple(tuple(str(value) for value in range(m)) for m in sizes),
        codes[keep],
    )
    judged, drawn = judged[keep], drawn[keep]
    themes = [np.arange(len(crowd.person))]
    themes += [np.flatnonzero((drawn == number).any(axis=1)) for number in range(THEMES)]
    found: list[Published] = []
    for number, own in enumerate(themes):
        if len(own):
            parts = groups(crowd, own, judged[own])
            whole = found[0] if found else None
            found.append(publish(crowd, parts, str(number), KEY, LEAST, whole))
    return Population(crowd, judged, themes, found)


@pytest.fixture(scope="module")
def populations() -> list[Population]:
    return [made(seed) for seed in SEEDS]


def sizes(own: Groups) -> np.ndarray:
    return np.array([members.size for members in own.members])


def inside(low: float, high: float) -> bool:
    """Whether a count between these is known to be of one to four people."""
    return low >= 1 - 1e-6 and high < LEAST - 1e-6


def test_no_figure_is_of_fewer_than_five_and_all_are_multiples_of_five(populations) -> None:
    for population in populations:
        for found in population.found:
            assert (sizes(found.groups)[found.shown] >= LEAST).all()
            assert (found.figures % LEAST == 0).all()
            low, high = rounding.bounds(found.figures[found.shown], LEAST)
            true = sizes(found.groups)[found.shown]
            assert ((low <= true) & (true <= high)).all()


def test_most_of_what_is_large_enough_is_published(populations) -> None:
    whole = [(int(p.found[0].shown[0].sum()), int((sizes(p.found[0].groups)[0] >= LEAST).sum()))
             for p in populations]  # fmt: skip
    themes = [(int(f.shown[0].sum()), int((sizes(f.groups)[0] >= LEAST).sum()))
              for p in populations for f in p.found[1:]]  # fmt: skip
    shares = [sum(a for a, _ in rows) / sum(b for _, b in rows) for rows in (whole, themes)]
    print(f"published: whole side {shares[0]:.2f}, themes {shares[1]:.2f}")  # noqa: T201
    assert shares[0] >= 0.7
    assert shares[1] >= 0.5


def test_what_is_left_beside_a_filter_is_nobody_or_five(populations) -> None:
    for population in populations:
        for found in population.found:
            assert (suppress.settled(found.groups, found.shown, LEAST) == found.shown).all()


def members_of(population: Population, found: Published) -> list[set[int]]:
    own = found.groups.members[0]
    people: list[set[int]] = [set() for _ in found.groups.filters]
    for group, person in zip(own.group.tolist(), own.person.tolist(), strict=True):
        people[group].add(person)
    return people


def test_no_difference_of_two_filters_finds_one_to_four_people(populations) -> None:
    """Every pair of legal filters, one inside the other, within a theme and across themes."""
    for population in populations:
        answers = []
        for found in population.found:
            shown = np.flatnonzero(found.shown[0])
            people = members_of(population, found)
            low, high = rounding.bounds(found.figures[0, shown], LEAST)
            answers += [(people[g], lo, hi) for g, lo, hi in zip(shown, low, high, strict=True)]
        who = np.zeros((len(answers), population.crowd.people), dtype=np.float32)
        for at, (people_in, _, _) in enumerate(answers):
            who[at, sorted(people_in)] = 1
        common = who @ who.T
        size = who.sum(axis=1)
        rest = size[:, None] - common
        # The part lies wholly in the other: its rest is what the difference tells.
        within = (common == size[None, :]) & (rest > 0) & (rest < LEAST)
        low = np.array([lo for _, lo, _ in answers])
        high = np.array([hi for _, _, hi in answers])
        least = low[:, None] - high[None, :]
        most = high[:, None] - low[None, :]
        known = within & (least >= 1) & (most < LEAST)
        assert not known.any()


def constraints(found: Published) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    """Return the answers on one theme as rows over its people, with the bounds of each."""
    rows, columns, low, high = [], [], [], []
    people = int(max(m.person.max(initial=0) for m in found.groups.members)) + 1
    for measure, members in enumerate(found.groups.members):
        for group in np.flatnonzero(found.shown[measure]).tolist():
            inside_it = members.person[members.group == group]
            rows += [len(low)] * len(inside_it)
            columns += inside_it.tolist()
            bound = rounding.bounds(found.figures[[measure], [group]], LEAST)
            low.append(int(bound[0][0]))
            high.append(int(bound[1][0]))
    table = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(low), people))
    return table, np.array(low, dtype=float), np.array(high, dtype=float)


def test_no_linear_program_over_all_answers_bounds_one_to_four_people(populations) -> None:
    """All hidden groups of one to four at once first; those not cleared by that one by one."""
    looked_at = alone = 0
    for population in populations:
        for found in population.found[:2]:
            table, low, high = constraints(found)
            if not len(low):
                continue
            targets = []
            for members in found.groups.members:
                for group in np.flatnonzero((members.size > 0) & (members.size < LEAST)).tolist():
                    target = np.zeros(table.shape[1])
                    target[members.person[members.group == group]] = 1
                    targets.append(target)
            limits = vstack([table, -table]).tocsr(), np.concatenate([high, -low])
            cleared = np.zeros(len(targets), dtype=bool)
            goals = np.array(targets) if targets else np.zeros((0, table.shape[1]))
            for sign in (1, -1, 1, -1, 1):
                if cleared.all():
                    break
                goal = sign * goals[~cleared].sum(axis=0)
                point = linprog(goal, *limits, bounds=(0, 50), method="highs").x
                assert point is not None
                count = goals @ point
                cleared |= ~((count >= 1 - 1e-6) & (count < LEAST - 1e-6))
            looked_at += len(targets)
            for goal in goals[~cleared]:
                alone += 1
                least = linprog(goal, *limits, method="highs").fun
                most = np.inf if least < 1 else -linprog(-goal, *limits, method="highs").fun
                assert not inside(least, most)
    print(f"groups of one to four: {looked_at}, one by one {alone}")  # noqa: T201
    assert looked_at > 1000


def test_the_audit_would_find_a_group_if_figures_were_exact() -> None:
    """Exact figures of a group and of all but three of it give the three away."""
    table = csr_matrix(np.array([[1.0] * 23, [1.0] * 20 + [0.0] * 3]))
    goal = np.array([0.0] * 20 + [1.0] * 3)
    limits = vstack([table, -table]).tocsr(), np.array([23, 20, -23, -20])
    least = linprog(goal, *limits, method="highs").fun
    most = -linprog(-goal, *limits, method="highs").fun
    assert inside(least, most)


def by_name(found: Published) -> dict[tuple[int, ...], list[int]]:
    return {
        tuple(row): column
        for row, column in zip(found.groups.filters.tolist(), found.figures.T.tolist(), strict=True)
    }


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_one_person_who_goes_moves_no_figure_by_one_to_four(populations, seed: int) -> None:
    before = populations[seed]
    for person in (0, 300):
        after = made(seed, without=person)
        for was, now in zip(before.found, after.found, strict=True):
            old, new = by_name(was), by_name(now)
            for name in old.keys() & new.keys():
                for a, b in zip(old[name], new[name], strict=True):
                    assert a == b or abs(a - b) >= LEAST


def test_a_raised_threshold_is_the_step_too() -> None:
    rng = np.random.default_rng(3)
    crowd = Crowd(np.arange(200), 200, ("a",), (("x", "y", "z"),), rng.choice(3, (200, 1)))
    judged = np.eye(3, dtype=bool)[rng.choice(3, 200)]
    found = publish(crowd, groups(crowd, np.arange(200), judged), "", KEY, 8)
    assert found.shown[0].all()
    assert set((found.figures[found.shown] % 8).tolist()) == {0}


def test_the_offset_is_secret_and_steady() -> None:
    names = [f"cell {at}" for at in range(2000)]
    own = rounding.offsets(KEY, names, LEAST)
    assert (own == rounding.offsets(KEY, names, LEAST)).all()
    assert (own != rounding.offsets(b"another key", names, LEAST)).mean() > 0.7
    assert np.bincount(own, minlength=LEAST).min() > 300
