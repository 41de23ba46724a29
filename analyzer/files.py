"""Put files in their place whole or not at all, never over another; locks that die with us."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from analyzer.errors import InputOutput, Locked, Misconfigured

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


# Most file systems take names of so many bytes.
MOST_BYTES = 255


@contextmanager
def held(path: Path, what: Path | None = None) -> Iterator[None]:
    """Hold the lock of ``path``, which is the file beside it that ends in ``.lock``.

    The kernel gives it up when the process ends, however it ends; the file stays. ``what`` is what
    the lock stands for, in messages.

    Raises:
        Locked: another process holds it. Nobody waits.
        InputOutput: the file cannot be made.
        Misconfigured: this system has no such locks.
    """
    if fcntl is None:
        raise Misconfigured("This command needs the file locks of Linux or macOS.")
    lock = path.with_name(f"{path.name}.lock")
    said = f"Another batch is at work on {what or path} and holds {lock}."
    with _locked(lock, path, fcntl.LOCK_EX, said):
        yield


@contextmanager
def in_use(database: Path) -> Iterator[None]:
    """Say that this process has the database open for writing: it is not replaced meanwhile.

    Many may say so at once. Where there are no such locks, nothing replaces a database either.

    Raises:
        Locked: it is being replaced.
        InputOutput: the lock cannot be made.
    """
    if fcntl is None:
        yield
        return
    said = f"A backup is being put in the place of {database}."
    with _locked(_use(database), database, fcntl.LOCK_SH, said):
        yield


@contextmanager
def replacing(database: Path) -> Iterator[None]:
    """Hold the database against everybody who has it :func:`in_use`.

    Raises:
        Locked: somebody has.
        InputOutput: the lock cannot be made.
    """
    said = f"The database {database} is in use by another command of Bothsides."
    with _locked(_use(database), database, fcntl.LOCK_EX, said):
        yield


def _use(database: Path) -> Path:
    return database.with_name(f"{database.name}.use.lock")


@contextmanager
def _locked(lock: Path, path: Path, how: int, said: str) -> Iterator[None]:
    with translated_files(path):
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        with translated_files(path):
            try:
                fcntl.flock(handle, how | fcntl.LOCK_NB)
            except BlockingIOError as exc:
                raise Locked(f"{said} Try again when it has ended; nothing was done.") from exc
        yield
    finally:
        os.close(handle)


@contextmanager
def translated_files(path: Path) -> Iterator[None]:
    """Turn the system's errors into InputOutput that names ``path``."""
    try:
        yield
    except OSError as exc:
        raise InputOutput(
            f"{path} cannot be written: {exc.strerror}. Check the folder, its permissions and the "
            "free space."
        ) from exc


@contextmanager
def temporary(target: Path) -> Iterator[Path]:
    """Yield an empty file in the folder of ``target``, which only its owner reads; gone at the end.

    Raises:
        InputOutput: the folder is not there, or cannot be written.
    """
    with translated_files(target):
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
        os.close(handle)
    try:
        yield Path(name)
    finally:
        for suffix in ("", "-journal"):
            Path(name + suffix).unlink(missing_ok=True)


def write_beside(target: Path, text: str) -> None:
    """Put a small file, which only its owner reads, in the place of the one before it, durably.

    Raises:
        InputOutput: it cannot be written.
    """
    with temporary(target) as made, translated_files(target):
        made.write_text(text, encoding="utf-8")
        sync(made)
        made.replace(target)
        sync(target.parent)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes.

    Raises:
        InputOutput: it cannot be read.
    """
    with translated_files(path), path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def publish(made: Path, target: Path) -> None:
    """Give a finished file its name, durably; never over another file.

    Raises:
        InputOutput: there is such a file already, or it cannot be written.
    """
    with translated_files(target):
        sync(made)
        try:
            # Unlike a rename, a link never takes the place of another file.
            os.link(made, target)
            made.unlink()
        except FileExistsError as exc:
            raise InputOutput(f"{target} is there already, and was not touched.") from exc
        except OSError:
            # Not every file system has links.
            must_be_free(target)
            made.rename(target)
        sync(target.parent)


def must_be_free(target: Path) -> None:
    """Raise InputOutput if there is such a file."""
    if os.path.lexists(target):
        raise InputOutput(f"{target} is there already, and was not touched. Name another file.")


def keep_under(path: Path, name: Path) -> None:
    """Give a file a second name (a copy where there are no links); the first one stays."""
    with translated_files(name):
        try:
            os.link(path, name)
        except OSError:
            must_be_free(name)
            shutil.copy2(path, name)
        sync(name.parent)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fitting(name: str, more: str) -> str:
    """Return ``name + more``, with the middle of ``name`` left out if it is too long for a file."""
    room = MOST_BYTES - len(os.fsencode(more))
    if len(raw := os.fsencode(name)) <= room:
        return name + more
    mark = hashlib.sha256(raw).hexdigest()[:8]
    start, end = raw[: room - 30], raw[-16:]
    short = f"{start.decode('utf-8', 'ignore')}~{mark}~{end.decode('utf-8', 'ignore')}"
    return short + more


def free_name(path: Path, at: float | None = None) -> Path:
    """Return ``path``, or if that is taken, with the time in it: ``a.20260131T040500.csv``."""
    if not os.path.lexists(path):
        return path
    return stamped(path, at=at)


def stamped(path: Path, word: str = "", at: float | None = None) -> Path:
    """Return a free name beside ``path`` that has a time (UTC) in it: now, or ``at`` (Unix)."""
    time = datetime.now(UTC) if at is None else datetime.fromtimestamp(at, UTC)
    now = time.strftime("%Y%m%dT%H%M%S")
    middle = f"{word}-{now}" if word else now
    number, found = 1, path.with_name(fitting(path.stem, f".{middle}{path.suffix}"))
    while os.path.lexists(found):
        number += 1
        found = path.with_name(fitting(path.stem, f".{middle}-{number}{path.suffix}"))
    return found
