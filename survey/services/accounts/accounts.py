"""Who signs in, and what part of the tree they may see. Respondents have no account."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import LANGUAGES, Refused
from survey.mail import address as sendable
from survey.services.accounts.own_words import own_words
from survey.services.accounts.passwords import chosen
from survey.services.filing.grid import clean

ROLES: Final = ("hr", "leader", "observer", "auditor")
LONGEST_NAME: Final = 200
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


@dataclass(frozen=True)
class Account:
    """Someone who may sign in."""

    id: int
    email: str
    name: str
    role: str
    language: str
    units: frozenset[str]
    """Codes of the units granted; what lies below them is meant too. Empty for HR, who see all, and for auditors."""


def create_account(  # noqa: PLR0913 - who it is, and what has leaked
    session: Session,
    email: str,
    name: str,
    role: str,
    password: str | None,
    language: str = "ko",
    *,
    breached: Path | None = None,
) -> Account:
    """Make an account; without a password a letter lets its owner choose one.

    Raises:
        Refused: the address is taken or none, the role or language unknown, the password too short or guessable.
        SettingsError: the operator's list of `breached` passwords cannot be read.
    """
    address = clean_email(email)
    named = clean_name(name)
    if role not in ROLES:
        raise Refused("The role is hr, leader, observer or auditor, not %(role)s.", role=role)
    if language not in LANGUAGES:
        raise Refused("The language is ko or en, not %(language)s.", language=language)
    if by_email(session, address):
        raise Refused("%(email)s has an account already.", email=address)
    made = models.Account(email=address, name=named, role=role, language=language)
    own = own_words(session, address, named)
    made.password_hash = "" if password is None else chosen(password, own, breached)
    session.add(made)
    session.flush()
    return value(session, made)


def clean_email(email: str) -> str:
    """Return an address as it is kept, in lower case.

    Raises:
        Refused: no letter could be sent to it, or it would put a line of its own into a letter's head.
    """
    found = email.strip().lower()
    if not _EMAIL.fullmatch(found):
        raise Refused("%(email)s is not an e-mail address.", email=email)
    sendable(found)
    return found


def clean_name(name: str) -> str:
    """Return a name with single spaces.

    Raises:
        Refused: there is nothing to see in it, it is too long, or it holds what cannot be printed.
    """
    found = clean(name)
    if not found:
        raise Refused("An account needs a name.")
    if len(name) > LONGEST_NAME or not found.isprintable():
        raise Refused("A name has up to %(longest)s characters that can be printed.", longest=LONGEST_NAME)
    return found


def visible_units(
    account: Account, parents: Mapping[str, str | None], joined: Mapping[str, Collection[str]] = MappingProxyType({})
) -> frozenset[str]:
    """Return the units of a tree (code to parent's code) that an account may see: those granted and all below.

    `joined` names the units of joined groups: whoever may see one of them sees the group, which holds its people.

    >>> ada = Account(1, "ada@example.com", "Ada", "leader", "en", frozenset({"SALES"}))
    >>> sorted(visible_units(ada, {"CO": None, "SALES": "CO", "NORTH": "SALES", "CARE": "CO"}))
    ['NORTH', 'SALES']
    >>> bo = Account(2, "bo@example.com", "Bo", "leader", "ko", frozenset({"CHAT"}))
    >>> sorted(visible_units(bo, {"CO": None, "CARE": "CO", "CHAT+MAIL": "CARE"}, {"CHAT+MAIL": ["CHAT", "MAIL"]}))
    ['CHAT+MAIL']
    """
    if account.role == "hr":
        return frozenset(parents)
    if account.role == "auditor":
        return frozenset()
    seen = {group: True for group, members in joined.items() if not account.units.isdisjoint(members)}
    for code in parents:
        path: list[str] = []
        above: str | None = code
        while above is not None and above not in seen and above not in account.units:
            path.append(above)
            above = parents.get(above)
        answer = above is not None and (above in account.units or seen[above])
        seen.update(dict.fromkeys(path, answer))
        seen[code] = answer
    return frozenset(code for code, answer in seen.items() if answer)


def by_email(session: Session, address: str, *, lock: bool = False) -> models.Account | None:
    """Return the row of an address that is in lower case, or None; `lock` keeps others from it until the commit."""
    query = select(models.Account).where(models.Account.email == address)
    fresh = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(fresh if lock else query)


def locked(session: Session, account_id: int) -> models.Account:
    """Return the row of an account as it is now, and keep others from it until the commit."""
    return session.get_one(models.Account, account_id, with_for_update=True, populate_existing=True)


def known(session: Session, email: str) -> models.Account:
    """Return the row of an address.

    Raises:
        Refused: nobody has an account with it.
    """
    account = by_email(session, email.strip().lower())
    if account is None:
        raise Refused("Nobody has an account with the address %(email)s.", email=email)
    return account


def value(session: Session, kept: models.Account) -> Account:
    """Return what others may know of a row."""
    units = session.scalars(select(models.Grant.unit_code).where(models.Grant.account_id == kept.id))
    return Account(kept.id, kept.email, kept.name, kept.role, kept.language, frozenset(units))
