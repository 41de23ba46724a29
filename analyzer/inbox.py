"""The folder that a job drops exports into: what waits there, whose it is, where it goes.

::

    inbox/
      employee/              exports of employees (the first kind: exit)
      customer-review/       side and kind
      customer-ticket-web/   anything may follow the kind
        profile.toml         the columns of the files in this folder, if their names do not say
      export.csv             beside the folders: its header was told once, or is a vendor's
      done/  rejected/       where files go, with their receipts
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from analyzer.errors import BadData, InputOutput
from analyzer.files import free_name, sync, translated_files
from analyzer.importers.mapping import Profile, read_profile
from analyzer.types import KINDS, SIDES, Side

DONE, REJECTED = "done", "rejected"
PROFILE = "profile.toml"
UNFINISHED = ".part"
# A file that nobody has written to for so long is complete.
STABLE_SECONDS = 10.0

Look = tuple[int, int]


class Belongs(NamedTuple):
    """Whose comments a file holds, and which column holds what; None: told by the file itself."""

    side: Side | None
    kind: str | None
    profile: Profile | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that nobody writes to any more: ``look`` is its size and time of change (ns)."""

    path: Path
    name: str
    look: Look


def side_of(path: Path, inbox: Path) -> Belongs:
    """Return whose comments a file of the inbox holds, by the folder that it is in.

    A file in the inbox itself is known by its header, or not at all.

    Raises:
        BadData: it is in a folder that does not say so.
        Misconfigured, InputOutput: the folder's profile cannot be used.
    """
    if path.name != printable(path.name):
        raise BadData(f"The name {printable(path.name)} is not in UTF-8. Give the file another.")
    folder, *below = path.relative_to(inbox).parts
    if not below:
        return Belongs(None, None, None)
    side, _, rest = folder.casefold().partition("-")
    kind = rest.partition("-")[0]
    known = [f"{side}-{kind}" for side in SIDES for kind in KINDS[side]]
    for own in SIDES:
        if side == own and kind in ("", *KINDS[own]):
            profile = inbox / folder / PROFILE
            return Belongs(own, kind or None, read_profile(profile) if profile.exists() else None)
    raise BadData(
        f"{path.name} is in no folder that says whose comments it holds. Put it into one of: "
        f"{', '.join((*SIDES, *known))} (anything may follow the kind)."
    )


def prepare(inbox: Path) -> None:
    """Make the folders that files are moved to.

    Raises:
        InputOutput: there is no such inbox, or it cannot be written.
    """
    if not inbox.is_dir():
        raise InputOutput(
            f"There is no folder {inbox}. Make it, and in it employee/ and customer/."
        )
    for name in (DONE, REJECTED):
        with translated_files(inbox / name):
            (inbox / name).mkdir(exist_ok=True)


def waiting(inbox: Path, seconds: float = STABLE_SECONDS) -> list[Waiting]:
    """Return the files that have had the same size and time of change for so long, by name.

    Files that changed more recently, or in the future by this machine's clock, are looked at again
    after that time; those that have changed by then are left for the next batch.
    """
    looks = _looks(inbox)
    since = time.time() - seconds
    young = {path for path, look in looks.items() if look[1] > since * 1e9}
    if young:
        time.sleep(seconds)
        later = _looks(inbox)
        looks = {path: look for path, look in looks.items() if later.get(path) == look}
    return [
        Waiting(path, path.relative_to(inbox).as_posix(), look)
        for path, look in sorted(looks.items())
    ]


def _looks(inbox: Path) -> Mapping[Path, Look]:
    found = {}
    with translated_files(inbox):
        for path in _files(inbox):
            if (look := look_at(path)) is not None:
                found[path] = look
    return found


def _files(inbox: Path) -> Iterator[Path]:
    for path in inbox.rglob("*"):
        parts = path.relative_to(inbox).parts
        hidden = any(part.startswith(".") for part in parts)
        moved = len(parts) > 1 and parts[0] in (DONE, REJECTED)
        # Excel keeps "~$name.xlsx" beside a workbook that somebody has open.
        skip = path.suffix == UNFINISHED or path.name == PROFILE or path.name.startswith("~$")
        if not (hidden or moved or skip) and path.is_file():
            yield path


def printable(name: str) -> str:
    """Return a file's name with bytes that are no text in hexadecimal."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def look_at(path: Path) -> Look | None:
    """Return a file's size and time of change, None if it has gone."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns


def goal_of(file: Waiting, inbox: Path, folder: str) -> Path:
    """Return where the file will be in ``folder``: under its own name if that is free.

    Raises:
        InputOutput: the folder cannot be made.
    """
    goal = inbox / folder / file.name
    with translated_files(goal.parent):
        goal.parent.mkdir(parents=True, exist_ok=True)
    # The file's own time: if a kill comes between receipt and move, the next batch finds this name.
    return free_name(goal, file.look[1] / 1e9)


def move(file: Waiting, goal: Path) -> None:
    """Move a file that is done with.

    Raises:
        InputOutput: it cannot be moved.
    """
    with translated_files(goal):
        file.path.rename(goal)
        sync(goal.parent)
        sync(file.path.parent)
