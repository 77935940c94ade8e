"""A rehearsal: a few people answer by phone before a wave opens; at its end everything they said is deleted.

It is a wave like any other, so that what is tried is what will be used, and like none in what becomes of it: it is
never published, tells no participation, and nothing reckons with it.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.models import Person, Rehearser, Unit, Wave
from survey.services import audit_log
from survey.services.invitations import invitations
from survey.services.responses import responses
from survey.services.waves import wave_plans, waves
from survey.services.waves.sweeping import sweep_after_commit
from survey.services.words import holds

LONGEST: Final = dt.timedelta(days=7)
"""From its opening a rehearsal lasts so long at most; the next tick after it closes it."""
ENDING: Final = "-rehearsal"
FOUND: Final = 50
"""People that a search lists."""


class Somebody(msgspec.Struct, frozen=True):
    """A person of the roster who can take part: one with an e-mail address."""

    id: int
    name: str
    unit: dict[str, str]
    """The unit's name by language."""
    leads: bool


class Rehearsal(msgspec.Struct, frozen=True):
    """A rehearsal as HR sees it: nothing about answers."""

    code: str
    state: str
    closes_at: dt.datetime
    people: int
    letters_accepted: int


def plan(session: Session, of: str, now: dt.datetime, by: int | None = None, days: int = LONGEST.days) -> Wave:
    """Plan a rehearsal of a planned wave: the same questions, asked of people who are still to be chosen.

    Raises:
        Refused: there is no such plan, or it would take more than seven days, or none.
    """
    planned = waves.wave(session, of)
    if planned.state != "draft" or planned.rehearsal:
        raise Refused("A rehearsal is of a wave that is planned and not yet open: %(wave)s is none.", wave=of)
    if not 1 <= days <= LONGEST.days:
        raise Refused("A rehearsal lasts one to %(most)s days.", most=LONGEST.days)
    wave = Wave(
        code=_code(session, of),
        kind="native",
        state="draft",
        instrument_id=planned.instrument_id,
        instrument_version=planned.instrument_version,
        practices=list(planned.practices),
        extra_items=list(planned.extra_items),
        k=planned.k,
        detail_k=planned.detail_k,
        opens_at=now,
        closes_at=now + dt.timedelta(days=days),
        retention_months=1,
        rehearsal=True,
    )
    session.add(wave)
    session.flush()
    audit_log.write(session, now, by, "rehearsal planned", wave=wave.code, of=of)
    return wave


def choose(session: Session, code: str, people: Iterable[int]) -> int:
    """Let these people take part as well; return how many take part now. People without e-mail cannot.

    Raises:
        Refused: it is no rehearsal, or was opened already.
    """
    wave = _planned(session, code)
    there = set(session.scalars(select(Rehearser.person_id).where(Rehearser.wave_id == wave.id)))
    able = set(session.scalars(_reachable(Person.id).where(Person.id.in_(set(people)))))
    rows = [{"wave_id": wave.id, "person_id": person} for person in sorted(able - there)]
    if rows:
        session.execute(insert(Rehearser), rows)
    return len(there | able)


def choose_leads(session: Session, code: str) -> int:
    """Let everybody who leads a unit take part; return how many take part now."""
    return choose(session, code, session.scalars(_reachable(Person.id).where(Person.leads_code.is_not(None))).all())


def leave_out(session: Session, code: str, people: Collection[int]) -> None:
    """Take people out of a rehearsal that is not open yet."""
    wave = _planned(session, code)
    session.execute(delete(Rehearser).where(Rehearser.wave_id == wave.id, Rehearser.person_id.in_(people)))


def taking_part(session: Session, code: str) -> list[Somebody]:
    """Return who takes part, by name."""
    wave = _rehearsal(session, code)
    return _people(session, Rehearser.wave_id == wave.id, joined=True)


