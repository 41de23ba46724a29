"""Users, passwords, sessions, the throttle, the second factor and tokens, without the pages."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from sqlite_utils import Database

from analyzer.access import keys, passwords, sessions, throttle, tokens, totp, users
from analyzer.access.roles import RIGHTS
from analyzer.database import opened
from analyzer.errors import UsageError
from tests.people import NOON, PASSWORDS, add_people, session_of, token_of

GOOD = "five herons on a copper roof"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str]:
    path = tmp_path_factory.mktemp("people") / "people.db"
    with opened(path, create=True):
        pass
    secret = add_people(path)
    with opened(path, create=False) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes(), secret


@pytest.fixture
def path(made: tuple[bytes, str], tmp_path: Path) -> Path:
    file = tmp_path / "people.db"
    file.write_bytes(made[0])
    return file


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    with opened(path, create=False) as db:
        yield db


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "too short"), ("fourteen chars", "too short"), ("x" * 257, "too long"),
        ("aaaaaaaaaaaaaaaaaaaa", "guessed"), ("passwordpassword", "guessed"),
        ("qwertyuiopasdfgh", "guessed"), ("123456789012345678", "guessed"),
        ("anna.rossi.anna.rossi", "guessed"), ("bothsides bothsides", "guessed"),
        ("iloveyouiloveyou", "guessed"), ("Summer2026Summer", "guessed"),
    ],
)  # fmt: skip
def test_a_password_that_is_short_or_easily_guessed_is_refused(password: str, why: str) -> None:
    with pytest.raises(UsageError, match=why) as raised:
        passwords.check(password, "anna.rossi")
    assert not password or password not in str(raised.value)


@pytest.mark.parametrize(
    "password", [GOOD, "ünïcödé wörds áre fïne", "k7#Qz!pW2$mN8&x", "z y x w" * 12, "雨" * 3 + GOOD]
)
def test_any_characters_make_a_password(password: str) -> None:
    passwords.check(password, "anna.rossi")


def test_a_password_is_kept_as_argon2id_with_a_salt() -> None:
    one, two = passwords.hashed(GOOD), passwords.hashed(GOOD)
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert one != two
    assert passwords.matches(one, GOOD)
    assert not passwords.matches(one, GOOD.upper())
    assert not passwords.matches(one, GOOD + " ")
    assert not passwords.matches(None, GOOD)
    assert not passwords.matches("not a hash", GOOD)


@pytest.mark.parametrize("name", ["", " ", "a b", "-a", "ä", "a" * 65, "a/b", "<x>", "a\n"])
def test_a_name_is_plain(db: Database, name: str) -> None:
    if name == "a\n":
        assert users.normal(name) == "a"
        return
    with pytest.raises(UsageError, match="cannot be a user's name"):
        users.add(db, name, "hr", GOOD, NOON)


def test_a_name_is_there_once_whatever_its_capitals(db: Database) -> None:
    with pytest.raises(UsageError, match="already"):
        users.add(db, " HUGO ", "cx", GOOD, NOON)
    assert users.named(db.conn, "Hugo").role == "hr"
    with pytest.raises(UsageError, match="bothsides user list"):
        users.named(db.conn, "nobody")


def test_disabling_ends_sessions_and_tokens(path: Path, db: Database) -> None:
    session, secret = session_of(path, "hugo"), token_of(path, "hugo")
    other = session_of(path, "carla")
    assert sessions.held(db.conn, session, NOON)
    assert tokens.viewer(db.conn, secret, NOON)
    users.disable(db, users.named(db.conn, "hugo"))
    users.enable(db, users.named(db.conn, "hugo"))
    assert sessions.held(db.conn, session, NOON) is None
    assert tokens.viewer(db.conn, secret, NOON) is None
    assert sessions.held(db.conn, other, NOON)


def test_a_session_holds_30_idle_minutes_and_12_hours(path: Path, db: Database) -> None:
    token = session_of(path, "hugo")
    assert sessions.held(db.conn, token, NOON + sessions.IDLE - 1)
    assert sessions.held(db.conn, token, NOON + sessions.IDLE) is None
    last = NOON + sessions.LONGEST - 1
    sessions.touch(db, token, last)
    assert sessions.held(db.conn, token, last)
    assert sessions.held(db.conn, token, last + 1) is None
    assert sessions.held(db.conn, "", NOON) is None
    assert sessions.held(db.conn, token + "x", NOON) is None


def test_a_new_session_ends_the_one_that_the_browser_had(path: Path, db: Database) -> None:
    old = session_of(path, "hugo")
    new = sessions.start(db, users.named(db.conn, "hugo").id, "in", NOON, old)
    assert sessions.held(db.conn, old, NOON) is None
    assert sessions.held(db.conn, new, NOON)


def test_no_token_lies_in_the_database(path: Path) -> None:
    secrets = [session_of(path, "hugo"), token_of(path, "hugo"), PASSWORDS["hugo"]]
    for file in path.parent.iterdir():
        content = file.read_bytes()
        assert not [s for s in secrets if s.encode() in content]


def counted(db: Database, account: str, address: str, times: int, now: int = NOON) -> int:
    who = throttle.guesser(db.conn, account, address)
    return sum(throttle.count(db, "password", who, now) is not None for _ in range(times))


def test_five_attempts_in_any_15_minutes(db: Database) -> None:
    assert counted(db, "hugo", "10.0.0.1", 3, NOON) == 3
    assert counted(db, "hugo", "10.0.0.1", 3, NOON + 600) == 2
    assert counted(db, "hugo", "10.0.0.1", 9, NOON + throttle.WINDOW - 1) == 0
    assert counted(db, "hugo", "10.0.0.1", 9, NOON + throttle.WINDOW) == 3
    assert counted(db, "hugo", "10.0.0.1", 9, NOON + throttle.WINDOW + 600) == 2


def test_one_address_guesses_at_few_accounts_and_one_account_from_few_addresses(
    db: Database,
) -> None:
    assert sum(counted(db, f"user{i}", "10.0.0.1", 5) for i in range(20)) == 50
    assert sum(counted(db, "hugo", f"10.0.1.{i}", 5) for i in range(40)) == 100


def test_an_ipv6_address_is_its_network_and_a_mapped_one_is_ipv4(db: Database) -> None:
    assert counted(db, "hugo", "2001:db8:1:2::1", 3) + counted(db, "hugo", "2001:db8:1:2:f::2", 9)
    who = [throttle.guesser(db.conn, "hugo", a).address for a in ("10.0.0.9", "::ffff:10.0.0.9")]
    assert who[0] == who[1]
    other = throttle.guesser(db.conn, "hugo", "2001:db8:1:3::1").address
    assert other != throttle.guesser(db.conn, "hugo", "2001:db8:1:2::1").address


def test_attempts_hold_neither_names_nor_addresses(db: Database, path: Path) -> None:
    counted(db, "a password typed as name", "203.0.113.99", 1)
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"typed as name" not in content
    assert b"203.0.113.99" not in content


def test_old_attempts_are_cleared_away(db: Database) -> None:
    counted(db, "hugo", "10.0.0.1", 5)
    counted(db, "carla", "10.0.0.2", 1, NOON + throttle.WINDOW)
    assert db.execute("SELECT count(*) FROM attempts").fetchone() == (1,)


def test_of_attempts_at_once_no_more_than_five_pass(path: Path) -> None:
    passed: list[int] = []
    gate = threading.Barrier(24)

    def one() -> None:
        with opened(path, create=False) as own:
            who = throttle.guesser(own.conn, "hugo", "10.0.0.1")
            gate.wait()
            passed.extend([1] * (throttle.count(own, "password", who, NOON) is not None))

    threads = [threading.Thread(target=one) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 5


def test_a_code_is_used_once_and_never_one_before_it(db: Database, made: tuple[bytes, str]) -> None:
    code = pyotp.TOTP(made[1]).at
    vera = users.named(db.conn, "vera").id
    assert not totp.use(db, vera, "000000" if code(NOON) != "000000" else "111111", NOON)
    assert not totp.use(db, vera, code(NOON - 90), NOON)
    assert totp.use(db, vera, code(NOON + 30), NOON)
    for at in (NOON + 30, NOON, NOON - 30):
        assert not totp.use(db, vera, code(at), NOON)
    assert totp.use(db, vera, code(NOON + 60), NOON + 60)
    assert not totp.use(db, users.named(db.conn, "hugo").id, code(NOON), NOON)


def test_the_codes_are_those_of_the_rfc(db: Database) -> None:
    # RFC 6238, appendix B, SHA-1, the last six of its eight digits.
    with db.conn:
        db.execute(
            "UPDATE users SET totp_secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', totp_step = NULL"
        )
    vera = users.named(db.conn, "vera").id
    for now, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert totp.use(db, vera, code, now)


def test_a_new_second_factor_ends_sessions(path: Path, db: Database) -> None:
    token = session_of(path, "vera")
    secret, address = totp.enrol(db, users.named(db.conn, "vera"))
    assert address.startswith("otpauth://totp/Bothsides:vera?secret=" + secret)
    assert sessions.held(db.conn, token, NOON) is None


def test_a_token_reads_what_its_owner_reads_but_not_what_employees_wrote(
    path: Path, db: Database
) -> None:
    for name, role in (("carla", "cx"), ("hugo", "hr"), ("vera", "hr_verbatim")):
        viewer = tokens.viewer(db.conn, token_of(path, name), NOON)
        assert viewer is not None
        assert viewer.rights == tokens.READING & RIGHTS[role]  # type: ignore[index]
        assert not viewer.may("employee-comments")
    asked = tokens.viewer(db.conn, token_of(path, "vera", "employee-comments"), NOON)
    assert asked is not None
    assert asked.rights == {"employee-comments"}


def test_a_token_never_has_more_than_its_owner_has_now(path: Path, db: Database) -> None:
    secret = token_of(path, "vera", "employee-comments", "employee-names")
    with db.conn:
        db.execute("UPDATE users SET role = 'cx' WHERE name = 'vera'")
    viewer = tokens.viewer(db.conn, secret, NOON)
    assert viewer is not None
    assert viewer.rights == {"employee-names"}


@pytest.mark.parametrize(
    ("name", "days", "rights", "why"),
    [
        ("hugo", 91, (), "1 to 90"), ("hugo", 0, (), "1 to 90"), ("ada", 30, (), "reads nothing"),
        ("hugo", 30, ("employee-comments",), "has not the right"),
        ("carla", 30, ("employee-figures",), "has not the right"), ("dora", 30, (), "disabled"),
    ],
)  # fmt: skip
def test_a_token_that_is_too_much_is_refused(
    path: Path, name: str, days: int, rights: tuple, why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        token_of(path, name, *rights, days=days)


def test_a_token_ends_with_its_days_and_when_it_is_revoked(path: Path, db: Database) -> None:
    secret = token_of(path, "hugo", days=90)
    assert tokens.viewer(db.conn, secret, NOON + 90 * tokens.DAY - 1)
    assert tokens.viewer(db.conn, secret, NOON + 90 * tokens.DAY) is None
    [listed] = tokens.listed(db.conn)
    assert secret not in repr(listed)
    tokens.revoke(db, listed.id)
    assert tokens.viewer(db.conn, secret, NOON) is None
    with pytest.raises(UsageError, match="bothsides token list"):
        tokens.revoke(db, listed.id)


def test_every_database_has_a_key_of_its_own(path: Path, tmp_path: Path) -> None:
    found = set()
    for file in (path, tmp_path / "other.db"):
        with opened(file, create=True) as db:
            found.add(keys.web_key(db.conn))
    assert len(found) == 2
    assert {len(key) for key in found} == {32}


def test_a_role_that_is_none_cannot_be_stored(db: Database) -> None:
    with pytest.raises(UsageError, match="Roles: cx"):
        users.add(db, "eve", "root", GOOD, NOON)  # type: ignore[arg-type]
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("UPDATE users SET role = 'root'")
