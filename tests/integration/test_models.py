"""The real models: near fp32, the same whatever the batch, and never on the network."""

from __future__ import annotations

import socket

import numpy as np
import pytest

from models import registry
from models.manifest import read_beside, read_manifest, weights_path

NAMES = [*read_manifest(), *read_beside()]

SENTENCES = (
    "The queue at the desk was endless.",
    "We are always two people short on the late shift.",
    "Lovely staff, thank you so much for everything!",
    "My card was charged twice and I want the money back.",
    "No hot water for three days, and nobody apologised.",
    "The rota changes every week and I cannot plan anything.",
    "Breakfast: cold eggs, burnt toast, no coffee. Never again.",
    "Would recommend to families with small children.",
    "ok",
    "The manager shouts at people in front of guests.",
    "Parking was £30 a night, which nobody told us when we booked.",
    "I trained two new starters last month and both have left already.",
    "Bed was comfy tho the pillows were like bricks lol",
    "Checked in at 15:00, got the key at 16:40.",
    "THE NOISE FROM THE STREET WAS UNBEARABLE!!!",
    "Nobody listens to what we say in the meetings.",
    "Great location, ten minutes from the station on foot.",
    "The booking system crashes whenever two of us use it at once.",
    "They lost our reservation and sent us to another hotel.",
    "Career? There is no way up from here unless you know somebody.",
    "Towels were missing and the bathroom floor was wet.",
    "I love my team but the pay does not cover the rent.",
    "The lift has been out of order since March.",
    "Staff at the bar seemed not to know the menu at all.",
    "It's a job.",
    "Thirteen rooms in one shift is not possible if you want them clean.",
    "Refund still not here after six weeks and four e-mails.",
    "Wifi dropped every five minutes, useless for work.",
    "The uniform is made of plastic and far too warm in summer.",
    "Nothing was too much trouble for the woman at reception, she even found our lost toy.",
    "Unpaid overtime is expected of everybody, every day.",
    "The room smelled of smoke and the window did not open.",
    "I wasn't told about the resort fee until checkout.",
    "Our supervisor finally bought the new trolleys, thank heavens.",
    "The pool was closed; the spa, too; the gym had one bicycle.",
    "Too many chiefs, not enough people doing the actual work.",
    "Perfect.",
    "We asked for a quiet room and were given one above the disco.",
    "Holidays are refused at the last minute.",
    "The food in the canteen is what guests left the day before.",
)
# The same 40 said in five ways.
FRAMES = (
    "{}",
    "To be honest: {}",
    "{} That is all I have to say about it.",
    "{0} {0}",
    "Q3 2024 - {}",
)
VARIED = [frame.format(sentence) for frame in FRAMES for sentence in SENTENCES]
assert len(set(VARIED)) == 200

