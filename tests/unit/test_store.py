"""What is written can be read; a new result takes the place of the old one; the schema holds."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analyzer import database, queries, results, sentiment, store
from analyzer.database import connect_readonly, opened, transaction
from analyzer.errors import BothsidesError, InputOutput, Locked
from analyzer.rows import QuoteRow, SignRow
from analyzer.types import Analysis, Dropped, Evidence, Pair, Polarity, Rejected, judgement
from tests.builders import make_older, polarity_of, side_analysis, sign

IMPORT = store.ImportRow(
    "a.csv", "00ff", "employee", "pulse", "csv", {"text": ["text"]}, "2025-01-01T00:00:00", 3, 0, 0
)
RUN = results.RunRow(
    "2025-01-01T00:00:00", 1.5, 7, "leiden", "fake", "fake:1", {"resolution": 3.0}, {"python": "3"},
    ["00ff"], ["fake was asked for."],
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
def comments(make_comments):
    own = make_comments("The rota is late. The pay is low.", "Nothing", "The rota again", score=3.0)
    return [*own, *make_comments("A long queue", "Queue, é 😀 queue", side="customer", unit="Bath")]


@pytest.fixture
def analysis(comments) -> Analysis:
    employee = side_analysis(
        "employee", comments,
        [
            (0, "The rota is late.", 0, -0.5), (0, "The pay is low.", 1, -0.25),
            (2, "The rota again", 0, 0.1), (2, "again", 2, -0.9),
        ],
        ["rota", "pay", "bad"], broad=[0, 0, 1], natures={2: "general-complaint"},
        dropped=[Dropped(comments[1].id, 0, 7, "says nothing")],
    )  # fmt: skip
    customer = side_analysis(
        "customer", comments, [(3, "A long queue", 0, -0.7), (4, "é 😀 queue", 0, 0.4)], ["queue"]
    )
    evidence = Evidence(
        (sign("map", 0.5, 1.25, moved=0.2),),
        ((0, 1, 0.5), (2, 0, 0.25)),
        ("late",),
        "a>b",
        "Because.",
        "S",
    )
    pair = Pair("e1", "c1", "driver-outcome", 0.75, 0.125, evidence)
    return Analysis({"employee": employee, "customer": customer}, (pair,), {}, ())


@pytest.fixture
def filled(path, comments, analysis) -> Path:
    with opened(path, create=True) as db:
        store.add_import(db, IMPORT, comments, [Rejected(9, "5 cells", "text")])
        results.replace_analysis(db, RUN, analysis)
    return path


def count(path: Path, table: str) -> int:
    with sqlite3.connect(path) as db:
        number = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    db.close()
    return number


@pytest.fixture
def reader(filled):
    db = connect_readonly(filled)
    yield db
    db.close()


def test_comments_come_back_as_they_went_in(reader, comments) -> None:
    assert sorted(queries.comments(reader), key=lambda c: c.id) == sorted(
        comments, key=lambda c: c.id
    )


def test_the_order_of_comments_does_not_depend_on_the_order_of_imports(tmp_path, comments) -> None:
    orders = []
    for name, given in (("a.db", comments), ("b.db", comments[::-1])):
        with opened(tmp_path / name, create=True) as db:
            for comment in given:
                store.add_import(db, IMPORT, [comment], [])
        reader = connect_readonly(tmp_path / name)
        orders.append(queries.comments(reader))
        reader.close()
    assert orders[0] == orders[1]


def test_themes_come_back_with_their_partners_counted(reader) -> None:
    rows = queries.themes(reader)
    assert [(r.id, r.label, r.partners, r.segments) for r in rows] == [
        ("e1", "rota", 1, 2), ("e2", "pay", 0, 1), ("e3", "bad", 0, 1), ("c1", "queue", 1, 2),
    ]  # fmt: skip
    assert rows[0].terms == ("rota", "shift")
    assert queries.theme(reader, "e2") == rows[1]
    assert queries.theme(reader, "e9") is None
    assert [row.id for row in queries.themes(reader, "customer")] == ["c1"]


def test_segments_slice_back_to_their_text(reader) -> None:
    rows = list(queries.segments(reader))
    assert [row.text for row in rows] == [
        "The rota is late.", "The pay is low.", "The rota again", "again", "A long queue",
        "é 😀 queue",
    ]  # fmt: skip
    assert all(row.comment[row.start : row.end] == row.text for row in rows)
    assert rows[-1].unit == "Bath"


def test_a_pair_comes_back_with_its_evidence(reader) -> None:
    detail = queries.pair(reader, "e1", "c1")
    assert detail is not None
    assert (detail.pair.kind, detail.pair.probability, detail.pair.status) == (
        "driver-outcome", 0.75, "suggested",
    )  # fmt: skip
    assert detail.signs == (SignRow("map", 0.5, 1.25, 0.2, "why"),)
    assert [(c.employee.text, c.customer.text, c.cosine) for c in detail.closest] == [
        ("The rota is late.", "é 😀 queue", 0.5), ("The rota again", "A long queue", 0.25),
    ]  # fmt: skip
    assert detail.closest[1].employee == QuoteRow("2", "pulse", 0, "The rota again")
    assert (detail.edge, detail.reason, detail.source) == ("a>b", "Because.", "S")
    assert queries.pair(reader, "e2", "c1") is None
    assert queries.pairs(reader, "e2") == []
    assert len(queries.pairs(reader, "c1")) == 1


def test_counts_of_a_side_add_up(reader) -> None:
    counts = queries.side_counts(reader, "employee")
    assert (counts.comments, counts.segments, counts.themes, counts.partnerless) == (3, 4, 3, 1)
    assert counts.broad == 2
    assert counts.dropped == {"says nothing": 1}


def test_telling_segments_begin_with_the_exemplars_and_show_a_comment_once(reader) -> None:
    rows = queries.telling_segments(reader, "e1")
    assert [row.text for row in rows] == ["The rota is late.", "The rota again"]
    assert len(queries.telling_segments(reader, "e1", limit=1)) == 1


def test_broad_themes_come_back_and_hold_the_segments_of_their_themes(reader) -> None:
    rows = queries.broad_themes(reader)
    assert [(row.id, row.label, row.themes) for row in rows] == [
        ("be1", "all of rota", 2), ("be2", "all of bad", 1), ("bc1", "all of queue", 1),
    ]  # fmt: skip
    assert [row.id for row in queries.broad_themes(reader, "customer")] == ["bc1"]
    for row in rows:
        below = [theme for theme in queries.themes(reader) if theme.broad_id == row.id]
        assert len(below) == row.themes
        assert sum(theme.segments for theme in below) == row.segments
        mean = sum(theme.polarity.mean * theme.segments for theme in below) / row.segments
        assert row.polarity.mean == pytest.approx(mean, abs=1e-6)


def test_a_theme_keeps_its_nature_its_polarity_and_its_broad_theme(reader) -> None:
    row = queries.theme(reader, "e1")
    assert (row.broad_id, row.nature) == ("be1", "subject")
    assert row.polarity == Polarity(0, 0.5, 0.5, pytest.approx(-0.2))
    assert queries.theme(reader, "e3").nature == "general-complaint"


def test_the_polarity_of_a_theme_is_that_of_its_segments(reader) -> None:
    for theme in queries.themes(reader):
        own = [row.polarity for row in queries.segments(reader) if row.theme_id == theme.id]
        expected = polarity_of(own)
        for share in ("positive", "neutral", "negative", "mean"):
            found = getattr(theme.polarity, share)
            assert found == pytest.approx(getattr(expected, share), abs=1e-6)


@pytest.mark.parametrize(
    ("polarity", "expected"),
    [(-1, "negative"), (-0.25, "negative"), (-0.2499, "neutral"), (0, "neutral"),
     (0.2499, "neutral"), (0.25, "positive"), (1, "positive")],
)  # fmt: skip
def test_a_segment_is_judged_alike_by_the_types_and_by_the_database(
    filled, polarity, expected
) -> None:
    with opened(filled, create=False) as db:
        db.execute("UPDATE segments SET polarity = ?", [polarity])
    reader = connect_readonly(filled)
    assert judgement(polarity) == expected
    assert queries.judgement_counts(reader, "e1")[expected] == 2
    assert len(queries.telling_segments(reader, "e1", judgement=expected)) == 2
    assert {row.judgement for row in queries.segments(reader)} == {expected}
    reader.close()


def test_the_analysis_counts_shares_by_the_same_rule() -> None:
    values = np.linspace(-1, 1, 81)
    found, expected = sentiment.summary(values), polarity_of(values.tolist())
    assert (found.positive, found.negative) == (expected.positive, expected.negative)


def test_comments_of_a_theme_can_be_read_by_judgement(reader) -> None:
    assert queries.judgement_counts(reader, "e1") == {"negative": 1, "neutral": 1, "positive": 0}
    (row,) = queries.telling_segments(reader, "e1", judgement="negative")
    assert (row.text, row.judgement) == ("The rota is late.", "negative")
    assert queries.telling_segments(reader, "e1", judgement="positive") == []


def test_the_pairs_with_evidence_are_those_read_one_by_one(reader) -> None:
    details = queries.pair_details(reader)
    assert [detail.pair for detail in details] == queries.pairs(reader)
    assert details == [queries.pair(reader, "e1", "c1")]
    assert queries.pair_details(reader, "e2") == []


def test_the_list_of_pairs_takes_the_same_few_queries_however_many_there_are(reader) -> None:
    asked: list[str] = []
    reader.set_trace_callback(asked.append)
    queries.pair_details(reader)
    assert len(asked) == 3


def test_a_quoted_segment_has_the_index_that_the_segments_have(path, make_comments) -> None:
    one, two = make_comments("First. Second."), make_comments("Third. Fourth.", column="zz")
    own = [*one, replace(two[0], id="e0zz")]
    theirs = make_comments("Fifth", side="customer")
    sides = {
        "employee": side_analysis(
            "employee", own,
            [(0, "First.", 0, 0), (0, "Second.", 0, 0), (1, "Third.", 0, 0), (1, "Fourth.", 0, 0)],
            ["a"],
        ),
        "customer": side_analysis("customer", theirs, [(0, "Fifth", 0, 0)], ["b"]),
    }  # fmt: skip
    closest = tuple((i, 0, 0.5) for i in range(4))
    pair = Pair("e1", "c1", "same-topic", 0.75, 0.5, Evidence((), closest, ()))
    with opened(path, create=True) as db:
        store.add_import(db, IMPORT, [*own, *theirs], [])
        results.replace_analysis(db, RUN, Analysis(sides, (pair,), {}, ()))
    reader = connect_readonly(path)
    known = {row.text: row.segment_index for row in queries.segments(reader)}
    quotes = [row.employee for row in queries.pair(reader, "e1", "c1").closest]
    assert {quote.text: quote.segment_index for quote in quotes}.items() <= known.items()
    assert [quote.segment_index for quote in quotes] == [0, 1, 2, 3]
    reader.close()


def test_a_database_of_the_version_before_opens_and_what_it_does_not_know_is_none(filled) -> None:
    make_older(filled)
    reader = connect_readonly(filled)
    assert queries.broad_themes(reader) == []
    for row in queries.themes(reader):
        assert (row.broad_id, row.nature, row.polarity) == (None, None, None)
    assert {row.polarity for row in queries.segments(reader)} == {None}
    assert {row.judgement for row in queries.segments(reader)} == {None}
    (detail,) = queries.pair_details(reader)
    assert detail.signs == (SignRow("map", 0.5, 1.25, None, "why"),)
    assert set(queries.judgement_counts(reader, "e1").values()) == {0}
    assert queries.side_counts(reader, "employee").broad == 0
    reader.close()


def test_a_database_of_the_version_before_can_be_analysed_again(filled, analysis) -> None:
    make_older(filled)
    with opened(filled, create=False) as db:
        results.replace_analysis(db, RUN, analysis)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    reader = connect_readonly(filled)
    assert queries.theme(reader, "e1").broad_id == "be1"
    reader.close()


def test_a_database_of_the_version_before_that_another_process_writes_to_is_locked(
    filled, monkeypatch
) -> None:
    make_older(filled)
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    other = sqlite3.connect(filled, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Locked):
            connect_readonly(filled)
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_a_run_is_remembered_with_all_that_made_it(reader) -> None:
    info = queries.last_run(reader)
    assert info is not None
    assert (info.seed, info.embedder, info.settings, info.inputs, info.notes) == (
        7, "fake", {"resolution": 3.0}, ("00ff",), ("fake was asked for.",),
    )  # fmt: skip


def test_a_second_analysis_takes_the_place_of_the_first_and_both_runs_are_kept(
    filled, analysis
) -> None:
    tables = results.RESULT
    before = {table: count(filled, table) for table in tables}
    with opened(filled, create=False) as db:
        assert results.replace_analysis(db, RUN, analysis) == 2
    assert {table: count(filled, table) for table in tables} == before
    assert count(filled, "runs") == 2


def test_an_analysis_that_fails_halfway_leaves_the_one_before(filled, analysis) -> None:
    broken = replace(analysis, pairs=(replace(analysis.pairs[0], employee_theme_id="e99"),))
    with opened(filled, create=False) as db, pytest.raises(sqlite3.IntegrityError):
        results.replace_analysis(db, RUN, broken)
    assert count(filled, "runs") == 1
    assert count(filled, "pairs") == 1
    assert count(filled, "segments") == 6


def test_the_same_comments_again_are_unchanged_and_a_new_text_is_a_change(path, comments) -> None:
    with opened(path, create=True) as db:
        assert store.add_import(db, IMPORT, comments, []) == store.Counts(5, 0, 0)
        assert store.add_import(db, IMPORT, comments, []) == store.Counts(0, 0, 5)
        changed = replace(comments[0], text="The rota came on time")
        assert store.compare(db, [changed]).counts == store.Counts(0, 1, 0)
        assert store.add_import(db, IMPORT, [changed, *comments[1:]], []) == store.Counts(0, 1, 4)
    assert count(path, "comments") == 5
    assert count(path, "imports") == 3


def test_a_corrected_comment_may_be_imported_after_an_analysis(filled, comments) -> None:
    with opened(filled, create=False) as db:
        store.add_import(db, IMPORT, [replace(comments[0], text="Short")], [])
    reader = connect_readonly(filled)
    assert "Short" in {comment.text for comment in queries.comments(reader)}
    changed = ("employee", comments[0].source_id)
    assert changed not in {(row.side, row.source_id) for row in queries.segments(reader)}
    assert all(row.comment[row.start : row.end] == row.text for row in queries.segments(reader))
    reader.close()


def test_rows_kept_aside_are_remembered_without_their_text(filled) -> None:
    with sqlite3.connect(filled) as db:
        assert db.execute(
            "SELECT row_number, column_name, reason FROM rejected_rows"
        ).fetchall() == [(9, "text", "5 cells")]
    db.close()


def test_vectors_are_kept_by_model_and_text(path) -> None:
    with opened(path, create=True) as db:
        vectors = store.SqliteVectors(db)
        many = {bytes([i // 256, i % 256]): bytes([i % 7]) for i in range(2000)}
        vectors.save("one", many)
        vectors.save("one", {b"\x00\x00": b"other"})
        assert vectors.load("one", list(many)) == many
        assert vectors.load("two", list(many)) == {}


def test_foreign_keys_hold(filled) -> None:
    with (
        opened(filled, create=False) as db,
        pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"),
    ):
        db.execute("DELETE FROM themes WHERE id = 'e1'")
    with (
        opened(filled, create=False) as db,
        pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"),
    ):
        db.execute("DELETE FROM broad_themes")
    with sqlite3.connect(filled) as plain:
        assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()


def test_every_table_of_ours_is_strict(filled) -> None:
    with sqlite3.connect(filled) as db:
        loose = [
            row[1] for row in db.execute("PRAGMA table_list")
            if row[2] == "table" and not row[5] and not row[1].startswith(("sqlite_", "_sqlite"))
        ]  # fmt: skip
    db.close()
    assert loose == []
    with opened(filled, create=False) as again, pytest.raises(sqlite3.IntegrityError):
        again.execute("UPDATE themes SET segments = 'many'")


def test_the_pragmas_of_the_design_are_set(path) -> None:
    with opened(path, create=True) as db:
        names = ("journal_mode", "synchronous", "foreign_keys")
        values = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    assert values == ["wal", 2, 1]


def test_migrating_twice_changes_nothing(path) -> None:
    def schema() -> list[tuple[str, ...]]:
        with sqlite3.connect(path) as db:
            rows = db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
            rows += db.execute("SELECT name, hex(value) FROM secrets").fetchall()
        db.close()
        return rows

    with opened(path, create=True):
        pass
    first = schema()
    with opened(path, create=True):
        pass
    assert schema() == first


def test_every_database_has_a_key_of_its_own(tmp_path) -> None:
    keys = []
    for name in ("a.db", "b.db"):
        with opened(tmp_path / name, create=True) as db:
            keys.append(store.respondent_key(db))
    assert len(set(keys)) == 2
    assert {len(key) for key in keys} == {32}


def test_the_error_is_told_that_made_sqlite_roll_back_by_itself(path) -> None:
    def fail(db) -> None:
        with transaction(db):
            db.execute("ROLLBACK")
            raise sqlite3.OperationalError("database or disk is full")

    with opened(path, create=True) as db, pytest.raises(sqlite3.OperationalError, match="full"):
        fail(db)


def test_a_transaction_that_fails_keeps_nothing(filled) -> None:
    with opened(filled, create=False) as db:

        def stopped() -> None:
            with transaction(db):
                db.execute("DELETE FROM closest")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            stopped()
        assert db.execute("SELECT count(*) FROM closest").fetchone()[0] == 2


def test_a_database_that_another_process_writes_to_is_locked(filled, monkeypatch, analysis) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    other = sqlite3.connect(filled, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with (
            pytest.raises(Locked, match=r"being written by another process\. Try again"),
            opened(filled, create=False) as db,
            database.translated(filled),
        ):
            results.replace_analysis(db, RUN, analysis)
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert count(filled, "runs") == 1


def test_a_writer_that_finishes_in_time_is_waited_for(filled, analysis) -> None:
    other = sqlite3.connect(filled, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, lambda: other.execute("ROLLBACK"))
    timer.start()
    with opened(filled, create=False) as db, database.translated(filled):
        assert results.replace_analysis(db, RUN, analysis) == 2
    timer.join()
    other.close()


def test_a_reader_reads_while_another_process_writes(filled) -> None:
    other = sqlite3.connect(filled, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("DELETE FROM closest")
    reader = connect_readonly(filled)
    assert len(queries.pairs(reader)) == 1
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM pairs")
    reader.close()
    other.execute("ROLLBACK")
    other.close()


def test_a_file_that_is_no_database_is_an_error_and_stays_as_it_is(path) -> None:
    path.write_text("id,text\n1,hello there, this is a table of comments\n" * 50, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(InputOutput, match=r"not a database of Bothsides.*--db"):
        connect_readonly(path)
    with pytest.raises(InputOutput, match="not a database"), opened(path, create=True):
        pass
    assert path.read_bytes() == before


def test_a_missing_database_is_an_error_with_the_next_step(path) -> None:
    for opening in (lambda: connect_readonly(path), lambda: opened(path, create=False).__enter__()):
        with pytest.raises(InputOutput, match=r"no database .*bothsides import"):
            opening()
    assert not path.exists()


def test_a_folder_that_is_missing_is_an_error(tmp_path) -> None:
    with (
        pytest.raises(InputOutput, match=r"x\.db cannot be written: No such file"),
        opened(tmp_path / "no" / "x.db", create=True),
    ):
        pass


def test_somebody_elses_database_is_refused_for_reading(path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE comments (id)")
    db.close()
    with pytest.raises(BothsidesError, match="not one of Bothsides"):
        connect_readonly(path)
