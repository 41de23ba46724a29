"""Who read employees' comments: a line a reading, each signed over itself and the line before.

The signature is an HMAC. Its key is ``$BOTHSIDES_AUDIT_KEY``, or else one in the database itself:
that finds what somebody changed by hand, but not what somebody did who has the whole file and knows
this module. With the key elsewhere, whoever has only the file cannot make a line. Either way the
newest lines could be cut off unseen, so the head (how many lines, and the last signature) is kept
in a file beside the database too, and ``bothsides audit verify`` prints it to be kept elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from analyzer.database import opened, translated
from analyzer.errors import BadData, Misconfigured
from analyzer.files import write_beside

KEY = "BOTHSIDES_AUDIT_KEY"
SHORTEST_KEY = 16
_COLUMNS = "number, at, who, what, filter, rows, signer, hash"
_OWN_KEY = "database"


@dataclass(frozen=True, slots=True)
class Entry:
    """One reading: who, by which page or command, which filter, how many comments or segments.

    It never holds what was read, nor what was searched for: see :func:`digest`.
    """

    who: str
    what: str
    filter: Mapping[str, str | int | None]
    rows: int


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is kept. ``signer`` names the key, ``hash`` is the signature (32 bytes)."""

    number: int
    at: str
    who: str
    what: str
    filter: str
    rows: int
    signer: str
    hash: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """How many lines there are, and the signature of the last; written ``COUNT-HEX``."""

    lines: int
    hash: str

    def __str__(self) -> str:
        """Return it as people keep it."""
        return f"{self.lines}-{self.hash}"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first line that is not as it was written, and what is wrong, as a sentence."""

    line: int
    said: str


@dataclass(frozen=True, slots=True)
class _Key:
    signer: str
    secret: bytes


def append(db: sqlite3.Connection, entry: Entry) -> Head:
    """Add a line; inside a transaction it is kept or lost with that, else it is kept at once.

    Raises:
        Misconfigured: earlier lines are signed by a key that is not in the environment now.
    """
    if db.in_transaction:
        return _append(db, entry)
    db.execute("BEGIN IMMEDIATE")
    try:
        head = _append(db, entry)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return head


def _append(db: sqlite3.Connection, entry: Entry) -> Head:
    last = db.execute(
        "SELECT number, signer, hash FROM access_log ORDER BY number DESC LIMIT 1"
    ).fetchone()
    number, signer, before = tuple(last) if last else (0, _OWN_KEY, b"")
    if last is None:
        _begin(db)
    key = _outer_key() or _own_key(db)
    if signer not in (_OWN_KEY, key.signer):
        raise Misconfigured(
            f"The access log is signed with another key than ${KEY} says now, so no comment can be "
            "read. Set it as it was."
        )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    told = json.dumps(dict(entry.filter), ensure_ascii=False, sort_keys=True)
    values = (number + 1, now, entry.who, entry.what, told, entry.rows, key.signer)
    signature = _signature(key, before, values)
    db.execute(
        f"INSERT INTO access_log ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [*values, signature]
    )
    return Head(number + 1, signature.hex())


def _begin(db: sqlite3.Connection) -> None:
    """Put a head beside the database before the first line: a kill then leaves none without it."""
    file = next(row[2] for row in db.execute("PRAGMA database_list") if row[1] == "main")
    if file and not head_file(Path(file)).exists():
        keep_head(Path(file), Head(0, ""))


def note(database: Path, entry: Entry) -> None:
    """Add a line to the log of this database, durably, before what it tells of is given out.

    Raises:
        Locked, InputOutput: it cannot be written, so nothing may be given out.
        Misconfigured: see :func:`append`.
    """
    with translated(database), opened(database, create=False) as db:
        keep_head(database, append(db.conn, entry))


def lines(db: sqlite3.Connection, newest: int | None = None) -> list[Line]:
    """Return the lines in order; only the ``newest`` so many if that is told."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM access_log ORDER BY number DESC LIMIT ?",
        [-1 if newest is None else newest],
    )
    return [Line(*row) for row in rows][::-1]


def head(db: sqlite3.Connection) -> Head:
    """Return the head; of an empty log it is ``0-``."""
    last = lines(db, newest=1)
    return Head(last[0].number, last[0].hash.hex()) if last else Head(0, "")


