"""Ways in by letter: a code that lets somebody choose a password, after an invitation or after forgetting the old one.

Only the hash of a code is kept. It works once and for a while, and only as long as the account is open.
"""

import datetime as dt
import hashlib
import secrets
from pathlib import Path
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused, Sentence
from survey.services import audit_log
from survey.services.accounts import passwords, sign_ins, waiting
from survey.services.accounts.accounts import Account, value
from survey.services.accounts.own_words import own_words
from survey.services.invitations import codes

LENGTH: Final = 28
"""Characters of Crockford's alphabet: 140 bits."""
INVITED: Final = dt.timedelta(days=7)
"""How long the letter to a new account works."""
FORGOTTEN: Final = dt.timedelta(hours=1)
"""How long the letter to somebody works who has a password already."""
PAUSE: Final = dt.timedelta(minutes=10)
"""Between two letters that anybody may ask for on the page for forgotten passwords."""
DEAD: Final = Sentence(
    "This code does not work: it was used, its time is over, or it is mistyped. With “I forgot my password” on the "
    "sign-in page you get a new letter."
)


def new_code() -> str:
    """Return a code that nobody can guess."""
    return codes.spell(secrets.randbits(5 * LENGTH), LENGTH)


def keep(session: Session, account_id: int, code: str, now: dt.datetime) -> None:
    """Keep the hash of a code that a letter has carried out; older ones that have ended are forgotten.

    Where the account was closed while the letter left, the code is good for nothing.
    """
    account = session.get_one(models.Account, account_id, with_for_update=True)
    if not account.active:
        return
    ended = (models.WayIn.account_id == account_id) & (models.WayIn.expires_at <= now)
    session.execute(delete(models.WayIn).where(ended))
    session.add(models.WayIn(hash=_hash(code), account_id=account_id, expires_at=now + lasts(account)))
    session.flush()


def lasts(account: models.Account) -> dt.timedelta:
    """Return how long a letter to this account works."""
    return FORGOTTEN if account.password_hash else INVITED


def asked_just_now(session: Session, account: models.Account, now: dt.datetime) -> bool:
    """Tell whether a letter left so short ago that another one would only be a nuisance."""
    fresh = now + lasts(account) - PAUSE
    ours = select(models.WayIn.hash).where(models.WayIn.account_id == account.id, models.WayIn.expires_at > fresh)
    return session.scalars(ours).first() is not None


def use(session: Session, typed: str, password: str, now: dt.datetime, *, breached: Path | None = None) -> Account:
    """Use a code up and set the password that was chosen; every browser and every other letter of the account ends.

    Raises:
        Refused: the code is unknown, used or over, or the account closed; or the password too short or guessable.
        SettingsError: the operator's list of `breached` passwords cannot be read.
    """
    code = codes.characters(typed, LENGTH)
    good = (models.WayIn.hash == _hash(code or "")) & (models.WayIn.expires_at > now)
    whose = session.scalars(select(models.Account).join(models.WayIn).where(good)).one_or_none()
    if whose is None:
        raise Refused(DEAD)
    own = own_words(session, whose.email, whose.name)
    session.commit()  # looking at a password and hashing it takes long, and holds no lock
    hashed = passwords.chosen(password, own, breached)
    found = session.execute(delete(models.WayIn).where(good).returning(models.WayIn.account_id)).scalar_one_or_none()
    account = session.get(models.Account, found, with_for_update=True, populate_existing=True) if found else None
    if account is None or not account.active:
        raise Refused(DEAD)
    account.password_hash = hashed
    waiting.forget(account)
    forget(session, account.id)
    sign_ins.sign_out_everywhere(session, account.id)
    audit_log.write(session, now, account.id, "password chosen", account=str(account.id))
    return value(session, account)


def forget(session: Session, account_id: int) -> None:
    """Forget every letter of an account."""
    session.execute(delete(models.WayIn).where(models.WayIn.account_id == account_id))


def _hash(code: str) -> str:
    return hashlib.sha256(f"way in\0{code}".encode()).hexdigest()
