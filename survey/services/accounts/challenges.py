"""What a passkey is asked to sign: made for one purpose, signed into the page, and good for one answer.

Nothing is kept of a challenge before it is answered, so that asking costs no row; an answered one is kept until it is
too old anyway.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer, encoding
from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.models import UsedChallenge

BYTES: Final = 32
LASTS: Final = dt.timedelta(minutes=30)
"""How long a page that asks for a passkey may stay open."""
SALT: Final = "passkey challenge"


@dataclass(frozen=True)
class Challenge:
    """Random bytes, and the text that brings them back."""

    asked: bytes
    signed: str


def make(secret: bytes, purpose: str, now: dt.datetime) -> Challenge:
    """Make a challenge for one purpose."""
    asked = secrets.token_bytes(BYTES)
    facts = [purpose, encoding.base64_encode(asked).decode(), now.isoformat()]
    return Challenge(asked, URLSafeSerializer(secret, salt=SALT).dumps(facts))


def take(session: Session, secret: bytes, purpose: str, signed: str, now: dt.datetime) -> bytes | None:
    """Use a challenge up and return it; None where it is not ours, not for this purpose, too old, or used."""
    try:
        made_for, asked, at = URLSafeSerializer(secret, salt=SALT).loads(signed)
    except BadSignature:
        return None
    ends = dt.datetime.fromisoformat(at) + LASTS
    if made_for != purpose or now >= ends:
        return None
    return encoding.base64_decode(asked) if _first_time(session, asked, ends, now) else None


def _first_time(session: Session, asked: str, ends: dt.datetime, now: dt.datetime) -> bool:
    session.execute(delete(UsedChallenge).where(UsedChallenge.expires_at <= now))
    row = {"hash": hashlib.sha256(asked.encode()).hexdigest(), "expires_at": ends}
    try:
        with session.begin_nested():
            session.execute(insert(UsedChallenge).values(row))
    except IntegrityError:
        return False
    return True
