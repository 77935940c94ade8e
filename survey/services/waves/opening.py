"""A wave is opened: tree, roster, thresholds and promise are frozen, and everybody gets a code."""

import datetime as dt
import secrets
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.models import Wave
from survey.services import audit_log
from survey.services.instruments import registry
from survey.services.invitations import issue_key, letter_texts, tokens
from survey.services.sealing import sealing
from survey.services.waves import frozen_facts
from survey.services.waves.extension import said
from survey.services.waves.frozen import freeze_roster, store
from survey.services.waves.waves import current, instrument_of, locked
from survey.traces import refuse_traces

PEPPER_BYTES: Final = 32
APART: Final = dt.timedelta(days=80)
"""Between the openings of two waves: a quarter (90 to 92 days) less some days, so that a wave may move within it.

What two waves differ by is the change of mind of everybody who stayed and the answers of those who came (design 6.2,
rule 9). Weeks apart nobody who stayed has changed her mind much, and the difference gives the newcomer away.
"""


def open_wave(session: Session, code: str, now: dt.datetime, home: Path, by: int | None = None) -> Wave:
    """Freeze tree, roster and thresholds and issue a code for everybody; from now on answers are accepted.

    The issue key is kept in `home`, the installation's folder, for 48 hours at most.

    Raises:
        Refused: not a draft, another wave is open, the last one opened less than a quarter ago, too few people, or a
            database that keeps the order of answers.
    """
    wave = locked(session, code)
    require_draft(session, wave, now, by)
    require_turn(session, wave, now)
    refuse_traces(session)
    sealing.begin(session, wave)
    frozen = freeze_roster(session, wave)
    instrument = instrument_of(session, wave)
    wave.instrument_version = instrument.version
    wave.pepper = secrets.token_bytes(PEPPER_BYTES)
    wave.opens_at = now
    store(session, wave, frozen)
    tokens.issue(session, wave, issue_key.create(home, wave.code), frozen.places)
    frozen_facts.seal_promise(session, wave, instrument)
    # Last: from here on the database lets nothing be loosened (`survey.models.frozen`).
    wave.state = "open"
    session.flush()
    digests = {"promise": wave.promise_digest, "frozen": wave.frozen_digest, "letters": letter_texts.digest(session)}
    invited = str(len(frozen.places))
    facts = {"wave": wave.code, "invited": invited, "closes": said(wave.closes_at)}
    audit_log.write(session, now, by, frozen_facts.OPENED, **facts, **digests)
    return wave


def first_day(session: Session) -> dt.date | None:
    """Return the first day (UTC) on which another wave can be opened; None where there was none so far."""
    # A rehearsal tells nothing that could be compared, so it keeps no wave waiting.
    real = Wave.kind == "native", Wave.state != "draft", Wave.rehearsal.is_(False)
    last = session.scalar(select(func.max(Wave.opens_at)).where(*real))
    return None if last is None else (last + APART).date()


def require_draft(session: Session, wave: Wave, now: dt.datetime, by: int | None) -> None:
    """Raise Refused, and log it, where a wave has been opened."""
    if wave.state != "draft":
        code = wave.code
        audit_log.write_apart(session, now, by, audit_log.REFUSED, what="wave", wave=code)
        raise Refused("Wave %(wave)s has been opened before.", wave=code)


def require_turn(session: Session, wave: Wave, now: dt.datetime) -> None:
    """Raise Refused where another wave is open, it is too soon after one, it would be over, or it cannot be asked."""
    other = current(session)
    if other is not None:
        raise Refused("Wave %(wave)s is open. Close it first: one wave is open at a time.", wave=other.code)
    if not wave.rehearsal and (first := first_day(session)) is not None and now.date() < first:
        raise Refused(
            "Two waves open %(days)s days apart at least: what changed within weeks could give a newcomer away. The "
            "next one can be opened from %(day)s on.",
            days=APART.days,
            day=first.isoformat(),
        )
    if now >= wave.closes_at:
        raise Refused("Wave %(wave)s would have ended already: plan it anew with a later end.", wave=wave.code)
    if any(not item.text for item in instrument_of(session, wave).asked(registry.practices_of(wave))):
        raise Refused("The questionnaire %(name)s has no wording and cannot be asked here.", name=wave.instrument_id)
