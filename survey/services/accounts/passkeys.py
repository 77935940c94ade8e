"""Passkeys (WebAuthn): a device or browser proves that it holds a private key; only the public one is kept.

After the password a passkey is the second step. Alone it signs in as well, where the device has made sure who holds it
(by a finger, a face or a PIN): that is two steps in one.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused, Sentence
from survey.services import audit_log, here
from survey.services.accounts import authenticator, ceremonies, challenges, second_step, sign_ins, waiting
from survey.services.accounts.accounts import Account, locked
from survey.services.accounts.ceremonies import Answer, Made, Site

MOST: Final = 10
LONGEST_NAME: Final = 100
REFUSED: Final = Sentence("This passkey was not taken. Try again, or use another way to sign in.")
NOT_ADDED: Final = Sentence("The passkey was not added. Try again, or use an authenticator app.")
ALREADY: Final = Sentence("This passkey is registered already.")
ENOUGH: Final = Sentence("An account has %(most)s passkeys at most. Remove one that is not used any more.")


@dataclass(frozen=True)
class Offer:
    """What a page asks the browser, and what brings the challenge back."""

    options: str
    challenge: str


@dataclass(frozen=True)
class Passkey:
    """A passkey, as its owner sees it in the list."""

    credential: str
    name: str
    added_on: dt.date


def offer_registration(session: Session, site: Site, account: Account, secret: bytes, now: dt.datetime) -> Offer:
    """Ask the browser for a new passkey; those that the account has are left out."""
    challenge = challenges.make(secret, _registering(account.id), now)
    owner = ceremonies.Owner(f"account {account.id}".encode(), account.email, account.name)
    return Offer(ceremonies.to_make(site, challenge.asked, owner, _known(session, account.id)), challenge.signed)


def register(  # noqa: PLR0913, PLR0917 - whose, what was answered, what it is called, and when
    session: Session, site: Site, account_id: int, answer: Answer, name: str, secret: bytes, now: dt.datetime
) -> tuple[str, ...]:
    """Keep a new passkey.

    Returns:
        Ten recovery codes to show once; none where the account has some already.

    Raises:
        Refused: what the browser sent does not fit, the passkey is known, or there are too many.
    """
    asked = challenges.take(session, secret, _registering(account_id), answer.challenge, now)
    made = ceremonies.made(site, asked, answer) if asked else None
    if made is None:
        raise Refused(NOT_ADDED)
    _keep(session, account_id, made, name, now)
    audit_log.write(session, now, account_id, "passkey added", account=str(account_id))
    return authenticator.first_codes(session, account_id, secret)


def offer(session: Session, site: Site, account_id: int | None, secret: bytes, now: dt.datetime) -> Offer:
    """Ask the browser for a passkey: one of the account's as its second step, or whichever it holds to sign in with."""
    challenge = challenges.make(secret, _using(account_id), now)
    known = [] if account_id is None else _known(session, account_id)
    options = ceremonies.to_use(site, challenge.asked, known, verified=account_id is None)
    return Offer(options, challenge.signed)


def check(session: Session, site: Site, account_id: int, answer: Answer, secret: bytes, now: dt.datetime) -> None:
    """Take the second step with a passkey of the account.

    Raises:
        Refused: with one sentence for every reason.
    """
    _used_by(session, site, answer, account_id, secret, now)
    waiting.forget(locked(session, account_id))


def sign_in(session: Session, site: Site, answer: Answer, secret: bytes, now: dt.datetime) -> str:
    """Sign in with a passkey alone, and return the secret for the browser's cookie.

    Raises:
        Refused: with one sentence for every reason, an account that was closed among them.
    """
    account_id = _used_by(session, site, answer, None, secret, now)
    audit_log.take_turns(session)
    account = locked(session, account_id)
    if not account.active:
        raise Refused(REFUSED)
    waiting.forget(account)
    return sign_ins.let_in(session, account_id, now, second_step=True, act="signed in by passkey")


def passkeys(session: Session, account_id: int) -> tuple[Passkey, ...]:
    """Return the passkeys of an account, by name."""
    ours = select(models.Passkey).where(models.Passkey.account_id == account_id).order_by(models.Passkey.name)
    return tuple(Passkey(row.credential, row.name, row.added_on) for row in session.scalars(ours))


def remove(session: Session, account_id: int, credential: str, now: dt.datetime) -> None:
    """Take a passkey away.

    Raises:
        Refused: it is none of the account's, or its last second step while the company asks for one.
    """
    locked(session, account_id)
    row = session.get(models.Passkey, credential)
    if row is None or row.account_id != account_id:
        raise Refused("There is no such passkey any more.")
    second_step.require_another(session, account_id)
    session.delete(row)
    session.flush()
    second_step.forget_codes_without_a_step(session, account_id)
    audit_log.write(session, now, account_id, "passkey removed", account=str(account_id))


def _used_by(
    session: Session, site: Site, answer: Answer, account_id: int | None, secret: bytes, now: dt.datetime
) -> int:
    """Check an answer, and return whose passkey it is; a refused one of a known passkey is in the log."""
    asked = challenges.take(session, secret, _using(account_id), answer.challenge, now)
    row = _answering(session, answer)
    if asked is None or row is None or account_id not in {None, row.account_id}:
        raise Refused(REFUSED)
    known = Made(row.credential, row.public_key, row.uses)
    uses = ceremonies.uses(site, asked, answer, known, verified=account_id is None)
    if uses is None:
        audit_log.write(session, now, row.account_id, "passkey refused", account=str(row.account_id))
        session.commit()
        raise Refused(REFUSED)
    row.uses = uses
    return row.account_id


def _answering(session: Session, answer: Answer) -> models.Passkey | None:
    name = ceremonies.named(answer)
    return session.get(models.Passkey, name, with_for_update=True, populate_existing=True) if name else None


def _keep(session: Session, account_id: int, made: Made, name: str, now: dt.datetime) -> None:
    locked(session, account_id)
    if len(passkeys(session, account_id)) >= MOST:
        raise Refused(ENOUGH, most=MOST)
    if session.get(models.Passkey, made.credential) is not None:
        raise Refused(ALREADY)
    row = models.Passkey(credential=made.credential, account_id=account_id, public_key=made.public_key)
    row.uses, row.name, row.added_on = made.uses, name.strip()[:LONGEST_NAME], here.day_of(now, here.zone_of(session))
    session.add(row)
    session.flush()


def _known(session: Session, account_id: int) -> list[str]:
    return [each.credential for each in passkeys(session, account_id)]


def _registering(account_id: int) -> str:
    return f"register for {account_id}"


def _using(account_id: int | None) -> str:
    return "sign in" if account_id is None else f"second step of {account_id}"
