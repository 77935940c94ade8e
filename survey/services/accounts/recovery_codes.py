"""Codes on paper for whoever lost the second step: each works once, and only a slow, salted and keyed hash is kept."""

import datetime as dt
import hashlib
import hmac
import secrets
from typing import Final

from argon2 import Type, low_level
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey import models
from survey.services import audit_log
from survey.services.invitations import codes

COUNT: Final = 10
LENGTH: Final = 12
"""Characters of Crockford's alphabet: 60 bits."""
SALT: Final = 8
"""Bytes at the start of a hash, drawn for each set of codes: trying one that was typed takes one hash, not ten."""
KEPT: Final = 24
"""Bytes that follow."""
ROUNDS, MEMORY = 2, 19 * 1024
"""What argon2id takes at least by OWASP's advice, in KiB; a code is drawn at random and needs no more."""


def make(session: Session, account_id: int, secret: bytes) -> tuple[str, ...]:
    """Make new codes in groups of four, to be shown once; the older ones are good for nothing any more."""
    forget(session, account_id)
    made = [codes.spell(secrets.randbits(5 * LENGTH), LENGTH) for _ in range(COUNT)]
    salt = secrets.token_bytes(SALT)
    hashes = [_hash(_keyed(secret, account_id, code), salt) for code in made]
    session.add_all(models.RecoveryCode(hash=each, account_id=account_id) for each in hashes)
    session.flush()
    return tuple(codes.grouped(code) for code in made)


def renew(session: Session, account_id: int, secret: bytes, now: dt.datetime) -> tuple[str, ...]:
    """Make new codes because somebody asked for them; it is in the log."""
    made = make(session, account_id, secret)
    audit_log.write(session, now, account_id, "recovery codes made", account=str(account_id))
    return made


def take(session: Session, account_id: int, typed: str, secret: bytes) -> bool:
    """Use a code up; tell whether it was one of the account's, be it of a set from before hashes were slow."""
    code = codes.characters(typed, LENGTH)
    if code is None:
        return False
    ours = models.RecoveryCode.account_id == account_id
    keyed = _keyed(secret, account_id, code)
    salts = {bytes.fromhex(kept)[:SALT] for kept in session.scalars(select(models.RecoveryCode.hash).where(ours))}
    fitting = [keyed.hex(), *(_hash(keyed, salt) for salt in salts)]
    gone = delete(models.RecoveryCode).where(ours, models.RecoveryCode.hash.in_(fitting))
    return session.execute(gone.returning(models.RecoveryCode.account_id)).one_or_none() is not None


def left(session: Session, account_id: int) -> int:
    """Count the codes that are still good."""
    ours = select(func.count()).select_from(models.RecoveryCode).where(models.RecoveryCode.account_id == account_id)
    return session.scalar(ours) or 0


def forget(session: Session, account_id: int) -> None:
    """Forget the codes of an account."""
    session.execute(delete(models.RecoveryCode).where(models.RecoveryCode.account_id == account_id))


def _keyed(secret: bytes, account_id: int, code: str) -> bytes:
    """Return what nobody can try who has the database alone."""
    return hmac.digest(secret, f"survey recovery code\0{account_id}\0{code}".encode(), hashlib.sha256)


def _hash(keyed: bytes, salt: bytes) -> str:
    """Return what is kept: the salt, and a hash that takes time."""
    slow = low_level.hash_secret_raw(keyed, salt, ROUNDS, MEMORY, parallelism=1, hash_len=KEPT, type=Type.ID)
    return (salt + slow).hex()
