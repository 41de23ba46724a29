"""A real database with a small analysis made by hand, and a client of the pages."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from analyzer import results, store
from analyzer.database import opened
from analyzer.types import Analysis, Comment, Evidence, Pair, Side, SideAnalysis
from tests.builders import Span, make_older, side_analysis, sign
from tests.people import NOON, add_people, form_client
from webui import create_app

HOSTILE = "Nobody at the desk <script>alert(1)</script> & \"no\" 'help'. The rest was fine."
WORK = "One does the work of three. Pay is late. All say: too few people on a shift."
SPANISH = "Siempre falta personal en recepción. ¡Ñandú!"


def _comment(side: Side, kind: str, number: int, text: str, **more: object) -> Comment:
    key = f"{side[0]}c{number}"
    return Comment(f"id-{key}", side, kind, key, "text", text, **more)  # type: ignore[arg-type]


COMMENTS: dict[Side, list[Comment]] = {
    "employee": [
        _comment("employee", "exit", 1, SPANISH, date="2025-10-02", unit="Bath Spa", score=3.0),
        _comment(
            "employee",
            "pulse",
            2,
            WORK,
        ),
        _comment("employee", "pulse", 3, "The pay is late again.", date="2025-11", score=2.5),
        _comment("employee", "pulse", 4, "Great place to work!"),
    ],
    "customer": [
        _comment("customer", "review", 1, HOSTILE, date="2025-11-03", unit="Bath Spa", score=1.0),
        _comment("customer", "ticket", 2, "Waited an hour. Parking was dear.", date="2025-11-04"),
        _comment("customer", "survey", 3, "Parking is easy and free at night."),
    ],
}
SPANS: dict[Side, list[Span]] = {
    "employee": [
        (0, "Siempre falta personal en recepción.", 0, -0.6),
        (1, "One does the work of three.", 0, 0.1),
        (1, "Pay is late.", 1, -0.7),
        (2, "The pay is late again.", 1, -0.8),
        (3, "Great place to work!", 2, 0.9),
    ],
    "customer": [
        (0, "Nobody at the desk <script>alert(1)</script> & \"no\" 'help'.", 0, -0.9),
        (1, "Waited an hour.", 0, -0.5),
        (1, "Parking was dear.", 1, -0.6),
        (2, "Parking is easy and free at night.", 1, 0.7),
    ],
}
# Each employee's comment is that of fifteen people: a group that may be read
# whatever the offset of its figure, and a multiple of five that is shown as it is.
ALIKE = 15
COMMENTS["employee"] = [
    replace(comment, id=f"{comment.id}-{k}", source_id=f"{comment.source_id}-{k}")
    for comment in COMMENTS["employee"]
    for k in range(ALIKE)
]
SPANS["employee"] = [
    (at * ALIKE + k, text, theme, polarity)
    for at, text, theme, polarity in SPANS["employee"]
    for k in range(ALIKE)
]
LABELS: dict[Side, tuple[str, ...]] = {
    "employee": ("too few people, work of three", "pay, late", "great, place"),
    "customer": ("waited, <b>desk</b>", "parking, dear"),
}


PAIR = Pair(
    employee_theme_id="e1",
    customer_theme_id="c1",
    kind="driver-outcome",
    probability=0.8,
    similarity=0.41,
    evidence=Evidence(
        signs=(
            sign("start", 1.0, -2.0, moved=-0.19, note="any two themes"),
            sign("terms", 0.4, 0.4, moved=0.07, note="words of both"),
            sign("node", 0.5, 3.0, moved=0.31, note="both ends of an edge"),
            sign("something-new", 0.25, -0.6, moved=-0.1, note="a sign without a row of its own"),
        ),
        closest=((0, 0, 0.61), (ALIKE, 1, 0.5)),
        shared_terms=("shift",),
        edge="understaffing>long_wait",
        reason="Fewer people is expected to bring queues.",
        source="Ton, Z. (2014). The Good Jobs Strategy.",
    ),
)


def analysis() -> Analysis:
    """Two themes a side, one pair, one theme of each side without a partner, and general praise.

    The themes of the employees are in one broad theme, those of the customers in two.
    """
    employee = side_analysis(
        "employee", COMMENTS["employee"], SPANS["employee"], LABELS["employee"],
        broad=[0, 0, 1], natures={2: "general-praise"},
    )  # fmt: skip
    customer = side_analysis(
        "customer", COMMENTS["customer"], SPANS["customer"], LABELS["customer"], broad=[0, 1]
    )
    sides: dict[Side, SideAnalysis] = {"employee": employee, "customer": customer}
    return Analysis(sides, (PAIR,), {}, ("A note of the run <i>for a person</i>.",))


def _import(path: Path) -> None:
    with opened(path, create=True) as db:
        # The secret of the rounding: figures are the same in all tests.
        db.execute("UPDATE secrets SET value = ? WHERE name = 'cube'", [b"k" * 32])
        for side, comments in COMMENTS.items():
            row = store.ImportRow(
                file=f"{side}.csv", sha256="0" * 64, side=side, kind=comments[0].kind, format="csv",
                mapping={}, imported_at="2026-01-01T00:00:00", row_count=len(comments), empty=0,
                duplicate=0,
            )  # fmt: skip
            store.add_import(db, row, comments, [])


def _analyse(path: Path) -> None:
    result = analysis()
    with opened(path, create=False) as db:
        row = results.RunRow(
            "2026-01-02T10:30:00+00:00", 12.4, 7, "leiden", "minilm", "f" * 8, {}, {}, [],
            result.notes,
        )  # fmt: skip
        results.replace_analysis(db, row, result)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the database before and after its analysis; tests get copies."""
    folder = tmp_path_factory.mktemp("built")
    _import(folder / "imported.db")
    shutil.copy(folder / "imported.db", folder / "analysed.db")
    _analyse(folder / "analysed.db")
    return folder


@pytest.fixture
def imported(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(built / "imported.db", tmp_path))


@pytest.fixture
def database(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(built / "analysed.db", tmp_path))


Build = Callable[[Path], FlaskClient]


@pytest.fixture
def client_of() -> Build:
    return lambda path: create_app({"DATABASE": path}).test_client()


@pytest.fixture
def app(database: Path) -> Flask:
    return create_app({"DATABASE": database, "TESTING": True})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return form_client(app)


@pytest.fixture
def older(built: Path, tmp_path: Path) -> Path:
    """A database that the version before levels and polarity has analysed."""
    path = Path(shutil.copy(built / "analysed.db", tmp_path / "older.db"))
    make_older(path)
    return path


@pytest.fixture(scope="session")
def with_people(built: Path) -> tuple[Path, str]:
    """The analysed database with a user of each role, and the secret of a second factor."""
    path = Path(shutil.copy(built / "analysed.db", built / "people.db"))
    return path, add_people(path)


@pytest.fixture
def peopled(with_people: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copy(with_people[0], tmp_path / "people.db"))


@pytest.fixture
def totp_secret(with_people: tuple[Path, str]) -> str:
    return with_people[1]


class Clock:
    """The time of an application, moved on by a test."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return float(self.now)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guarded(peopled: Path, clock: Clock) -> Flask:
    """The pages once there are users, at noon."""
    return create_app({"DATABASE": peopled, "TESTING": True, "CLOCK": clock})
