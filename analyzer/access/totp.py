"""The second factor: codes of six digits that change every 30 seconds (RFC 6238).

The secret lies in the database as it is, since the codes are computed from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.database import transaction

if TYPE_CHECKING:
    from sqlite_utils import Database

    from analyzer.access.users import User

# A phone's clock may be so many steps of 30 seconds off.
DRIFT = 1


def enrol(db: Database, user: User) -> tuple[str, str]:
    """Give a user a new secret; return it as (base32, ``otpauth:`` address). Sessions end.

    Both are shown once and never again.
    """
    import pyotp

    secret = pyotp.random_base32()
    with transaction(db):
        db.execute(
            "UPDATE users SET totp_secret = ?, totp_step = NULL WHERE id = ?", [secret, user.id]
        )
        db.execute("DELETE FROM sessions WHERE user_id = ?", [user.id])
    return secret, pyotp.TOTP(secret).provisioning_uri(name=user.name, issuer_name="Bothsides")


def use(db: Database, user_id: int, code: str, now: int) -> bool:
    """Return whether the code is right, later than any used before, and so far unused; use it up.

    One transaction: of two requests with one code only the first is let in.
    """
    import pyotp
    from pyotp.exceptions import OTPVerificationError

    with transaction(db):
        sql = "SELECT totp_secret, totp_step FROM users WHERE id = ?"
        secret, last = db.execute(sql, [user_id]).fetchone()
        if secret is None:
            return False
        try:
            step = pyotp.TOTP(secret).verify_and_get_timecode(
                code.replace(" ", ""), for_time=now, valid_window=DRIFT
            )
        except OTPVerificationError:
            return False
        if last is not None and step <= last:
            return False
        db.execute("UPDATE users SET totp_step = ? WHERE id = ?", [step, user_id])
        return True
