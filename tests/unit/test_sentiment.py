"""Sentiment: "staff were lovely" and "staff were rude" are never told alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analyzer import sentiment
from analyzer.errors import Misconfigured
from analyzer.sentiment import METHOD, Probe, learn, parse, polarity, summary
from analyzer.types import Embedder, judgement
from tests.fakes import FakeEmbedder

FILE = Path(__file__).parents[2] / "models" / "polarity.toml"

OPPOSITES = (
    ("the cashiers were polite", "the cashiers were impolite"),
    ("our guide was a delight", "our guide was unbearable"),
    ("they pay well", "they pay badly"),
    ("I got my parcel within a day", "I never got my parcel"),
    ("the sheets smelled fresh", "the sheets smelled of sweat"),
    ("the new system saves us hours", "the new system costs us hours"),
    ("supervisors treat you with respect", "supervisors treat you with contempt"),
    ("somebody helped me at once", "nobody came to help me"),
)
OPPOSITES_ES = (
    ("la cajera fue muy educada", "la cajera fue una borde"),
    ("pagan muy bien las horas extra", "no pagan nunca las horas extra"),
    ("las sábanas olían a limpio", "las sábanas olían fatal"),
    ("me ayudaron al instante", "nadie me ayudó"),
)
OPPOSITES_IT = (
    ("la cassiera è stata molto cortese", "la cassiera è stata scortese"),
    ("gli straordinari sono pagati bene", "gli straordinari non li pagano mai"),
    ("le lenzuola erano profumate", "le lenzuola puzzavano"),
    ("mi hanno aiutato all'istante", "nessuno mi ha aiutato"),
)
FACTS = (
    "I ordered a second key for the garage",
    "which platform does it leave from",
    "the course has four lessons",
    "we drove up from the coast on Saturday",
)


@pytest.fixture(scope="session")
def examples() -> sentiment.Examples:
    return parse(FILE.read_text(encoding="utf-8"), FILE.name)


@pytest.fixture(scope="session")
def minilm_probe(minilm: Embedder, examples: sentiment.Examples) -> Probe:
    return learn(examples, minilm)


@pytest.fixture(scope="session")
def multilingual_probe(multilingual: Embedder, examples: sentiment.Examples) -> Probe:
    return learn(examples, multilingual)


def judged(texts: list[str], language: str, embedder: Embedder, probe: Probe) -> np.ndarray:
    return polarity(texts, [language] * len(texts), embedder.embed(texts), probe)


def texts_of(pairs: tuple[tuple[str, str], ...]) -> list[str]:
    return [good for good, _ in pairs] + [bad for _, bad in pairs]


def test_praise_and_complaint_of_the_same_subject_differ_in_english(
    minilm: Embedder, minilm_probe: Probe
) -> None:
    found = judged(texts_of(OPPOSITES), "en", minilm, minilm_probe)
    good, bad = found[: len(OPPOSITES)], found[len(OPPOSITES) :]
    assert (good > bad).all()
    assert sum(good > 0) + sum(bad < 0) >= 14, "of 16"


@pytest.mark.parametrize(
    ("language", "pairs"), [("en", OPPOSITES), ("es", OPPOSITES_ES), ("it", OPPOSITES_IT)]
)
def test_praise_and_complaint_differ_in_every_language_of_the_multilingual_model(
    language: str,
    pairs: tuple[tuple[str, str], ...],
    multilingual: Embedder,
    multilingual_probe: Probe,
) -> None:
    found = judged(texts_of(pairs), language, multilingual, multilingual_probe)
    good, bad = found[: len(pairs)], found[len(pairs) :]
    assert sum(good > bad) >= len(pairs) - 1
    assert sum(good > 0) + sum(bad < 0) >= 2 * len(pairs) - 2


def test_the_staff_of_the_issue(multilingual: Embedder, multilingual_probe: Probe) -> None:
    found = judged(["staff were lovely", "staff were rude"], "en", multilingual, multilingual_probe)
    assert [judgement(value) for value in found] == ["positive", "negative"]


def test_facts_and_questions_judge_neither_way(
    multilingual: Embedder, multilingual_probe: Probe
) -> None:
    found = judged(list(FACTS), "en", multilingual, multilingual_probe)
    assert {judgement(value) for value in found} == {"neutral"}


def test_a_polarity_depends_on_the_segment_alone(
    multilingual: Embedder, multilingual_probe: Probe
) -> None:
    texts = [*texts_of(OPPOSITES), *texts_of(OPPOSITES_IT), "rien à dire", *FACTS]
    languages = ["en"] * 16 + ["it"] * 8 + ["fr"] + ["en"] * 4
    vectors = multilingual.embed(texts)
    together = polarity(texts, languages, vectors, multilingual_probe)
    for i, text in enumerate(texts):
        alone = polarity([text], [languages[i]], vectors[i : i + 1], multilingual_probe)
        assert alone[0] == together[i]
    order = np.arange(len(texts))[::-1]
    turned = polarity(
        [texts[i] for i in order], [languages[i] for i in order], vectors[order], multilingual_probe
    )
    assert (turned[::-1] == together).all()


def test_a_polarity_is_within_its_bounds(minilm: Embedder, minilm_probe: Probe) -> None:
    texts = ["I love love LOVE it, best best best!!! 😍", "worst, awful, horrible, hate it!!! 😡"]
    found = judged(texts, "en", minilm, minilm_probe)
    assert found[0] > 0.8
    assert found[1] < -0.8
    assert (np.abs(found) <= 1).all()


def test_a_language_without_phrases_is_read_by_what_all_have_taught(
    multilingual: Embedder, multilingual_probe: Probe
) -> None:
    texts = ["le personnel était adorable", "le personnel était désagréable et impoli"]
    good, bad = judged(texts, "fr", multilingual, multilingual_probe)
    assert good > 0 > bad


def test_the_second_opinion_is_heard_in_english_only(minilm: Embedder, minilm_probe: Probe) -> None:
    texts = ["catastrophic"]
    vectors = minilm.embed(texts)
    same = Probe(dict.fromkeys(("en", "es", sentiment.OTHERS), minilm_probe.lines["en"]))
    english = polarity(texts, ["en"], vectors, same)
    spanish = polarity(texts, ["es"], vectors, same)
    assert english[0] != spanish[0]


def test_a_probe_that_can_tell_nothing_says_so_quietly(examples: sentiment.Examples) -> None:
    # The fake knows none of the phrases' words: its vectors are noise.
    fake = FakeEmbedder(("queue",))
    probe = learn(examples, fake)
    texts = ["la habitación", "el personal", "la cola"]
    found = polarity(texts, ["es"] * 3, fake.embed(texts), probe)
    assert (np.abs(found) < 0.25).all()


def test_a_probe_learns_from_the_vectors_it_is_given() -> None:
    lists = {
        "positive": tuple(f"sunny place {i}" for i in range(6)),
        "negative": tuple(f"gloomy place {i}" for i in range(6)),
        "neutral": tuple(f"some place {i}" for i in range(6)),
    }
    fake = FakeEmbedder(("sunny", "gloomy", "place"))
    probe = learn({"es": lists}, fake)
    texts = ["sunny", "gloomy", "sunny place", "gloomy place", "place"]
    found = polarity(texts, ["es"] * 5, fake.embed(texts), probe)
    assert found[0] > 0.5 > -0.5 > found[1]
    assert found[2] > 0.5 > -0.5 > found[3]
    assert abs(found[4]) < 0.25


def test_no_segments_have_no_polarity(minilm_probe: Probe) -> None:
    assert polarity([], [], np.zeros((0, 384), dtype=np.float32), minilm_probe).shape == (0,)
    nothing = summary(np.zeros(0))
    assert (nothing.positive, nothing.neutral, nothing.negative, nothing.mean) == (0, 1, 0, 0)


def test_a_summary_holds_shares_that_add_up_and_the_mean() -> None:
    found = summary(np.array([0.9, 0.25, 0.24, -0.1, -0.25]))
    assert found.positive == pytest.approx(0.4)
    assert found.neutral == pytest.approx(0.4)
    assert found.negative == pytest.approx(0.2)
    assert found.mean == pytest.approx(0.208)


def test_a_summary_counts_as_a_segment_is_shown() -> None:
    values = np.array([-1, -0.26, -0.25, -0.2499, 0, 0.2499, 0.25, 0.26, 1])
    found = summary(values)
    told = [judgement(float(value)) for value in values]
    assert found.positive == pytest.approx(told.count("positive") / 9)
    assert found.negative == pytest.approx(told.count("negative") / 9)


def test_the_shipped_phrases_are_as_many_as_a_probe_needs(examples: sentiment.Examples) -> None:
    assert {"en", "es", "it"} <= set(examples)
    assert min(len(phrases) for phrases in examples["en"].values()) >= 120
    for code in ("es", "it"):
        assert min(len(phrases) for phrases in examples[code].values()) >= 80


def test_the_method_says_what_it_is() -> None:
    assert "VADER" in METHOD
    assert "regression" in METHOD
    assert METHOD.endswith(".")
    assert "\n" not in METHOD


def _toml(**classes: list[str]) -> str:
    usual = {key: [f"{key} {i}" for i in range(5)] for key in sentiment.CLASSES}
    return "[en]\n" + "\n".join(f"{k} = {v}" for k, v in {**usual, **classes}.items())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[en", "p.toml is not TOML"),
        ("", "p.toml: no language"),
        ("en = 3", r"p.toml: \[en\]: it must be a table"),
        (_toml(angry=["no"]), r"\[en\]: angry is none of: positive, negative, neutral"),
        (_toml(neutral=["one"]), r"\[en\]: neutral needs a list of 5 phrases"),
        ("[en]\npositive = 'good'", r"\[en\]: positive needs a list"),
        (_toml(negative=["a", "b", " ", "d", "e"]), "negative holds an empty phrase"),
        (_toml(neutral=["a", "b", "positive 1", "d", "e"]), "'positive 1' stands twice"),
    ],
)
def test_a_file_that_is_no_table_of_phrases_is_refused_with_the_place(
    text: str, message: str
) -> None:
    with pytest.raises(Misconfigured, match=message):
        parse(text, "p.toml")


def test_phrases_are_read_by_language_and_class() -> None:
    found = parse(_toml() + "\n" + _toml().replace("[en]", "[fr]"), "p.toml")
    assert set(found) == {"en", "fr"}
    assert found["fr"]["neutral"][0] == "neutral 0"
