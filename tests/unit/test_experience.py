"""The experience map: parsing says where it is wrong; votes are shares."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from analyzer.errors import Misconfigured
from analyzer.experience import node_vectors, parse, stands
from analyzer.experience_check import examine
from analyzer.experience_fields import LANGUAGES
from analyzer.toml_lines import tables
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


def line_of(text: str, part: str, nth: int = 1) -> int:
    """Return the line of the nth place where the part stands."""
    at = -1
    for _ in range(nth):
        at = text.index(part, at + 1)
    return text[:at].count("\n") + 1


FULL = NODES + EDGE
# What is replaced in the map by what, where the problem is, and what is said of it.
BROKEN = [
    ('id = "waiting"', "", "[[node]]", 2, "node without id: id is missing. Add a line: id = "),
    ('name = "Waiting"', 'name = " "', "name", 2, "node waiting: name is empty"),
    ('name = "Waiting"', "name = 3", "name = 3", 1, "node waiting: name is a number. Write text"),
    ('name = "Waiting"', "name = 1979-05-27", "name = 1", 1, "name is a date"),
    ('name = "Waiting"', "name.en = 1", "name.en", 1, "name is a table"),
    ('side = "employee"', 'side = "employe"', "side", 1, "Did you mean 'employee'?"),
    ('side = "employee"', 'side = "boss"', "side", 1, "It must be one of: employee, customer."),
    ('id = "waiting"', 'id = "Long Wait"', "id = ", 2, "is not snake_case. Use a-z, 0-9 and single "
     "underscores, as 'long_wait'."),
    ('name = "Waiting"', 'name = "W"\nnmae = "W"', "nmae", 1,
     "unknown key 'nmae'. Did you mean 'name'?"),
    ('es = [', 'zz = [', "zz = [", 1, "unknown key 'zz'. Phrases are read in: en, es, it."),
    ('en = ["a long wait"]', "", "[[node]]", 2, "en is missing. Add a line: en = ["),
    ('en = ["a long wait"]', "en = []", "en = []", 1, "en is an empty list. Write phrases"),
    ('es = ["una larga espera"]', "es = []", "es = []", 1, "or delete the line."),
    ('en = ["a long wait"]', 'en = "a"', 'en = "a"', 1, "en is text. Write a list: en = ["),
    ('["a long wait"]', '[\n"a long wait",\n 3]', " 3]", 1, "a phrase of en is a number"),
    ('["a long wait"]', '[\n"a long wait",\n " "]', '" "]', 1, "a phrase of en is empty"),
    ('kind = "driver-outcome"', 'kind = "causes"', "kind", 1, "kind is 'causes'. It must be"),
    ('kind = "driver-outcome"', 'kind = "same_topic"', "kind", 1, "Did you mean 'same-topic'?"),
    ('"strong"', "true", "strength", 1, "strength is true or false. Write text in quotes"),
    ('source = "Somebody 2001"', "", "[[edge]]", 1, "source is missing"),
    ("Fewer hands, longer waits.", "Few hands cause waits.", "reason", 1,
     "the reason claims a cause ('cause'). Say \"goes with\""),
    ('customer = "waiting"', 'customer = "wating"', "customer =", 1,
     "there is no customer node 'wating'. Did you mean 'waiting'?"),
    ('customer = "waiting"', 'customer = "understaffing"', "customer =", 1,
     "It is a node of the employee side: exchange the two ends"),
    ('customer = "waiting"', 'customer = "zzz"', "customer =", 1, "Add that node or delete"),
    ("[[edge]]", "[[edges]]", "[[edges]]", 1, "unknown name 'edges'. Did you mean 'edge'?"),
    ("[[edge]]", "[edge]", "[edge]", 1, "write each edge under a header of its own: [[edge]]."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "part", "nth", "message"), BROKEN)
def test_a_problem_is_told_with_its_line(
    old: str, new: str, part: str, nth: int, message: str
) -> None:
    assert old in FULL
    text = FULL.replace(old, new)
    error, *more = examine(text).errors  # an edge may have lost its end, too
    assert message in error.message
    assert len(more) <= 1
    assert error.line == line_of(text, part, nth)
    with pytest.raises(Misconfigured) as raised:
        parse(text, "map.toml")
    assert str(raised.value).startswith(error.text("map.toml"))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[[node]", 1, "this is not TOML at column 7: Expected ']]'"),
        ('a = 1\nb = "x\n', 2, "this is not TOML at column 7: Illegal character"),
        ('a = 1\nb = """x\n\n', 3, "this is not TOML: Unterminated string"),
        ('[[node]]\nid = "a"\nid = "b"\n', 3, "Cannot overwrite a value"),
        ("", 1, None),
    ],
)
def test_what_is_not_toml_is_told_with_line_and_column(text, line, message) -> None:
    problems = examine(text).problems
    assert len(problems) == (message is not None)
    for problem in problems:
        assert problem.line == line
        assert message in problem.message
        assert "Look there and on the line before" in problem.message


