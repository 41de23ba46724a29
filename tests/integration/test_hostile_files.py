"""Bombs: each refused, or read without harm, in under 5 s and under 500 MB."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analyzer import limits
from analyzer.errors import BadData, UsageError
from analyzer.jobs import reading
from analyzer.limits import Limits
from tests import bombs

ROOT = Path(__file__).parents[2]
SECONDS, MEGABYTES = 5.0, 500
ENV = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


@pytest.mark.parametrize("name", bombs.UPLOADS)
def test_an_upload_is_refused_soon_and_with_little_memory(name: str, tmp_path: Path) -> None:
    make, said = bombs.UPLOADS[name]
    file = make(tmp_path / name)
    done = subprocess.run(
        [sys.executable, "-m", "tests.measure_reading", str(file)],
        cwd=ROOT, env=ENV, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert said in found["said"]
    assert found["seconds"] < SECONDS
    assert max(found["peaks"]) < MEGABYTES
    assert done.stderr == ""


@pytest.mark.parametrize("name", bombs.COMMANDS)
def test_a_command_refuses_it_as_well(name: str, tmp_path: Path) -> None:
    make, said = bombs.COMMANDS[name]
    file, database = make(tmp_path / name), tmp_path / "none.db"
    code = (
        "import atexit; from tests.measure_reading import peak; "
        "atexit.register(lambda: print(peak())); from analyzer.cli import main; main()"
    )
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-c", code, "import", str(file), "--side", "customer", "--db",
         str(database)],
        cwd=ROOT, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    used, told = process.communicate()
    seconds = time.monotonic() - began
    assert process.returncode == 65, told
    assert said in told
    assert seconds < SECONDS
    assert int(used) < MEGABYTES
    assert not database.exists()


def _ask(body: str, **more: float) -> list[dict[str, object]]:
    """Ask a child that is this code; ``work`` is what it does."""
    module = "tests._child"
    own = Limits(**{"memory": 200_000_000, "cpu": 5, "wall": 10.0, **more})  # type: ignore[arg-type]
    return list(limits.ask(module, {"body": body}, own, name="x.csv"))


@pytest.fixture(autouse=True)
def _root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def test_a_child_that_takes_too_much_memory_is_an_error() -> None:
    with pytest.raises(BadData, match="memory or time"):
        _ask("x = bytearray(600_000_000); yield {}")


def test_a_child_that_calculates_for_ever_is_an_error() -> None:
    with pytest.raises(BadData, match="memory or time"):
        _ask("while True: pass\nyield {}", cpu=1)


def test_a_child_that_waits_for_ever_is_an_error() -> None:
    with pytest.raises(BadData, match="more time"):
        _ask("import time; time.sleep(60); yield {}", wall=1.0)


def test_a_child_that_is_ended_in_the_middle_is_an_error() -> None:
    with pytest.raises(BadData, match="memory or time"):
        _ask("yield {'a': 1}\nimport os; os.abort()")


def test_an_error_of_ours_comes_back_as_itself_and_any_other_without_its_words() -> None:
    with pytest.raises(UsageError, match="no sheet"):
        _ask("from analyzer.errors import UsageError\nraise UsageError('no sheet')\nyield {}")
    with pytest.raises(BadData, match="ValueError at") as raised:
        _ask("raise ValueError('what Ann wrote')\nyield {}")
    assert "Ann" not in str(raised.value)


def test_a_child_writes_no_file_and_knows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOTHSIDES_KEY", "secret")
    (said,) = _ask("import os; yield {'env': sorted(os.environ)}")
    kept = {name for name in limits._KEPT if name in os.environ}
    assert set(said["env"]) - {"LC_CTYPE"} == {"PYTHONPATH", *limits._ONE_THREAD, *kept}  # type: ignore[call-overload]
    target = tmp_path / "x"
    with pytest.raises(BadData):
        _ask(f"open({str(target)!r}, 'w').write('x' * 9999); yield {{}}")
    assert not target.exists() or target.stat().st_size == 0


def test_what_a_child_says_is_never_run() -> None:
    said = _ask("yield {'record': '__import__(\"os\")'}")
    assert said == [{"record": '__import__("os")'}]
    with pytest.raises(BadData):
        _ask("import sys; sys.stdout.buffer.write(b'cos\\nsystem\\n'); yield {}")


def test_a_plain_table_is_read_as_without_a_child(tmp_path: Path) -> None:
    from analyzer.importers import read_file

    file = tmp_path / "x.csv"
    rows = "".join(f"{n},The desk {n} was slow \N{SNOWMAN},2026-01-02\n" for n in range(1200))
    file.write_text(f"id,text,date\n{rows},no id,2026-01-02\n", encoding="utf-8")
    heard: list[tuple[str, int, int]] = []
    read = reading.reader(tmp_path / "none.db", 100_000, lambda *said: heard.append(said))
    assert read(file, mapping=None) == read_file(file, mapping=None)
    assert heard[-1] == ("parse", 1200, 1200)
