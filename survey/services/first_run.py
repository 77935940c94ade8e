"""The first run: from an empty database to somebody of HR who can sign in, in steps that can be left and resumed.

Until there is an account, whoever holds the set-up code may go on. The code is made of the installation's secret, so it
is kept nowhere, is the same after every restart, and is good for nothing once somebody has an account.
"""

import datetime as dt
import hmac
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused
from survey.services import audit_log, company, mail_server
from survey.services.accounts import accounts, second_step
from survey.services.accounts.accounts import Account
from survey.services.company import Company
from survey.services.invitations import codes
from survey.settings import Settings

STEPS: Final = ("company", "account", "second_step", "mail")


@dataclass(frozen=True)
class Progress:
    """Which steps are done."""

    company: bool
    account: bool
    second_step: bool
    mail: bool

    @property
    def next(self) -> str:
        """The first step that is not done; "done" where all are."""
        return next((step for step in STEPS if not getattr(self, step)), "done")


def code(secret: bytes) -> str:
    """Return the set-up code of an installation: 80 bits in four groups.

    >>> len(code(bytes(32))), code(bytes(32)) == code(bytes(31) + b"x")
    (19, False)
    """
    digest = hmac.new(secret, b"survey first run", sha256).digest()
    return codes.grouped(codes.spell(int.from_bytes(digest), codes.LENGTH))


def fits(secret: bytes, typed: str) -> bool:
    """Tell whether the set-up code was typed.

    >>> fits(bytes(32), code(bytes(32)).lower()), fits(bytes(32), "")
    (True, False)
    """
    found = codes.read(typed)
    return found is not None and hmac.compare_digest(codes.grouped(found), code(secret))


def is_open(session: Session) -> bool:
    """Tell whether nobody has an account yet, so that the set-up code is good."""
    return session.scalar(select(models.Account.id).limit(1)) is None


def progress(session: Session, settings: Settings, account_id: int | None) -> Progress:
    """Return which steps are done, of them the second one for this account."""
    kept = session.get(models.Company, 1)
    step = second_step.of(session, account_id) if account_id is not None else None
    return Progress(
        company=kept is not None,
        account=not is_open(session),
        second_step=step is not None and (step.ready or not step.demanded),
        mail=mail_server.mail(session, settings).decided,
    )


def named(session: Session) -> Company | None:
    """Return the company; None before it was named."""
    try:
        return company.company(session)
    except Refused:
        return None


def make_first_account(  # noqa: PLR0913 - who it is, when, and what has leaked
    session: Session,
    email: str,
    name: str,
    password: str,
    language: str,
    now: dt.datetime,
    *,
    breached: Path | None = None,
) -> Account:
    """Make the account of the first person of HR; of two browsers that try at once, one does.

    Raises:
        Refused: somebody has an account already, or one of the facts cannot be.
        SettingsError: the operator's list of `breached` passwords cannot be read.
    """
    audit_log.take_turns(session)
    if not is_open(session):
        raise Refused("Somebody has set up this installation in the meantime. Sign in with the account that was made.")
    account = accounts.create_account(session, email, name, "hr", password, language, breached=breached)
    audit_log.write(session, now, account.id, "account made", account=str(account.id), role=account.role)
    return account
