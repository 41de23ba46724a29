"""Twelve months of the sample data with a real model: ids, the record, and edits to the end."""

from __future__ import annotations

import pytest

from benchmarks import years

pytestmark = pytest.mark.slow


def test_over_twelve_months_themes_keep_their_segments_or_the_record_says_why(minilm) -> None:
    months, end = years.month_by_month("fixtures", "minilm", growth=1.0)
    assert len(months) == 12
    assert [month.unrecorded for month in months] == [0] * 12
    assert {month.edits for month in months[1:]} == {"all hold"}
    added = [month for month in months if month.how == "added"]
    assert len(added) >= 8
    assert min(month.kept for month in added) >= years.KEEPS
    assert (end["unrecorded"], end["edits broken"]) == (0, 0)
