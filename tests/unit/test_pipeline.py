"""The whole core on texts whose themes are known beforehand. No clock, no file, no model."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from analyzer import experience, hearing, pipeline
from analyzer.errors import UsageError
from analyzer.settings import Settings
from analyzer.words import GRAMMAR
from tests.fakes import FakeEmbedder

CHART = experience.parse(
    """
    [[node]]
    id = "rota"
    side = "employee"
    name = "Rota"
    description = "Rota."
    en = ["the rota"]
    [[node]]
    id = "pay"
    side = "employee"
    name = "Pay"
    description = "Pay."
    en = ["the pay"]
    [[node]]
    id = "queue"
    side = "customer"
    name = "Queue"
    description = "Queue."
    en = ["the queue"]
    [[node]]
    id = "parking"
    side = "customer"
    name = "Parking"
    description = "Parking."
    en = ["the parking"]
    [[edge]]
    employee = "rota"
    customer = "queue"
    kind = "driver-outcome"
    strength = "strong"
    reason = "Expected."
    source = "Nobody 2000"
    """,
    "map",
)
EMPLOYEE = {"rota": 16, "breakfast": 15, "pay": 14, "manager": 13, "uniform": 12}
CUSTOMER = {"queue": 16, "breakfast": 15, "parking": 14, "noise": 13, "wifi": 12}
TOPICS = tuple(EMPLOYEE | CUSTOMER)
WORDS = (
    "pot", "window", "river", "carpet", "ladder", "button", "violin", "garden", "pencil", "jug",
)  # fmt: skip


EXAMPLES = {
    "en": {
        "positive": tuple(f"great {word}" for word in WORDS),
        "negative": tuple(f"terrible {word}" for word in WORDS),
        "neutral": tuple(f"some {word}" for word in WORDS),
    }
}
BACKGROUND = pipeline.Background(CHART, EXAMPLES)
JUDGING = ("great", "terrible")
GRAMMAR_WORDS = GRAMMAR["en"].prepositions | GRAMMAR["en"].articles | set(GRAMMAR["en"].joints)
PRAISE = ("Great place", "Great hotel!", "Really great", "It was great", "great, great, great")
COMPLAINT = ("Terrible place", "Terrible hotel!", "So terrible", "It was terrible", "just terrible")


def said(topic: str, count: int) -> list[str]:
    return [
        f"the {topic} {WORDS[i % 10]} {WORDS[(i // 2) % 10]} bad{'x' * i}" for i in range(count)
    ]


@pytest.fixture
def comments(make_comments):
    return [
        *make_comments(*(text for topic, count in EMPLOYEE.items() for text in said(topic, count))),
        *make_comments(
            *(text for topic, count in CUSTOMER.items() for text in said(topic, count)),
            side="customer",
        ),
    ]


def embedder_of(centre: str = "none") -> FakeEmbedder:
    embedder = FakeEmbedder((*TOPICS, *JUDGING, "lottery"))
    embedder.centre = centre
    return embedder


def fitted(comments, embedder=None, seed=0, **settings):
    return pipeline.fit(
        comments,
        embedder or embedder_of(),
        BACKGROUND,
        Settings(settings),
        np.random.default_rng(seed),
    )


def run(comments, embedder=None, seed=0, **settings):
    return fitted(comments, embedder, seed, **settings)[0]


def theme_of(side) -> dict[tuple[str, int], int]:
    """Return the theme of each segment, by its comment and its place there."""
    return {
        (segment.comment_id, segment.index): number
        for segment, number in zip(side.segments, side.theme.tolist(), strict=True)
    }


def agreement(one, other) -> float:
    """Return the adjusted Rand index of two runs' themes of one side."""
    first, second = theme_of(one), theme_of(other)
    assert first.keys() == second.keys()
    return adjusted_rand_score(list(first.values()), [second[key] for key in first])


