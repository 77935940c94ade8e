"""A wave is opened: tree, roster, thresholds and promise are frozen, and everybody gets a code."""

import datetime as dt
import secrets
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from survey.database import refuse_traces
from survey.i18n import Refused
from survey.models import Wave
from survey.services import audit_log, issue_key, sealing, tokens
from survey.services.frozen import freeze_roster, store
from survey.services.promise import promise_digest
from survey.services.waves import current, instrument_of, locked

PEPPER_BYTES: Final = 32


def open_wave(session: Session, code: str, now: dt.datetime, home: Path, by: int | None = None) -> Wave:
    """Freeze tree, roster and thresholds and issue a code for everybody; from now on answers are accepted.

    The issue key is kept in `home`, the installation's folder, for 48 hours at most.

    Raises:
        Refused: not a draft, another wave is open, too few people, or a database that keeps the order of answers.
    """
    wave = locked(session, code)
    _check_may_open(session, wave, now)
    refuse_traces(session)
    sealing.begin(session, wave)
    frozen = freeze_roster(session, wave)
    instrument = instrument_of(session, wave)
    wave.instrument_version = instrument.version
    wave.pepper = secrets.token_bytes(PEPPER_BYTES)
    wave.promise_digest = promise_digest(wave.k, wave.detail_k, wave.retention_months, instrument.digest())
    wave.opens_at = now
    wave.state = "open"
    session.flush()
    store(session, wave, frozen)
    tokens.issue(session, wave, issue_key.create(home, wave.code), frozen.places)
    audit_log.write(session, now, by, "wave opened", wave=wave.code, invited=str(len(frozen.places)))
    return wave


def _check_may_open(session: Session, wave: Wave, now: dt.datetime) -> None:
    other = current(session)
    if wave.state != "draft":
        raise Refused("Wave %(wave)s has been opened before.", wave=wave.code)
    if other is not None:
        raise Refused("Wave %(wave)s is open. Close it first: one wave is open at a time.", wave=other.code)
    if now >= wave.closes_at:
        raise Refused("Wave %(wave)s would have ended already: plan it anew with a later end.", wave=wave.code)
    if any(not item.text for item in instrument_of(session, wave).asked(wave.practices)):
        raise Refused("The questionnaire %(name)s has no wording and cannot be asked here.", name=wave.instrument_id)
