"""What HR does with accounts: make one, change it, close it and open it again, sign it out everywhere.

Whoever changes whose account this is takes turns with everybody else who writes to the log, so that two browsers cannot
take the last account of HR away together.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.services import audit_log
from survey.services.accounts import accounts, grants, sign_ins
from survey.services.accounts.accounts import ROLES, Account, clean_name, value

OWN: Final = Sentence("This is your own account: somebody else of HR has to do that.")
LAST: Final = Sentence(
    "%(email)s is the last account of HR that can sign in. Let another account of HR sign in first, so that nobody is "
    "locked out."
)
GONE: Final = Sentence("There is no such account any more.")


@dataclass(frozen=True)
class Facts:
    """What HR may change of an account."""

    name: str
    role: str
    language: str


def make(session: Session, email: str, facts: Facts, now: dt.datetime, by: int | None = None) -> Account:
    """Make an account without a password: a letter lets somebody choose one.

    Raises:
        Refused: the address is taken or none, the name, the role or the language cannot be.
    """
    made = accounts.create_account(session, email, facts.name, facts.role, None, facts.language)
    audit_log.write(session, now, by, "account made", account=str(made.id), role=made.role)
    return made


def change(session: Session, account_id: int, facts: Facts, now: dt.datetime, by: int | None = None) -> Account:
    """Change name, role and language; a role that needs no grants loses them, and a new role signs in anew.

    Raises:
        Refused: there is no such account, it is one's own or HR's last and would change its role, or a fact cannot be.
    """
    account = _turn(session, account_id)
    if facts.role not in ROLES or facts.language not in LANGUAGES:
        raise Refused("Choose a role and a language from the lists.")
    account.name, account.language = clean_name(facts.name), facts.language
    if account.role != facts.role:
        _change_role(session, account, facts.role, now, by)
    audit_log.write(session, now, by, "account changed", account=str(account.id))
    session.flush()
    return value(session, account)


def close(session: Session, account_id: int, now: dt.datetime, by: int | None = None) -> Account:
    """Close an account: its browsers are signed out at once, its letters open nothing; the log still names it.

    Raises:
        Refused: there is no such account, it is closed already, one's own, or HR's last.
    """
    account = _turn(session, account_id)
    if not account.active:
        raise Refused("The account is closed already.")
    _may_lose_hr(session, account, by)
    account.active = False
    session.execute(delete(models.WayIn).where(models.WayIn.account_id == account.id))
    sign_ins.sign_out_everywhere(session, account.id)
    audit_log.write(session, now, by, "account closed", account=str(account.id))
    return value(session, account)


def reopen(session: Session, account_id: int, now: dt.datetime, by: int | None = None) -> Account:
    """Open a closed account again, with the grants it had.

    Raises:
        Refused: there is no such account, or it is open.
    """
    account = _turn(session, account_id)
    if account.active:
        raise Refused("The account is open already.")
    account.active = True
    audit_log.write(session, now, by, "account opened again", account=str(account.id))
    return value(session, account)


def sign_out(session: Session, account_id: int, now: dt.datetime, by: int | None = None) -> Account:
    """Sign an account out everywhere.

    Raises:
        Refused: there is no such account.
    """
    account = _turn(session, account_id)
    sign_ins.sign_out_everywhere(session, account.id)
    audit_log.write(session, now, by, "signed out everywhere", account=str(account.id))
    return value(session, account)


def _turn(session: Session, account_id: int) -> models.Account:
    """Wait for one's turn, and return the account as it is then."""
    audit_log.take_turns(session)
    found = session.get(models.Account, account_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Refused(GONE)
    return found


def _change_role(session: Session, account: models.Account, role: str, now: dt.datetime, by: int | None) -> None:
    _may_lose_hr(session, account, by)
    if role not in grants.HOLDERS:
        grants.take_all(session, account, now, by)
    account.role = role
    sign_ins.sign_out_everywhere(session, account.id)
    audit_log.write(session, now, by, "role changed", account=str(account.id), role=role)


def _may_lose_hr(session: Session, account: models.Account, by: int | None) -> None:
    """Raise Refused for one's own account, and for the last of HR that can sign in."""
    if account.id == by:
        raise Refused(OWN)
    others = (
        select(func.count())
        .select_from(models.Account)
        .where(models.Account.role == "hr", models.Account.active, models.Account.id != account.id)
        .where(or_(models.Account.password_hash != "", models.Account.subject.is_not(None)))
    )
    if account.role == "hr" and account.active and not session.scalar(others):
        raise Refused(LAST, email=account.email)
