"""Batch after batch on the real SQLite with the fake embedder: ids, edits and costs over years."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from analyzer import editing, history, projection, queries, results, runs, store
from analyzer.database import connect_readonly, opened
from analyzer.editing import By
from analyzer.errors import BothsidesError, Locked, UsageError
from analyzer.settings import Settings
from analyzer.types import Comment
from tests.fakes import FakeEmbedder

EMPLOYEE = {"rota": 16, "breakfast": 15, "pay": 14, "manager": 13}
CUSTOMER = {"queue": 16, "breakfast": 15, "parking": 14, "noise": 13}
LATER = ("uniform", "wifi")
WORDS = (
    "pot", "window", "river", "carpet", "ladder", "button", "violin", "garden", "pencil", "jug",
)  # fmt: skip
BY = By("Ana", "because", "2026-01-01T00:00:00+00:00")
# Small batches must not bring a refit about where a test is not about that.
SETTINGS = Settings({"refit_growth": 0})


def said(topic: str, count: int, start: int = 0) -> list[str]:
    return [
        f"the {topic} {WORDS[i % 10]} {WORDS[(i // 2) % 10]} bad{'x' * i}"
        for i in range(start, start + count)
    ]


@pytest.fixture
def embedder(monkeypatch) -> FakeEmbedder:
    fake = FakeEmbedder((*EMPLOYEE, *CUSTOMER, *LATER, "lottery"))
    monkeypatch.setattr(runs, "load_embedder", lambda name, progress=None: fake)
    return fake


@pytest.fixture
def of(make_comments) -> Callable[..., list[Comment]]:
    """Return a function: topic, count, start -> comments under ids of their own."""

    def make(topic: str, count: int, start: int = 0, side: str = "employee") -> list[Comment]:
        return [
            replace(c, id=f"{side[0]}-{topic}-{start + i}", source_id=f"{topic}-{start + i}")
            for i, c in enumerate(make_comments(*said(topic, count, start), side=side))
        ]

    return make


@pytest.fixture
def base(of) -> list[Comment]:
    return [
        *(c for topic, count in EMPLOYEE.items() for c in of(topic, count)),
        *(c for topic, count in CUSTOMER.items() for c in of(topic, count, side="customer")),
    ]


def add(path: Path, comments: Sequence[Comment]) -> None:
    with opened(path, create=True) as db:
        for side in ("employee", "customer"):
            own = [comment for comment in comments if comment.side == side]
            row = store.ImportRow("a.csv", "00", side, "", "csv", {}, BY.at, len(own), 0, 0)
            store.add_import(db, row, own, [])


def analyze(path: Path, settings: Settings = SETTINGS, **rest) -> runs.Summary:
    return runs.analyze(path, settings, embedder="fake", **rest)


@pytest.fixture
def path(tmp_path, base, embedder) -> Path:
    """A database with one analysis."""
    database = tmp_path / "years.db"
    add(database, base)
    analyze(database)
    return database


def shown(path: Path) -> dict[str, str]:
    """Return the theme in which each comment's segment is shown."""
    with closing(connect_readonly(path)) as db:
        return dict(db.execute("SELECT comment_id, theme_id FROM segments").fetchall())


def labels(path: Path) -> dict[str, str]:
    with closing(connect_readonly(path)) as db:
        return {row.id: row.label for row in queries.themes(db)}


def statuses(path: Path) -> dict[tuple[str, str], str]:
    with closing(connect_readonly(path)) as db:
        return {(row.employee.id, row.customer.id): row.status for row in queries.pairs(db)}


def content(path: Path) -> dict[str, list[tuple]]:
    """Return all that is shown, and what the next run needs; without times and run numbers."""
    tables = {
        "themes": "id, label, terms, comments, segments, broad_id, own_label, hidden, position",
        "segments": "comment_id, position, theme_id, found_theme_id, round(confidence, 5)",
        "pairs": "employee_theme_id, customer_theme_id, round(probability, 5), status, signs",
        "exemplars": "*", "closest": "*", "dropped": "*", "gathering": "*",
        "identities": "id, parent",
    }  # fmt: skip
    with closing(sqlite3.connect(path)) as db:
        return {
            table: sorted(db.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)
            for table, columns in tables.items()
        }


