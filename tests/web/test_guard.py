"""Attacks on the pages and role exports: small groups, roles, canaries in what employees wrote."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analyzer import exports, results, store
from analyzer.access.roles import LOCAL, ROLES, Viewer, viewer_of
from analyzer.database import opened, transaction
from analyzer.guard import cube
from analyzer.guard.reads import connect
from analyzer.types import Analysis, Comment, Evidence, Pair, Side, SideAnalysis
from tests.builders import side_analysis
from webui import create_app

ROUTES = (
    "/", "/themes", "/themes/e1", "/themes/e2", "/themes/e2?polarity=negative", "/pairs/e2/c1",
    "/pairs/e1/c1",
)  # fmt: skip
VIEWERS: dict[str, Viewer] = {"local": LOCAL} | {r: viewer_of(r, r, 1) for r in ROLES}
LARGE = 30
CANARY = "qzcanary"


def _employees(small: int) -> tuple[list[Comment], list[tuple[int, str, int, float]]]:
    """Thirty people speak of the rota, twelve more of the lift: ``small`` of these are analysed."""
    comments, spans = [], []
    for at in range(LARGE + 12):
        text = f"the rota comes late {CANARY}{at}x" if at < LARGE else f"the lift {CANARY}{at}x"
        comments.append(
            Comment(
                f"e{at}", "employee", "pulse", f"s{at}", "text", text, "en", "2025-10-03", "Spa",
                3.0, f"person {at}",
            )
        )  # fmt: skip
        if at < LARGE or at - LARGE < small:
            spans.append((at, text, int(at >= LARGE), -0.8))
    return comments, spans


ANSWERS = [Comment(f"c{at}", "customer", "review", f"r{at}", "text", "we waited")
           for at in range(6)]  # fmt: skip


def built(path: Path, small: int) -> Path:
    """Return a database whose second theme of employees has so many respondents; 0: it is none."""
    said, spans = _employees(small)
    labels = ("the rota", "the lift") if small else ("the rota",)
    employee = side_analysis("employee", said, spans, labels)
    employee = replace(
        employee,
        confidence=np.ones(len(spans)),
        themes=tuple(replace(t, terms=("rota", f"{CANARY}3x")) for t in employee.themes),
        broad=tuple(replace(b, label="the rota", terms=("rota",)) for b in employee.broad),
    )
    customer = side_analysis(
        "customer", ANSWERS, [(at, "we waited", 0, -0.5) for at in range(6)], ("waited",)
    )
    evidence = Evidence(signs=(), closest=((0, 0, 0.6),), shared_terms=("rota",))
    pairs = [Pair("e1", "c1", "same-topic", 0.8, 0.5, evidence)]
    if small:
        close = replace(evidence, closest=((LARGE, 0, 0.6),))
        pairs.append(Pair("e2", "c1", "same-topic", 0.7, 0.5, close))
    _stored(path, {"employee": said, "customer": ANSWERS}, employee, customer, pairs)
    return path


def _stored(
    path: Path,
    sides: dict[Side, list[Comment]],
    employee: SideAnalysis,
    customer: SideAnalysis,
    pairs: list[Pair],
) -> None:
    with opened(path, create=True) as db:
        # The secret of the rounding is the same in all databases of these tests.
        db.execute("UPDATE secrets SET value = ? WHERE name = 'cube'", [b"k" * 32])
        for side, own in sides.items():
            row = store.ImportRow(
                file="f", sha256="0" * 64, side=side, kind=own[0].kind, format="csv", mapping={},
                imported_at="2026-01-01T00:00:00", row_count=len(own), empty=0, duplicate=0,
            )  # fmt: skip
            store.add_import(db, row, own, [])
        run = results.RunRow("2026-01-02", 1.0, 7, "leiden", "minilm", "f" * 8, {}, {}, [], [])
        analysis = Analysis({"employee": employee, "customer": customer}, tuple(pairs), {}, ())
        results.replace_analysis(db, run, analysis)


Answer = tuple[int, bytes, dict[str, str]]


def answers(path: Path, viewer: Viewer, routes: tuple[str, ...] = ROUTES) -> dict[str, Answer]:
    from flask import g

    app = create_app({"DATABASE": path})
    app.before_request(lambda: setattr(g, "viewer", viewer))
    client = app.test_client()
    found = {}
    for route in routes:
        answer = client.get(route)
        # A form's token and the cookie that it belongs to are new in every answer.
        data = re.sub(rb'name="csrf_token" value="[^"]+"', b"", answer.data)
        headers = {name: value for name, value in answer.headers if name != "Set-Cookie"}
        found[route] = answer.status_code, data, headers
    return found


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("guard")
    return {small: built(folder / f"{small}.db", small) for small in range(13)}


@pytest.mark.parametrize("role", VIEWERS)
def test_a_group_of_one_to_four_looks_like_none_to_the_byte(databases, role: str) -> None:
    nobody = answers(databases[0], VIEWERS[role])
    for small in (1, 2, 3, 4):
        assert answers(databases[small], VIEWERS[role]) == nobody
    assert nobody["/themes/e2"][0] == 404
    assert nobody["/pairs/e2/c1"][0] == 404


@pytest.mark.parametrize("small", range(13))
@pytest.mark.parametrize("role", VIEWERS)
def test_comments_come_from_ten_and_themes_from_five(databases, small: int, role: str) -> None:
    viewer = VIEWERS[role]
    found = answers(databases[small], viewer)
    may_see = small >= 5 and viewer.may("employee-names")
    assert (found["/themes/e2"][0] == 200) == may_see
    text = b"".join(data for _, data, _ in found.values())
    reads = viewer.may("employee-comments")
    own = [at for at in range(LARGE, LARGE + 12) if f"{CANARY}{at}x".encode() in text]
    assert bool(own) == (reads and small >= 10)
    assert (f"{CANARY}4x".encode() in text) == reads
    # A word of one person is no term, whoever looks.
    for _, data, _ in found.values():
        assert f"<li>{CANARY}3x</li>".encode() not in data


CANARIES = 500
THEMES_OF_CANARIES = (("rota", 250), ("pay", 180), ("lift", 60), ("hood", 7), ("door", 3))


def _canaries() -> tuple[list[Comment], list[tuple[int, str, int, float]]]:
    """500 people, each with a word of their own in the text, the unit, the id and an attribute."""
    comments, spans = [], []
    subjects = np.repeat(range(len(THEMES_OF_CANARIES)), [n for _, n in THEMES_OF_CANARIES])
    for at, subject in enumerate(subjects.tolist()):
        word, own = THEMES_OF_CANARIES[subject][0], f"{CANARY}{at:03}x"
        text = f"the {word} is bad, says {own}"
        few = at % 50 == 0
        comments.append(
            Comment(
                f"id{own}", "employee", "exit" if at % 3 else "pulse", f"row{own}", "text", text,
                "en", f"2025-{at % 12 + 1:02}-03", own if few else f"unit {at % 4}", 3.0,
                f"person {own}", {"boss": own if few else "known"},
            )
        )  # fmt: skip
        spans.append((at, text, subject, (-0.8, 0.0, 0.7)[at % 3]))
    return comments, spans


@pytest.fixture(scope="module")
def canaried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    said, spans = _canaries()
    labels = tuple(
        f"the {word}, {CANARY}{at}01x" for at, (word, _) in enumerate(THEMES_OF_CANARIES)
    )
    employee = side_analysis("employee", said, spans, labels)
    customer = side_analysis(
        "customer", ANSWERS, [(at, "we waited", 0, -0.5) for at in range(6)], ("waited",)
    )
    evidence = Evidence(
        signs=(), closest=((0, 0, 0.6),), shared_terms=(f"{CANARY}001x", "rota"),
        reason="why", edge="a>b", source="a book",
    )  # fmt: skip
    pairs = [Pair(f"e{at}", "c1", "same-topic", 0.8, 0.5, evidence) for at in (1, 4, 5)]
    path = tmp_path_factory.mktemp("canaries") / "canaries.db"
    _stored(path, {"employee": said, "customer": ANSWERS}, employee, customer, pairs)
    return path


PAGES_OF_CANARIES = (
    "/", "/themes", "/runs", "/runs/1", "/imports/1", "/nothing", "/pairs/e1/nothing",
    "/themes?polarity=%00", "/static/nothing", "/jobs/99",
    *(f"/themes/e{at}" for at in range(1, 7)), *(f"/pairs/e{at}/c1" for at in range(1, 6)),
    *(f"/themes/e{at}?polarity={how}" for at in (1, 4) for how in ("negative", "angry")),
)  # fmt: skip


@pytest.mark.parametrize("role", ["cx", "hr", "admin"])
def test_none_of_500_canaries_is_on_a_page_in_a_header_or_in_the_log(
    canaried, role: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level("DEBUG")
    seen = answers(canaried, VIEWERS[role], PAGES_OF_CANARIES)
    assert seen["/themes/e1"][0] == (200 if role != "admin" else 404)
    for name in ("analyzer.queries.theme", "analyzer.queries.pairs"):

        def broken(*_: object) -> None:
            raise RuntimeError("a defect")

        monkeypatch.setattr(name, broken)
        seen |= {
            f"{name} {k}": v for k, v in answers(canaried, VIEWERS[role], ("/themes/e1",)).items()
        }
    assert seen["analyzer.queries.theme /themes/e1"][0] == 500
    for status, data, headers in seen.values():
        assert CANARY.encode() not in data, status
        assert CANARY not in str(headers)
    assert CANARY not in caplog.text
    assert "person " not in caplog.text


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("role", ["cx", "hr", "admin"])
def test_none_of_500_canaries_is_in_an_export_of_who_may_not_read_comments(
    canaried, tmp_path: Path, role: str, form: str
) -> None:
    for name in exports.EXPORTS:
        target = tmp_path / f"{name}.{form}"
        with closing(connect(canaried)) as db:
            exports.write(db, name, form, target, VIEWERS[role])
        assert CANARY.encode() not in target.read_bytes()


def test_who_may_read_comments_finds_the_canaries_of_large_groups_alone(
    canaried, tmp_path: Path
) -> None:
    """The search finds what is there; ids, units of one person and small themes are not."""
    with closing(connect(canaried)) as db:
        exports.write(db, "segments", "csv", tmp_path / "s.csv", VIEWERS["hr_verbatim"])
    text = (tmp_path / "s.csv").read_text()
    found = set(re.findall(rf"{CANARY}(\d{{3}})x", text))
    assert found == {f"{at:03}" for at in range(490)}
    assert f"row{CANARY}" not in text
    assert f"id{CANARY}" not in text


def test_the_cube_holds_no_word_of_one_person(canaried) -> None:
    with closing(connect(canaried)) as db:
        rows = db.execute("SELECT * FROM cube WHERE side = 'employee'").fetchall()
        heard = db.execute("SELECT word FROM heard").fetchall()
    assert len(rows) > 50
    assert CANARY not in str([tuple(row) for row in rows])
    assert CANARY not in str([tuple(row) for row in heard])


def test_a_hidden_theme_is_not_in_the_page_of_a_run(databases) -> None:
    for role in ("cx", "hr", "hr_verbatim", "local"):
        pages = {
            small: answers(databases[small], VIEWERS[role], ("/runs/1",)) for small in (0, 4, 5)
        }
        assert pages[0] == pages[4]
        assert b"the lift" not in pages[4]["/runs/1"][1]
        assert b"the lift" in pages[5]["/runs/1"][1]


def test_an_edit_computes_only_the_themes_that_it_changes(databases, tmp_path: Path) -> None:
    path = Path(shutil.copy(databases[12], tmp_path / "edited.db"))
    with opened(path, create=False) as db, transaction(db):
        assert cube.refresh(db.conn) == ()
        db.execute("UPDATE segments SET theme_id = 'e1' WHERE comment_id = 'e41'")
        assert cube.refresh(db.conn) == ("e1", "e2")
        db.execute("UPDATE comments SET unit = 'Spa 2' WHERE id = 'e0'")
        assert set(cube.refresh(db.conn)) == {"", "e1", "e2"}
        assert cube.refresh(db.conn) == ()


@pytest.mark.parametrize("role", ["cx", "hr", "hr_verbatim"])
def test_one_person_erased_between_two_views_moves_no_figure_by_one_to_four(
    canaried, tmp_path: Path, role: str
) -> None:
    path = Path(shutil.copy(canaried, tmp_path / "erased.db"))

    def figures() -> dict[tuple[str, ...], int]:
        with closing(connect(path)) as db:
            rows = db.execute("SELECT * FROM cube WHERE side = 'employee'").fetchall()
        return {(*row[1:6], str(k)): row[k] for row in rows for k in (6, 8, 9, 10) if row[k]}

    before = figures()
    for at in range(0, 490, 35):
        with opened(path, create=False) as db, transaction(db):
            key = f"id{CANARY}{at:03}x"
            db.execute("DELETE FROM exemplars WHERE comment_id = ?", [key])
            db.execute("DELETE FROM closest WHERE employee_comment_id = ?", [key])
            db.execute("DELETE FROM segments WHERE comment_id = ?", [key])
            db.execute("UPDATE comments SET respondent = 'person 2' WHERE id = ?", [key])
            cube.refresh(db.conn)
        after = figures()
        for name in before.keys() & after.keys():
            assert abs(before[name] - after[name]) in (0, 5)
        before = after


def test_exports_of_a_role_are_the_same_for_none_and_four(databases, tmp_path: Path) -> None:
    for role, viewer in VIEWERS.items():
        for name in exports.EXPORTS:
            said = []
            for small in (0, 4):
                target = tmp_path / f"{role}-{name}-{small}"
                exports.write(connect(databases[small]), name, "csv", target, viewer)
                said.append(target.read_bytes())
            assert said[0] == said[1]


def test_the_operators_export_is_whole(databases, tmp_path: Path) -> None:
    exports.write(connect(databases[4]), "segments", "csv", tmp_path / "all.csv")
    assert (tmp_path / "all.csv").read_text().count(CANARY) == LARGE + 4


def test_cx_sees_names_and_bands_and_no_figure(databases) -> None:
    text = answers(databases[12], VIEWERS["cx"])["/themes/e1"][1].decode()
    assert "25–49 people" in text
    assert "about 30 people" not in text
    assert "negative," not in text.split("Its broad theme")[0]


def test_a_new_database_is_its_owners_alone(databases) -> None:
    assert databases[0].stat().st_mode & 0o777 == 0o600
