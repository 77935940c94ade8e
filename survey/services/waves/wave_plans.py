"""When it will be asked: a wave is planned; until it is opened its plan can be changed and thrown away."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.instruments.extra import Extra, require_possible
from survey.instruments.load import DEFAULT
from survey.instruments.model import Instrument
from survey.models import Adoption, Rehearser, Wave
from survey.privacy.policy import Policy
from survey.services import audit_log
from survey.services.instruments import registry
from survey.services.sealing import sealing
from survey.services.waves.freezing import Freeze, FrozenUnit
from survey.services.waves.frozen import store
from survey.services.waves.waves import locked

CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
RESERVED: Final = frozenset({"new", "preview"})
"""Pages beside those of waves are called so; a wave of such a name would have no page."""
LONGEST: Final = dt.timedelta(days=366)
"""From today to the end of a wave; a slip in the year must not keep it open until 9999."""
RETENTION_MONTHS: Final = 24
"""After the close, where a plan says nothing else."""
MOST_MONTHS: Final = 120
LARGEST_FLOOR: Final = 10_000
"""People: thresholds above it would hide everything."""
MORE_PRACTICES: Final = 4


class WaveDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What HR decides about a wave; `draft` checks it."""

    code: str
    """What people call it: "2026-Q4"."""
    opens_at: dt.datetime
    closes_at: dt.datetime
    """Both UTC without a zone."""
    instrument_id: str = DEFAULT
    instrument_version: str = ""
    """Of one that the company brought in; "" is the version that ships with the product."""
    practices: tuple[str, ...] = ()
    """Practice items to ask besides those of adopted practices, four at most."""
    extra_items: tuple[Extra, ...] = ()
    """Questions of the company's own, five at most."""
    k: int = 5
    detail_k: int = 10
    retention_months: int = RETENTION_MONTHS
    sealed: bool | None = None
    """Whether answers are encrypted on arrival; None: if two keyholders or more are registered."""
    strict: bool = False
    """Whether a group below ten of whom one or two moved is told only together with others."""
    reminds: bool = False
    """Whether both reminders go out by themselves, on day 3 and 5."""


def draft(session: Session, plan: WaveDraft, now: dt.datetime, by: int | None = None) -> Wave:
    """Plan a wave; nobody is asked before it is opened.

    `by` is the account that asks for it, here and below; None on the command line.

    Raises:
        Refused: something in the plan cannot work; the sentence says what.
    """
    _check_limits(plan, now)
    if session.scalar(select(Wave.id).where(Wave.code == plan.code, Wave.state != "draft")) is not None:
        audit_log.write_apart(session, now, by, audit_log.REFUSED, what="wave", wave=plan.code)
    wave = imagined(session, plan)
    session.add(wave)
    session.flush()
    audit_log.write(session, now, by, "wave drafted", wave=wave.code)
    return wave


def imagined(session: Session, plan: WaveDraft, wave: Wave | None = None) -> Wave:
    """Return the wave that a plan would make, kept nowhere; with `wave`, that one as it would be changed.

    Raises:
        Refused: something in the plan cannot work, whatever the time.
    """
    instrument = registry.instrument(session, plan.instrument_id, plan.instrument_version)
    require_possible(plan.extra_items, instrument)
    made = _planned(session, plan, _practices(session, instrument, plan.practices), wave)
    made.sealed = sealing.by_default(session) if plan.sealed is None else plan.sealed
    made.strict, made.reminds = plan.strict, plan.reminds
    return made


def revise(session: Session, code: str, plan: WaveDraft, now: dt.datetime, by: int | None = None) -> Wave:
    """Change a draft; joined groups stay, and whoever confirmed the old plan has to confirm the new one.

    Raises:
        Refused: as for `draft`, or the wave has been opened.
    """
    wave = locked(session, code)
    if wave.state != "draft":
        audit_log.write_apart(session, now, by, audit_log.REFUSED, what="wave", wave=code)
        raise Refused("Wave %(wave)s has been opened before.", wave=code)
    _check_limits(plan, now)
    imagined(session, plan, wave)
    wave.confirmed_at = None
    session.flush()
    audit_log.write(session, now, by, "draft changed", wave=wave.code)
    return wave


