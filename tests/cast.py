"""The one cast of every test: a company with teams of 9, 5, 8 and 2.

    CO             Cy (HR)
    |-- SALES      Ada leads it
    |   |-- NORTH  9, Di among them
    |   `-- SOUTH  5
    `-- CARE       Bo leads it
        |-- PHONE  8
        `-- CHAT   2

Ada, Bo and Cy have accounts; so has Eve, who has no grant and must see nothing. Di has none: she answers.
"""

import csv
import datetime as dt
import io
from dataclasses import dataclass
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from sqlalchemy import insert
from sqlalchemy.orm import Session

from survey.models import Account, Company, Grant, Person, Unit

TODAY: Final = dt.date(2026, 10, 1)
NOW: Final = dt.datetime(2026, 10, 1, 9, 0)
PASSWORD: Final = "a river runs through it"
TEAMS: Final = {"NORTH": 9, "SOUTH": 5, "PHONE": 8, "CHAT": 2}


@dataclass(frozen=True)
class Place:
    """A unit of the cast's tree."""

    code: str
    parent: str
    ko: str
    en: str
    kind: str = ""


@dataclass(frozen=True)
class Member:
    """Someone who works there."""

    number: str
    name: str
    unit: str
    language: str = "ko"
    leads: str = ""

    @property
    def email(self) -> str:
        """The address letters go to."""
        return f"{self.name.lower()}@example.com"


def _team(unit: str, first: int, language: str, *names: str) -> tuple[Member, ...]:
    return tuple(Member(str(number), name, unit, language) for number, name in enumerate(names, first))


PLACES: Final = (
    Place("CO", "", "등대상사", "Lighthouse Trading"),
    Place("SALES", "CO", "영업", "Sales", "sales"),
    Place("CARE", "CO", "고객지원", "Care", "care"),
    Place("NORTH", "SALES", "북부영업", "Sales North", "sales"),
    Place("SOUTH", "SALES", "남부영업", "Sales South", "sales"),
    Place("PHONE", "CARE", "전화상담", "Care by Phone", "care"),
    Place("CHAT", "CARE", "채팅상담", "Care by Chat", "care"),
)
ADA: Final = Member("1", "Ada", "SALES", "en", leads="SALES")
BO: Final = Member("2", "Bo", "CARE", "ko", leads="CARE")
CY: Final = Member("3", "Cy", "CO")
DI: Final = Member("11", "Di", "NORTH")
OTHERS: Final = (
    *_team("NORTH", 12, "ko", "Eun", "Fay", "Gil", "Han", "Ivo", "Jin", "Kim", "Lea"),
    *_team("SOUTH", 31, "en", "Max", "Noa", "Oh", "Pia", "Qin"),
    *_team("PHONE", 51, "ko", "Rae", "Sol", "Tae", "Una", "Val", "Woo", "Xia", "Yun"),
    *_team("CHAT", 71, "ko", "Zoe", "Ahn"),
)
MEMBERS: Final = (ADA, BO, CY, DI, *OTHERS)
HEADINGS: Final = (
    *("number", "name", "email", "language", "unit", "parent"),
    *("unit_name", "unit_name_en", "kind", "leads"),
)
ACCOUNTS: Final = {"Ada": ("leader", "SALES"), "Bo": ("leader", "CARE"), "Cy": ("hr", ""), "Eve": ("leader", "")}


def roster_csv() -> bytes:
    """Return the cast as HR would upload it."""
    place = {each.code: each for each in PLACES}
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(HEADINGS)
    for member in MEMBERS:
        at = place[member.unit]
        who = (member.number, member.name, member.email, member.language)
        rows.writerow((*who, at.code, at.parent, at.ko, at.en, at.kind, member.leads))
    return text.getvalue().encode()


def load(session: Session) -> None:
    """Put company, tree, people, accounts and grants into the database, and commit."""
    session.add(
        Company(
            id=1,
            name_ko="등대상사",
            name_en="Lighthouse Trading",
            language="ko",
            unit_word="team",
            second_step="nobody",
        )
    )
    for place in PLACES:
        unit = Unit(code=place.code, parent_code=place.parent or None, name_ko=place.ko, name_en=place.en)
        unit.kind = place.kind
        session.add(unit)
        session.flush()
    session.execute(insert(Person), [_person(member) for member in MEMBERS])
    for name, (role, unit_code) in ACCOUNTS.items():
        account = Account(
            email=f"{name.lower()}@example.com", name=name, role=role, language="en", password_hash=_hash()
        )
        session.add(account)
        session.flush()
        if unit_code:
            session.add(Grant(account_id=account.id, unit_code=unit_code))
    session.commit()


def _person(member: Member) -> dict[str, object]:
    return {
        "number": member.number,
        "name": member.name,
        "email": member.email,
        "language": member.language,
        "unit_code": member.unit,
        "leads_code": member.leads or None,
        "valid_from": TODAY,
    }


@cache
def cheap_hasher() -> PasswordHasher:
    """Return a hasher as cheap as argon2 can be: what a password costs is tested with the accounts, not everywhere."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def _hash() -> str:
    return cheap_hasher().hash(PASSWORD)