def is_sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_new_comments_get_the_standing_themes_and_only_they_are_embedded(
    path, of, embedder
) -> None:
    before, named = shown(path), labels(path)
    embedder.seen.clear()
    new = of("pay", 4, start=50)
    add(path, new)
    summary = analyze(path)
    after = shown(path)
    assert {key: after[key] for key in before} == before
    assert {after[c.id] for c in new} == {before["e-pay-0"]}
    assert labels(path) == named
    assert set(embedder.seen) <= {c.text for c in new}
    assert any("4 new comments were given the themes that run 1 found" in n for n in summary.notes)
    assert summary.changes["grown"] == 1
    assert is_sound(path)


def test_counts_and_polarity_follow_the_new_segments(path, of) -> None:
    theme = shown(path)["e-pay-0"]
    add(path, of("pay", 6, start=50))
    analyze(path)
    with closing(connect_readonly(path)) as db:
        row = queries.theme(db, theme)
        broad = {b.id: b for b in queries.broad_themes(db)}[row.broad_id]
        assert sum(t.segments for t in queries.themes(db) if t.broad_id == row.broad_id) == (
            broad.segments
        )
    assert (row.comments, row.segments) == (20, 20)
    shares = row.polarity
    assert shares.positive + shares.neutral + shares.negative == pytest.approx(1)


def test_the_order_of_rows_and_of_batches_does_not_matter(tmp_path, base, of, embedder) -> None:
    new = [*of("pay", 5, start=50), *of("noise", 5, start=50, side="customer"),
           *of("lottery", 3), *of("uniform", 16)]  # fmt: skip
    found = []
    for name, order in (("a", new), ("b", new[::-1])):
        database = tmp_path / f"{name}.db"
        add(database, base[:: 1 if name == "a" else -1])
        analyze(database)
        add(database, order)
        analyze(database)
        found.append(content(database))
    assert found[0] == found[1]


def test_nothing_new_changes_nothing(path) -> None:
    before = content(path)
    summary = analyze(path)
    assert content(path) == before
    assert set(summary.changes.values()) == {0}


def test_a_comment_whose_text_changed_is_read_again(path, of) -> None:
    changed = replace(of("pay", 1)[0], text="the rota pot window badxxy")
    add(path, [changed])
    analyze(path)
    assert shown(path)["e-pay-0"] == shown(path)["e-rota-0"]
    assert is_sound(path)


def test_a_new_comment_that_says_what_a_known_one_says_gets_its_theme(path, base) -> None:
    again = [replace(c, id=f"again-{c.id}", source_id=f"again-{c.id}") for c in base]
    add(path, again)
    analyze(path)
    themes = shown(path)
    assert all(themes[c.id] == themes[c.id.removeprefix("again-")] for c in again)


def test_sent_twice_is_told_beside_what_was_there(path, make_comments) -> None:
    text = "the rota is never there in time and nobody ever says why"
    one, two = make_comments(text, text, respondent="r", date="2026-02-02")
    add(path, [replace(one, id="z1", source_id="z1")])
    analyze(path)
    add(path, [replace(two, id="a1", source_id="a1")])
    analyze(path)
    with closing(connect_readonly(path)) as db:
        rows = db.execute("SELECT comment_id, reason FROM dropped").fetchall()
    assert [tuple(row) for row in rows] == [("a1", "duplicate")]


def reason(summary: runs.Summary) -> str:
    return next((note for note in summary.notes if "found anew" in note), "")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"settings": Settings({"refit_growth": 0, "neighbours": 12})}, "the setting neighbours"),
        ({"seed": 3}, "the seed changed"),
        ({"strategy": "bertopic"}, "the strategy changed"),
        ({"refit": True}, "you asked for it"),
    ],
)
def test_what_a_result_depends_on_brings_a_refit_and_says_so(path, given, why) -> None:
    assert why in reason(analyze(path, **given))


@pytest.mark.parametrize("name", ["max_bad_rows", "english_share", "new_theme_comments"])
def test_what_no_theme_depends_on_brings_none(path, name: str) -> None:
    value = 30 if name == "new_theme_comments" else 0.5
    assert reason(analyze(path, Settings({"refit_growth": 0, name: value}))) == ""


def test_another_model_brings_a_refit(path, embedder) -> None:
    embedder.fingerprint = "fake:other"
    assert "the model changed" in reason(analyze(path))


