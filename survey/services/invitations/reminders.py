"""Reminders: two at most, to everybody who got a letter, because nobody knows who has answered.

Each is a reply to the letter that holds the code. What is kept is how many a person got, and in the audit log when
a run began and how many letters it sent.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

import msgspec
from sqlalchemy import Engine, Select, func, select, update
from sqlalchemy.orm import Session

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import AuditEntry, Invitation, Person, RosterEntry, Wave
from survey.services import audit_log
from survey.services.filing import files
from survey.services.here import day_of, zone_of
from survey.services.invitations.letters import MOST_REMINDERS, Reader, reminder
from survey.services.invitations.sending import Outbox, Sending, occasion, send_each
from survey.services.waves import waves

DAYS: Final = (3, 5)
"""After the opening, for the first and the second reminder."""
APART: Final = 2
"""Days between the two, at least."""
BEGUN: Final = "reminders begun"


class Due(msgspec.Struct, frozen=True):
    """Which reminder comes next, when, and for how many."""

    number: int
    """1 or 2; 0 where none is left to send."""
    on: dt.date
    """The first day here on which it may go out; the day of the opening where `number` is 0."""
    waiting: int
    """People who have not got it."""
    sent: int
    """How many reminders have gone out: 0, 1 or 2."""
    letters: int
    """People who got the letter with their code, and have not left since."""


def due(session: Session, wave: Wave, now: dt.datetime) -> Due:
    """Return which reminder is next: the second one once it is due and a first one went out, else the first."""
    zone = zone_of(session)
    opened = day_of(wave.opens_at, zone)
    sent = session.scalar(select(func.max(Invitation.reminders)).where(Invitation.wave_id == wave.id)) or 0
    first, both, everybody = _waiting(session, wave)
    second = max(opened + dt.timedelta(DAYS[1]), _begun(session, wave, 1) + dt.timedelta(APART))
    if first and (not sent or day_of(now, zone) < second):
        return Due(1, opened + dt.timedelta(DAYS[0]), first, sent, everybody)
    if both and sent:
        return Due(MOST_REMINDERS, second, both, sent, everybody)
    return Due(0, opened, 0, sent, everybody)


def send_reminders(
    engine: Engine,
    code: str,
    outbox: Outbox,
    now: dt.datetime,
    *,
    each: Callable[[int, int], None] = lambda _done, _all: None,
    by: int | None = None,
) -> Sending:
    """Send the reminder that is due to everybody who has not got it; run it again after a failure.

    Raises:
        Refused: too early, a third time, after the end, nobody got a letter, or another run is under way.
    """
    with files.alone(outbox.home / "reminders.lock"):
        with reading(engine) as session:
            wave = waves.wave(session, code)
            number = require_due(session, wave, now).number
            about, days = occasion(session, wave, outbox.base_url), _readers(session, wave, number)
        facts = {"wave": code, "number": str(number)}
        with writing(engine) as session:  # first, so that a run that is killed has its day as well
            audit_log.write(session, now, by, BEGUN, **facts)

        def hand_over(reader: Reader) -> None:
            outbox.post.send(reminder(about, reader, days[reader], number), now)
            with writing(engine) as session:
                _note(session, wave, reader.person, number)

        sending = send_each(outbox.post, list(days), hand_over, each)
        with writing(engine) as session:
            audit_log.write(session, now, by, "reminders sent", **facts, **sending.facts)
        return sending


def require_due(session: Session, wave: Wave, now: dt.datetime) -> Due:
    """Return the reminder that may go out now; raises Refused where none may."""
    if wave.state != "open" or now >= wave.closes_at:
        raise Refused("Wave %(wave)s takes no answers now: nobody is reminded.", wave=wave.code)
    found = due(session, wave, now)
    if not found.number and not found.sent:
        raise Refused("Nobody has got a letter in wave %(wave)s: there is nothing to remind of.", wave=wave.code)
    if not found.number:
        raise Refused("Everybody has been reminded twice in wave %(wave)s, and that is all.", wave=wave.code)
    if day_of(now, zone_of(session)) < found.on:
        raise Refused(
            "The next reminder of wave %(wave)s may go out from %(day)s on.", wave=wave.code, day=found.on.isoformat()
        )
    return found


def _readers(session: Session, wave: Wave, number: int) -> dict[Reader, dt.date]:
    """Return who has not got this reminder, with the day of her letter, in the order of the roster."""
    rows = session.execute(
        _with_letter(wave, number, Person.id, Person.name, Person.email, RosterEntry.language, Invitation.sent_on)
        .join(
            RosterEntry, (RosterEntry.wave_id == Invitation.wave_id) & (RosterEntry.person_id == Invitation.person_id)
        )
        .order_by(Person.id)
    )
    return {Reader(person, name, email, language): sent_on for person, name, email, language, sent_on in rows}


def _waiting(session: Session, wave: Wave) -> tuple[int, int, int]:
    """Return how many have not got the first reminder, how many not the second, and how many got a letter at all."""
    counts = (func.count().filter(Invitation.reminders < number) for number in (1, MOST_REMINDERS))
    first, both, everybody = session.execute(_with_letter(wave, MOST_REMINDERS + 1, *counts, func.count())).one()
    return first, both, everybody


def _with_letter(wave: Wave, number: int, *columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of any type
    """Select those whose letter was accepted and who have not got reminder `number`."""
    return (
        select(*columns)
        .select_from(Invitation)
        .join(Person, Person.id == Invitation.person_id)
        .where(Invitation.wave_id == wave.id, Invitation.sent_on.is_not(None), Invitation.reminders < number)
        .where(Person.email.is_not(None), Person.left_on.is_(None))
    )


def _note(session: Session, wave: Wave, person: int, number: int) -> None:
    got = update(Invitation).where(Invitation.wave_id == wave.id, Invitation.person_id == person)
    session.execute(got.values(reminders=number))


def _begun(session: Session, wave: Wave, number: int) -> dt.date:
    """Return the day on which a run of this reminder began last; the day of the opening where none did."""
    log = session.scalars(
        select(AuditEntry).where(AuditEntry.act == BEGUN, AuditEntry.at >= wave.opens_at).order_by(AuditEntry.id)
    )
    mine = [entry.at for entry in log if entry.facts == {"wave": wave.code, "number": str(number)}]
    return day_of((mine or [wave.opens_at])[-1], zone_of(session))
