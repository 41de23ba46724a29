"""What the sample data promise: enough of it, of many kinds, and the months carry the story."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Set
from functools import cache
from pathlib import Path

import pytest

from analyzer import demo, importers, language
from analyzer.importers.mapping import parse_map
from analyzer.redaction import redact
from analyzer.types import SIDES, Record

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
LINKED_UNITS = (
    "Brighton Seafront", "Manchester Central", "London Docklands", "Dublin Quays", "Barcelona Port",
    "Naples Lungomare",
)  # fmt: skip
STAFFING = {"understaffing"}
WAITING = {"wait_checkin", "wait_food"}
MANY_STAFFING = 4
MANY_WAITING = 5


@cache
def samples() -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {side: [] for side in SIDES}
    for sample in demo.SAMPLES:
        loaded = importers.read_file(
            FIXTURES / sample.file, mapping=parse_map(sample.map), sheet=sample.sheet
        )
        assert loaded.rejected == ()
        found[sample.side] += loaded.records
    return found


def everything() -> list[Record]:
    return [record for side in SIDES for record in samples()[side]]


@cache
def gold() -> dict[str, tuple[str, ...]]:
    with (FIXTURES / "gold.csv").open(encoding="utf-8", newline="") as handle:
        return {
            row["id"]: (row["side"], row["label"], row["themes"]) for row in csv.DictReader(handle)
        }


@cache
def gold_pairs() -> list[dict[str, str]]:
    with (FIXTURES / "gold_pairs.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def labels(side: str) -> set[str]:
    return {label for row_side, label, _ in gold().values() if row_side == side}


@pytest.mark.parametrize("side", SIDES)
def test_there_are_enough_comments_of_five_to_eighty_words(side: str) -> None:
    sizes = [len(record.text.split()) for record in samples()[side]]
    assert sum(5 <= size <= 80 for size in sizes) >= 600
    assert max(sizes) <= 80


def test_the_sample_is_of_twelve_units_and_twelve_months() -> None:
    for side in SIDES:
        assert len({record.unit for record in samples()[side]}) == 12
        assert len({(record.date or "")[:7] for record in samples()[side]}) == 12


def test_every_comment_has_a_date_and_a_unit_and_an_id_of_its_own() -> None:
    records = everything()
    assert all(record.date and record.unit and record.text.strip() for record in records)
    assert len({record.source_id for record in records}) == len(records)
    for side in SIDES:
        assert any(record.score is not None for record in samples()[side])


def test_every_comment_has_its_gold_and_gold_has_no_other() -> None:
    for side in SIDES:
        ids = {key for key, row in gold().items() if row[0] == side}
        assert ids == {record.source_id for record in samples()[side]}
    for _, label, themes in gold().values():
        assert label == themes.split("|")[0] if themes else label in ("general", "empty")


@pytest.mark.parametrize("side", SIDES)
def test_there_are_twenty_themes_a_side_of_some_size(side: str) -> None:
    sizes = Counter(label for row_side, label, _ in gold().values() if row_side == side)
    assert sum(size >= 10 for size in sizes.values()) >= 20


def test_comments_speak_of_two_subjects_often_enough() -> None:
    assert sum("|" in themes for _, _, themes in gold().values()) >= 100


def test_there_are_twelve_gold_pairs_of_known_kinds() -> None:
    matches = [row for row in gold_pairs() if row["relation"] == "match"]
    assert len(matches) >= 12
    assert {row["kind"] for row in matches} == {"same-topic", "driver-outcome"}
    assert {row["relation"] for row in gold_pairs()} <= {"match", "neutral"}
    ends = [(row["left_label"], row["right_label"]) for row in gold_pairs()]
    assert len(set(ends)) == len(ends)
    for left, right in ends:
        assert left in labels("employee")
        assert right in labels("customer")


@pytest.mark.parametrize(
    ("side", "column"), [("employee", "left_label"), ("customer", "right_label")]
)
def test_eight_themes_a_side_have_no_partner(side: str, column: str) -> None:
    named = {row[column] for row in gold_pairs()}
    assert len(labels(side) - named - {"empty", "general"}) >= 8


def test_one_comment_in_nine_is_spanish_or_italian() -> None:
    found = Counter(language.detect([record.text for record in everything()]))
    assert (found["es"] + found["it"]) / len(everything()) >= 1 / 9
    assert min(found["es"], found["it"]) >= 60
    assert found["en"] > found["es"] + found["it"]


def test_no_sequence_of_six_words_stands_in_more_than_three_comments() -> None:
    seen: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for record in everything():
        words = re.findall(r"\w+", record.text.casefold())
        for i in range(len(words) - 5):
            seen[tuple(words[i : i + 6])].add(record.source_id)
    assert max(len(ids) for ids in seen.values()) <= 3


def test_people_write_nothing_too() -> None:
    from analyzer.clean import says_nothing

    empty = [record for record in everything() if gold()[record.source_id][1] == "empty"]
    assert len(empty) >= 20
    assert sum(says_nothing(record.text) for record in empty) >= len(empty) // 2


def monthly(side: str, themes: Set[str]) -> Counter[tuple[str, str]]:
    """Return how many comments of each unit and month speak of one of the themes."""
    counts: Counter[tuple[str, str]] = Counter()
    for record in samples()[side]:
        if set(gold()[record.source_id][2].split("|")) & themes:
            counts[str(record.unit), str(record.date)[:7]] += 1
    return counts


@pytest.mark.parametrize("unit", LINKED_UNITS)
def test_in_the_linked_units_waiting_follows_staffing_trouble_by_a_month(unit: str) -> None:
    months = sorted({str(record.date)[:7] for record in everything()})
    staffing, waiting = monthly("employee", STAFFING), monthly("customer", WAITING)
    expected = [False] + [staffing[unit, month] >= MANY_STAFFING for month in months[:-1]]
    assert sum(expected) >= 2
    for month, follows in zip(months, expected, strict=True):
        assert (waiting[unit, month] >= MANY_WAITING) == follows, month


def test_in_the_other_units_nothing_of_the_kind_happens() -> None:
    for side, themes in (("employee", STAFFING), ("customer", WAITING)):
        for (unit, month), count in monthly(side, themes).items():
            if unit not in LINKED_UNITS:
                assert count < MANY_STAFFING, (unit, month)


def test_there_is_no_mail_address_and_no_phone_number_in_the_sample() -> None:
    for path in sorted(FIXTURES.glob("*")):
        if path.suffix in (".csv", ".jsonl", ".md"):
            assert not re.search(r"[\w.+-]+@[\w-]+\.\w", path.read_text(encoding="utf-8")), (
                path.name
            )
    for record in everything():
        assert redact(record.text).text == record.text, record.source_id