def test_another_map_brings_a_refit(path, tmp_path) -> None:
    text = (Path(runs.__file__).parent.parent / "models" / "experience_map.toml").read_text("utf-8")
    mine = tmp_path / "map.toml"
    mine.write_text(text + "\n# mine\n", "utf-8")
    settings = Settings({"refit_growth": 0, "experience_map": str(mine)})
    assert "the experience map changed" in reason(analyze(path, settings))


def test_a_side_that_had_no_themes_brings_a_refit(tmp_path, base, embedder) -> None:
    database = tmp_path / "one.db"
    add(database, [c for c in base if c.side == "employee"])
    analyze(database)
    before = shown(database)
    add(database, [c for c in base if c.side == "customer"])
    assert "no customer themes" in reason(analyze(database))
    assert before.items() <= shown(database).items()


def test_a_side_that_says_nothing_brings_no_refit_in_every_run(
    tmp_path, base, make_comments, embedder
) -> None:
    database = tmp_path / "one.db"
    nothing = make_comments("n/a", "nothing", side="customer")
    add(database, [*(c for c in base if c.side == "employee"), *nothing])
    analyze(database)
    assert reason(analyze(database)) == ""


def test_one_side_alone_is_told_in_every_run(tmp_path, base, of, embedder) -> None:
    database = tmp_path / "one.db"
    add(database, [c for c in base if c.side == "employee"])
    analyze(database)
    add(database, of("pay", 3, start=50))
    assert any("no customer comments" in note for note in analyze(database).notes)


def test_many_more_comments_bring_a_refit(path, of) -> None:
    add(path, [c for topic in EMPLOYEE for c in of(topic, 30, start=50)])
    assert "there are 236 now" in reason(analyze(path, Settings()))


def test_a_refit_keeps_ids_and_labels(path, of) -> None:
    before, named = shown(path), labels(path)
    add(path, [*of("uniform", 12), *of("pay", 10, start=50)])
    summary = analyze(path, refit=True)
    after = shown(path)
    assert {key: after[key] for key in before} == before
    assert named.items() <= labels(path).items()
    (fresh,) = labels(path).keys() - named.keys()
    assert after["e-uniform-0"] == fresh == "e5"
    assert summary.changes["new"] == 1


def test_an_id_is_never_given_twice(path, of) -> None:
    add(path, of("uniform", 12))
    analyze(path, refit=True)
    with closing(sqlite3.connect(path)) as db, db:
        for table in ("exemplars", "segments", "comments"):
            column = "id" if table == "comments" else "comment_id"
            db.execute(f"DELETE FROM {table} WHERE {column} LIKE 'e-uniform-%'")
    summary = analyze(path, refit=True)
    assert "e5" not in labels(path)
    assert summary.changes["gone"] == 1
    add(path, [replace(c, id=f"x{c.id}") for c in of("lottery", 12)])
    analyze(path, refit=True)
    assert shown(path)["xe-lottery-0"] == "e6"


