"""Many accounts and grants at once, from the roster or a file: compared with what there is, shown, then carried out."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused, Sentence
from survey.services import audit_log
from survey.services.accounts import roles

CHANGED: Final = Sentence("The roster or the accounts have changed meanwhile. Look at the list again.")
CLOSED: Final = Sentence("The account is closed. Open it again first.")
OTHER_ROLE: Final = Sentence("The account has another role: %(role)s. It is left as it is.")


@dataclass(frozen=True)
class Wanted:
    """Somebody who should be able to sign in and see a unit; "" where the role needs none."""

    email: str
    name: str
    role: str
    language: str
    unit: str


@dataclass(frozen=True)
class Given:
    """A grant on an account that there is, given or to be taken back."""

    account: int
    email: str
    name: str
    unit: str


@dataclass(frozen=True)
class LeftAlone:
    """Somebody whose account there is and stays as it is, and why."""

    wanted: Wanted
    why: Sentence


@dataclass(frozen=True)
class Batch:
    """What would be done."""

    accounts: tuple[tuple[Wanted, tuple[str, ...]], ...] = ()
    """New accounts, each with the units that it may see."""
    grants: tuple[Given, ...] = ()
    left_alone: tuple[LeftAlone, ...] = ()

    @property
    def digest(self) -> str:
        """Name the batch, so that what was looked at is what is carried out."""
        new = [[wanted.email, wanted.name, wanted.role, wanted.language, *units] for wanted, units in self.accounts]
        given = [[each.email, each.unit] for each in self.grants]
        return hashlib.sha256(json.dumps([new, given], ensure_ascii=False).encode()).hexdigest()

    def __bool__(self) -> bool:
        return bool(self.accounts or self.grants)


@dataclass
class _Sorted:
    new: dict[str, tuple[Wanted, list[str]]] = field(default_factory=dict)
    given: list[Given] = field(default_factory=list)
    left: list[LeftAlone] = field(default_factory=list)


def compare(session: Session, everybody: Iterable[Wanted]) -> Batch:
    """Return what it takes so that everybody has an account and a grant, in three queries however many they are."""
    accounts = {account.email: account for account in session.scalars(select(models.Account))}
    granted = {(grant.account_id, grant.unit_code) for grant in session.scalars(select(models.Grant))}
    found = _Sorted()
    for wanted in everybody:
        account = accounts.get(wanted.email)
        if account is None:
            _, units = found.new.setdefault(wanted.email, (wanted, []))
            units += [wanted.unit] * bool(wanted.unit and wanted.unit not in units)
        elif not account.active:
            found.left.append(LeftAlone(wanted, CLOSED))
        elif account.role != wanted.role:
            found.left.append(LeftAlone(wanted, OTHER_ROLE.fill(role=roles.NAMES[account.role])))
        elif wanted.unit and (account.id, wanted.unit) not in granted:
            granted.add((account.id, wanted.unit))
            found.given.append(Given(account.id, account.email, account.name, wanted.unit))
    new = tuple((wanted, tuple(units)) for wanted, units in found.new.values())
    return Batch(new, tuple(found.given), tuple(found.left))


def carry_out(session: Session, batch: Batch, seen: str | None, now: dt.datetime, by: int | None = None) -> None:
    """Make the accounts and give the grants of a batch that was looked at; the letters leave in a run afterwards.

    Raises:
        Refused: it is another batch than the one that was looked at.
    """
    if batch.digest != seen:
        raise Refused(CHANGED)
    audit_log.take_turns(session)
    made = [models.Account(email=each.email, name=each.name, role=each.role, language=each.language, password_hash="")
            for each, _ in batch.accounts]  # fmt: skip
    session.add_all(made)
    session.flush()
    for account, (_, units) in zip(made, batch.accounts, strict=True):
        audit_log.write(session, now, by, "account made", account=str(account.id), role=account.role)
        _grant(session, account.id, units, now, by)
    for given in batch.grants:
        _grant(session, given.account, (given.unit,), now, by)


def _grant(session: Session, account_id: int, units: Sequence[str], now: dt.datetime, by: int | None) -> None:
    for unit in units:
        session.add(models.Grant(account_id=account_id, unit_code=unit))
        audit_log.write(session, now, by, "unit granted", account=str(account_id), unit=unit)
