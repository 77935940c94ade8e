"""Spare codes: who lost her letter gets one from the unit's counted pool. Nothing says who got one.

The pool is made at the opening (`tokens.issue`). A drawn code is taken out of it and goes straight to the person; the
gate counts as many people fewer in her unit, because she may have answered with her first code as well.
"""

import datetime as dt
from collections.abc import Callable
from random import SystemRandom
from typing import Final, TypeVar

import msgspec
from sqlalchemy import Engine, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from survey.database import reading, writing
from survey.i18n import Refused
from survey.mail import LetterRefused, MailDown
from survey.models import Person, RosterEntry, Spare, Wave, WaveUnit
from survey.services import audit_log
from survey.services.here import day_of, zone_of
from survey.services.invitations.invitations import CodeSheet
from survey.services.invitations.letters import Reader, spare
from survey.services.invitations.sending import Outbox, occasion
from survey.services.waves import waves
from survey.services.waves.sweeping import sweep_spares

LONGEST: Final = 254
"""Characters of an e-mail address, which no number exceeds."""

Made = TypeVar("Made")


class Loser(msgspec.Struct, frozen=True):
    """Somebody of the frozen roster whose letter or slip is lost."""

    reader: Reader
    """Without an address where she has none: her code is printed."""
    unit: str


class Drawing(msgspec.Struct, frozen=True):
    """How many spare codes a wave has, in the whole company: never told by person."""

    drawn: int
    made: int


def send_spare(engine: Engine, code: str, who: str, outbox: Outbox, now: dt.datetime, by: int | None = None) -> None:
    """Send a spare code to a person, named by her number or e-mail address; nobody else ever sees it.

    Where the mail server refuses the letter, or cannot be reached, nothing was drawn. Where it leaves while it takes
    the letter over, nobody can know whether the code arrived: it counts as drawn.

    Raises:
        Refused: no such person in this wave, she has no e-mail, the wave is over, the pool is empty, or the mail
            server did not take the letter.
    """
    with reading(engine) as session:
        wave = _open(session, code, now)
        person = loser(session, wave, who)
        about = occasion(session, wave, outbox.base_url)
    if not person.reader.email:
        raise Refused("%(who)s has no e-mail address: print the spare code instead.", who=who)
    with outbox.post as post:  # a server that is away is noticed before anything is taken
        taken = _take(engine, code, person.unit, now)
        try:
            post.send(spare(about, person.reader, taken), now)
        except LetterRefused:
            _put_back(engine, code, person.unit, taken)
            raise
        except MailDown as error:
            _note(engine, code, person.unit, now, by)
            raise Refused(
                "The mail server left while it took the letter over, so nobody knows whether it arrived. The spare "
                "code counts as drawn; draw another one if no letter comes. %(why)s",
                why=error.sentence,
            ) from error
    _note(engine, code, person.unit, now, by)


def print_spare(
    engine: Engine, code: str, who: str, make: Callable[[CodeSheet], Made], now: dt.datetime, by: int | None = None
) -> Made:
    """Draw a spare code for a person without e-mail, and return the slip that `make` makes of it.

    Where the slip cannot be made, nothing was drawn: nobody has seen the code.

    Raises:
        Refused: no such person in this wave, she has e-mail, the wave is over, or the pool is empty.
    """
    with reading(engine) as session:
        wave = _open(session, code, now)
        person = loser(session, wave, who)
        unit = session.get_one(WaveUnit, (wave.id, person.unit))
        last = day_of(wave.closes_at, zone_of(session))
    if person.reader.email:
        raise Refused("%(who)s has an e-mail address: the spare code goes there, and nobody else sees it.", who=who)
    taken = _take(engine, code, person.unit, now)
    try:
        made = make(CodeSheet(code, unit.code, {"ko": unit.name_ko, "en": unit.name_en}, (taken,), last))
    except BaseException:
        _put_back(engine, code, person.unit, taken)
        raise
    _note(engine, code, person.unit, now, by)
    return made


