"""``bothsides experience check`` as a user has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analyzer.cli import main

ROOT = Path(__file__).parents[2]
BAD = """[[node]]
id = "rota"
side = "employe"
name = "Rota"
description = "The rota."
en = ["the rota comes late", "the rota changes", "no rota at all"]
es = ["los turnos"]

[[edge]]
employee = "rota"
customer = "queue"
kind = "driver-outcome"
strength = "strong"
reason = "It leads to queues."
source = "Somebody"
"""


def check(*args: object) -> Result:
    return CliRunner().invoke(main, ["experience", "check", *map(str, args)])


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.toml"
    path.write_text(BAD, encoding="utf-8")
    return path


def test_the_map_that_comes_with_bothsides_is_clean() -> None:
    result = check()
    assert (result.exit_code, result.stdout) == (0, "")
    assert "experience_map.toml: no errors and no warnings in " in result.stderr


def test_every_problem_is_one_line_with_its_place(bad: Path) -> None:
    result = check(bad)
    assert result.exit_code == 78
    assert [line.split(": ")[0] for line in result.stdout.splitlines()] == [
        f"{bad}:{line}" for line in (1, 3, 11, 14, 15)
    ]
    assert f"{bad}:1: warning: node rota: it has no phrases in 'it'" in result.stdout
    assert f"{bad}:3: node rota: side is 'employe'. Did you mean 'employee'?" in result.stdout
    assert result.stderr.startswith(f"Error: {bad}: 3 errors and 2 warnings in 1 node and 1 edge.")


def test_json_is_one_object_and_nothing_else(bad: Path) -> None:
    result = check(bad, "--json")
    assert result.exit_code == 78
    found = json.loads(result.stdout)
    assert (found["file"], found["ok"]) == (str(bad), False)
    assert (found["errors"], found["warnings"]) == (3, 2)
    assert [(p["line"], p["level"]) for p in found["problems"]] == [
        (1, "warning"), (3, "error"), (11, "error"), (14, "error"), (15, "warning"),
    ]  # fmt: skip
    good = json.loads(check("--json").stdout)
    assert good["ok"] is True
    assert good["problems"] == []


def test_warnings_alone_are_no_failure(bad: Path) -> None:
    bad.write_text(BAD.split("[[edge]]")[0].replace("employe", "employee"), encoding="utf-8")
    result = check(bad)
    assert result.exit_code == 0
    assert "warning" in result.stdout


def test_without_a_file_the_map_of_the_settings_is_checked(
    bad: Path, tmp_path: Path, monkeypatch
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(f"experience_map = '{bad}'\n", encoding="utf-8")
    assert check("--settings", settings).stdout == check(bad).stdout
    monkeypatch.setenv("BOTHSIDES_EXPERIENCE_MAP", str(bad))
    assert check().exit_code == 78
    assert check(ROOT / "models" / "experience_map.toml").exit_code == 0


def test_a_missing_map_says_what_to_do(tmp_path: Path) -> None:
    result = check(tmp_path / "none.toml")
    assert (result.exit_code, result.stdout) == (74, "")
    assert "There is no experience map" in result.stderr
    assert "Correct the path" in result.stderr
    assert check(tmp_path / "none.toml", "--json").stdout == ""


def test_a_folder_is_no_map(tmp_path: Path) -> None:
    result = check(tmp_path)
    assert (result.exit_code, result.stdout) == (74, "")
    assert "is a folder" in result.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BAD.encode("utf-16"), ":1: the map is in UTF-16. Save it again as UTF-8."),
        (b"PK\x03\x04\0\0\0", ":1: this is a binary file. Name a TOML file"),
        ("# one\n# caf\u00e9\n".encode("latin-1"), ":2: the map is not in UTF-8. Save it again"),
    ],
)
def test_what_is_no_utf8_is_told_clearly(bad: Path, content: bytes, said: str) -> None:
    bad.write_bytes(content)
    result = check(bad)
    assert (result.exit_code, result.stdout) == (78, "")
    assert f"Error: {bad}{said}" in result.stderr


def test_broken_toml_is_one_problem_with_its_line(bad: Path) -> None:
    bad.write_text(BAD.replace('"rota"\nside', '"rota\nside'), encoding="utf-8")
    result = check(bad)
    assert result.exit_code == 78
    assert result.stdout.startswith(f"{bad}:2: this is not TOML at column ")
    assert len(result.stdout.splitlines()) == 1
