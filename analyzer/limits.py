"""Do a work that nobody vouches for in a process of its own, with little memory and time.

The child is a module of ours that calls :func:`answer`. It is told what to do by one line of JSON
and answers in lines of JSON: nothing that it says is ever run. It inherits neither secrets of the
environment nor the right to write a file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analyzer import errors
from analyzer.errors import BadData, BothsidesError, Locked, Misconfigured

MEGABYTE = 1_000_000
# A caller that waits for longer than this for others is told to try again.
PATIENCE_SECONDS = 20.0
_AT_A_TIME = threading.BoundedSemaphore(2)
_OPEN_FILES = 64
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT")
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: bytes of memory beyond those that it starts with, seconds."""

    memory: int
    cpu: int
    wall: float


def command(*arguments: str) -> list[str]:
    """Return a command of this Python, which takes no module from the folder it is started in."""
    return [sys.executable, "-P", *arguments]


def package_path() -> str:
    """Return what a child needs as PYTHONPATH to import the same modules as we did."""
    own = str(Path(__file__).resolve().parent.parent)
    return os.pathsep.join(part for part in (own, os.environ.get("PYTHONPATH")) if part)


def ask(
    module: str, request: Mapping[str, Any], limits: Limits, *, name: str
) -> Iterator[dict[str, Any]]:
    """Yield what the child says, line by line. ``name`` is what the work is on, for messages.

    Raises:
        BothsidesError: what the child raised, an error of ours of the same class.
        BadData: it used up its memory or time, or ended in another way.
        Locked: two others are at work.

    """
    with _a_place(), _running(module, limits) as (process, out_of_time):
        assert process.stdin is not None
        assert process.stdout is not None
        told = json.dumps({**request, "limits": asdict(limits)}).encode()
        try:
            process.stdin.write(told + b"\n")
            process.stdin.close()
        except BrokenPipeError as exc:
            raise _ended(process, name, limits, out_of_time) from exc
        for line in process.stdout:
            said = _decoded(line)
            if said is None:
                break
            if "end" in said:
                return
            if "error" in said:
                raise _error(said, name)
            yield said
        raise _ended(process, name, limits, out_of_time)


@contextmanager
def _a_place() -> Iterator[None]:
    if not _AT_A_TIME.acquire(timeout=PATIENCE_SECONDS):
        raise Locked("Other files are being read just now. Try again in a moment.")
    try:
        yield
    finally:
        _AT_A_TIME.release()


@contextmanager
def _running(
    module: str, limits: Limits
) -> Iterator[tuple[subprocess.Popen[bytes], threading.Event]]:
    kept = {key: value for key in _KEPT if (value := os.environ.get(key)) is not None}
    process = subprocess.Popen(  # noqa: S603 - our own module, no shell
        command("-m", module),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**kept, **_ONE_THREAD, "PYTHONPATH": package_path()},
        start_new_session=True,
    )
    out_of_time = threading.Event()

    def end() -> None:
        out_of_time.set()
        process.kill()

    clock = threading.Timer(limits.wall, end)
    clock.daemon = True
    clock.start()
    try:
        yield process, out_of_time
    finally:
        clock.cancel()
        process.kill()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except BrokenPipeError:
                continue
        process.wait()


def _decoded(line: bytes) -> dict[str, Any] | None:
    """Return a line as an object; None: the child was ended in the middle of it."""
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _error(said: Mapping[str, Any], name: str) -> BothsidesError:
    kind = getattr(errors, str(said["error"]), None)
    if isinstance(kind, type) and issubclass(kind, BothsidesError):
        return kind(str(said.get("text")))
    return BadData(
        f"{name} cannot be read ({said['error']} at {said.get('text')}): it is damaged, or this is "
        "a defect of Bothsides. Export it again, or save it as CSV."
    )


def _ended(
    process: subprocess.Popen[bytes], name: str, limits: Limits, out_of_time: threading.Event
) -> BadData:
    process.wait()
    why = "time" if out_of_time.is_set() else "memory or time"
    return BadData(
        f"{name} needs more {why} to be read than an upload may use (memory "
        f"{limits.memory // MEGABYTE} MB, {limits.wall:.0f} s). Save it as CSV, or in parts."
    )


def answer(work: Callable[[dict[str, Any]], Iterable[Mapping[str, Any]]]) -> None:
    """In the child: read what to do, confine ourselves, write what ``work`` yields."""
    request = json.loads(sys.stdin.buffer.readline())
    confine(Limits(**request.pop("limits")))
    try:
        for said in work(request):
            _write(said)
        _write({"end": True})
    except BothsidesError as exc:
        _write({"error": type(exc).__name__, "text": str(exc)})
    except MemoryError:
        os._exit(1)
    except BaseException as exc:
        # The panics of libraries in Rust are no Exception. What an error says may quote the file.
        _write({"error": type(exc).__name__, "text": _place(exc)})
    sys.stdout.buffer.flush()
    # Whatever a library does when it is unloaded is not worth waiting for.
    os._exit(0)


def _write(said: Mapping[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")


def _place(exc: BaseException) -> str:
    trace = exc.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "no place"
    return f"{Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}"


def confine(limits: Limits) -> None:
    """Give this process no more than the limits, for good.

    Raises:
        Misconfigured: this system has no such limits.

    """
    try:
        import resource
    except ImportError as exc:
        raise Misconfigured("Uploads need the process limits of Linux or macOS.") from exc
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _limit(resource.RLIMIT_CPU, limits.cpu)
    _limit(resource.RLIMIT_AS, _address_space() + limits.memory)


def _limit(what: int, most: int) -> None:
    import resource

    _, hard = resource.getrlimit(what)
    value = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(what, (value, value))
    except (ValueError, OSError):
        # macOS knows RLIMIT_AS by name only; time and the checks of the file are left.
        return


def _address_space() -> int:
    """Return what the process has mapped already; libraries map far more than they use."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 1024 * MEGABYTE
    return pages * os.sysconf("SC_PAGE_SIZE")
