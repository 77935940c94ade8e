"""Browsers that are signed in: each holds a secret in its cookie, of which only the hash is kept."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from survey import models
from survey.services import audit_log
from survey.services.accounts.accounts import Account, value

STAYS: Final = dt.timedelta(hours=12)
IDLE: Final = dt.timedelta(minutes=60)
"""How long a browser may do nothing, until its first page has set what the operator wants."""
PARTS: Final = 12
"""An end is put off once a twelfth of the time has passed, so that hardly any page writes."""
HALFWAY: Final = dt.timedelta(minutes=30)
"""How long a browser may stand between the password and the second step."""
SET_BACK: Final = dt.timedelta(minutes=10)
"""By how much a clock may be set back without an effect; by more, whoever signed in before has to do so again."""
RECENT: Final = dt.timedelta(minutes=15)
"""How long after signing in somebody may change how she signs in."""


@dataclass(frozen=True)
class Browser:
    """A browser that somebody signed in with."""

    account: Account
    began_at: dt.datetime | None
    """None for those who signed in before this was kept."""
    second_step: bool
    """False between the password and the second step: nothing opens but the page that asks for it."""
    ends_at: dt.datetime
    """When it ends if it opens nothing more."""

    def is_recent(self, now: dt.datetime) -> bool:
        """Tell whether she signed in just now, so that it is still she who sits there."""
        return self.began_at is not None and now < self.began_at + RECENT


@dataclass(frozen=True)
class Elsewhere:
    """A browser in the list of one's own."""

    began_at: dt.datetime | None
    here: bool


def let_in(session: Session, account_id: int, now: dt.datetime, *, second_step: bool, act: str = "") -> str:
    """Let a browser in, and return the secret for its cookie; without the second step it opens nothing yet.

    `act` is how the log calls it; "" where another entry tells it.
    """
    secret = secrets.token_urlsafe(32)
    session.execute(delete(models.SignIn).where(models.SignIn.expires_at <= now))
    ends = now + (IDLE if second_step else HALFWAY)
    row = models.SignIn(hash=hash_of(secret), account_id=account_id, expires_at=ends)
    row.began_at, row.second_step = now, second_step
    session.add(row)
    session.flush()
    if act:
        audit_log.write(session, now, account_id, act, account=str(account_id))
    return secret


def finish(session: Session, cookie_secret: str, now: dt.datetime) -> str:
    """Let a browser in that has taken its second step, under a new secret; the one it had opens nothing any more."""
    audit_log.take_turns(session)
    account_id = session.execute(
        delete(models.SignIn).where(models.SignIn.hash == hash_of(cookie_secret)).returning(models.SignIn.account_id)
    ).scalar_one()
    return let_in(session, account_id, now, second_step=True, act="signed in by two steps")


def browser_of(session: Session, cookie_secret: str, now: dt.datetime) -> Browser | None:
    """Return whose browser it is, halfway in or wholly; None for an unknown or ended secret, and a closed account."""
    found = session.execute(
        select(models.SignIn, models.Account)
        .join(models.Account, models.SignIn.account_id == models.Account.id)
        .where(models.SignIn.hash == hash_of(cookie_secret), models.Account.active)
        .where(models.SignIn.expires_at > now, models.SignIn.expires_at <= now + STAYS + SET_BACK)
        .where(or_(models.SignIn.began_at.is_(None), models.SignIn.began_at <= now + SET_BACK))
    ).one_or_none()
    if found is None:
        return None
    row, account = found
    return Browser(value(session, account), row.began_at, row.second_step, row.expires_at)


def should_end(browser: Browser, now: dt.datetime, idle: dt.timedelta) -> dt.datetime | None:
    """Return when a browser that does something now should end; None where what is kept comes close enough.

    Args:
        browser: wholly in.
        now: when.
        idle: how long it may do nothing.
    """
    longest = STAYS if browser.began_at is None else browser.began_at + STAYS - now
    ends = now + min(idle, longest)
    return ends if abs(ends - browser.ends_at) >= idle / PARTS else None


def end_at(session: Session, cookie_secret: str, ends: dt.datetime) -> None:
    """Let a browser end at a moment, if it does nothing; one that was signed out meanwhile stays so."""
    ours = (models.SignIn.hash == hash_of(cookie_secret)) & models.SignIn.second_step
    session.execute(update(models.SignIn).where(ours).values(expires_at=ends))


def account_of(session: Session, cookie_secret: str, now: dt.datetime) -> Account | None:
    """Return who is signed in with a browser, with every step taken; None for everybody else."""
    found = browser_of(session, cookie_secret, now)
    return found.account if found is not None and found.second_step else None


def sign_out(session: Session, cookie_secret: str) -> None:
    """Forget a browser."""
    session.execute(delete(models.SignIn).where(models.SignIn.hash == hash_of(cookie_secret)))


def sign_out_everywhere(session: Session, account_id: int, but: str = "") -> None:
    """Forget every browser of an account; the one with the secret `but` stays."""
    ours = delete(models.SignIn).where(models.SignIn.account_id == account_id)
    session.execute(ours.where(models.SignIn.hash != hash_of(but)))


def elsewhere(session: Session, account_id: int, cookie_secret: str, now: dt.datetime) -> tuple[Elsewhere, ...]:
    """Return where an account is signed in, the newest first."""
    rows = session.scalars(
        select(models.SignIn)
        .where(models.SignIn.account_id == account_id, models.SignIn.expires_at > now, models.SignIn.second_step)
        .order_by(models.SignIn.began_at.desc(), models.SignIn.hash)
    )
    return tuple(Elsewhere(row.began_at, row.hash == hash_of(cookie_secret)) for row in rows)


def hash_of(secret: str) -> str:
    """Return what is kept of a random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
