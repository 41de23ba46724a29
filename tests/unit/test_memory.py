"""What a run leaves for the next gives the same themes; what fits none is told from what does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analyzer import gathering, identity, memory, pipeline
from analyzer.discover import Known
from analyzer.discover.assign import centroids
from analyzer.identity import Standing
from analyzer.settings import Settings
from analyzer.types import SIDES
from tests.unit.test_pipeline import COMPLAINT, PRAISE, embedder_of, fitted, said


@pytest.fixture
def comments(make_comments):
    own = make_comments(*said("rota", 16), *said("pay", 14), *PRAISE, *COMPLAINT, "terrible hotel")
    theirs = make_comments(*said("queue", 16), *said("noise", 12), side="customer")
    return [*own, *theirs]


def remembered(comments, embedder, **standing):
    analysis, model = fitted(comments, embedder)
    sides = {side: identity.continued(analysis.sides[side], Standing(**standing)) for side in SIDES}
    return analysis, memory.remember(model, sides)


@pytest.mark.parametrize("centre", ["none", "language"])
def test_a_model_that_was_written_and_read_gives_known_segments_their_themes(
    comments, centre: str
) -> None:
    embedder = embedder_of(centre)
    analysis, kept = remembered(comments, embedder)
    again = memory.load(memory.dump(kept))
    assert again.ids == kept.ids
    for side in SIDES:
        found, theme, _ = pipeline.predict(again.model, comments, side, embedder)
        was = analysis.sides[side]
        assert [again.ids[side][at] for at in theme] == [was.themes[at].id for at in was.theme]
        assert [s.comment_id for s in found.segments] == [s.comment_id for s in was.segments]
    assert again.usual == kept.usual


def test_the_memory_is_written_without_pickles_and_the_same_each_time(comments) -> None:
    _, kept = remembered(comments, embedder_of())
    data = memory.dump(kept)
    assert data == memory.dump(memory.load(data))
    assert data[:2] == b"PK"


def test_lasting_numbers_do_not_matter_to_the_themes(comments) -> None:
    analysis, kept = remembered(comments, embedder_of(), next_theme=40)
    assert kept.ids["employee"][0] == "e40"
    assert len(kept.ids["employee"]) == len(analysis.sides["employee"].themes)


def test_a_large_theme_is_known_by_some_of_its_segments(comments, monkeypatch) -> None:
    monkeypatch.setattr(memory, "MOST_KNOWN", 5)
    embedder = embedder_of()
    analysis, kept = remembered(comments, embedder)
    sizes = np.bincount(kept.model.sides["customer"].known.theme)
    assert sizes.tolist() == [5, 5]
    _, theme, _ = pipeline.predict(kept.model, comments, "customer", embedder)
    assert theme.tolist() == analysis.sides["customer"].theme.tolist()


def points(rng, middles, counts, spread=0.05) -> np.ndarray:
    rows = np.repeat(middles, counts, axis=0)
    rows = rows + spread * rng.normal(size=rows.shape)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def known() -> Known:
    rng = np.random.default_rng(0)
    theme = np.repeat(np.arange(4), 30)
    vectors = points(rng, np.eye(24)[:4], [30] * 4)
    return Known(vectors, theme, centroids(vectors, theme, 4))


def grouped(known: Known, vectors, comment=None, texts=None, **settings) -> list[list[int]]:
    count = len(vectors)
    rows = gathering.groups(
        vectors,
        texts or [f"{'x' * at} text" for at in range(count)],
        np.arange(count) if comment is None else np.array(comment),
        known,
        Settings(settings),
    )
    return [row.tolist() for row in rows]


def test_what_is_far_from_all_that_is_known_gathers(known) -> None:
    rng = np.random.default_rng(1)
    vectors = points(rng, np.eye(24)[[0, 10]], [10, 10])
    gathers = gathering.company(known, vectors) < gathering.usual(known)
    assert gathers[10:].all()
    assert gathers[:10].mean() <= 0.8


def test_two_crowds_are_two_themes_the_larger_first(known) -> None:
    rng = np.random.default_rng(1)
    vectors = points(rng, np.eye(24)[[8, 9]], [20, 30])
    one, two = grouped(known, vectors)
    assert set(one) <= set(range(20, 50))
    assert set(two) <= set(range(20))
    assert (len(one) >= 26, len(two) >= 16) == (True, True)


def test_too_few_or_all_of_one_comment_are_no_theme(known) -> None:
    vectors = points(np.random.default_rng(1), np.eye(24)[[8]], [20])
    assert len(grouped(known, vectors)) == 1
    assert grouped(known, vectors[:9]) == []
    assert grouped(known, vectors, comment=[at % 5 for at in range(20)]) == []
    assert grouped(known, vectors, new_theme_comments=21) == []


def test_copies_of_a_text_are_no_theme(known) -> None:
    vectors = points(np.random.default_rng(1), np.eye(24)[[8]], [30])
    assert grouped(known, vectors, texts=[f"{at}: the same text" for at in range(30)]) == []


def test_strays_without_company_are_no_theme(known) -> None:
    vectors = points(np.random.default_rng(1), np.eye(24)[[0, 1, 2, 3]], [12] * 4)
    assert grouped(known, vectors) == []
    alone = np.random.default_rng(1).normal(size=(40, 24)).astype(np.float32)
    alone /= np.linalg.norm(alone, axis=1, keepdims=True)
    assert grouped(known, alone) == []


def test_the_order_of_strays_says_nothing(known) -> None:
    rng = np.random.default_rng(1)
    vectors = points(rng, np.eye(24)[[8, 9]], [20, 30])
    order = rng.permutation(50)
    one = grouped(known, vectors)
    assert len(one) == 2
    other = [sorted(order[row].tolist()) for row in map(np.array, grouped(known, vectors[order]))]
    assert [sorted(row) for row in one] == other


def test_a_segment_at_a_border_stays_where_people_know_it(comments) -> None:
    embedder = embedder_of()
    before, _ = fitted(comments, embedder)
    side = before.sides["employee"]
    theme_of = {
        (s.comment_id, s.start, s.end): side.themes[at].id
        for s, at in zip(side.segments, side.theme.tolist(), strict=True)
    }
    stands = {
        "employee": Standing(theme_of, {t.id: t for t in side.themes}),
        "customer": Standing(),
    }
    again, model = fitted_beside(comments, embedder, stands)
    assert again.sides["employee"].theme.tolist() == side.theme.tolist()
    # A segment that people know in a theme where it does not fit goes where it belongs.
    wrong = next(k for k, t in theme_of.items() if t != side.themes[0].id)
    stands["employee"] = replace(
        stands["employee"], theme_of={**theme_of, wrong: side.themes[0].id}
    )
    again, model = fitted_beside(comments, embedder, stands)
    assert again.sides["employee"].theme.tolist() == side.theme.tolist()
    _, theme, _ = pipeline.predict(model, comments, "employee", embedder)
    assert theme.tolist() == side.theme.tolist()


def fitted_beside(comments, embedder, standing):
    from tests.unit.test_pipeline import BACKGROUND

    return pipeline.fit(
        comments, embedder, BACKGROUND, Settings(), np.random.default_rng(0), standing=standing
    )
