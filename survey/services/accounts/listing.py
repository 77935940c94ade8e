"""The accounts as HR and auditors read them: by page, in a handful of queries however many there are."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from survey import models
from survey.services.accounts.accounts import Account
from survey.services.words import holds

PER_PAGE: Final = 50
STATES: Final = ("open", "invited", "closed")


@dataclass(frozen=True)
class Find:
    """What is looked for; "" for all."""

    words: str = ""
    role: str = ""
    state: str = ""


@dataclass(frozen=True)
class Line:
    """An account with what stands beside it."""

    account: Account
    active: bool
    signs_in: bool
    """Whether it has a password, or the company's sign-in service vouches for it."""
    second_step: bool
    letter_until: dt.datetime | None
    """Until when the newest letter that is out works; None where none is out."""


@dataclass(frozen=True)
class Listed:
    """One page of them."""

    lines: tuple[Line, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PER_PAGE))


def listed(session: Session, find: Find, page: int) -> Listed:
    """Return a page of the accounts that fit, by name."""
    fitting = _fitting(find)
    total = session.scalar(select(func.count()).select_from(fitting.subquery())) or 0
    page = min(max(page, 1), max(1, -(-total // PER_PAGE)))
    rows = session.scalars(
        fitting.order_by(models.Account.name, models.Account.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    )
    return Listed(_lines(session, rows), total, page)


def one(session: Session, account_id: int) -> Line | None:
    """Return one account; None where there is none."""
    found = session.get(models.Account, account_id)
    return _lines(session, [found])[0] if found else None


def names(session: Session) -> dict[str, str]:
    """Return the names of all accounts by their number, as the log writes it."""
    return {str(number): name for number, name in session.execute(select(models.Account.id, models.Account.name))}


def _fitting(find: Find) -> Select[models.Account]:
    fitting = select(models.Account)
    if find.words.strip():
        fitting = fitting.where(holds(find.words, models.Account.name, models.Account.email))
    if find.role:
        fitting = fitting.where(models.Account.role == find.role)
    if find.state == "closed":
        return fitting.where(~models.Account.active)
    if find.state in STATES:
        signs_in = or_(models.Account.password_hash != "", models.Account.subject.is_not(None))
        fitting = fitting.where(models.Account.active, signs_in if find.state == "open" else ~signs_in)
    return fitting


def _lines(session: Session, rows: Iterable[models.Account]) -> tuple[Line, ...]:
    accounts = list(rows)
    numbers = [account.id for account in accounts]
    units: dict[int, set[str]] = {}
    granted = select(models.Grant.account_id, models.Grant.unit_code).where(models.Grant.account_id.in_(numbers))
    for number, unit in session.execute(granted):
        units.setdefault(number, set()).add(unit)
    letters = dict(
        session.execute(
            select(models.WayIn.account_id, func.max(models.WayIn.expires_at))
            .where(models.WayIn.account_id.in_(numbers))
            .group_by(models.WayIn.account_id)
        ).all()
    )
    has_passkey = exists().where(models.Passkey.account_id == models.Account.id)
    with_passkey = set(session.scalars(select(models.Account.id).where(models.Account.id.in_(numbers), has_passkey)))
    return tuple(
        Line(
            Account(each.id, each.email, each.name, each.role, each.language, frozenset(units.get(each.id, ()))),
            each.active,
            bool(each.password_hash or each.subject),
            each.totp_secret is not None or each.id in with_passkey,
            letters.get(each.id),
        )
        for each in accounts
    )