def verify(db: sqlite3.Connection, heads: Sequence[Head] = ()) -> Broken | None:
    """Return the first line that was altered, put in, moved or taken out; None: all are whole.

    ``heads`` are heads seen earlier, which have to be in the log still.

    Raises:
        Misconfigured: lines are signed by a key that is not in the environment.
    """
    found = lines(db)
    broken = _unsigned(found, _own_key(db), _outer_key())
    if broken is not None:
        return broken
    known = {0: "", **{line.number: line.hash.hex() for line in found}}
    for kept in heads:
        if kept.lines > len(found):
            return Broken(
                len(found) + 1,
                f"Lines are cut off: there are {len(found)}, and there were {kept.lines}.",
            )
        if not hmac.compare_digest(known[kept.lines], kept.hash):
            return Broken(kept.lines, f"Line {kept.lines} is not the one that was there before.")
    return None


def _unsigned(found: Sequence[Line], own: _Key, outer: _Key | None) -> Broken | None:
    before, signer = b"", _OWN_KEY
    for place, line in enumerate(found, start=1):
        if line.number != place:
            return Broken(place, f"Line {place} is missing: the next one is {line.number}.")
        if line.signer == _OWN_KEY:
            # Once the outer key signs, the key that lies in the database counts no more.
            key = own if signer == _OWN_KEY else None
        else:
            if outer is None:
                raise Misconfigured(
                    f"Line {place} of the access log is signed with another key than the "
                    f"database's, or was altered: set ${KEY} to verify it."
                )
            key = outer if line.signer == outer.signer else None
        signer = line.signer
        values = (line.number, line.at, line.who, line.what, line.filter, line.rows, line.signer)
        if key is None or not hmac.compare_digest(_signature(key, before, values), line.hash):
            return Broken(
                place, f"Line {place} is not as it was written, or the one before it is not."
            )
        before = line.hash
    if outer is not None and found and signer == _OWN_KEY:
        return Broken(
            len(found),
            f"The last line is not signed with ${KEY}. If that is new, read a comment first; if "
            "not, somebody has signed the lines anew.",
        )
    return None


def _signature(key: _Key, before: bytes, values: Sequence[object]) -> bytes:
    told = json.dumps(list(values), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hmac.new(key.secret, before + told, "sha256").digest()


def _own_key(db: sqlite3.Connection) -> _Key:
    row = db.execute("SELECT value FROM secrets WHERE name = 'access log'").fetchone()
    return _Key(_OWN_KEY, bytes(row[0]))


def _outer_key() -> _Key | None:
    text = os.environ.get(KEY, "")
    if not text:
        return None
    if len(text) < SHORTEST_KEY:
        raise Misconfigured(
            f"${KEY} is too short: use at least {SHORTEST_KEY} characters, drawn by chance."
        )
    secret = text.encode()
    return _Key(hashlib.sha256(b"access log\0" + secret).hexdigest()[:16], secret)


def digest(db: sqlite3.Connection, text: str) -> str:
    """Return what tells two searches apart in the log, and does not say what was searched for."""
    folded = " ".join(text.casefold().split())
    return hmac.new(_own_key(db).secret, b"search\0" + folded.encode(), "sha256").hexdigest()[:16]


def head_file(database: Path) -> Path:
    """Return the file beside the database that holds the head."""
    return database.with_name(f"{database.name}.audit")


def keep_head(database: Path, now: Head) -> None:
    """Write the head beside the database.

    Raises:
        InputOutput: it cannot be written.
    """
    write_beside(head_file(database), f"{now}\n")


def kept_head(database: Path) -> Head | None:
    """Return the head that stands beside the database, None if there is no such file.

    Raises:
        BadData: what stands there is no head.
    """
    try:
        return parse_head(head_file(database).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as exc:
        raise BadData(f"{head_file(database)} cannot be read.") from exc


def parse_head(text: str) -> Head:
    """Return the head that somebody kept.

    Raises:
        BadData: this is none.
    """
    count, _, signature = text.strip().partition("-")
    if not (count.isascii() and count.isdigit()) or len(signature) not in (0, 64):
        raise BadData("A head of the access log looks like 12-0a3f...: as audit verify prints it.")
    return Head(int(count), signature.lower())


def examine(
    database: Path, db: sqlite3.Connection, kept: str | None = None, *, headed: bool = True
) -> Broken | None:
    """Verify the log against the head beside the database, and against one ``kept`` elsewhere.

    There has to be a head, unless ``headed`` is false: a backup has none.

    Raises:
        BadData: what was kept is no head.
        Misconfigured: see :func:`verify`.
    """
    beside = kept_head(database)
    heads = [found for found in (parse_head(kept) if kept else None, beside) if found]
    if not heads and head(db).lines and headed:
        return Broken(
            head(db).lines,
            f"{head_file(database)} is not there, so nobody can tell whether lines were cut off at "
            "the end. Give the head that you kept: --head",
        )
    return verify(db, heads)
