"""The second step of signing in: who has to take one, who has one, and what becomes of it.

An authenticator app (`authenticator`) and passkeys (`passkeys`) are ways to take it; recovery codes stand in for a lost
one.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused
from survey.services import audit_log
from survey.services.accounts import recovery_codes, sign_ins, waiting
from survey.services.accounts.accounts import Account, known, value

MUST: Final = {
    "everybody": frozenset({"hr", "auditor", "leader", "observer"}),
    "hr": frozenset({"hr", "auditor"}),
    "nobody": frozenset[str](),
}
"""Which roles need a second step, by the company's rule."""


@dataclass(frozen=True)
class SecondStep:
    """What an account can take its second step with."""

    authenticator: bool
    passkeys: int
    recovery_codes: int
    demanded: bool
    """Whether the company's rule demands a second step of this account."""

    @property
    def ready(self) -> bool:
        """Tell whether there is one."""
        return self.authenticator or self.passkeys > 0

    @property
    def last(self) -> bool:
        """Tell whether there is only one way left, and the rule demands it: it cannot be removed."""
        return self.demanded and self.authenticator + self.passkeys == 1


def of(session: Session, account_id: int) -> SecondStep:
    """Return what an account can take its second step with."""
    account = session.get_one(models.Account, account_id)
    passkeys = session.scalar(
        select(func.count()).select_from(models.Passkey).where(models.Passkey.account_id == account_id)
    )
    left = recovery_codes.left(session, account_id)
    return SecondStep(account.totp_secret is not None, passkeys or 0, left, demanded(session, account.role))


def demanded(session: Session, role: str) -> bool:
    """Tell whether the company's rule demands a second step of a role; before there is a company, of everybody."""
    rule = session.scalar(select(models.Company.second_step))
    return role in MUST[rule or "everybody"]


def is_asked(session: Session, account_id: int) -> bool:
    """Tell whether the password alone does not open the door: there is a second step, or there has to be one."""
    found = of(session, account_id)
    return found.ready or found.demanded


def reset(session: Session, email: str, now: dt.datetime, by: int | None = None) -> Account:
    """Take everything of somebody's second step away, and sign her out everywhere: she sets it up anew.

    Raises:
        Refused: there is no such account.
    """
    account = known(session, email)
    account.totp_secret = None
    session.execute(delete(models.Passkey).where(models.Passkey.account_id == account.id))
    recovery_codes.forget(session, account.id)
    waiting.forget(account)
    sign_ins.sign_out_everywhere(session, account.id)
    audit_log.write(session, now, by, "second step reset", account=str(account.id))
    return value(session, account)


def require_another(session: Session, account_id: int) -> None:
    """Raise Refused where this is the account's last way, and the rule demands one."""
    if of(session, account_id).last:
        raise Refused(
            "This is your only second step, and your company asks for one. Set up another first, then remove this one."
        )


def forget_codes_without_a_step(session: Session, account_id: int) -> None:
    """Forget the recovery codes where nothing is left that they could stand in for."""
    if not of(session, account_id).ready:
        recovery_codes.forget(session, account_id)