def loser(session: Session, wave: Wave, who: str) -> Loser:
    """Return a person of a wave's frozen roster by her number or e-mail address; raises Refused for anybody else."""
    typed = who.strip()
    if not typed or len(typed) > LONGEST or not typed.isprintable():
        raise Refused("Write the number or the e-mail address of a person as it stands in the roster.")
    found = session.execute(
        select(Person.id, Person.name, Person.email, RosterEntry.language, RosterEntry.report_unit)
        .join(RosterEntry, RosterEntry.person_id == Person.id)
        .where(RosterEntry.wave_id == wave.id, Person.left_on.is_(None))
        .where(or_(Person.number == typed, func.lower(Person.email) == typed.lower()))
        .order_by(Person.number != typed)  # somebody's number might read like somebody else's address
    ).first()
    if found is None:
        raise Refused(
            "%(who)s is not in the roster of wave %(wave)s. Write the number or the e-mail address as it stands in the "
            "roster; whoever came after the opening waits for the next wave.",
            who=who,
            wave=wave.code,
        )
    return Loser(Reader(found.id, found.name, found.email or "", found.language), found.report_unit)


def count_missing(session: Session, wave: Wave) -> Drawing:
    """Count what left the pools as drawn, for the closing transaction; return how many were made and drawn.

    A drawing that was killed between taking a code and noting it may have sent it: it counts.
    """
    left = dict(
        session.execute(
            select(Spare.report_unit, func.count()).where(Spare.wave_id == wave.id).group_by(Spare.report_unit)
        ).all()
    )
    for unit in session.scalars(select(WaveUnit).where(WaveUnit.wave_id == wave.id, WaveUnit.spares > 0)):
        unit.spares_drawn = max(unit.spares_drawn, unit.spares - left.get(unit.code, 0))
    session.flush()
    return drawing(session, wave)


def drawing(session: Session, wave: Wave) -> Drawing:
    """Return how many spare codes were drawn and made in a wave."""
    sums = select(func.coalesce(func.sum(WaveUnit.spares_drawn), 0), func.coalesce(func.sum(WaveUnit.spares), 0))
    return Drawing(*session.execute(sums.where(WaveUnit.wave_id == wave.id)).one())


def _open(session: Session, code: str, now: dt.datetime) -> Wave:
    wave = waves.wave(session, code)
    if wave.state != "open" or now >= wave.closes_at:
        raise Refused("Wave %(wave)s takes no answers now: there are no spare codes to draw.", wave=code)
    return wave


def _take(engine: Engine, code: str, unit: str, now: dt.datetime) -> str:
    """Take a code out of a unit's pool; from here on it is nobody else's, whatever happens to this process."""
    with writing(engine) as session:
        waves.locked(session, code)  # waits for another drawing and for a close that is under way
        wave = _open(session, code, now)
        pool = session.scalars(select(Spare.code).where(Spare.wave_id == wave.id, Spare.report_unit == unit)).all()
        if not pool:
            raise Refused("All spare codes of this group have been drawn, and no more can be made in this wave.")
        taken = SystemRandom().choice(pool)
        session.execute(delete(Spare).where(Spare.code == taken))
    sweep_spares(engine)
    return taken


def _note(engine: Engine, code: str, unit: str, now: dt.datetime, by: int | None) -> None:
    """Count a code that went out, and log it without a word of whom it was for; the close has counted it otherwise."""
    with writing(engine) as session:
        wave = waves.locked(session, code)
        if wave.state == "open":
            drawn = update(WaveUnit).where(WaveUnit.wave_id == wave.id, WaveUnit.code == unit)
            session.execute(drawn.values(spares_drawn=WaveUnit.spares_drawn + 1))
            audit_log.write(session, now, by, "spare code drawn", wave=code, unit=unit, count="1")


def _put_back(engine: Engine, code: str, unit: str, taken: str) -> None:
    """Undo a taking whose letter was refused, or whose slip could not be made; a wave closed meanwhile has no pool."""
    with writing(engine) as session:
        wave = waves.locked(session, code)
        if wave.state == "open":
            session.execute(insert(Spare).values(code=taken, wave_id=wave.id, report_unit=unit))
