"""JSON read through a window says what the standard library says of the whole text."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.importers import json_stream
from analyzer.importers.json_stream import DECODER, parts

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)
sizes = st.integers(1, 20)


def document_of(text: str, chunk: int) -> Any:
    """Put the parts together again."""
    found: Any = None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_CHUNK", chunk)
        for part in parts(io.StringIO(text)):
            if part.key is None and part.index is None:
                found = part.value
            elif part.key is None:
                found = [*(found or []), part.value]
            else:
                found = {} if found is None else found
                if part.index is None:
                    found[part.key] = part.value
                else:
                    found.setdefault(part.key, []).append(part.value)
    return found


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values, sizes, st.sampled_from([None, 1]), st.booleans())
def test_the_parts_make_the_document(
    value: object, chunk: int, indent: int | None, escaped: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=escaped)
    found = document_of(text, chunk)
    # An empty object has no part.
    assert found == DECODER.decode(text) or (found is None and text == "{}")


@settings(deadline=None)
@given(values, sizes, st.data())
def test_what_is_not_json_is_an_error_in_the_same_line(
    value: object, chunk: int, data: st.DataObject
) -> None:
    text = json.dumps(value, indent=1)
    at = data.draw(st.integers(0, len(text)))
    put = data.draw(st.sampled_from(["", "}", "]", ",", '"', "x", ":"]))
    broken = text[:at] + put + text[at + 1 :]
    try:
        right = DECODER.decode(broken)
    except json.JSONDecodeError as exc:
        line = exc.lineno
    else:
        assert document_of(broken, chunk) == right or broken.split() == ["{}"]
        return
    with pytest.raises(json.JSONDecodeError) as found:
        document_of(broken, chunk)
    assert found.value.lineno == line


def test_deep_nesting_is_an_error_and_not_a_crash() -> None:
    with pytest.raises(RecursionError):
        list(parts(io.StringIO("[" * 100_000)))
