"""Jobs are done once, by one worker, whatever is killed."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest
from click.testing import CliRunner

from analyzer import intake
from analyzer.cli import main
from analyzer.database import connect_readonly, opened
from analyzer.errors import BothsidesError, Locked
from analyzer.files import held
from analyzer.jobs import queue, tasks, uploads, worker
from analyzer.jobs.beside import worker_beside
from analyzer.jobs.queue import Job
from tests.faults.nights import SETTINGS, exported, text_of, write
from tests.working import do_jobs, known_models

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Comments of both sides, not analysed."""
    known_models(monkeypatch)
    path = tmp_path / "a.db"
    for side, kind in (("employee", "exit"), ("customer", "review")):
        rows = ((f"r{n}", text_of(f"{side}/x", n, 0)) for n in range(50))
        file = write(tmp_path / f"{side}.csv", rows)
        intake.import_file(file, path, SETTINGS, side=side, kind=kind)  # type: ignore[arg-type]
    return path


def ask(path: Path, what: str = "analyze", **args: object) -> int:
    with opened(path, create=True) as db:
        return queue.add(db, what, {"refit": False, **args}, "ann")


def job_of(path: Path, number: int) -> Job:
    with closing(connect_readonly(path)) as db:
        found = queue.job(db, number)
    assert found is not None
    return found


