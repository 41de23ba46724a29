"""A side's themes and broad themes, described."""

from __future__ import annotations

import pytest

from analyzer.describe import joined


@pytest.mark.parametrize(
    ("labels", "label"),
    [
        (["low pay"], "low pay"),
        (["low pay", "long queue"], "low pay · long queue"),
        (["low pay", "poor pay", "long queue", "wet towels"], "low pay · long queue"),
        (["low pay", "poor pay", "pay day"], "low pay · poor pay"),
    ],
)
def test_a_broad_theme_has_the_labels_of_its_largest_themes_that_differ(
    labels: list[str], label: str
) -> None:
    assert joined(labels) == label
