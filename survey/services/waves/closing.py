"""A wave is closed: answers are shuffled under new ids, and what joins them to codes is destroyed."""

import datetime as dt

from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.models import Wave
from survey.services import audit_log
from survey.services.here import local, zone_of
from survey.services.invitations import spares
from survey.services.responses import responses
from survey.services.waves import frozen_facts, participation, rehearsal
from survey.services.waves.sweeping import sweep_after_commit
from survey.services.waves.waves import ended, locked


def close(session: Session, code: str, now: dt.datetime, by: int | None = None, *, early: bool = False) -> Wave:
    """End a wave: answers are shuffled under new ids, codes and the key that recognises them are destroyed.

    Freed space is overwritten as soon as the session commits. `early` closes before the announced time; otherwise
    a wave closes 15 minutes after it, when the last open pages have been sent.

    Raises:
        Refused: the wave is not open, or its time is not over.
    """
    wave = locked(session, code)
    if wave.state != "open":
        raise Refused("Wave %(wave)s is not open, so it cannot be closed.", wave=code)
    if frozen_facts.promised_rehearsal(wave):
        rehearsal.close(session, wave, now, by)
        return wave
    if now < wave.closes_at + responses.GRACE and not early:
        raise Refused(
            "Wave %(wave)s was announced to be open until %(time)s; pages opened before may be sent for 15 minutes "
            "more. Close it after that, or say that you want to close it early.",
            wave=code,
            time=f"{local(wave.closes_at, zone_of(session)):%Y-%m-%d %H:%M}",
        )
    frozen_facts.tell(session, wave, now, by)
    participation.write(session, wave)
    drawing = spares.count_missing(session, wave)
    responses.shuffle(session, wave)
    wave.state, wave.pepper, wave.closes_at = "closed", None, ended(wave, now)
    act = "wave closed early" if early else "wave closed"
    audit_log.write(session, now, by, act, wave=code, spares=str(drawing.made), spares_drawn=str(drawing.drawn))
    sweep_after_commit(session)
    return wave