def test_what_stands_twice_names_the_first_line_too() -> None:
    text = NODES + EDGE + NODES.replace("a long wait", "another wait") + EDGE
    said = [problem.text("m") for problem in examine(text).errors]
    ids, edges, phrases = (
        (line_of(text, part), line_of(text, part, 2))
        for part in ('id = "understaffing"', "[[edge]]", "queue of work")
    )
    expected = [
        f"m:{ids[1]}: node understaffing: the id stands twice on the employee side, "
        f"first on line {ids[0]}. Rename one.",
        f"m:{phrases[1]}: node understaffing: the phrase 'queue of work' stands on line "
        f"{phrases[0]} already (node understaffing). Say it in other words or delete one.",
        f"m:{edges[1]}: edge understaffing > waiting stands twice, "
        f"first on line {edges[0]}. Delete one of them.",
    ]
    assert set(expected) <= set(said)
    lines = [problem.line for problem in examine(text).errors]
    assert lines == sorted(lines)


def test_a_phrase_stands_twice_whatever_its_side_case_and_punctuation() -> None:
    text = NODES.replace('"a long wait"', '"  Queue of WORK!"')
    (error,) = examine(text).errors
    assert error.message.startswith("node waiting: the phrase '  Queue of WORK!' stands on line ")


def test_a_node_whose_side_is_wrong_does_not_spoil_its_edges() -> None:
    assert len(examine(FULL.replace('side = "customer"', 'side = "x"')).errors) == 1


@pytest.mark.parametrize(
    "text",
    [
        "node = 3", "node = [1, 2]", "node = [[1]]", 'node = [{id = "a"}]', "[node.x]\na = 1",
        "edge = []", "[[node.a]]\nb = 1", "[[node]]\n[node.en]\nx = 1", '"" = 1', "a.b.c = 1",
        "[[edge]]\nemployee = 3\ncustomer = []", '[[node]]\nid = ""\nside = []',
        "[[node]]\nen = [[1], {a = 2}]\nid = 1.5", "[[edge]]\n[[edge.employee]]\nx = 1",
        "[[node]]\nid = true\nside = {}\nen = 07:32:00",
    ],
)  # fmt: skip
def test_toml_of_any_shape_gives_problems_and_no_crash(text: str) -> None:
    assert all(problem.line >= 1 for problem in examine(text).errors)
    assert bool(examine(text).errors) == (text != "edge = []")
    assert examine(text).said.endswith(".")


def test_parse_tells_the_first_problem_and_how_many_more_there_are() -> None:
    text = FULL.replace('"strong"', '"x"').replace('name = "Waiting"', "")
    with pytest.raises(Misconfigured, match=r"^m:9: .* \(1 more: bothsides experience check\)$"):
        parse(text, "m")


