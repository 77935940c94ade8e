"""When it is asked: a wave is drafted, opened, closed; opening freezes the tree, the roster and the thresholds."""

import datetime as dt
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from survey.database import refuse_traces
from survey.i18n import Refused
from survey.instruments.load import DEFAULT, available, builtin
from survey.instruments.model import Instrument
from survey.models import Adoption, Company, Wave
from survey.privacy.policy import Policy
from survey.services import audit_log, issue_key, participation, responses, tokens
from survey.services.freezing import Freeze, FrozenUnit
from survey.services.frozen import freeze_roster, frozen_tree, store
from survey.services.promise import promise_digest
from survey.services.sweeping import sweep

__all__ = [
    "Wave",
    "WaveDraft",
    "add_imported",
    "close",
    "current",
    "discard",
    "draft",
    "frozen_tree",
    "instrument_of",
    "known_instrument",
    "locked",
    "open_wave",
    "wave",
    "waves",
]

CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
NEW: Final = "new"
"""The page that plans a wave is called so; a wave of this name would have no page."""
LONGEST: Final = dt.timedelta(days=366)
"""From today to the end of a wave; a slip in the year must not keep it open until 9999."""
MOST_MONTHS: Final = 120
LARGEST_FLOOR: Final = 10_000
"""People: thresholds above it would hide everything."""
MORE_PRACTICES: Final = 4
PEPPER_BYTES: Final = 32


class WaveDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What HR decides about a wave; `draft` checks it."""

    code: str
    """What people call it: "2026-Q4"."""
    opens_at: dt.datetime
    closes_at: dt.datetime
    """Both UTC without a zone."""
    instrument_id: str = DEFAULT
    practices: tuple[str, ...] = ()
    """Practice items to ask besides those of adopted practices, four at most."""
    k: int = 5
    detail_k: int = 10
    retention_months: int = 24


def draft(session: Session, plan: WaveDraft, now: dt.datetime, by: int | None = None) -> Wave:
    """Plan a wave; nobody is asked before it is opened.

    `by` is the account that asks for it, here and below; None on the command line.

    Raises:
        Refused: something in the plan cannot work; the sentence says what.
    """
    instrument = known_instrument(plan.instrument_id)
    _check_limits(plan, now)
    wave = _planned(session, plan, _practices(session, instrument, plan.practices))
    audit_log.write(session, now, by, "wave drafted", wave=wave.code)
    return wave


def discard(session: Session, code: str, now: dt.datetime, by: int | None = None) -> None:
    """Throw a draft away, so that it can be planned anew.

    Raises:
        Refused: the wave has been opened; what was asked is never taken back.
    """
    wave = locked(session, code)
    if wave.state != "draft":
        raise Refused("Wave %(wave)s has been opened before.", wave=code)
    session.delete(wave)
    audit_log.write(session, now, by, "draft discarded", wave=code)


def open_wave(session: Session, code: str, now: dt.datetime, home: Path, by: int | None = None) -> Wave:
    """Freeze tree, roster and thresholds and issue a code for everybody; from now on answers are accepted.

    The issue key is kept in `home`, the installation's folder, for 48 hours at most.

    Raises:
        Refused: not a draft, another wave is open, too few people, or a database that keeps the order of answers.
    """
    wave = locked(session, code)
    _check_may_open(session, wave, now)
    refuse_traces(session)
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
    if now < wave.closes_at + responses.GRACE and not early:
        raise Refused(
            "Wave %(wave)s was announced to be open until %(time)s UTC; pages opened before may be sent for 15 minutes "
            "more. Close it after that, or say that you want to close it early.",
            wave=code,
            time=f"{wave.closes_at:%Y-%m-%d %H:%M}",
        )
    participation.write(session, wave)
    responses.shuffle(session, wave)
    wave.state, wave.pepper, wave.closes_at = "closed", None, min(wave.closes_at, now)
    audit_log.write(session, now, by, "wave closed early" if early else "wave closed", wave=code)
    event.listen(session, "after_commit", _sweep_after, once=True)
    return wave


def add_imported(
    session: Session, plan: WaveDraft, units: Iterable[FrozenUnit], now: dt.datetime, by: int | None = None
) -> Wave:
    """Add a wave whose answers were collected elsewhere: closed from birth, without roster, codes or participation.

    The caller keeps its answers by `responses.keep` in the same transaction.

    Raises:
        Refused: as for `draft`.
    """
    wave = _planned(session, plan, list(plan.practices))
    wave.kind, wave.state = "imported", "closed"
    session.flush()
    store(session, wave, Freeze(tuple(units), {}))
    audit_log.write(session, now, by, "wave imported", wave=wave.code)
    return wave


def current(session: Session) -> Wave | None:
    """Return the one wave that is open."""
    return session.scalar(select(Wave).where(Wave.state == "open"))


def wave(session: Session, code: str) -> Wave:
    """Return a wave; raises Refused where there is none of this name."""
    found = session.scalar(select(Wave).where(Wave.code == code))
    if found is None:
        raise Refused("There is no wave %(wave)s.", wave=code)
    return found


def waves(session: Session) -> list[Wave]:
    """Return all waves, the earliest first."""
    return list(session.scalars(select(Wave).order_by(Wave.opens_at, Wave.id)))


def locked(session: Session, code: str) -> Wave:
    """Return a wave that nobody else changes before this transaction ends."""
    wave(session, code)
    return session.scalars(
        select(Wave).where(Wave.code == code).with_for_update().execution_options(populate_existing=True)
    ).one()


def instrument_of(session: Session, wave: Wave) -> Instrument:
    """Return what a wave asks, worded with the company's word for a unit."""
    company = session.get(Company, 1)
    return builtin(wave.instrument_id, company.unit_word if company else "")


