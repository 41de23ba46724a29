"""Attacks on the figures of employees: differences, linear programs, one person more or less."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.sparse import vstack

from analyzer.errors import BothsidesError
from analyzer.guard import cube, rounding
from analyzer.guard.groups import MEASURES, Crowd, groups
from analyzer.guard.publish import Published, Thresholds, publish
from analyzer.guard.suppress import shown
from analyzer.settings import Settings
from tests.properties import disclosure

LEAST = 5
THRESHOLDS = Thresholds(LEAST, 10)
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
            found.append(publish(crowd, parts, str(number), KEY, THRESHOLDS, whole))
    return Population(crowd, judged, themes, found)


@pytest.fixture(scope="module")
def populations() -> list[Population]:
    return [made(seed) for seed in SEEDS]


def test_a_group_counts_its_people_once(populations) -> None:
    population = populations[1]
    crowd, own = population.crowd, population.themes[2]
    found = population.found[2].groups
    for at in range(0, len(found.filters), 7):
        chosen = np.ones(len(own), dtype=bool)
        for attribute, value in (found.filters[at, :2], found.filters[at, 2:]):
            if attribute >= 0:
                chosen &= crowd.codes[own, attribute] == value
        assert found.comments[at] == chosen.sum()
        assert found.sizes[0, at] == len(set(crowd.person[own[chosen]].tolist()))
        for judgement in range(3):
            so = own[chosen & population.judged[own, judgement]]
            assert found.sizes[1 + judgement, at] == len(set(crowd.person[so].tolist()))


def test_no_figure_is_of_fewer_than_five_and_all_are_multiples_of_five(populations) -> None:
    for population in populations:
        for found in population.found:
            sizes = found.groups.sizes
            assert (sizes[found.shown] >= LEAST).all()
            # How people judge is told of ten and more.
            assert (sizes[0][found.shown[1:].any(axis=0)] >= 2 * LEAST).all()
            assert (found.figures % LEAST == 0).all()
            low, high = rounding.bounds(found.figures[found.shown], LEAST)
            assert ((low <= sizes[found.shown]) & (sizes[found.shown] <= high)).all()
            assert (sizes[found.readable] >= THRESHOLDS.comments).all()


def test_most_of_what_is_large_enough_is_published(populations) -> None:
    """The price of confidentiality: what the figures of five people and more lose."""
    counts = np.zeros((2, 2, 2))
    for population in populations:
        for number, found in enumerate(population.found):
            sizes = found.groups.sizes
            there = sizes >= LEAST
            there[1:] &= sizes[0] >= 2 * LEAST
            for measure, own in ((0, slice(0, 1)), (1, slice(1, None))):
                place = min(number, 1), measure
                counts[place] += found.shown[own].sum(), there[own].sum()
    shares = counts[..., 0] / counts[..., 1]
    print(f"published of the side {shares[0].round(2)}, of themes {shares[1].round(2)}")  # noqa: T201
    assert shares[:, 0].min() >= 0.65
    assert shares[:, 1].min() >= 0.55


def test_what_is_left_beside_a_filter_is_nobody_or_five(populations) -> None:
    """Along each attribute, for each measure, by sets of people."""
    for population in populations[::4]:
        for found in population.found:
            own = found.groups
            for measure in range(len(MEASURES)):
                people: list[set[int]] = [set() for _ in own.filters]
                members = own.members[measure]
                for group, person in zip(members.group, members.person, strict=True):
                    people[group].add(person)
                parts: dict[tuple[int, int], set[int]] = {}
                for part in np.flatnonzero(found.shown[measure]):
                    for parent, along in zip(own.parents[part], own.along[part], strict=True):
                        if parent >= 0:
                            assert found.shown[measure, parent]
                            parts.setdefault((parent, along), set()).update(people[part])
                for (parent, _), inside in parts.items():
                    rest = len(people[parent] - inside)
                    assert rest == 0 or rest >= LEAST


def test_what_is_left_beside_a_theme_and_beside_a_judgement_is_nobody_or_five(
    populations,
) -> None:
    for population in populations:
        whole = population.found[0]
        place = {tuple(row): at for at, row in enumerate(whole.groups.filters.tolist())}
        for found in population.found[1:]:
            there = np.array([place[tuple(row)] for row in found.groups.filters.tolist()])
            both = found.shown[0] & whole.shown[0, there]
            rests = (whole.groups.sizes[0, there] - found.groups.sizes[0])[both]
            assert ((rests == 0) | (rests >= LEAST)).all()
        for found in population.found:
            sizes = found.groups.sizes
            rests = (sizes[0] - sizes[1:])[found.shown[1:]]
            assert ((rests == 0) | (rests >= LEAST)).all()


def test_the_next_smallest_group_is_hidden_beside_a_small_one() -> None:
    """Three in the kitchen: the bar, the next smallest, is hidden with it; then nothing is left."""
    values = np.repeat([0, 1, 2, 3], [3, 6, 20, 30])[:, None]
    crowd = Crowd(np.arange(59), 59, ("unit",), (("kitchen", "bar", "desk", "spa"),), values)
    own = groups(crowd, np.arange(59), np.zeros((59, 3), dtype=bool))
    assert shown(own, LEAST)[0].tolist() == [True, False, False, True, True]


def test_no_difference_of_two_figures_finds_one_to_four_people(populations) -> None:
    """Every pair of published filters, one inside the other, within a theme and across themes."""
    for population in populations:
        told = disclosure.answers(population.found, population.crowd.people, THRESHOLDS)
        size = np.asarray(told.who.sum(axis=1)).ravel()
        common = (told.who @ told.who.T).tocoo()
        rest = size[common.row] - common.data
        within = (common.data == size[common.col]) & (rest > 0) & (rest < LEAST)
        whole, part = common.row[within], common.col[within]
        least, most = told.low[whole] - told.high[part], told.high[whole] - told.low[part]
        assert not ((least >= 1) & (most < LEAST)).any()


def leaks(population: Population, seed: int, told: disclosure.Answers | None = None) -> list[int]:
    """Return the groups of one to four that are found out: cells and differences, a sample."""
    rng = np.random.default_rng(seed)
    people = population.crowd.people
    told = told or disclosure.answers(population.found, people, THRESHOLDS)
    every = disclosure.cells(population.found, people)
    few = disclosure.small(every, LEAST)
    few = few[rng.choice(few.shape[0], min(200, few.shape[0]), replace=False)]
    rests = disclosure.differences(every, LEAST, 100, rng)
    return disclosure.leaks(told, vstack([few, rests]).tocsr(), LEAST, rng)


def test_no_linear_program_over_all_answers_bounds_one_to_four_people(populations) -> None:
    """All themes, filters and judgements of a population at once, in one set of inequalities."""
    assert [leaks(population, seed) for seed, population in zip(SEEDS, populations, strict=True)] \
        == [[]] * len(SEEDS)  # fmt: skip


def test_the_audit_finds_groups_if_figures_are_exact(populations) -> None:
    people, theme = populations[1].crowd.people, populations[1].found[1:2]
    told = disclosure.answers(theme, people, THRESHOLDS)
    true = np.asarray(told.who.sum(axis=1)).ravel()
    exact = disclosure.Answers(told.who, true, true)
    few = disclosure.small(disclosure.cells(theme, people), LEAST)
    assert disclosure.leaks(exact, few[:40], LEAST, np.random.default_rng(0))
    assert not disclosure.leaks(told, few[:40], LEAST, np.random.default_rng(0))


def by_name(found: Published) -> dict[tuple[int, ...], list[int]]:
    return {
        tuple(row): column
        for row, column in zip(found.groups.filters.tolist(), found.figures.T.tolist(), strict=True)
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_one_person_who_goes_or_comes_moves_no_figure_by_one_to_four(
    populations, seed: int
) -> None:
    before = populations[seed]
    moved = 0
    for person in (0, 150, 300, 450):
        after = made(seed, without=person)
        for was, now in zip(before.found, after.found, strict=True):
            old, new = by_name(was), by_name(now)
            for name in old.keys() & new.keys():
                for a, b in zip(old[name], new[name], strict=True):
                    # Hidden before or after: nothing says by how much.
                    assert a == b or 0 in (a, b) or abs(a - b) == LEAST
                    moved += a != b
    assert moved


def test_a_raised_threshold_is_the_step_too() -> None:
    rng = np.random.default_rng(3)
    crowd = Crowd(np.arange(200), 200, ("a",), (("x", "y", "z"),), rng.choice(3, (200, 1)))
    judged = np.eye(3, dtype=bool)[rng.choice(3, 200)]
    found = publish(crowd, groups(crowd, np.arange(200), judged), "", KEY, Thresholds(8, 16))
    assert found.shown[0].all()
    assert set((found.figures[found.shown] % 8).tolist()) == {0}


@pytest.mark.parametrize(("name", "least"), cube.LEAST.items())
def test_a_setting_may_raise_a_threshold_and_never_lower_it(name: str, least: int) -> None:
    assert getattr(Settings({name: least + 3}), name) == least + 3
    with pytest.raises(BothsidesError, match=name):
        Settings({name: least - 1})


def test_the_offset_is_secret_and_steady() -> None:
    names = [f"cell {at}" for at in range(2000)]
    own = rounding.offsets(KEY, names, LEAST)
    assert (own == rounding.offsets(KEY, names, LEAST)).all()
    assert (own != rounding.offsets(b"another key", names, LEAST)).mean() > 0.7
    assert np.bincount(own, minlength=LEAST).min() > 300


def test_the_offset_cannot_be_read_off_from_cells_whose_count_is_known(populations) -> None:
    """Who knows the counts of a hundred cells knows their offsets, and of the others nothing."""
    counts, figures = [], []
    for population in populations:
        for found in population.found:
            counts.append(found.groups.sizes[found.shown])
            figures.append(found.figures[found.shown])
    count, figure = np.concatenate(counts), np.concatenate(figures)
    # The same count is published as either of two multiples, and the mean error is nil.
    for one in range(11, 40):
        own = figure[count == one]
        assert len(set(own.tolist())) == (1 if one % LEAST == 0 else 2)
    assert abs((figure - count)[count >= 3 * LEAST].mean()) < 0.1
    offsets = rounding.offsets(KEY, [f"cell {at}" for at in range(4000)], LEAST)
    known, other = offsets[:2000], offsets[2000:]
    table = np.zeros((LEAST, LEAST))
    np.add.at(table, (known, other), 1)
    # Chi-square of independence, 16 degrees of freedom: 39.3 is its 0.999 quantile.
    assert ((table - 80) ** 2 / 80).sum() < 24 + 40
    assert abs(np.corrcoef(known, other)[0, 1]) < 0.08