def test_warnings_do_not_keep_a_map_from_being_used() -> None:
    text = FULL.replace("Somebody 2001", "Somebody")
    problems = examine(text).problems
    assert all(problem.warning for problem in problems)
    said = [problem.text("m") for problem in problems]
    source = f"m:{line_of(text, 'source')}: warning: edge understaffing > waiting: the source"
    assert any(line.startswith(source) for line in said)
    assert sum("has no phrases in 'it'" in line for line in said) == 2
    assert sum("has no phrases in 'es'" in line for line in said) == 1
    assert sum("fewer than 3 English phrases" in line for line in said) == 2
    assert parse(text, "m").edges


@pytest.mark.parametrize(
    "reason",
    [
        "It causes waits.", "Waits are caused by it.", "It leads to waits", "It led to waits",
        "This results in waits", "Because of it they wait", "Waits are due to it",
        "It brings about waits", "causa esperas", "provoca attese", "debido a la falta de gente",
        "attese dovute a pochi", "Waits as a result",
    ],
)  # fmt: skip
def test_a_reason_never_claims_a_cause(reason: str) -> None:
    (error,) = examine(FULL.replace("Fewer hands, longer waits.", reason)).errors
    assert "claims a cause" in error.message


@pytest.mark.parametrize(
    "reason", ["It is expected to bring waits.", "It goes with waits.", "Leaders go with results."]
)
def test_an_expectation_is_no_claim(reason: str) -> None:
    assert not examine(FULL.replace("Fewer hands, longer waits.", reason)).errors


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    text = FULL.replace('"strong"', '"x"')
    windows = "\ufeff" + text.replace("\n", "\r\n")
    assert examine(windows) == examine(text)


def test_the_lines_of_the_map_that_comes_with_bothsides_are_right() -> None:
    path = Path(__file__).parents[2] / "models" / "experience_map.toml"
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    data, found = tomllib.loads(text), tables(text)[1:]
    rows = [*data["node"], *data["edge"]]
    assert len(found) == len(rows)
    for table, row in zip(found, rows, strict=True):
        assert lines[table.line - 1] == f"[[{table.name}]]"
        for key, value in row.items():
            assert lines[table.keys[key].line - 1].startswith(f"{key} = ")
            for phrase, line in zip(
                value if isinstance(value, list) else (), table.keys[key].elements, strict=True
            ):
                assert f'"{phrase}"' in lines[line - 1]


def test_the_map_that_comes_with_bothsides_has_no_problem() -> None:
    path = Path(__file__).parents[2] / "models" / "experience_map.toml"
    assert examine(path.read_text(encoding="utf-8")).problems == ()


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
    shares = stands(vectors, np.array([0, 0, 0, 0, 1]), 2, nodes, 0.4).votes
    np.testing.assert_allclose(shares, [[0.5, 0.25], [0, 1]])


def test_a_segment_below_the_floor_votes_for_nobody() -> None:
    vectors = np.array([[0.3, 0, np.sqrt(1 - 0.09)]], dtype=np.float32)
    nodes = np.eye(3, dtype=np.float32)[:1]
    assert stands(vectors, np.array([0]), 1, nodes, 0.4).votes.sum() == 0


def test_a_segment_votes_once_at_most() -> None:
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(60, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    shares = stands(vectors, rng.integers(0, 4, 60), 4, vectors[:10], 0.1).votes
    assert (shares.sum(axis=1) <= 1 + 1e-9).all()
    assert (shares >= 0).all()


def test_shares_tell_the_nearest_node_of_every_segment_near_or_not() -> None:
    rng = np.random.default_rng(5)
    nodes = np.eye(6, dtype=np.float32)[:4]
    vectors = (nodes[[0, 0, 1, 2, 3, 3]] + rng.normal(scale=0.02, size=(6, 6))).astype(np.float32)
    theme = np.array([0, 0, 0, 1, 2, 2])
    found = stands(vectors, theme, 3, nodes, similar=2.0)
    assert found.votes.sum() == 0
    np.testing.assert_allclose(
        found.share, [[2 / 3, 1 / 3, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], atol=1e-9
    )
