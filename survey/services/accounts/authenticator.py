"""The authenticator app: six digits that change every half minute (TOTP, RFC 6238), and recovery codes beside it."""

import base64
import datetime as dt
import hmac
import json
from dataclasses import dataclass
from typing import Final

import pyotp
from sqlalchemy.orm import Session

from survey.i18n import Refused, Sentence
from survey.services import audit_log
from survey.services.accounts import recovery_codes, second_step, waiting
from survey.services.accounts.accounts import Account, locked
from survey.services.filing.locked import lock, unlock

STEP: Final = 30
"""Seconds that a code lasts."""
DRIFT: Final = 1
"""Steps by which the clock of a phone may be early or late."""
DIGITS: Final = 6
SET_UP: Final = dt.timedelta(minutes=30)
"""How long the page with the QR code may stay open."""
KEPT: Final = "authenticator"
OFFERED: Final = "authenticator to set up"
WRONG: Final = Sentence(
    "This code is not right, or was used before. Wait for the next one in the app. After several wrong tries, wait up "
    "to 15 minutes before the next."
)
NOT_YET: Final = Sentence(
    "This code does not fit. Scan the picture with the app once more, see that the phone’s clock is set automatically, "
    "and type the newest code."
)
TOO_LONG: Final = Sentence("The page was open for too long. Here is a new picture: scan this one.")
UNREADABLE: Final = Sentence(
    "Your authenticator app was set up with another secret than this installation has, as after a restore. Ask whoever "
    "runs it: survey reset-second-step EMAIL"
)


@dataclass(frozen=True)
class Enrolment:
    """An authenticator that is offered and not kept yet."""

    secret: str
    """In base32, for typing."""
    uri: str
    """otpauth://..., for the QR code."""
    sealed: str
    """The same secret encrypted for this account: the page sends it back with the first code."""

    def __repr__(self) -> str:
        """Say nothing of the secret: it must not get into a log by a mistake."""
        return "Enrolment()"

    @property
    def groups(self) -> str:
        """The secret in groups of four."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


def enrol(account: Account, company: str, secret: bytes, now: dt.datetime) -> Enrolment:
    """Offer a new authenticator; nothing is kept before `confirm` has seen a code of it.

    Args:
        account: whose it will be.
        company: what the app shows beside the code.
        secret: the installation's secret.
        now: when.
    """
    return _offered(account.id, account.email, company, secret, (pyotp.random_base32(), now))


def again(account: Account, company: str, secret: bytes, sealed: str, now: dt.datetime) -> Enrolment:
    """Offer the same authenticator again after a wrong code, so that nobody has to scan twice; else a new one."""
    kept = _opened(account.id, sealed, secret, now)
    return _offered(account.id, account.email, company, secret, kept) if kept else enrol(account, company, secret, now)


def confirm(
    session: Session, account_id: int, sealed: str, code: str, secret: bytes, now: dt.datetime
) -> tuple[str, ...]:
    """Keep an authenticator in place of an older one, once it has shown a code.

    Returns:
        Ten recovery codes to show once; none where the account has some already.

    Raises:
        Refused: the code does not fit, or the page was open for too long.
    """
    kept = _opened(account_id, sealed, secret, now)
    if kept is None:
        raise Refused(TOO_LONG)
    step = _step_of(kept[0], code, now)
    if step is None:
        raise Refused(NOT_YET)
    account = locked(session, account_id)
    account.totp_secret, account.totp_step = lock(secret, KEPT, kept[0]), step
    session.flush()
    audit_log.write(session, now, account_id, "authenticator set up", account=str(account_id))
    return first_codes(session, account_id, secret)


def first_codes(session: Session, account_id: int, secret: bytes) -> tuple[str, ...]:
    """Make recovery codes for an account that has none; return them, or nothing."""
    return () if recovery_codes.left(session, account_id) else recovery_codes.make(session, account_id, secret)


def check(session: Session, account_id: int, typed: str, secret: bytes, now: dt.datetime) -> None:
    """Take the second step with a code of the app, or with a recovery code; each is good for once.

    Raises:
        Refused: with one sentence for a wrong, a used and a late code, and while the account has to wait.
    """
    account = locked(session, account_id)
    if waiting.waits(account, now):
        raise Refused(WRONG)
    waiting.count(account, now)
    session.commit()
    if not _take(session, account_id, typed, secret, now):
        audit_log.write(session, now, account_id, "second step refused", account=str(account_id))
        session.commit()
        raise Refused(WRONG)
    waiting.forget(account)


def remove(session: Session, account_id: int, now: dt.datetime) -> None:
    """Take the authenticator away.

    Raises:
        Refused: it is the last second step, and the company asks for one.
    """
    account = locked(session, account_id)
    if account.totp_secret is None:
        return
    second_step.require_another(session, account_id)
    account.totp_secret = None
    session.flush()
    second_step.forget_codes_without_a_step(session, account_id)
    audit_log.write(session, now, account_id, "authenticator removed", account=str(account_id))


def _take(session: Session, account_id: int, typed: str, secret: bytes, now: dt.datetime) -> bool:
    account = locked(session, account_id)
    if recovery_codes.take(session, account_id, typed, secret):
        audit_log.write(session, now, account_id, "recovery code used", account=str(account_id))
        return True
    if account.totp_secret is None:
        return False
    key = unlock(secret, KEPT, account.totp_secret)
    if key is None:
        raise Refused(UNREADABLE)
    step = _step_of(key, typed, now, after=account.totp_step)
    if step is None:
        return False
    account.totp_step = step
    session.flush()
    return True


def _step_of(key: str, typed: str, now: dt.datetime, after: int = 0) -> int | None:
    """Return the step whose code was typed, of those that drift allows and that are newer than `after`."""
    digits = "".join(character for character in typed[: DIGITS * 4] if character.isascii() and character.isdigit())
    here = int(now.replace(tzinfo=dt.UTC).timestamp()) // STEP
    codes = pyotp.HOTP(key, digits=DIGITS)
    steps = range(here - DRIFT, here + DRIFT + 1)
    used = after if after <= here + DRIFT else 0  # a later one was taken while the clock was ahead: it says nothing
    fitting = [step for step in steps if hmac.compare_digest(codes.at(step), digits) and step > used]
    return fitting[0] if fitting else None


def _offered(account_id: int, email: str, company: str, secret: bytes, kept: tuple[str, dt.datetime]) -> Enrolment:
    key, began = kept
    box = lock(secret, OFFERED, json.dumps([account_id, key, began.isoformat()]))
    uri = pyotp.TOTP(key, digits=DIGITS, interval=STEP).provisioning_uri(name=email, issuer_name=company)
    return Enrolment(key, uri, base64.urlsafe_b64encode(box).decode())


def _opened(account_id: int, sealed: str, secret: bytes, now: dt.datetime) -> tuple[str, dt.datetime] | None:
    """Return the key that was offered to this account, and when; None where it was not, or too long ago."""
    try:
        text = unlock(secret, OFFERED, base64.urlsafe_b64decode(sealed.encode("ascii")))
    except ValueError:
        return None
    if text is None:
        return None
    offered_to, key, began = json.loads(text)
    at = dt.datetime.fromisoformat(began)
    return (key, at) if offered_to == account_id and now < at + SET_UP else None
