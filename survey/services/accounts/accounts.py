"""Who signs in, and what part of the tree they may see. Respondents have no account."""

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import LANGUAGES, Refused, Sentence

ROLES: Final = ("hr", "leader")
SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 512
STAYS: Final = dt.timedelta(hours=12)
FREE_TRIES: Final = 3
LONGEST_WAIT: Final = 900
"""Seconds."""
WRONG: Final = Sentence(
    "The e-mail address or the password is wrong. After several wrong tries, wait up to 15 minutes before the next."
)

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
    """Codes of the units granted; what lies below them is meant too. Empty for HR, who see all."""


def create_account(session: Session, email: str, name: str, role: str, password: str, language: str = "ko") -> Account:
    """Make an account.

    Raises:
        Refused: the address is taken or none, the role or language unknown, the password too short.
    """
    address = email.strip().lower()
    if not _EMAIL.fullmatch(address):
        raise Refused("%(email)s is not an e-mail address.", email=email)
    if not name.strip():
        raise Refused("An account needs a name.")
    if role not in ROLES:
        raise Refused("The role is hr or leader, not %(role)s.", role=role)
    if language not in LANGUAGES:
        raise Refused("The language is ko or en, not %(language)s.", language=language)
    if _by_email(session, address):
        raise Refused("%(email)s has an account already.", email=address)
    made = models.Account(email=address, name=name.strip(), role=role, language=language)
    made.password_hash = _hashed(password)
    session.add(made)
    session.flush()
    return _value(session, made)


def set_password(session: Session, email: str, password: str) -> Account:
    """Give an account a new password, end its waiting time, and sign it out everywhere.

    Raises:
        Refused: there is no such account, or the password is too short.
    """
    account = _known(session, email)
    account.password_hash = _hashed(password)
    account.failures, account.locked_until = 0, None
    session.execute(delete(models.SignIn).where(models.SignIn.account_id == account.id))
    return _value(session, account)


def sign_in(session: Session, email: str, password: str, now: dt.datetime) -> str:
    """Check a password and return the secret for the browser's cookie, of which only the hash is kept.

    Each try is counted before the password is looked at, so that many at once gain nothing; the count is committed,
    so that hashing holds no lock and a refusal cannot undo it. An unknown address takes as long as a known one.

    Raises:
        Refused: with the one sentence for every reason.
    """
    account = _by_email(session, email.strip().lower(), lock=True)
    waits = account is not None and account.locked_until is not None and now < account.locked_until
    if account and not waits:
        account.failures += 1
        account.locked_until = _wait_until(now, account.failures)
    known = account.password_hash if account and not waits else _nobody()
    session.commit()
    if not _fits(known, password) or account is None or waits:
        raise Refused(WRONG)
    account.failures, account.locked_until = 0, None
    if _hasher().check_needs_rehash(known):
        account.password_hash = _hashed(password)
    return _let_in(session, account.id, now)


def account_of(session: Session, cookie_secret: str, now: dt.datetime) -> Account | None:
    """Return whose browser it is; None for an unknown or expired secret."""
    found = session.execute(
        select(models.Account)
        .join(models.SignIn, models.SignIn.account_id == models.Account.id)
        .where(models.SignIn.hash == _hash_of(cookie_secret), models.SignIn.expires_at > now)
    ).scalar_one_or_none()
    return _value(session, found) if found else None


def sign_out(session: Session, cookie_secret: str) -> None:
    """Forget a browser."""
    session.execute(delete(models.SignIn).where(models.SignIn.hash == _hash_of(cookie_secret)))


def grant(session: Session, email: str, unit_code: str) -> Account:
    """Let a leader's account see a unit and everything below it.

    Raises:
        Refused: there is no such account or unit, or the account is HR's, who see all.
    """
    account = _known(session, email)
    if account.role != "leader":
        raise Refused("%(email)s is an account of HR, who see every unit: it needs no grant.", email=account.email)
    if session.get(models.Unit, unit_code) is None:
        raise Refused("There is no unit %(unit)s. Import the roster first, or mend the code.", unit=unit_code)
    session.merge(models.Grant(account_id=account.id, unit_code=unit_code))
    session.flush()
    return _value(session, account)


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


def _by_email(session: Session, address: str, *, lock: bool = False) -> models.Account | None:
    query = select(models.Account).where(models.Account.email == address)
    return session.scalar(query.with_for_update() if lock else query)


def _known(session: Session, email: str) -> models.Account:
    account = _by_email(session, email.strip().lower())
    if account is None:
        raise Refused("Nobody has an account with the address %(email)s.", email=email)
    return account


def _value(session: Session, kept: models.Account) -> Account:
    units = session.scalars(select(models.Grant.unit_code).where(models.Grant.account_id == kept.id))
    return Account(kept.id, kept.email, kept.name, kept.role, kept.language, frozenset(units))


def _wait_until(now: dt.datetime, failures: int) -> dt.datetime | None:
    if failures < FREE_TRIES:
        return None
    return now + dt.timedelta(seconds=min(2 ** min(failures - FREE_TRIES, 30), LONGEST_WAIT))


def _let_in(session: Session, account_id: int, now: dt.datetime) -> str:
    secret = secrets.token_urlsafe(32)
    session.execute(delete(models.SignIn).where(models.SignIn.expires_at <= now))
    session.add(models.SignIn(hash=_hash_of(secret), account_id=account_id, expires_at=now + STAYS))
    session.flush()
    return secret


def _hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _hashed(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Refused("A password has at least %(shortest)s characters. Use a few words.", shortest=SHORTEST_PASSWORD)
    return _hasher().hash(password)


def _fits(known: str, password: str) -> bool:
    try:
        return _hasher().verify(known, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    # The hash of a password that nobody knows: checking against it costs what checking a real one costs.
    return _hasher().hash(secrets.token_urlsafe(32))
