"""Where things stand in a TOML file."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from analyzer.toml_lines import tables

HARD = '''
# [[node]] in a comment, with a quote: "
top = 1

[[node]]  # a comment
id = "a#b"
"name" = 'one [[node]] = two'
en = ["first", # a comment, with a comma and ] bracket
  "second [", 'third # not a comment',
  """fourth
  over lines, with [[edge]] and ""two"" quotes""",
  """fifth\\
     still fifth""", 7, ["in", "side"],
  "last",
]
reason = """\\
  [[edge]]
  id = "no key"
  """
after.dotted = 2
[node.deep]
inner = 1

[[ edge ]]
x = { a = "1", b = [1,
  2] }
y = \'\'\'
[[node]]
\'\'\'
z = ""
'''


def line_of(part: str) -> int:
    return HARD[: HARD.index(part)].count("\n") + 1


def test_headers_keys_and_elements_are_found_in_hard_toml() -> None:
    assert len(tomllib.loads(HARD)["node"]) == 1
    top, node, edge = tables(HARD)
    assert (top.name, top.keys["top"].line) == ("", line_of("top = "))
    assert (node.name, node.line) == ("node", line_of("[[node]]  #"))
    assert list(node.keys) == ["id", "name", "en", "reason", "after", "deep"]
    assert node.keys["reason"].line == line_of("reason =")
    assert node.keys["en"].elements == tuple(
        line_of(part)
        for part in (
            '"first"',
            '"second',
            "'third",
            '"""fourth',
            '"""fifth',
            "7,",
            '["in"',
            '"last"',
        )
    )
    assert (edge.name, edge.line) == ("edge", line_of("[[ edge ]]"))
    assert {key: place.line for key, place in edge.keys.items()} == {
        "x": line_of("x = {"), "y": line_of("y = "), "z": line_of("z = "),
    }  # fmt: skip


def test_a_text_without_tables_has_the_top_alone() -> None:
    assert [table.keys for table in tables("# nothing\n\n")] == [{}]


TEXT = st.text(st.sampled_from("ab\"'[]{}#=,. \n\\é"), max_size=8)


@given(st.lists(st.lists(TEXT, max_size=4), max_size=5))
def test_every_element_stands_on_the_line_that_is_named(rows: list[list[str]]) -> None:
    lines, expected = [], []
    for row in rows:
        lines += ["[[node]]", "en = ["]
        places = []
        for phrase in row:
            places.append(len(lines) + 1)
            plain = phrase.replace("\\", "\\\\").replace('"', '\\"')
            lines += f'  """{plain}""", # "]'.split("\n")
        lines.append("]")
        expected.append(tuple(places))
    text = "\n".join(lines)
    assert [node["en"] for node in tomllib.loads(text).get("node", [])] == [
        # TOML drops a new line right after the opening quotes.
        [phrase.removeprefix("\n") for phrase in row]
        for row in rows
    ]
    assert [table.keys["en"].elements for table in tables(text)[1:]] == expected
