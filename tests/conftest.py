"""What every test may ask for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# So that `from tests.fakes import ...` works however pytest was started.
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from analyzer import experience  # noqa: E402
from analyzer.types import Comment, Embedder, Side  # noqa: E402
from tests.fakes import FakeEmbedder  # noqa: E402

TOPICS = ("queue", "rota", "pay", "breakfast", "parking", "noise", "towels", "manager")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes about a minute; leave out with -m 'not slow'")
    # Warnings of others when they are imported, which no code of ours can avoid.
    config.addinivalue_line("filterwarnings", "ignore:Tensorflow not installed:ImportWarning")


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not see the settings and the database of whoever runs them."""
    import os

    for name in os.environ:
        if name.startswith("BOTHSIDES_") and name != "BOTHSIDES_CACHE":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def chart() -> experience.ExperienceMap:
    """The experience map that comes with Bothsides."""
    path = ROOT / "models" / "experience_map.toml"
    return experience.parse(path.read_text(encoding="utf-8"), path.name)


@pytest.fixture
def fake_embedder() -> FakeEmbedder:
    return FakeEmbedder(TOPICS)


@pytest.fixture(scope="session")
def minilm() -> Embedder:
    """The real model, from the normal cache; the first time it is built there."""
    from models import registry

    return registry.load("minilm")


@pytest.fixture(scope="session")
def multilingual() -> Embedder:
    from models import registry

    return registry.load("multilingual")


@pytest.fixture(scope="session")
def both() -> Embedder:
    from models import registry

    return registry.load("both")


MakeComments = Callable[..., list[Comment]]


@pytest.fixture
def make_comments() -> MakeComments:
    """Return a function: texts -> comments of one side, numbered through."""

    def make(*texts: str, side: Side = "employee", **rest: object) -> list[Comment]:
        kind = "pulse" if side == "employee" else "review"
        given = {"kind": kind, "column": "text", "language": "en", **rest}
        return [
            Comment(id=f"{side[0]}{i}", side=side, source_id=str(i), text=text, **given)  # type: ignore[arg-type]
            for i, text in enumerate(texts)
        ]

    return make