def mixed(make_comments, count: int, side="employee"):
    """Return comments of one to four sentences, each of any topic or of none."""
    rng = np.random.default_rng(count)
    topics = [*(EMPLOYEE if side == "employee" else CUSTOMER), "", *PRAISE[:1], *COMPLAINT[:1]]
    texts = [
        ". ".join(
            f"The {topics[rng.integers(len(topics))]} {WORDS[rng.integers(10)]} x{'y' * i}{j}"
            for j in range(rng.integers(1, 5))
        )
        for i in range(count)
    ]
    return make_comments(*texts, side=side)


def topic_of(theme, side) -> str:
    words = " ".join(side.segments[i].text for i in theme.exemplars).split()
    return max(TOPICS, key=words.count)


def named(analysis):
    return {
        theme.id: topic_of(theme, side) for side in analysis.sides.values() for theme in side.themes
    }


@pytest.fixture
def analysis(comments):
    return run(comments)


def test_each_topic_becomes_one_theme(analysis) -> None:
    assert sorted(named(analysis).values()) == sorted([*EMPLOYEE, *CUSTOMER])


def test_every_segment_has_a_theme_and_a_confidence(analysis) -> None:
    for side in analysis.sides.values():
        assert len(side.theme) == len(side.confidence) == len(side.segments)
        assert set(side.theme.tolist()) == set(range(len(side.themes)))
        assert ((side.confidence >= 0) & (side.confidence <= 1)).all()
        assert sum(theme.segments for theme in side.themes) == len(side.segments)


def test_the_same_topic_on_both_sides_is_a_pair_and_so_is_the_expected_outcome(comments) -> None:
    analysis = run(comments, min_probability=0.0)
    names = named(analysis)
    first = analysis.pairs[0]
    assert {names[first.employee_theme_id], names[first.customer_theme_id]} == {"breakfast"}
    assert first.kind == "same-topic"
    outcome = [pair for pair in analysis.pairs if pair.kind == "driver-outcome"]
    assert names[outcome[0].employee_theme_id] == "rota"
    assert names[outcome[0].customer_theme_id] == "queue"


def test_a_pair_carries_its_evidence(comments) -> None:
    analysis = run(comments, min_probability=0.0)
    by_kind = {pair.kind: pair.evidence for pair in reversed(analysis.pairs)}
    assert by_kind["driver-outcome"].edge == "rota>queue"
    assert by_kind["driver-outcome"].source == "Nobody 2000"
    assert by_kind["same-topic"].edge is None
    for pair in analysis.pairs:
        odds = sum(sign.weight for sign in pair.evidence.signs)
        assert pair.probability == pytest.approx(1 / (1 + np.exp(-odds)))
        assert pair.evidence.closest
        assert pair.status == "suggested"


def test_the_same_input_and_seed_give_the_same_analysis(comments, analysis) -> None:
    again = run(comments)
    assert again.pairs == analysis.pairs
    for side, one in analysis.sides.items():
        other = again.sides[side]
        assert one.segments == other.segments
        assert one.theme.tobytes() == other.theme.tobytes()
        assert one.confidence.tobytes() == other.confidence.tobytes()
        assert [t.label for t in one.themes] == [t.label for t in other.themes]


def test_the_order_of_the_comments_does_not_matter(comments) -> None:
    longer = [*comments, *_long(comments)]
    one = run(longer)
    order = np.random.default_rng(1).permutation(len(longer))
    other = run([longer[i] for i in order])
    assert one.pairs == other.pairs
    assert one.notes == other.notes
    for side in one.sides:
        assert theme_of(one.sides[side]) == theme_of(other.sides[side])
        assert one.sides[side].segments == other.sides[side].segments
        assert one.sides[side].confidence.tobytes() == other.sides[side].confidence.tobytes()
        assert [t.label for t in one.sides[side].themes] == [
            t.label for t in other.sides[side].themes
        ]


