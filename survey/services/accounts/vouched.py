"""Letting in whom the company's identity provider vouches for: an account that exists, and nobody new."""

import datetime as dt
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused, Sentence
from survey.services import audit_log
from survey.services.accounts import sign_ins
from survey.services.accounts.accounts import by_email
from survey.services.accounts.openid import Identity

LONGEST_SUBJECT: Final = 512
UNKNOWN: Final = Sentence(
    "The company’s sign-in service knows you, but you have no account here that is open. Ask HR for one with the "
    "e-mail address you have there."
)
UNVERIFIED: Final = Sentence(
    "The company’s sign-in service names no e-mail address of yours that it has verified. Have it verified there, then "
    "begin again."
)
TAKEN: Final = Sentence(
    "The account with your e-mail address belongs to somebody else of the company’s sign-in service. Ask HR to look at "
    "it."
)


def sign_in(session: Session, who: Identity, now: dt.datetime) -> str:
    """Let somebody in whom the provider vouches for, and return the secret for the browser's cookie.

    The first time the verified e-mail address finds the account; from then on the provider's own name for her does,
    whatever her address becomes. A second step is the provider's business.

    Raises:
        Refused: nobody has such an account, it is closed, or it belongs to another name of the provider.
    """
    audit_log.take_turns(session)
    account = session.scalar(
        select(models.Account).where(models.Account.subject == who.subject).with_for_update()
    ) or _linked(session, who, now)
    if not account.active:
        raise Refused(UNKNOWN)
    return sign_ins.let_in(session, account.id, now, second_step=True, act="signed in by provider")


def _linked(session: Session, who: Identity, now: dt.datetime) -> models.Account:
    """Find the account by its address, and keep the provider's name for it."""
    if not who.email or len(who.subject) > LONGEST_SUBJECT:
        raise Refused(UNVERIFIED)
    account = by_email(session, who.email, lock=True)
    if account is None or not account.active:
        raise Refused(UNKNOWN)
    if account.subject is not None:
        raise Refused(TAKEN)
    account.subject = who.subject
    session.flush()
    audit_log.write(session, now, account.id, "identity provider linked", account=str(account.id))
    return account