# (English, Spanish, Italian)
TRANSLATED = (
    (
        "The queue at the front desk was endless.",
        "La cola en la recepción era interminable.",
        "La coda alla reception era infinita.",
    ),
    (
        "We are always short of staff.",
        "Siempre nos falta personal.",
        "Siamo sempre a corto di personale.",
    ),
    ("The pay is too low.", "El sueldo es demasiado bajo.", "Lo stipendio è troppo basso."),
    ("The room was dirty.", "La habitación estaba sucia.", "La camera era sporca."),
    (
        "The staff were very friendly.",
        "El personal fue muy amable.",
        "Il personale è stato molto gentile.",
    ),
    ("Breakfast was cold.", "El desayuno estaba frío.", "La colazione era fredda."),
    (
        "The parking is too expensive.",
        "El aparcamiento es demasiado caro.",
        "Il parcheggio è troppo caro.",
    ),
    ("My manager never listens.", "Mi jefe nunca escucha.", "Il mio capo non ascolta mai."),
    (
        "I am still waiting for my refund.",
        "Sigo esperando mi reembolso.",
        "Sto ancora aspettando il mio rimborso.",
    ),
    ("The wifi did not work.", "El wifi no funcionaba.", "Il wifi non funzionava."),
)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        pytest.fail("a model reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("name", list(read_manifest()))
def test_a_model_loads_without_the_network_and_gives_unit_vectors(name: str) -> None:
    embedder = registry.load(name)
    card = read_manifest()[name]
    vectors = embedder.embed(SENTENCES[:5])
    assert vectors.shape == (5, card.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert (embedder.name, embedder.dimension, embedder.centre) == (
        name,
        card.dimension,
        card.centre,
    )
    assert embedder.fingerprint.startswith(f"{name}:")


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_minilm_in_int8_is_near_sentence_transformers_in_fp32(minilm) -> None:
    from sentence_transformers import SentenceTransformer

    folder = weights_path(read_manifest()["minilm"]).parent
    exact = SentenceTransformer(str(folder), device="cpu", local_files_only=True).encode(
        VARIED, normalize_embeddings=True, show_progress_bar=False
    )
    cosine = (minilm.embed(VARIED) * exact).sum(axis=1)
    # Measured: mean .992; five texts of one word or so are below .98, none below .972.
    assert cosine.mean() >= 0.99
    assert (cosine >= 0.98).mean() >= 0.97
    assert cosine.min() >= 0.97, VARIED[int(cosine.argmin())]


@pytest.mark.parametrize("name", NAMES)
def test_a_texts_vector_is_the_same_bytes_in_any_order_batch_or_alone(name: str) -> None:
    embedder = registry.load(name)
    texts = VARIED[:150]
    whole = embedder.embed(texts)
    order = np.random.default_rng(0).permutation(len(texts))
    shuffled = embedder.embed([texts[i] for i in order])
    assert shuffled.tobytes() == whole[order].tobytes()
    for i in (0, 8, 77, 149):
        assert embedder.embed([texts[i]]).tobytes() == whole[i].tobytes()
    assert registry.load(name).embed(texts[:7]).tobytes() == whole[:7].tobytes()


@pytest.mark.parametrize(
    "text", [" ", "😀" * 400, "word " * 3000, "a\x00b", "ﷺ", "日本語のレビュー"]
)
@pytest.mark.parametrize("name", NAMES)
def test_odd_texts_have_a_vector_too(name: str, text: str) -> None:
    vector = registry.load(name).embed([text])
    assert np.isfinite(vector).all()
    assert vector.shape[0] == 1


def test_no_texts_give_an_empty_matrix(minilm) -> None:
    assert minilm.embed([]).shape == (0, 384)


def test_progress_adds_up_to_the_texts(minilm) -> None:
    heard: list[int] = []
    minilm.embed(VARIED[:100], heard.append)
    assert sum(heard) == 100


def test_both_models_side_by_side_are_loaded_without_the_network(both) -> None:
    vectors = both.embed(SENTENCES[:5])
    assert vectors.shape == (5, 768) == (5, both.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert both.fingerprint.startswith("both:")
    assert registry.load("both").fingerprint == both.fingerprint


@pytest.mark.parametrize("name", ["multilingual", "both"])
@pytest.mark.parametrize("language", [1, 2], ids=["Spanish", "Italian"])
def test_a_model_of_many_languages_finds_the_right_translation_first(
    name: str, language: int
) -> None:
    embedder = registry.load(name)
    sides = []
    for column in (0, language):
        vectors = embedder.embed([row[column] for row in TRANSLATED])
        away = vectors - vectors.mean(axis=0)
        sides.append(away / np.linalg.norm(away, axis=1, keepdims=True))
    for cosine in (sides[0] @ sides[1].T, sides[1] @ sides[0].T):
        assert cosine.argmax(axis=1).tolist() == list(range(len(TRANSLATED)))


def test_what_means_much_the_same_is_above_the_floor_of_the_model(minilm) -> None:
    near = minilm.embed(
        ["We are always short of staff", "There are never enough people on the shift"]
    )
    far = minilm.embed(["We are always short of staff", "The breakfast eggs were cold"])
    assert near[0] @ near[1] >= minilm.similar > far[0] @ far[1]
