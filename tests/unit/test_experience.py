"""The experience map: parsing says where it is wrong; votes are shares."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.errors import Misconfigured
from analyzer.experience import LANGUAGES, node_vectors, parse, votes
from tests.fakes import FakeEmbedder, direction

NODES = """
[[node]]
id = "understaffing"
side = "employee"
name = "Too few people"
description = "Not enough people."
en = ["queue of work", "too few people"]

[[node]]
id = "waiting"
side = "customer"
name = "Waiting"
description = "It takes long."
en = ["a long wait"]
es = ["una larga espera"]
"""
EDGE = """
[[edge]]
employee = "understaffing"
customer = "waiting"
kind = "driver-outcome"
strength = "strong"
reason = "Fewer hands, longer waits."
source = "Somebody 2001"
"""


def test_nodes_and_edges_are_read_by_side() -> None:
    chart = parse(NODES + EDGE, "map.toml")
    assert list(chart.nodes["employee"]) == ["understaffing"]
    assert chart.nodes["customer"]["waiting"].phrases["es"] == ("una larga espera",)
    (edge,) = chart.edges
    assert (edge.employee, edge.customer, edge.kind) == (
        "understaffing",
        "waiting",
        "driver-outcome",
    )


def test_an_empty_map_is_a_map_without_expectations() -> None:
    chart = parse("", "map.toml")
    assert chart.edges == ()
    assert chart.nodes == {"employee": {}, "customer": {}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[node]", "map.toml is not TOML"),
        (
            NODES.replace('side = "employee"', 'side = "staff"'),
            r"node 1 \(understaffing\): side is 'staff'",
        ),
        (NODES.replace('id = "waiting"\n', ""), r"node 2 \(without id\): id is missing"),
        (NODES.replace('name = "Waiting"', 'name = " "'), r"node 2 \(waiting\): name is missing"),
        (
            NODES.replace('en = ["a long wait"]\n', ""),
            r"node 2 \(waiting\): it needs example phrases",
        ),
        (NODES + NODES, r"node 3 \(understaffing\): the id stands twice on the employee side"),
        (NODES + EDGE.replace('"waiting"', '"wait"'), "edge 1: customer is 'wait'"),
        (NODES + EDGE.replace("driver-outcome", "causes"), "edge 1: kind is 'causes'"),
        (NODES + EDGE.replace('"strong"', '"very"'), "edge 1: strength is 'very'"),
        (NODES + EDGE.replace('source = "Somebody 2001"', ""), "edge 1: source is missing"),
        (NODES + EDGE + EDGE, "edge 2: understaffing > waiting stands twice"),
    ],
)
def test_a_broken_map_is_an_error_that_names_the_place(text: str, message: str) -> None:
    with pytest.raises(Misconfigured, match=message):
        parse(text, "map.toml")


def test_the_map_that_comes_with_bothsides_has_what_was_promised(chart) -> None:
    assert len(chart.nodes["employee"]) >= 20
    assert len(chart.nodes["customer"]) >= 20
    assert len(chart.edges) >= 30
    assert {edge.kind for edge in chart.edges} == {"same-topic", "driver-outcome"}
    for side in chart.nodes.values():
        for node in side.values():
            assert node.description.endswith(".")
            assert all(len(node.phrases[code]) >= 3 for code in LANGUAGES), node.id


def test_the_map_that_comes_with_bothsides_never_says_the_same_phrase_twice(chart) -> None:
    for side in chart.nodes.values():
        said = [p.casefold() for node in side.values() for ps in node.phrases.values() for p in ps]
        assert len(said) == len(set(said))


def test_no_edge_of_the_map_claims_a_cause(chart) -> None:
    for edge in chart.edges:
        assert not {"cause", "causes", "caused", "leads"} & set(edge.reason.casefold().split()), (
            edge
        )


def test_some_nodes_have_no_partner_so_that_nothing_is_forced_into_a_pair(chart) -> None:
    assert set(chart.nodes["employee"]) - {edge.employee for edge in chart.edges}
    assert set(chart.nodes["customer"]) - {edge.customer for edge in chart.edges}


def test_a_model_without_centring_reads_the_english_phrases_alone() -> None:
    chart = parse(NODES + EDGE, "m")
    embedder = FakeEmbedder(("wait", "espera"))
    vectors = node_vectors(chart.nodes["customer"], embedder, {})
    assert embedder.seen == ["a long wait"]
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_a_centred_model_reads_the_languages_that_have_a_mean_and_takes_it_away() -> None:
    chart = parse(NODES + EDGE, "m")
    embedder = FakeEmbedder(("wait", "espera"))
    zero = np.zeros(embedder.dimension, dtype=np.float32)
    means = {"*": zero, "en": zero, "es": direction("espera", embedder.dimension).astype("f4")}
    vectors = node_vectors(chart.nodes["customer"], embedder, means)
    assert sorted(embedder.seen) == ["a long wait", "una larga espera"]
    assert vectors[0] @ direction("wait", embedder.dimension) > 0.6
    assert abs(vectors[0] @ direction("espera", embedder.dimension)) < 0.5


def test_votes_are_the_share_of_a_themes_segments_near_a_node() -> None:
    nodes = np.eye(3, dtype=np.float32)[:2]
    vectors = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]], dtype=np.float32)
    shares = votes(vectors, np.array([0, 0, 0, 0, 1]), 2, nodes, 0.4)
    np.testing.assert_allclose(shares, [[0.5, 0.25], [0, 1]])


def test_a_segment_below_the_floor_votes_for_nobody() -> None:
    vectors = np.array([[0.3, 0, np.sqrt(1 - 0.09)]], dtype=np.float32)
    assert votes(vectors, np.array([0]), 1, np.eye(3, dtype=np.float32)[:1], 0.4).sum() == 0


def test_a_segment_votes_once_at_most() -> None:
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(60, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    shares = votes(vectors, rng.integers(0, 4, 60), 4, vectors[:10], 0.1)
    assert (shares.sum(axis=1) <= 1 + 1e-9).all()
    assert (shares >= 0).all()
