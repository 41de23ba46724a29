"""Whatever was imported and taken back, in whatever order: what is left is as if only that came."""

from __future__ import annotations

import random
import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer import arrivals, queries, store
from analyzer.check import check
from analyzer.database import connect_readonly, opened
from analyzer.types import Comment, Rejected
from analyzer.undo import undo

IDS = [arrivals.comment_id("employee", "pulse", "id", str(n), "text") for n in range(6)]
# A file holds some of six comments, each with one of three texts.
FILE = st.dictionaries(st.integers(0, 5), st.integers(0, 2), max_size=6)


def comment(number: int, text: int) -> Comment:
    return Comment(
        id=IDS[number], side="employee", kind="pulse", source_id=str(number), column="text",
        text=f"The rota of week {text} is late.", language="en", score=float(text),
    )  # fmt: skip


def add(path: Path, file: dict[int, int]) -> int:
    row = store.ImportRow(
        "a.csv", "00", "employee", "pulse", "csv", {"id": "id"}, "2025-01-01T00:00:00", 9, 0, 0
    )
    with opened(path, create=True) as db:
        counts = store.add_import(
            db, row, [comment(*pair) for pair in file.items()], [Rejected(1, "5 cells")]
        )
    assert counts.batch is not None
    return counts.batch


def comments_of(path: Path) -> list[Comment]:
    with closing(connect_readonly(path)) as db:
        return queries.comments(db)


@settings(max_examples=60, deadline=None)
@given(files=st.lists(FILE, min_size=1, max_size=6), seed=st.integers(0, 9999))
def test_any_imports_can_be_taken_back_in_any_order(files: list[dict[int, int]], seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        standing = {add(path, file): file for file in files}
        order = sorted(standing)
        random.Random(seed).shuffle(order)
        for number in order:
            undo(path, number)
            del standing[number]
            expected: dict[int, int] = {}
            for batch in sorted(standing):
                expected |= standing[batch]
            assert sorted(comments_of(path), key=lambda c: c.source_id) == [
                comment(*pair) for pair in sorted(expected.items())
            ]
            assert check(path).problems == ()
        with opened(path, create=False) as db:
            for table in ("comments", "arrivals", "carried", "former", "rejected_rows"):
                assert db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


@settings(max_examples=30, deadline=None)
@given(
    before=st.lists(FILE, min_size=1, max_size=3),
    after=st.lists(FILE, min_size=1, max_size=3),
    seed=st.integers(0, 9999),
)
def test_an_import_after_an_undo_meets_what_is_left(
    before: list[dict[int, int]], after: list[dict[int, int]], seed: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        standing = {add(path, file): file for file in before}
        gone = random.Random(seed).choice(sorted(standing))
        undo(path, gone)
        del standing[gone]
        standing |= {add(path, file): file for file in after}
        gone = random.Random(seed + 1).choice(sorted(standing))
        undo(path, gone)
        del standing[gone]
        expected: dict[int, int] = {}
        for file in (standing[batch] for batch in sorted(standing)):
            expected |= file
        assert {c.source_id: c.score for c in comments_of(path)} == {
            str(key): float(value) for key, value in expected.items()
        }