def _planned(session: Session, plan: WaveDraft, practices: list[str]) -> Wave:
    policy = Policy(plan.k, plan.detail_k)
    if policy.detail_k > LARGEST_FLOOR:
        raise Refused("A threshold of more than %(most)s people would hide everything.", most=f"{LARGEST_FLOOR:,}")
    _check_times(plan)
    if plan.code.lower() == NEW:
        raise Refused("A wave cannot be called %(wave)s. Choose a name such as 2026-Q4.", wave=plan.code)
    if not CODE.fullmatch(plan.code):
        raise Refused("A wave's name has up to 40 letters A-Z, digits, dots and hyphens, such as 2026-Q4.")
    if session.scalar(select(Wave.id).where(Wave.code == plan.code)) is not None:
        raise Refused("There is a wave %(wave)s already.", wave=plan.code)
    instrument = known_instrument(plan.instrument_id)
    wave = Wave(
        code=plan.code,
        kind="native",
        state="draft",
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        practices=practices,
        k=policy.k,
        detail_k=policy.detail_k,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        retention_months=plan.retention_months,
    )
    session.add(wave)
    session.flush()
    return wave


def _sweep_after(session: Session) -> None:
    sweep(session.get_bind().engine)


def _check_times(plan: WaveDraft) -> None:
    if plan.closes_at <= plan.opens_at:
        raise Refused("The wave would end before it starts: choose a later end.")
    if plan.retention_months < 1:
        raise Refused("Answers must be kept for a month at least, or they could not be published.")


def _check_limits(plan: WaveDraft, now: dt.datetime) -> None:
    if plan.closes_at - now > LONGEST:
        raise Refused("A wave ends within a year from today: choose an earlier end.")
    if plan.retention_months > MOST_MONTHS:
        raise Refused("Answers are kept for %(most)s months at most: choose fewer.", most=MOST_MONTHS)


def known_instrument(instrument_id: str) -> Instrument:
    """Return a questionnaire; raises Refused where there is none of this name."""
    if instrument_id not in available():
        raise Refused(
            "There is no questionnaire %(name)s; there are %(names)s.",
            name=instrument_id,
            names=", ".join(available()),
        )
    return builtin(instrument_id)


def _practices(session: Session, instrument: Instrument, more: Iterable[str]) -> list[str]:
    """Return the practice items of a wave in the instrument's order: those adopted anywhere, and `more`."""
    known = [item.id for item in instrument.practices]
    adopted = set(session.scalars(select(Adoption.practice_id).distinct()))
    extra = set(more) - adopted
    if extra - set(known):
        raise Refused("%(names)s is no practice of this questionnaire.", names=", ".join(sorted(extra - set(known))))
    if len(extra) > MORE_PRACTICES:
        raise Refused(
            "A wave asks about adopted practices and up to %(most)s more; here there are %(count)s more.",
            most=MORE_PRACTICES,
            count=len(extra),
        )
    return [name for name in known if name in adopted | extra]


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
