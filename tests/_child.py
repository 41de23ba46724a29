"""A child of the tests: it does what it is told to, within its limits."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from analyzer import limits


def work(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    names: dict[str, Any] = {}
    exec(f"def body():\n{textwrap.indent(request['body'], '    ')}", names)
    yield from names["body"]()


if __name__ == "__main__":
    limits.answer(work)