def _long(comments):
    """Return comments of several sentences, made of those that there are."""
    return [
        replace(first, id=f"long-{first.id}", text=f"{first.text}. {second.text}")
        for first, second in pairwise(comments[::3])
        if first.side == second.side
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_seed_gives_nearly_the_same_themes(comments, seed: int) -> None:
    longer = [*comments, *_long(comments)]
    one, other = run(longer), run(longer, seed=seed)
    for side in one.sides:
        assert agreement(one.sides[side], other.sides[side]) >= 0.9


@pytest.mark.parametrize("centre", ["none", "language"])
def test_prediction_gives_the_themes_of_fitting_for_all_for_one_and_for_some(
    make_comments, centre: str
) -> None:
    own = mixed(make_comments, 150)
    own += make_comments(*PRAISE, *COMPLAINT)[: len(PRAISE) + len(COMPLAINT)]
    own = [replace(comment, id=f"e{i}") for i, comment in enumerate(own)]
    embedder = embedder_of(centre)
    analysis, model = fitted(own, embedder)
    fitting = theme_of(analysis.sides["employee"])
    batches = [own, own[40:70], *([comment] for comment in own[::10])]
    for batch in batches:
        found, theme, confidence = pipeline.predict(model, batch, "employee", embedder)
        assert found.segments
        for segment, number in zip(found.segments, theme.tolist(), strict=True):
            assert fitting[segment.comment_id, segment.index] == number
        assert ((confidence >= 0) & (confidence <= 1)).all()
    found, theme, confidence = pipeline.predict(model, own, "employee", embedder)
    assert theme.tobytes() == analysis.sides["employee"].theme.tobytes()
    np.testing.assert_allclose(confidence, analysis.sides["employee"].confidence, atol=1e-6)


def test_prediction_reads_a_comment_of_no_known_language_as_fitting_did(make_comments) -> None:
    spanish = make_comments(*said("rota", 20), *said("pay", 20), language="es")
    unknown = replace(spanish[3], id="unknown", language=None, text="the rota and so on bad")
    analysis, model = fitted([*spanish, unknown])
    found, theme, _ = pipeline.predict(model, [unknown], "employee", embedder_of())
    assert {segment.language for segment in found.segments} == {"es"}
    assert theme_of(analysis.sides["employee"])["unknown", 0] == theme[0]


def test_prediction_of_nothing_is_nothing(comments) -> None:
    _, model = fitted(comments)
    found, theme, confidence = pipeline.predict(model, [], "customer", embedder_of())
    assert (found.segments, len(theme), len(confidence)) == ((), 0, 0)


def test_one_text_sent_again_and_again_is_no_theme_of_its_own(comments, make_comments) -> None:
    copies = make_comments(*(f"Ticket {i}: the lottery carpet" for i in range(30)))
    copies = [replace(comment, id=f"copy{i}") for i, comment in enumerate(copies)]
    side = run([*comments, *copies]).sides["employee"]
    assert len(side.themes) == len(EMPLOYEE)
    themes = theme_of(side)
    assert {themes[comment.id, 0] for comment in comments if comment.side == "employee"} == set(
        range(len(side.themes))
    )
    alone = run(comments).sides["employee"]
    assert adjusted_rand_score(
        list(theme_of(alone).values()), [themes[key] for key in theme_of(alone)]
    ) == pytest.approx(1)


def test_praise_and_complaint_without_a_subject_are_themes_apart(comments, make_comments) -> None:
    judging = make_comments(*PRAISE, *COMPLAINT, "terrible, terrible")
    judging = [replace(comment, id=f"j{i}") for i, comment in enumerate(judging)]
    analysis = run([*comments, *judging])
    side = analysis.sides["employee"]
    by_nature = {theme.nature: theme for theme in side.themes if theme.nature != "subject"}
    assert by_nature["general-praise"].segments == 5
    assert by_nature["general-complaint"].segments == 6
    assert (
        by_nature["general-praise"].polarity.mean > 0 > by_nature["general-complaint"].polarity.mean
    )
    assert sum(theme.nature == "subject" for theme in side.themes) == len(EMPLOYEE)
    assert by_nature["general-praise"].broad == by_nature["general-complaint"].broad
    subjects = {theme.broad for theme in side.themes if theme.nature == "subject"}
    assert by_nature["general-praise"].broad not in subjects
    sizes = [theme.segments for theme in side.themes]
    assert sizes == sorted(sizes, reverse=True)
    assert {theme.nature for theme in analysis.sides["customer"].themes} == {"subject"}


def test_too_few_judgements_without_a_subject_are_no_theme(comments, make_comments) -> None:
    judging = make_comments(*PRAISE[:4], *COMPLAINT)
    judging = [replace(comment, id=f"j{i}") for i, comment in enumerate(judging)]
    side = run([*comments, *judging]).sides["employee"]
    assert [t.nature for t in side.themes if t.nature != "subject"] == ["general-complaint"]


def test_judgements_alone_are_a_theme_too(make_comments) -> None:
    side = run(make_comments(*PRAISE, *COMPLAINT)).sides["employee"]
    assert {theme.nature for theme in side.themes} == {"general-praise", "general-complaint"}
    assert len(side.broad) == 1
    assert sum(theme.segments for theme in side.themes) == 10


def test_each_theme_is_in_one_broad_theme_which_counts_what_it_holds(make_comments) -> None:
    analysis = run([*mixed(make_comments, 200), *mixed(make_comments, 100, "customer")])
    for side in analysis.sides.values():
        ids = [broad.id for broad in side.broad]
        assert len(set(ids)) == len(ids)
        assert {theme.broad for theme in side.themes} == set(ids)
        for broad in side.broad:
            own = [theme for theme in side.themes if theme.broad == broad.id]
            assert broad.segments == sum(theme.segments for theme in own)
            assert max(t.comments for t in own) <= broad.comments <= sum(t.comments for t in own)
        sizes = [broad.segments for broad in side.broad]
        assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("centre", ["none", "language"])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 20, 60, 300])
