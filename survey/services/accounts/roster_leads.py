"""Who leads a unit of the roster gets a leader's account and a grant; grants that no longer fit are offered back."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import models
from survey.services.accounts.bulk import Batch, Given, Wanted, compare


@dataclass(frozen=True)
class Plan:
    """What the roster of today says about accounts of leaders."""

    batch: Batch
    stale: tuple[Given, ...]
    """Grants of leaders on units that they do not lead: perhaps given by hand, so none is ever taken by itself."""
    without_email: int
    """Leaders of a unit to whom no letter can be sent."""


def plan(session: Session) -> Plan:
    """Compare today's roster with the accounts of leaders; nothing is changed."""
    leads = session.execute(
        select(models.Person.email, models.Person.name, models.Person.language, models.Person.leads_code)
        .where(models.Person.leads_code.is_not(None), models.Person.email.is_not(None))
        .order_by(models.Person.leads_code, models.Person.number)
    ).all()
    without = select(func.count()).where(models.Person.leads_code.is_not(None), models.Person.email.is_(None))
    everybody = [
        Wanted((email or "").lower(), name, "leader", language, unit or "") for email, name, language, unit in leads
    ]
    backed = {(wanted.email, wanted.unit) for wanted in everybody}
    held = session.execute(
        select(models.Account.id, models.Account.email, models.Account.name, models.Grant.unit_code)
        .join(models.Grant, models.Grant.account_id == models.Account.id)
        .where(models.Account.role == "leader", models.Account.active)
        .order_by(models.Account.email, models.Grant.unit_code)
    )
    stale = tuple(Given(*row) for row in held if (row.email, row.unit_code) not in backed)
    return Plan(compare(session, everybody), stale, session.scalar(without) or 0)
