"""A later end is announced: to everybody who got a letter, as a reply to it; a run that was stopped goes on."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

import msgspec
from sqlalchemy import Engine, Select, func, select, update
from sqlalchemy.orm import Session

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import Invitation, Person, RosterEntry, Wave
from survey.services import audit_log
from survey.services.filing import files
from survey.services.invitations.letters import Reader, extension
from survey.services.invitations.sending import Outbox, Sending, occasion, send_each
from survey.services.waves import waves

ANNOUNCED: Final = "extension announced"


class Told(msgspec.Struct, frozen=True):
    """How far an announcement is."""

    letters: int
    """People who got the letter with their code, and have not left since."""
    waiting: int
    """Those of them who have not been told."""


def told(session: Session, wave: Wave) -> Told:
    """Return how many know of the later end, and how many wait to be told."""
    everybody = session.scalar(_with_letter(wave, func.count())) or 0
    waiting = session.scalar(_with_letter(wave, func.count()).where(Invitation.extension_told.is_(False))) or 0
    return Told(everybody, waiting)


def require_extended(session: Session, code: str, now: dt.datetime) -> Wave:
    """Return a wave whose extension may be announced now; raises Refused where there is nothing to tell."""
    wave = waves.wave(session, code)
    if wave.extended_from is None:
        raise Refused("Wave %(wave)s was not extended: there is nothing to announce.", wave=code)
    if wave.state != "open" or now >= wave.closes_at:
        raise Refused("Wave %(wave)s takes no answers any more: there is nothing to announce.", wave=code)
    return wave


def announce(
    engine: Engine,
    code: str,
    outbox: Outbox,
    now: dt.datetime,
    *,
    each: Callable[[int, int], None] = lambda _done, _all: None,
    by: int | None = None,
) -> Sending:
    """Tell everybody who got a letter and has not been told; run it again after a failure.

    Raises:
        Refused: the wave was not extended or is over, or another run is under way.
    """
    with files.alone(outbox.home / "extension.lock"):
        with reading(engine) as session:
            wave = require_extended(session, code, now)
            about, days = occasion(session, wave, outbox.base_url), _readers(session, wave)

        def hand_over(reader: Reader) -> None:
            outbox.post.send(extension(about, reader, days[reader]), now)
            with writing(engine) as session:
                one = (Invitation.wave_id == wave.id, Invitation.person_id == reader.person)
                session.execute(update(Invitation).where(*one).values(extension_told=True))

        sending = send_each(outbox.post, list(days), hand_over, each)
        if days:
            with writing(engine) as session:
                audit_log.write(session, now, by, ANNOUNCED, wave=code, **sending.facts)
        return sending


def _readers(session: Session, wave: Wave) -> dict[Reader, dt.date]:
    """Return who has not been told, with the day of her letter, in the order of the roster."""
    rows = session.execute(
        _with_letter(wave, Person.id, Person.name, Person.email, RosterEntry.language, Invitation.sent_on)
        .join(
            RosterEntry, (RosterEntry.wave_id == Invitation.wave_id) & (RosterEntry.person_id == Invitation.person_id)
        )
        .where(Invitation.extension_told.is_(False))
        .order_by(Person.id)
    )
    return {Reader(person, name, email, language): sent_on for person, name, email, language, sent_on in rows}


def _with_letter(wave: Wave, *columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of any type
    return (
        select(*columns)
        .select_from(Invitation)
        .join(Person, Person.id == Invitation.person_id)
        .where(Invitation.wave_id == wave.id, Invitation.sent_on.is_not(None))
        .where(Person.email.is_not(None), Person.left_on.is_(None))
    )
