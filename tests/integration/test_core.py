"""The core with the real models: what must hold of vectors that nobody made up."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from analyzer import pipeline, runs
from analyzer.embed import CachedEmbedder
from analyzer.settings import Settings
from analyzer.types import Comment
from tests import trilingual

SETTINGS = Settings()


class Memory(dict):
    """A cache of vectors for the tests of this file."""

    def load(self, fingerprint, hashes):
        return {key: self[fingerprint, key] for key in hashes if (fingerprint, key) in self}

    def save(self, fingerprint, vectors):
        self.update({(fingerprint, key): row for key, row in vectors.items()})


@pytest.fixture(scope="module")
def embedder(both):
    return CachedEmbedder(both, Memory())


@pytest.fixture(scope="module")
def background():
    return runs.load_background(SETTINGS)


def fit(comments, embedder, background, seed=0, settings=SETTINGS):
    return pipeline.fit(comments, embedder, background, settings, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def fitted(embedder, background):
    return fit(trilingual.comments(), embedder, background)


def themes(analysis) -> dict[str, int]:
    side = analysis.sides["customer"]
    pairs = zip(side.segments, side.theme.tolist(), strict=True)
    return {f"{segment.comment_id}/{segment.index}": number for segment, number in pairs}


def topic_and_language(key: str) -> tuple[str, str]:
    topic, language, *_ = key.split("/")
    return topic, language


@pytest.mark.parametrize("topic", trilingual.TEXTS)
def test_comments_of_three_languages_on_one_topic_share_its_themes(fitted, topic: str) -> None:
    found = themes(fitted[0])
    spread = {}
    for language in ("en", "es", "it"):
        own = [n for key, n in found.items() if topic_and_language(key) == (topic, language)]
        shares = np.bincount(own, minlength=max(found.values()) + 1) / len(own)
        spread[language] = shares
    # What two languages have in common: 0 (no theme) to 1 (the same themes, as often).
    for one, other in (("en", "es"), ("en", "it"), ("es", "it")):
        assert np.minimum(spread[one], spread[other]).sum() >= 0.7, (one, other)


def test_a_comment_and_its_translation_have_the_same_theme(fitted) -> None:
    found = themes(fitted[0])
    keys = [key for key in found if topic_and_language(key)[1] == "en"]
    for language in ("es", "it"):
        same = [found[key] == found[key.replace("/en/", f"/{language}/")] for key in keys]
        assert np.mean(same) >= 0.8, language


def test_themes_are_of_topics_and_not_of_languages(fitted) -> None:
    found = themes(fitted[0])
    topics, languages = zip(*map(topic_and_language, found), strict=True)
    assert adjusted_rand_score(topics, list(found.values())) >= 0.6
    assert abs(adjusted_rand_score(languages, list(found.values()))) <= 0.05
    for theme in set(found.values()):
        own = {topic_and_language(key)[1] for key, number in found.items() if number == theme}
        assert own == {"en", "es", "it"}


def test_prediction_gives_the_themes_of_fitting(fitted, embedder) -> None:
    analysis, model = fitted
    fitting = themes(analysis)
    own = trilingual.comments()
    for batch in (own, own[50:70], *([comment] for comment in own[::4])):
        found, theme, _ = pipeline.predict(model, batch, "customer", embedder)
        assert len(found.segments) >= len(batch)
        for segment, number in zip(found.segments, theme.tolist(), strict=True):
            assert fitting[f"{segment.comment_id}/{segment.index}"] == number


def test_prediction_without_the_cache_is_the_same(fitted, both) -> None:
    analysis, model = fitted
    own = trilingual.comments()[::12]
    found, theme, _ = pipeline.predict(model, own, "customer", both)
    fitting = themes(analysis)
    keys = [f"{segment.comment_id}/{segment.index}" for segment in found.segments]
    assert [fitting[key] for key in keys] == theme.tolist()


def test_a_comment_that_is_new_joins_the_theme_of_its_topic(fitted, embedder) -> None:
    analysis, model = fitted
    found = themes(analysis)
    (noise,) = Counter(n for k, n in found.items() if k.startswith("noise")).most_common(1)
    new = [
        Comment(
            id="new", side="customer", kind="review", source_id="new", column="text",
            text=text, language=language,
        )
        for text, language in (
            ("The neighbours were so loud that nobody slept", "en"),
            ("Mucho ruido de la calle por la noche, imposible dormir", "es"),
        )
    ]  # fmt: skip
    for comment in new:
        _, theme, _ = pipeline.predict(model, [comment], "customer", embedder)
        assert theme.tolist() == [noise[0]]


def test_the_order_of_the_comments_does_not_matter(fitted, embedder, background) -> None:
    own = trilingual.comments()
    order = np.random.default_rng(5).permutation(len(own))
    again, _ = fit([own[i] for i in order], embedder, background)
    assert themes(again) == themes(fitted[0])
    assert [t.label for t in again.sides["customer"].themes] == [
        t.label for t in fitted[0].sides["customer"].themes
    ]


def test_another_seed_gives_nearly_the_same_themes(fitted, embedder, background) -> None:
    one = themes(fitted[0])
    for seed in (1, 2):
        other = themes(fit(trilingual.comments(), embedder, background, seed)[0])
        assert adjusted_rand_score(list(one.values()), [other[key] for key in one]) >= 0.9


def test_a_text_sent_again_with_a_word_changed_is_no_theme_of_its_own(
    fitted, embedder, background
) -> None:
    own = trilingual.comments()
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
    copies = [
        Comment(
            id=f"copy/en/{i}", side="customer", kind="review", source_id=f"copy/{i}",
            column="text", language="en",
            text=f"Booking {1000 + i}: I am still waiting for the refund since {days[i % 6]}",
        )
        for i in range(30)
    ]  # fmt: skip
    analysis, _ = fit([*own, *copies], embedder, background)
    found = themes(analysis)
    for theme in set(found.values()):
        members = [key for key, number in found.items() if number == theme]
        assert not all(key.startswith("copy") for key in members)
    before = len(fitted[0].sides["customer"].themes)
    assert abs(len(analysis.sides["customer"].themes) - before) <= 1