def search(session: Session, code: str, words: str) -> list[Somebody]:
    """Return people whose name, e-mail or number holds these words, fifty at most, without those who take part."""
    wave = _rehearsal(session, code)
    there = select(Rehearser.person_id).where(Rehearser.wave_id == wave.id)
    return _people(session, holds(words, Person.name, Person.email, Person.number) & Person.id.not_in(there))


def discard(session: Session, code: str, now: dt.datetime, by: int | None = None) -> None:
    """Throw a planned rehearsal away; raises Refused where it was opened."""
    wave_plans.discard(session, _planned(session, code).code, now, by)


def close(session: Session, wave: Wave, now: dt.datetime, by: int | None = None) -> None:
    """End an open rehearsal: answers, comments, codes and receipts are deleted at once, for the caller's transaction.

    Freed space is overwritten as soon as the session commits.
    """
    responses.throw_away(session, wave)
    wave.state, wave.pepper, wave.closes_at = "closed", None, waves.ended(wave, now)
    audit_log.write(session, now, by, "rehearsal closed", wave=wave.code)
    sweep_after_commit(session)


def is_over(wave: Wave, now: dt.datetime) -> bool:
    """Tell whether an open rehearsal is to be closed by itself, whatever end it was given."""
    return now >= min(wave.closes_at, wave.opens_at + LONGEST)


def rehearsals(session: Session, home: Path) -> list[Rehearsal]:
    """Return all rehearsals, the newest first."""
    found = session.scalars(select(Wave).where(Wave.rehearsal).order_by(Wave.opens_at.desc(), Wave.id.desc()))
    return [_told(session, wave, home) for wave in found]


def rehearsal(session: Session, code: str, home: Path) -> Rehearsal:
    """Return one rehearsal; raises Refused where there is none of this name."""
    return _told(session, _rehearsal(session, code), home)


def _told(session: Session, wave: Wave, home: Path) -> Rehearsal:
    people = select(func.count()).select_from(Rehearser).where(Rehearser.wave_id == wave.id)
    accepted = 0 if wave.state == "draft" else invitations.progress(session, wave.code, home).letters_accepted
    return Rehearsal(wave.code, wave.state, wave.closes_at, session.scalar(people) or 0, accepted)


def _rehearsal(session: Session, code: str) -> Wave:
    wave = waves.wave(session, code)
    if not wave.rehearsal:
        raise Refused("Wave %(wave)s is no rehearsal.", wave=code)
    return wave


def _planned(session: Session, code: str) -> Wave:
    _rehearsal(session, code)
    wave = waves.locked(session, code)
    if wave.state != "draft":
        raise Refused("Rehearsal %(wave)s has been opened before.", wave=code)
    return wave


def _code(session: Session, of: str) -> str:
    """Return a name that no wave has: that of the wave with an ending, and a number from the second on."""
    room = 40 - len(ENDING) - len("-99")
    names = (f"{of[:room]}{ENDING}{f'-{number}' if number > 1 else ''}" for number in range(1, 100))
    taken = set(session.scalars(select(Wave.code)))
    found = next((name for name in names if name not in taken and wave_plans.CODE.fullmatch(name)), None)
    if found is None:
        raise Refused("There are too many rehearsals of wave %(wave)s.", wave=of)
    return found


def _reachable(*columns: Any) -> Any:  # noqa: ANN401 - a select of any columns
    return select(*columns).where(Person.email.is_not(None), Person.left_on.is_(None), Person.unit_code.is_not(None))


def _people(session: Session, where: Any, *, joined: bool = False) -> list[Somebody]:  # noqa: ANN401 - a condition
    asked = _reachable(Person.id, Person.name, Unit.name_ko, Unit.name_en, Person.leads_code).join(
        Unit, Unit.code == Person.unit_code
    )
    if joined:
        asked = asked.join(Rehearser, Rehearser.person_id == Person.id)
    asked = asked.where(where).order_by(Person.name, Person.id)
    rows = session.execute(asked if joined else asked.limit(FOUND))
    return [Somebody(key, name, {"ko": ko, "en": en}, leads is not None) for key, name, ko, en, leads in rows]