def test_a_side_of_any_size_is_analysed(make_comments, count: int, centre: str) -> None:
    comments = [*mixed(make_comments, count), *mixed(make_comments, count, "customer")]
    analysis = run(comments, embedder_of(centre))
    for side in analysis.sides.values():
        assert len({segment.comment_id for segment in side.segments}) == count
        assert sum(theme.segments for theme in side.themes) == len(side.segments)
        assert all(theme.segments for theme in side.themes)
        assert len({theme.label for theme in side.themes}) == len(side.themes)
        assert 1 <= len(side.themes) <= max(1, len(side.segments) / 5)


@pytest.mark.parametrize("side", ["employee", "customer", None])
@pytest.mark.parametrize("centre", ["none", "language"])
def test_a_map_that_knows_one_side_alone_or_nothing_is_enough(comments, side, centre) -> None:
    nodes = {key: CHART.nodes[key] if key == side else {} for key in CHART.nodes}
    background = pipeline.Background(experience.ExperienceMap(nodes, ()), EXAMPLES)
    analysis = pipeline.analyze(
        comments, embedder_of(centre), background, Settings(), np.random.default_rng(0)
    )
    assert [len(found.themes) for found in analysis.sides.values()] == [5, 5]
    assert {pair.kind for pair in analysis.pairs} <= {"same-topic"}


def test_a_side_of_no_known_language_is_analysed(make_comments) -> None:
    comments = make_comments(*said("rota", 12), *said("pay", 12), language=None)
    assert len(run(comments, embedder_of("language")).sides["employee"].themes) == 2


def test_a_language_of_a_few_comments_is_analysed(comments, make_comments) -> None:
    few = make_comments("Die Schicht war lang", "Der Lohn ist niedrig", language="de")
    few = [replace(comment, id=f"de{i}") for i, comment in enumerate(few)]
    analysis = run([*comments, *few], embedder_of("language"))
    assert set(analysis.language_means) == {"*", "en"}
    assert {"de0", "de1"} <= {s.comment_id for s in analysis.sides["employee"].segments}


def test_a_higher_resolution_gives_more_themes(make_comments) -> None:
    comments = mixed(make_comments, 200)
    few, chosen, many = (
        len(run(comments, resolution=value).sides["employee"].themes) for value in (0.1, 0.0, 20.0)
    )
    assert few < chosen < many


