"""Settings: environment over file over default, and nothing is ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.errors import InputOutput, Misconfigured
from analyzer.settings import SETTINGS, Settings, load, markdown_table


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text("resolution = 2.5\nneighbours = 12\n", encoding="utf-8")
    return path


def test_without_file_and_environment_every_setting_has_its_default() -> None:
    settings = load(None, {})
    assert settings.as_dict() == {row.name: row.default for row in SETTINGS}


def test_the_environment_beats_the_file_and_the_file_the_default(file: Path) -> None:
    settings = load(file, {"BOTHSIDES_RESOLUTION": "4"})
    assert settings.resolution == 4.0
    assert settings.neighbours == 12
    assert settings.terms == next(row.default for row in SETTINGS if row.name == "terms")


def test_variables_that_are_no_settings_do_not_matter() -> None:
    assert load(None, {"BOTHSIDES_DB": "x", "PATH": "y"}).as_dict() == Settings().as_dict()


def test_values_have_the_type_of_their_default(file: Path) -> None:
    settings = load(file, {"BOTHSIDES_TERMS": "9"})
    assert isinstance(settings.terms, int)
    assert isinstance(Settings({"resolution": 2}).resolution, float)


def test_an_unknown_name_is_an_error_that_lists_the_names() -> None:
    with pytest.raises(Misconfigured, match=r"no setting 'resolutoin'.*resolution"):
        Settings({"resolutoin": 2})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("resolution", "high"), ("resolution", True), ("resolution", [1]), ("resolution", None),
        ("neighbours", 10.5), ("neighbours", "ten"), ("neighbours", float("inf")),
        ("resolution", float("nan")), ("experience_map", 3),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_an_error_that_names_the_setting(name, value) -> None:
    with pytest.raises(Misconfigured, match=repr(name)):
        Settings({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_bad_rows", -0.1), ("max_bad_rows", 1.1), ("neighbours", 1), ("neighbours", 101),
        ("resolution", -1), ("context", -1), ("terms", 0), ("min_probability", 2),
    ],
)  # fmt: skip
def test_a_value_out_of_bounds_is_an_error_that_says_the_bounds(name, value) -> None:
    with pytest.raises(Misconfigured, match=rf"{name}.*must lie in .*\.\."):
        Settings({name: value})


def test_a_resolution_of_zero_is_allowed_and_the_default() -> None:
    assert Settings().resolution == 0 == Settings({"resolution": 0}).resolution


def test_settings_are_frozen() -> None:
    settings = Settings()
    with pytest.raises(AttributeError, match="frozen"):
        settings.resolution = 9.0
    settings.as_dict()["resolution"] = 9.0
    assert settings.resolution != 9.0


def test_there_is_no_attribute_that_is_no_setting() -> None:
    with pytest.raises(AttributeError, match="colour"):
        _ = Settings().colour


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputOutput, match=r"none.toml"):
        load(tmp_path / "none.toml", {})


@pytest.mark.parametrize("content", [b"resolution = ", b"\xff\xfe\x00"])
def test_a_file_that_is_not_toml_is_a_configuration_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(content)
    with pytest.raises(Misconfigured, match=r"s.toml is not TOML"):
        load(path, {})


def test_every_setting_says_what_it_does_and_its_default_is_allowed() -> None:
    Settings({row.name: row.default for row in SETTINGS})
    for row in SETTINGS:
        assert row.help.endswith(".")
        assert f"| `{row.name}` |" in markdown_table()
