"""Codes on paper for whoever lost the second step: each works once, and only a keyed hash of it is kept."""

import datetime as dt
import hashlib
import hmac
import secrets
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey import models
from survey.services import audit_log
from survey.services.invitations import codes

COUNT: Final = 10
LENGTH: Final = 12
"""Characters of Crockford's alphabet: 60 bits."""


def make(session: Session, account_id: int, secret: bytes) -> tuple[str, ...]:
    """Make new codes in groups of four, to be shown once; the older ones are good for nothing any more."""
    forget(session, account_id)
    made = [codes.spell(secrets.randbits(5 * LENGTH), LENGTH) for _ in range(COUNT)]
    session.add_all(models.RecoveryCode(hash=_hash(secret, account_id, code), account_id=account_id) for code in made)
    session.flush()
    return tuple(codes.grouped(code) for code in made)


def renew(session: Session, account_id: int, secret: bytes, now: dt.datetime) -> tuple[str, ...]:
    """Make new codes because somebody asked for them; it is in the log."""
    made = make(session, account_id, secret)
    audit_log.write(session, now, account_id, "recovery codes made", account=str(account_id))
    return made


def take(session: Session, account_id: int, typed: str, secret: bytes) -> bool:
    """Use a code up; tell whether it was one of the account's."""
    code = codes.characters(typed, LENGTH)
    if code is None:
        return False
    gone = delete(models.RecoveryCode).where(models.RecoveryCode.hash == _hash(secret, account_id, code))
    return session.execute(gone.returning(models.RecoveryCode.account_id)).one_or_none() is not None


def left(session: Session, account_id: int) -> int:
    """Count the codes that are still good."""
    ours = select(func.count()).select_from(models.RecoveryCode).where(models.RecoveryCode.account_id == account_id)
    return session.scalar(ours) or 0


def forget(session: Session, account_id: int) -> None:
    """Forget the codes of an account."""
    session.execute(delete(models.RecoveryCode).where(models.RecoveryCode.account_id == account_id))


def _hash(secret: bytes, account_id: int, code: str) -> str:
    said = f"survey recovery code\0{account_id}\0{code}".encode()
    return hmac.new(secret, said, hashlib.sha256).hexdigest()