def gathering(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT count(*) FROM gathering").fetchone()[0]


def test_segments_that_fit_nothing_gather_and_become_a_theme_when_they_are_many(path, of) -> None:
    before, named = shown(path), labels(path)
    add(path, of("uniform", 9))
    analyze(path)
    assert gathering(path) == 9
    assert labels(path) == named
    assert set(shown(path).values()) <= set(named)
    add(path, of("uniform", 9, start=9))
    summary = analyze(path)
    after = shown(path)
    assert {after[f"e-uniform-{i}"] for i in range(18)} == {"e5"}
    assert {key: after[key] for key in before} == before
    assert gathering(path) == 0
    assert "uniform" in labels(path)["e5"]
    with closing(connect_readonly(path)) as db:
        (row,) = [row for row in history.changes(db).themes if row.kind == "new"]
        assert queries.telling_segments(db, "e5", 3)
    assert (row.theme_id, row.segments_after) == ("e5", 18)
    assert any("themes of their own: e5" in note for note in summary.notes)
    add(path, of("uniform", 3, start=40))
    analyze(path)
    assert shown(path)["e-uniform-40"] == "e5"
    assert is_sound(path)


def test_a_theme_that_gathered_is_paired_with_the_other_side(path, of) -> None:
    add(path, of("queue", 18))
    analyze(path)
    theirs = shown(path)["c-queue-0"]
    assert shown(path)["e-queue-0"] == "e5"
    assert statuses(path)["e5", theirs] == "suggested"


def test_a_theme_that_gathered_keeps_its_id_in_a_refit(path, of) -> None:
    add(path, of("uniform", 18))
    analyze(path)
    name = labels(path)["e5"]
    analyze(path, refit=True)
    assert shown(path)["e-uniform-3"] == "e5"
    assert labels(path)["e5"] == name


def test_strays_that_have_nothing_in_common_stay_strays(path, make_comments) -> None:
    texts = [f"{a} {b} about {i}" for i, (a, b) in enumerate(zip(WORDS * 3, WORDS[3:] * 4))]  # noqa: B905
    odd = [replace(c, id=f"odd{i}", source_id=f"odd{i}")
           for i, c in enumerate(make_comments(*texts))]  # fmt: skip
    named = labels(path)
    add(path, odd)
    analyze(path)
    assert labels(path) == named
    assert gathering(path) >= len(odd) * 0.8


@pytest.fixture
def edited(path) -> Path:
    """A database with five edits by people."""
    themes = shown(path)
    rota, pay, meal = (themes[f"e-{topic}-0"] for topic in ("rota", "pay", "breakfast"))
    editing.rename(path, rota, "Shifts nobody wants", BY)
    editing.merge(path, themes["c-noise-0"], [themes["c-parking-0"]], BY)
    editing.split(path, pay, BY, phrases=["ladder"], name="Pay ladder")
    editing.move(path, ("manager-3", 0), meal, BY)
    editing.judge(path, "reject", next(iter(statuses(path))), BY)
    return path


def holds(path: Path, base: Sequence[Comment]) -> None:
    """Assert that the five edits hold."""
    themes, named = shown(path), labels(path)
    assert named[themes["e-rota-0"]] == "Shifts nobody wants"
    assert themes["c-noise-1"] == themes["c-parking-1"]
    ladder = {c.id for c in base if c.id.startswith("e-pay-") and "ladder" in c.text}
    part = {themes[key] for key in ladder}
    assert {named[key] for key in part} == {"Pay ladder"}
    assert not part & {themes[c.id] for c in base if "-pay-" in c.id and c.id not in ladder}
    assert themes["e-manager-3"] == themes["e-breakfast-0"] != themes["e-manager-4"]
    assert "rejected" in statuses(path).values()
    assert is_sound(path)


def test_a_refit_after_five_edits_keeps_all_five(edited, base, of) -> None:
    holds(edited, base)
    add(edited, [*of("pay", 8, start=50), *of("parking", 4, start=50, side="customer")])
    analyze(edited)
    holds(edited, base)
    themes = shown(edited)
    assert themes["c-parking-50"] == themes["c-noise-0"]
    assert {themes[c.id] for c in of("pay", 8, start=50) if "ladder" in c.text} == {
        themes["e-pay-4"]
    }
    analyze(edited, refit=True)
    holds(edited, base)
    analyze(edited, seed=5)
    holds(edited, base)


def test_every_edit_can_be_undone_and_brought_back(edited, base) -> None:
    before = content(edited)
    with closing(connect_readonly(edited)) as db:
        numbers = [made.id for made in history.edits(db)]
    undone = [editing.undo(edited, number, BY) for number in numbers]
    own = content(edited)
    with closing(connect_readonly(edited)) as db:
        changed = db.execute("SELECT count(*) FROM themes WHERE label <> own_label").fetchone()
        assert changed[0] == 0
        assert db.execute(
            "SELECT count(*) FROM segments WHERE theme_id <> found_theme_id"
        ).fetchone()[0] == 0  # fmt: skip
    assert set(statuses(edited).values()) == {"suggested"}
    with pytest.raises(UsageError, match="undone already"):
        editing.undo(edited, numbers[0], BY)
    for made in undone[::-1]:
        editing.undo(edited, made.id, BY)
    assert content(edited) == before != own
    holds(edited, base)


def test_the_algorithm_and_the_edits_are_kept_apart(edited) -> None:
    with closing(connect_readonly(edited)) as db:
        found = projection.read_found(db)
    assert "Shifts nobody wants" not in {theme.label for theme in found.themes}
    assert {pair.status for pair in found.pairs} == {"suggested"}


def test_a_theme_that_is_split_by_meaning_takes_new_segments_by_meaning(path, of) -> None:
    theme = shown(path)["e-pay-0"]
    made = editing.split(path, theme, BY)
    parts = shown(path)
    part = {c for c, t in parts.items() if t == made.payload["new"]}
    assert 0 < len(part) < 14
    add(path, of("pay", 10, start=50))
    analyze(path)
    after = shown(path)
    assert {c for c in parts if after[c] == made.payload["new"]} == part
    assert {after[c.id] for c in of("pay", 10, start=50)} <= {theme, made.payload["new"]}
    analyze(path, refit=True)
    assert {c for c in parts if shown(path)[c] == made.payload["new"]} == part


def test_an_accepted_pair_is_kept_when_no_run_finds_it_any_more(path) -> None:
    pair = next(iter(statuses(path)))
    editing.judge(path, "accept", pair, BY)
    summary = analyze(path, Settings({"refit_growth": 0, "min_probability": 1.0}))
    assert statuses(path) == {pair: "accepted"}
    assert any("was accepted and is kept" in note for note in summary.notes)


def test_a_hidden_theme_and_its_pairs_are_out_of_sight_but_its_segments_are_kept(path) -> None:
    pair = next(iter(statuses(path)))
    before = shown(path)
    editing.hide(path, [pair[0]], BY)
    assert pair[0] not in labels(path)
    assert not any(pair[0] in ends for ends in statuses(path))
    assert shown(path) == before
    analyze(path, refit=True)
    assert pair[0] not in labels(path)


def test_a_hidden_pair_is_out_of_sight(path) -> None:
    pair = next(iter(statuses(path)))
    editing.hide(path, pair[::-1], BY)
    assert pair not in statuses(path)
    assert set(pair) <= labels(path).keys()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda p: editing.rename(p, "e99", "x", BY), "no theme e99"),
        (lambda p: editing.rename(p, "e1", "  ", BY), "cannot be empty"),
        (lambda p: editing.merge(p, "e1", ["c1"], BY), "different sides"),
        (lambda p: editing.merge(p, "e1", ["e1"], BY), "into itself"),
        (lambda p: editing.split(p, "e1", BY, phrases=["nowhere"]), "0 of its"),
        (lambda p: editing.split(p, "e1", BY, phrases=["the"]), "segments would leave"),
        (lambda p: editing.move(p, ("nobody", 0), "e1", BY), "no segment 0 of nobody"),
        (lambda p: editing.judge(p, "accept", ("e1", "e2"), BY), "no pair"),
        (lambda p: editing.undo(p, 77, BY), "no edit 77"),
    ],
)
def test_an_edit_that_makes_no_sense_says_why_and_leaves_all_as_it_was(path, make, told) -> None:
    before = content(path)
    with pytest.raises(UsageError, match=told):
        make(path)
    assert content(path) == before


