"""Search by words and by meaning; the index follows the comments."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer import runs, search, store
from analyzer.check import check
from analyzer.database import connect_readonly, opened
from analyzer.settings import Settings
from analyzer.types import Comment
from analyzer.undo import undo
from tests.fakes import FakeEmbedder

TEXTS = {
    "employee": (
        "The rota is late again", "Nobody plans the rota, and the ROTA is late",
        "Perché la mensa è così cara?", "¡Ñandú! El turno de mañana", "The manager listens",
    ),
    "customer": ("A late breakfast", "The queue for breakfast, then again a queue", "Late, late"),
}  # fmt: skip


@pytest.fixture
def path(tmp_path: Path, make_comments) -> Path:
    database = tmp_path / "a.db"
    with opened(database, create=True) as db:
        for side, texts in TEXTS.items():
            add(db, make_comments(*texts, side=side))
    return database


def add(db, comments: list[Comment]) -> int:
    row = store.ImportRow("a", "0", comments[0].side, "", "csv", {}, "2026-01-01", 1, 0, 0)
    return store.add_import(db, row, comments, []).batch or 0


def found(path: Path, text: str, side=None, **more) -> list[str]:
    with closing(connect_readonly(path)) as db:
        return [hit.comment_id for hit in search.search(db, text, side, **more)]


def test_words_are_found_without_capitals_and_accents_the_best_first(path: Path) -> None:
    assert found(path, "rota") == ["e1", "e0"]
    assert found(path, "perche") == ["e2"]
    assert found(path, "NANDU") == ["e3"]
    assert found(path, "late", "customer") == ["c2", "c0"]
    assert found(path, "late rota") == ["e0", "e1"] or found(path, "late rota") == ["e1", "e0"]
    assert found(path, '"rota is late again"') == ["e0"]
    assert found(path, "late", limit=1) == found(path, "late")[:1]


def test_where_no_comment_has_all_words_any_will_do(path: Path) -> None:
    assert set(found(path, "manager breakfast")) == {"e4", "c0", "c1"}
    assert found(path, "nothing") == []


def test_spans_are_those_of_the_words(path: Path) -> None:
    with closing(connect_readonly(path)) as db:
        hit = search.search(db, "rota late")[0]
        text = db.execute("SELECT text FROM comments WHERE id = ?", [hit.comment_id]).fetchone()[0]
    assert {text[slice(*span)].casefold() for span in hit.spans} == {"rota", "late"}


@given(text=st.text(max_size=30) | st.sampled_from(
    ['"', '""', 'AND', 'a OR', 'NEAR(a b)', 'text:a', '-a', '^a', 'a*', '(', '"a', "'; DROP", "\0"]
))  # fmt: skip
def test_no_text_of_a_person_is_an_error(text: str) -> None:
    with opened(Path(":memory:"), create=True) as db:
        search.search(db.conn, text)


def test_the_index_follows_what_is_changed_and_taken_back(path: Path, make_comments) -> None:
    with opened(path, create=False) as db:
        new = replace(make_comments(*TEXTS["employee"])[0], text="The zebra is here")
        batch = add(db, [new])
    assert (found(path, "zebra"), found(path, "rota")) == (["e0"], ["e1"])
    undo(path, batch)
    assert (found(path, "zebra"), found(path, "rota")) == ([], ["e1", "e0"])
    undo(path, 1)
    assert found(path, "rota") == []
    assert b"zebra" not in path.read_bytes()
    assert not [p for p in check(path).problems if "index of words" in p]


def test_meaning_and_words_are_ranked_together(path: Path, monkeypatch, make_comments) -> None:
    fake = FakeEmbedder(("rota", "queue", "breakfast", "manager"))
    monkeypatch.setattr(runs, "load_embedder", lambda name, progress=None: fake)
    with opened(path, create=False) as db:
        more = [f"The {t} {w}" for t in ("rota", "manager") for w in "abcdef"]
        add(db, [replace(c, id=f"m{i}") for i, c in enumerate(make_comments(*more))])
        more = [f"The {t} {w}" for t in ("queue", "breakfast") for w in "abcdef"]
        own = make_comments(*more, side="customer")
        add(db, [replace(c, id=f"n{i}") for i, c in enumerate(own)])
    settings = Settings({"min_theme_segments": 3, "neighbours": 5, "resolution": 1})
    runs.analyze(path, settings, embedder="fake")
    with closing(connect_readonly(path)) as db:
        hits = search.search(db, "queue xyzzy", limit=20, embedder=fake)
        assert {hit.by for hit in hits} <= {"both", "words", "meaning"}
        assert hits[0].by == "both"
        assert hits[0].score == max(hit.score for hit in hits)
        texts = dict(db.execute("SELECT id, text FROM comments").fetchall())
        meant = search.search(db, "xyzzy queue", "customer", limit=5, embedder=fake)
        assert all("queue" in texts[hit.comment_id] for hit in meant)
        assert all(0 <= a < b <= len(texts[hit.comment_id]) for hit in meant for a, b in hit.spans)
        assert db.execute("SELECT count(*) FROM embeddings").fetchone()[0] == len(
            {row[0] for row in db.execute("SELECT text_hash FROM embeddings")}
        )
