"""Grants: what part of the tree a leader or an observer may see, given and taken back."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused, Sentence
from survey.services import audit_log
from survey.services.accounts.accounts import Account, known, locked, value
from survey.services.words import holds

HOLDERS: Final = frozenset({"leader", "observer"})
"""The roles that see the units granted to them; HR see all units, auditors none."""
NEEDLESS: Final[Mapping[str, Sentence]] = {
    "hr": Sentence("%(email)s is an account of HR, who see every unit: it needs no grant."),
    "auditor": Sentence("%(email)s is an account of an auditor, who sees no results: it takes no grant."),
}


def give(session: Session, email: str, codes: Collection[str], now: dt.datetime, by: int | None = None) -> Account:
    """Let a leader or an observer see units and everything below them; what was granted before stays.

    Raises:
        Refused: there is no such account or unit, or the role needs no grant.
    """
    account = locked(session, known(session, email).id)
    if account.role not in HOLDERS:
        raise Refused(NEEDLESS[account.role], email=account.email)
    there = set(session.scalars(select(models.Unit.code).where(models.Unit.code.in_(codes))))
    if missing := sorted(set(codes) - there):
        raise Refused("There is no unit %(unit)s. Import the roster first, or mend the code.", unit=missing[0])
    for code in sorted(there - value(session, account).units):
        session.add(models.Grant(account_id=account.id, unit_code=code))
        audit_log.write(session, now, by, "unit granted", account=str(account.id), unit=code)
    session.flush()
    return value(session, account)


def take(session: Session, email: str, codes: Collection[str], now: dt.datetime, by: int | None = None) -> Account:
    """Take grants back; a unit that lies below another granted one can still be seen.

    Raises:
        Refused: there is no such account, or it has no such grant.
    """
    account = locked(session, known(session, email).id)
    for code in sorted(set(codes)):
        ours = (models.Grant.account_id == account.id) & (models.Grant.unit_code == code)
        if session.execute(delete(models.Grant).where(ours).returning(models.Grant.unit_code)).one_or_none() is None:
            raise Refused("%(email)s has no grant on %(unit)s.", email=account.email, unit=code)
        audit_log.write(session, now, by, "grant removed", account=str(account.id), unit=code)
    session.expire_all()
    return value(session, account)


def take_all(session: Session, account: models.Account, now: dt.datetime, by: int | None) -> None:
    """Take every grant back, as when a role changes to one that needs none."""
    take(session, account.email, value(session, account).units, now, by)


def units_like(session: Session, words: str, most: int) -> list[models.Unit]:
    """Return units of today's tree whose code or name holds `words`; those at the top where no words are given."""
    units = select(models.Unit).order_by(models.Unit.parent_code.is_not(None), models.Unit.code).limit(most)
    if not words.strip():
        top = select(models.Unit.code).where(models.Unit.parent_code.is_(None)).scalar_subquery()
        return list(session.scalars(units.where(or_(models.Unit.code == top, models.Unit.parent_code == top))))
    return list(session.scalars(units.where(holds(words, models.Unit.code, models.Unit.name_ko, models.Unit.name_en))))


def names(session: Session, codes: Collection[str]) -> dict[str, dict[str, str]]:
    """Return the names of units that are in today's tree, by code and language."""
    rows = session.execute(
        select(models.Unit.code, models.Unit.name_ko, models.Unit.name_en).where(models.Unit.code.in_(codes))
    )
    return {code: {"ko": ko, "en": en} for code, ko, en in rows}