def discard(session: Session, code: str, now: dt.datetime, by: int | None = None) -> None:
    """Throw a draft away, so that it can be planned anew.

    Raises:
        Refused: the wave has been opened; what was asked is never taken back.
    """
    wave = locked(session, code)
    if wave.state != "draft":
        audit_log.write_apart(session, now, by, audit_log.REFUSED, what="wave", wave=code)
        raise Refused("Wave %(wave)s has been opened before.", wave=code)
    session.execute(delete(Rehearser).where(Rehearser.wave_id == wave.id))
    session.delete(wave)
    session.flush()
    audit_log.write(session, now, by, "draft discarded", wave=code)


def add_imported(
    session: Session, plan: WaveDraft, units: Iterable[FrozenUnit], now: dt.datetime, by: int | None = None
) -> Wave:
    """Add a wave whose answers were collected elsewhere: closed from birth, without roster, codes or participation.

    The caller keeps its answers by `responses.keep` in the same transaction.

    Raises:
        Refused: as for `draft`.
    """
    wave = _planned(session, plan, list(plan.practices))
    session.add(wave)
    session.flush()
    store(session, wave, Freeze(tuple(units), {}))
    wave.kind, wave.state = "imported", "closed"
    session.flush()
    audit_log.write(session, now, by, "wave imported", wave=wave.code)
    return wave


def _planned(session: Session, plan: WaveDraft, practices: list[str], wave: Wave | None = None) -> Wave:
    policy = Policy(plan.k, plan.detail_k)
    if policy.detail_k > LARGEST_FLOOR:
        raise Refused("A threshold of more than %(most)s people would hide everything.", most=f"{LARGEST_FLOOR:,}")
    require_times(plan)
    _check_name(session, plan.code, wave)
    instrument = registry.instrument(session, plan.instrument_id, plan.instrument_version)
    made = wave or Wave(kind="native", state="draft", joins=[], rehearsal=False)
    made.code = plan.code
    made.instrument_id, made.instrument_version = instrument.id, instrument.version
    made.practices = practices
    made.extra_items = [msgspec.to_builtins(extra) for extra in plan.extra_items]
    made.k, made.detail_k = policy.k, policy.detail_k
    made.opens_at, made.closes_at = plan.opens_at, plan.closes_at
    made.retention_months = plan.retention_months
    return made


def _check_name(session: Session, code: str, wave: Wave | None) -> None:
    if code.lower() in RESERVED:
        raise Refused("A wave cannot be called %(wave)s. Choose a name such as 2026-Q4.", wave=code)
    if not CODE.fullmatch(code):
        raise Refused("A wave's name has up to 40 letters A-Z, digits, dots and hyphens, such as 2026-Q4.")
    same = select(Wave.id).where(Wave.code == code)
    if session.scalar(same if wave is None else same.where(Wave.id != wave.id)) is not None:
        raise Refused("There is a wave %(wave)s already.", wave=code)


def require_times(plan: WaveDraft) -> None:
    """Raise Refused where a plan ends before it begins, or keeps answers for no time."""
    if plan.closes_at <= plan.opens_at:
        raise Refused("The wave would end before it starts: choose a later end.")
    if plan.retention_months < 1:
        raise Refused("Answers must be kept for a month at least, or they could not be published.")


def _check_limits(plan: WaveDraft, now: dt.datetime) -> None:
    if plan.closes_at - now > LONGEST:
        raise Refused("A wave ends within a year from today: choose an earlier end.")
    if plan.retention_months > MOST_MONTHS:
        raise Refused("Answers are kept for %(most)s months at most: choose fewer.", most=MOST_MONTHS)


def _practices(session: Session, instrument: Instrument, more: Iterable[str]) -> list[str]:
    """Return the practice items of a wave in the instrument's order: those adopted anywhere, and `more`."""
    known = [item.id for item in instrument.practices]
    adopted = set(session.scalars(select(Adoption.practice_id).where(Adoption.state != "ended").distinct()))
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