@pytest.mark.parametrize("side", ["employee", "customer"])
def test_one_side_alone_gives_themes_and_no_pairs_and_says_so(comments, side) -> None:
    analysis = run([comment for comment in comments if comment.side == side])
    other = "customer" if side == "employee" else "employee"
    assert len(analysis.sides[side].themes) == 5
    assert analysis.sides[other].themes == ()
    assert analysis.pairs == ()
    assert any(f"no {other} comments" in note for note in analysis.notes)


@pytest.mark.parametrize("side", ["employee", "customer"])
def test_one_side_alone_is_analysed_by_a_centred_model_too(comments, side) -> None:
    own = [comment for comment in comments if comment.side == side]
    analysis = run(own, embedder_of("language"))
    assert analysis.sides[side].themes
    assert analysis.pairs == ()


def test_no_comments_give_an_empty_analysis() -> None:
    analysis = run([])
    assert analysis.pairs == ()
    assert len(analysis.notes) == 2


def test_comments_that_say_nothing_give_no_segments_and_are_listed(make_comments) -> None:
    analysis = run(make_comments("n/a", "nothing", "-"))
    side = analysis.sides["employee"]
    assert side.segments == ()
    assert [gone.reason for gone in side.dropped] == ["says nothing"] * 3


def test_progress_hears_every_stage_to_its_end(comments) -> None:
    heard: dict[str, tuple[int, int]] = {}
    pipeline.analyze(
        comments, FakeEmbedder(("rota",)), BACKGROUND, Settings(), np.random.default_rng(0),
        progress=lambda stage, done, total: heard.__setitem__(stage, (done, total)),
    )  # fmt: skip
    assert list(heard) == [
        "segment employee", "segment customer", "embed", "discover", "label", "align",
    ]  # fmt: skip
    assert all(done == total for done, total in heard.values())


def test_comments_are_not_changed_by_an_analysis(comments) -> None:
    before = list(comments)
    run(comments)
    assert comments == before


def test_an_unknown_strategy_is_an_error_before_anything_is_embedded(comments) -> None:
    embedder = FakeEmbedder()
    with pytest.raises(UsageError, match="no strategy"):
        pipeline.analyze(
            comments,
            embedder,
            BACKGROUND,
            Settings(),
            np.random.default_rng(0),
            strategy_name="magic",
        )
    assert embedder.calls == 0


def test_a_centred_model_gives_the_means_it_took_away(comments) -> None:
    analysis = run(comments, embedder_of("language"))
    assert set(analysis.language_means) == {"*", "en"}
    assert run(comments).language_means == {}


def users_of(comments) -> dict[str, set[str]]:
    """Return who uses each family of words."""
    users: dict[str, set[str]] = {}
    for comment in comments:
        for word in re.findall(r"[^\W_]+", comment.text.casefold()):
            users.setdefault(hearing.family(word), set()).add(comment.respondent)
    return users


@pytest.mark.parametrize("people", [12, 30, 70])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_words_of_labels_and_terms_of_employees_come_from_five(comments, people, seed) -> None:
    rng = np.random.default_rng([people, seed])
    comments = [replace(c, respondent=f"p{rng.integers(people)}") for c in comments]
    users = users_of(c for c in comments if c.side == "employee")
    themes = run(comments).sides["employee"].themes
    assert any(theme.terms for theme in themes)
    said = [text for t in themes for text in (t.label, *t.terms) if not re.match(r"theme \d", text)]
    for word in (word for text in said for word in re.findall(r"[^\W_]+", text)):
        assert word in GRAMMAR_WORDS or len(users[hearing.family(word)]) >= 5, word


def test_where_four_people_wrote_there_are_no_words(comments) -> None:
    comments = [replace(c, respondent=f"p{at % 4}") for at, c in enumerate(comments)]
    themes = run(comments).sides["employee"].themes
    assert all(re.fullmatch(r"theme \d+", theme.label) and not theme.terms for theme in themes)