def until(what: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


def begun(path: Path, seconds: float, *more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.slow_worker", str(path), str(seconds), *more],
        cwd=ROOT, stdin=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def ended(process: subprocess.Popen[bytes]) -> int:
    assert process.stdin is not None
    code = process.wait(60)
    process.stdin.close()
    return code


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(
    database: Path, tmp_path: Path
) -> None:
    calm = Path(shutil.copy(database, tmp_path / "calm.db"))
    ask(calm)
    do_jobs(calm)

    number = ask(database)
    log = tmp_path / "a.db.embedded"
    kills = 0
    for lines in (16, 60):
        process = begun(database, 0.15)
        until(lambda least=lines: log.exists() and len(log.read_text().splitlines()) >= least)
        process.send_signal(signal.SIGKILL)
        assert ended(process) == -signal.SIGKILL
        kills += 1
        assert job_of(database, number).state == "running"
    process = begun(database, 0.0)
    until(lambda: job_of(database, number).state == "done", 120)
    process.terminate()
    ended(process)

    done = job_of(database, number)
    assert done.attempts == kills + 1
    assert done.result == {"run": 1}
    assert exported(database, _folder(tmp_path, "a")) == exported(calm, _folder(tmp_path, "b"))
    embedded = log.read_text().splitlines()
    # A batch that was killed before it was kept is embedded again, no more than that.
    assert len(embedded) - len(set(embedded)) <= kills * 8


def _folder(tmp_path: Path, name: str) -> Path:
    (tmp_path / name).mkdir()
    return tmp_path / name


def _claims(path: Path, number: int, out: str) -> None:
    taken = []
    with opened(path, create=False) as db:
        while True:
            try:
                job = queue.claim(db, f"worker {number}", time.time())
            except sqlite3.OperationalError:
                continue
            if job is None:
                break
            taken.append(job.id)
            assert queue.end(db, job.id, f"worker {number}", "done")
    Path(out).write_text(" ".join(map(str, taken)), encoding="utf-8")


def test_no_two_claim_one_job(tmp_path: Path) -> None:
    path = tmp_path / "q.db"
    asked = [ask(path) for _ in range(60)]
    spawn = get_context("spawn")
    outs = [str(tmp_path / f"out{n}") for n in range(4)]
    workers = [spawn.Process(target=_claims, args=(path, n, outs[n])) for n in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(60)
        assert one.exitcode == 0
    taken = [int(key) for out in outs for key in Path(out).read_text(encoding="utf-8").split()]
    assert sorted(taken) == asked


def test_two_workers_do_each_job_once(database: Path, tmp_path: Path) -> None:
    numbers = [ask(database, "undo", batch=batch) for batch in (1, 2)]
    workers = [begun(database, 0.0, "--once") for _ in range(2)]
    codes = sorted(ended(one) for one in workers)
    # Whoever comes while the other works ends at once, and says that it is locked.
    assert 0 in codes
    do_jobs(database)
    found = [job_of(database, number) for number in numbers]
    assert [(one.state, one.attempts, one.result["gone"]) for one in found] == [("done", 1, 50)] * 2


def test_a_job_in_the_middle_is_cancelled_and_leaves_nothing(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask(database)
    there = threading.Event()

    def slowly(job: Job, context: tasks.Context) -> tasks.Result:
        def progress(stage: str, done: int, total: int) -> None:
            there.set()
            context.progress(stage, done, total)
            if stage == "label":
                time.sleep(3)
                context.progress(stage, done, total)

        return tasks.analyze(job, tasks.Context(context.database, context.settings, progress))

    monkeypatch.setitem(tasks.TASKS, "analyze", slowly)
    thread = threading.Thread(target=do_jobs, args=(database,))
    thread.start()
    assert there.wait(30)
    with opened(database, create=False) as db:
        assert queue.ask_cancel(db, number)
    thread.join(60)
    done = job_of(database, number)
    assert (done.state, done.error, done.result) == ("cancelled", None, {})
    assert {stage.name for stage in done.stages} >= {"segment employee", "embed"}
    with closing(connect_readonly(database)) as db:
        assert db.execute("SELECT count(*) FROM runs").fetchone()[0] == 0
    monkeypatch.setitem(tasks.TASKS, "analyze", tasks.analyze)
    with opened(database, create=False) as db:
        assert queue.retry(db, number)
        assert not queue.retry(db, number)
    do_jobs(database)
    assert job_of(database, number).state == "done"


def test_a_job_that_waits_is_cancelled_at_once(database: Path) -> None:
    number = ask(database)
    with opened(database, create=False) as db:
        queue.ask_cancel(db, number)
    assert job_of(database, number).state == "cancelled"
    assert do_jobs(database) == 0


def test_while_the_database_is_locked_a_job_waits(database: Path) -> None:
    number = ask(database)
    with held(database):
        result = CliRunner().invoke(main, ["worker", "--once", "--db", str(database)])
        assert result.exit_code == 75
        with pytest.raises(Locked):
            do_jobs(database)
        both = CliRunner().invoke(main, ["analyze", "--db", str(database)])
        assert both.exit_code == 75
    assert job_of(database, number).attempts == 0
    do_jobs(database)
    assert job_of(database, number).state == "done"


def test_a_job_that_meets_a_lock_waits_and_does_not_count(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask(database)

    def locked(job: Job, context: tasks.Context) -> tasks.Result:
        raise Locked("busy")

    monkeypatch.setitem(tasks.TASKS, "analyze", locked)
    do_jobs(database)
    found = job_of(database, number)
    assert (found.state, found.attempts) == ("queued", 0)
    assert found.wait_until > time.time()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BothsidesError("The model is gone. Fetch it."), "The model is gone. Fetch it."),
        (ValueError("what Ann wrote in confidence"), "a defect of Bothsides (ValueError in"),
    ],
)
def test_an_error_is_told_without_the_words_of_anybody(
    database: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    number = ask(database)

    def fails(job: Job, context: tasks.Context) -> tasks.Result:
        raise error

    monkeypatch.setitem(tasks.TASKS, "analyze", fails)
    do_jobs(database)
    found = job_of(database, number)
    assert found.state == "failed"
    assert said in (found.error or "")
    assert "confidence" not in (found.error or "") + caplog.text


def test_a_job_whose_workers_die_is_tried_three_times(database: Path) -> None:
    number = ask(database)
    now = time.time()
    with opened(database, create=False) as db:
        for _ in range(queue.ATTEMPTS):
            assert queue.claim(db, "one", now) is not None
            assert queue.claim(db, "two", now + 1) is None, "its lease is not over"
            now += queue.LEASE_SECONDS + 1
        assert queue.claim(db, "one", now) is None
        assert not queue.end(db, number, "one", "done"), "it is nobody's any more"
        assert queue.beat(db.conn, number, "one", now, []) is None
    found = job_of(database, number)
    assert found.state == "failed"
    assert "ended 3 times" in (found.error or "")


def test_what_was_done_before_the_worker_died_is_not_done_again(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ((f"n{n}", text_of("customer/n", n, 0)) for n in range(20))
    file = write(tmp_path / "new.csv", rows)
    with opened(database, create=False) as db, file.open("rb") as stream:
        kept = uploads.keep(db, database, stream, "new.csv", "ann", "2026-01-01T00:00:00")
    args = {"upload": kept.id, "side": "customer", "kind": "review", "roles": None, "sheet": None}
    numbers = [ask(database, "import", analyze=False, **args), ask(database),
               ask(database, "undo", batch=1)]  # fmt: skip
    # The work is committed; before it is noted as done, the worker dies.
    with monkeypatch.context() as patch:
        patch.setattr(queue, "end", lambda *args, **kwargs: None)
        patch.setattr(queue, "LEASE_SECONDS", -1.0)
        for _ in numbers:
            worker._turn(database, SETTINGS, "one", threading.Event())
            with opened(database, create=False) as db:
                # Claim the next one, not this one again.
                db.execute("UPDATE jobs SET lease_until = 1e12 WHERE state = 'running'")
    with opened(database, create=False) as db:
        db.execute("UPDATE jobs SET lease_until = 0")
    do_jobs(database)
    found = [job_of(database, number) for number in numbers]
    assert [one.state for one in found] == ["done"] * 3
    assert [one.attempts for one in found] == [2] * 3
    assert (found[0].result["batch"], found[1].result, found[2].result) == (
        3, {"run": 1}, {"batch": 1},
    )  # fmt: skip
    with closing(connect_readonly(database)) as db:
        assert db.execute("SELECT count(*) FROM imports").fetchone()[0] == 3
        assert db.execute("SELECT count(*) FROM runs").fetchone()[0] == 1


def test_a_worker_that_is_to_end_puts_its_job_back(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask(database)
    stop = threading.Event()

    def forever(job: Job, context: tasks.Context) -> tasks.Result:
        stop.set()
        while True:
            context.progress("embed", 1, 2)
            time.sleep(0.01)

    monkeypatch.setitem(tasks.TASKS, "analyze", forever)
    assert worker.work(database, SETTINGS, stop=stop) == 1
    found = job_of(database, number)
    assert (found.state, found.attempts, found.owner) == ("queued", 0, None)


def test_a_worker_beside_the_pages_comes_back_and_goes_with_them(database: Path) -> None:
    with worker_beside(database) as keeper:
        number = ask(database, "undo", batch=1)
        until(lambda: job_of(database, number).state == "done", 60)
        first = keeper.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        until(lambda: keeper.pid != first)
        second = ask(database, "undo", batch=2)
        until(lambda: job_of(database, second).state == "done", 60)
        last = keeper.pid
    assert last is not None
    assert not Path(f"/proc/{last}").exists()


def test_a_worker_ends_when_the_pages_are_killed(database: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from analyzer.jobs.beside import worker_beside\n"
        "with worker_beside(Path(sys.argv[1])) as keeper:\n"
        "    while keeper.pid is None: time.sleep(.05)\n"
        "    print(keeper.pid, flush=True)\n    time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(database)], stdout=subprocess.PIPE, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    number = ask(database, "undo", batch=1)
    until(lambda: job_of(database, number).state == "done", 60)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not _alive(pid))


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