def test_a_database_that_was_never_analysed_cannot_be_edited(tmp_path, base, embedder) -> None:
    database = tmp_path / "new.db"
    add(database, base)
    with pytest.raises(BothsidesError, match="bothsides analyze"):
        editing.rename(database, "e1", "x", BY)


@pytest.mark.parametrize("refit", [True, False])
def test_a_run_that_dies_while_writing_leaves_everything_as_it_was(
    path, of, monkeypatch, refit: bool
) -> None:
    editing.rename(path, "e1", "Mine", BY)
    add(path, of("uniform", 18))
    before = content(path)
    monkeypatch.setattr(results.record, "write", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        analyze(path, refit=refit)
    assert content(path) == before
    monkeypatch.undo()


def test_two_runs_at_once_do_not_write_over_each_other(path, of, embedder, monkeypatch) -> None:
    add(path, of("pay", 3, start=50))
    real = results.add_to_analysis

    def late(*args):
        monkeypatch.setattr(results, "add_to_analysis", real)
        analyze(path)
        return real(*args)

    monkeypatch.setattr(results, "add_to_analysis", late)
    with pytest.raises(Locked, match="run it again"):
        analyze(path)
    assert is_sound(path)


def test_a_database_of_before_keeps_its_ids(path) -> None:
    before = shown(path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM found")
        db.execute("DELETE FROM models")
    analyze(path)
    assert shown(path) == before
