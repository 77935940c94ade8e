"""The one company of this installation: its names, its language, its word for a unit."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Final
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from survey import models
from survey.i18n import LANGUAGES, Refused
from survey.services import audit_log

UNIT_WORDS: Final = ("team", "store", "department")
SECOND_STEPS: Final = ("everybody", "hr", "nobody")
LONGEST_NAME: Final = 200


@dataclass(frozen=True)
class Company:
    """The facts of the company."""

    name_ko: str
    name_en: str
    language: str = "ko"
    """What pages and letters start with: "ko" or "en"."""
    unit_word: str = "team"
    demo: bool = False
    """True for made-up data: every page and PDF says so."""
    time_zone: str = "Asia/Seoul"
    """In which days begin and end, by its name in the IANA database."""
    second_step: str = "everybody"
    """Who signs in with a second step beside the password: "everybody", "hr" (and auditors), "nobody"."""

    def name(self, language: str) -> str:
        """Return the company's name in `language`."""
        return self.name_ko if language == "ko" else self.name_en


def company(session: Session) -> Company:
    """Return the company.

    Raises:
        Refused: none was named yet.
    """
    kept = session.get(models.Company, 1)
    if kept is None:
        raise Refused("No company has been named yet. Run: survey init --name-ko NAME --name-en NAME")
    return Company(
        kept.name_ko, kept.name_en, kept.language, kept.unit_word, kept.demo, kept.time_zone, kept.second_step
    )


def change_company(session: Session, facts: Company, now: dt.datetime, by: int | None) -> None:
    """Name the company, or change what is said of it; the log says what became of it.

    Raises:
        Refused: one of the facts cannot be, or was promised to those who answer the open wave.
    """
    kept = session.get(models.Company, 1)
    before = asdict(company(session)) if kept else {}
    set_company(session, facts)
    changed = {name: str(value) for name, value in asdict(facts).items() if before.get(name) != value}
    if changed:
        act = "company changed" if kept else "company named"
        audit_log.write(session, now, by, act, **(changed if kept else {}))


def set_company(session: Session, facts: Company) -> None:
    """Name the company, or rename it; what was published keeps the old name.

    Raises:
        Refused: a name is empty or too long, the language, the word for a unit, the time zone or the rule unknown.
    """
    for name in (facts.name_ko, facts.name_en):
        if not 0 < len(name.strip()) <= LONGEST_NAME:
            raise Refused("A company's name has 1 to %(longest)s characters.", longest=LONGEST_NAME)
    if facts.language not in LANGUAGES:
        raise Refused("The language is ko or en, not %(language)s.", language=facts.language)
    if facts.unit_word not in UNIT_WORDS:
        raise Refused("The word for a unit is team, store or department, not %(word)s.", word=facts.unit_word)
    if facts.second_step not in SECOND_STEPS:
        raise Refused("The second step is for everybody, hr or nobody, not %(who)s.", who=facts.second_step)
    if facts.time_zone not in available_timezones():
        raise Refused("There is no time zone %(zone)s. Write one such as Asia/Seoul.", zone=facts.time_zone)
    kept = models.Company(id=1, name_ko=facts.name_ko.strip(), name_en=facts.name_en.strip())
    kept.language, kept.unit_word, kept.demo = facts.language, facts.unit_word, facts.demo
    kept.time_zone, kept.second_step = facts.time_zone, facts.second_step
    session.merge(kept)
    session.flush()
