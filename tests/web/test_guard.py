"""Attacks on the pages and role exports: small groups, roles, canaries in what employees wrote."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analyzer import exports, results, store
from analyzer.access.roles import LOCAL, ROLES, Viewer, viewer_of
from analyzer.database import opened
from analyzer.guard.reads import connect
from analyzer.types import Analysis, Comment, Evidence, Pair, Side
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


def built(path: Path, small: int) -> Path:
    """Return a database whose second theme of employees has so many respondents; 0: it is none."""
    said, spans = _employees(small)
    answers = [Comment(f"c{at}", "customer", "review", f"r{at}", "text", "we waited")
               for at in range(6)]  # fmt: skip
    labels = ("the rota", "the lift") if small else ("the rota",)
    employee = side_analysis("employee", said, spans, labels)
    employee = replace(
        employee,
        confidence=np.ones(len(spans)),
        themes=tuple(replace(t, terms=("rota", f"{CANARY}3x")) for t in employee.themes),
        broad=tuple(replace(b, label="the rota", terms=("rota",)) for b in employee.broad),
    )
    customer = side_analysis(
        "customer", answers, [(at, "we waited", 0, -0.5) for at in range(6)], ("waited",)
    )
    evidence = Evidence(signs=(), closest=((0, 0, 0.6),), shared_terms=("rota",))
    pairs = [Pair("e1", "c1", "same-topic", 0.8, 0.5, evidence)]
    if small:
        close = replace(evidence, closest=((LARGE, 0, 0.6),))
        pairs.append(Pair("e2", "c1", "same-topic", 0.7, 0.5, close))
    with opened(path, create=True) as db:
        # The secret of the rounding is the same in all databases of these tests.
        db.execute("UPDATE secrets SET value = ? WHERE name = 'cube'", [b"k" * 32])
        sides: dict[Side, list[Comment]] = {"employee": said, "customer": answers}
        for side, own in sides.items():
            row = store.ImportRow(
                file="f", sha256="0" * 64, side=side, kind=own[0].kind, format="csv", mapping={},
                imported_at="2026-01-01T00:00:00", row_count=len(own), empty=0, duplicate=0,
            )  # fmt: skip
            store.add_import(db, row, own, [])
        run = results.RunRow("2026-01-02", 1.0, 7, "leiden", "minilm", "f" * 8, {}, {}, [], [])
        analysis = Analysis({"employee": employee, "customer": customer}, tuple(pairs), {}, ())
        results.replace_analysis(db, run, analysis)
    return path


Answer = tuple[int, bytes, dict[str, str]]


def answers(path: Path, viewer: Viewer) -> dict[str, Answer]:
    from flask import g

    app = create_app({"DATABASE": path})
    app.before_request(lambda: setattr(g, "viewer", viewer))
    client = app.test_client()
    found = {}
    for route in ROUTES:
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


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("role", ["cx", "hr", "admin"])
def test_no_canary_is_found_by_who_may_not_read_comments(
    databases, tmp_path: Path, role: str, form: str
) -> None:
    for path in (databases[12], databases[4]):
        for _, data, headers in answers(path, VIEWERS[role]).values():
            assert CANARY.encode() not in data
            assert CANARY not in str(headers)
        for name in exports.EXPORTS:
            target = tmp_path / f"{name}.{form}"
            exports.write(connect(path), name, form, target, VIEWERS[role])
            assert CANARY.encode() not in target.read_bytes()
            assert b"person" not in target.read_bytes()


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
