"""What is looked at before a wave is opened: each thing is in order, worth a look, or stops the opening.

What stops it is what the opening itself would refuse, in the same words. What is worth a look, HR passes by saying that
it was seen; which looks were passed stands in the log.
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy.orm import Session

from survey.i18n import Refused, Sentence
from survey.models import Wave
from survey.services import audit_log
from survey.services.sealing import sealing
from survey.services.waves import opening, surroundings
from survey.services.waves.frozen import freeze_roster
from survey.services.waves.surroundings import FINE, Found
from survey.services.waves.waves import locked
from survey.settings import Settings
from survey.traces import refuse_traces

Level = Literal["ok", "look", "stop"]
PASSED: Final = "checklist passed"
CONFIRMED: Final = "opening confirmed"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    level: Level
    title: Sentence
    said: Sentence


@dataclass(frozen=True)
class _Point:
    title: Sentence
    refuse: Callable[[Session, Wave, dt.datetime], object] | None
    look: Callable[[Session, Wave, Settings, dt.datetime], Found]


def _sealing(session: Session, wave: Wave, _now: dt.datetime) -> None:
    sealing.require_holders(session, wave)


POINTS: Final[dict[str, _Point]] = {
    "wave": _Point(Sentence("Its turn"), opening.require_turn, lambda *_: FINE),
    "roster": _Point(Sentence("Roster"), lambda session, wave, _now: freeze_roster(session, wave), surroundings.roster),
    "units": _Point(Sentence("Small units"), None, surroundings.units),
    "days": _Point(Sentence("Days and hours"), None, surroundings.days),
    "languages": _Point(Sentence("Both languages"), None, surroundings.languages),
    "mail": _Point(Sentence("Mail"), None, surroundings.mail),
    "letters": _Point(Sentence("Letters"), None, surroundings.letters),
    "address": _Point(Sentence("Address of the survey"), None, surroundings.address),
    "printed": _Point(Sentence("People without e-mail"), None, surroundings.printed),
    "keyholders": _Point(Sentence("Sealing"), _sealing, surroundings.sealed),
    "database": _Point(Sentence("Database"), lambda session, _wave, _now: refuse_traces(session), lambda *_: FINE),
    "backup": _Point(Sentence("Backup"), None, surroundings.backup),
    "accounts": _Point(Sentence("Accounts of HR"), None, surroundings.accounts),
    "disk": _Point(Sentence("Disk"), None, surroundings.disk),
}


def checklist(session: Session, wave: Wave, settings: Settings, now: dt.datetime) -> tuple[Check, ...]:
    """Look at everything, in the order in which HR meets it."""
    return tuple(_check(name, point, session, wave, settings, now) for name, point in POINTS.items())


def require_possible(found: Collection[Check]) -> None:
    """Raise Refused with the first thing that stops the opening."""
    for check in found:
        if check.level == "stop":
            raise Refused(check.said)


def require_passed(found: Collection[Check], seen: Collection[str]) -> None:
    """Let nothing be opened that a stop forbids, or whose looks nobody has passed.

    Raises:
        Refused: the first stop, or the names of what was not looked at.
    """
    require_possible(found)
    missed = [check.title for check in found if check.level == "look" and check.name not in seen]
    if missed:
        raise Refused("Say that you have seen this first: %(titles)s.", titles=_listed(missed))


def note_passed(session: Session, wave: Wave, found: Collection[Check], now: dt.datetime, by: int | None) -> None:
    """Write into the log what HR has seen and passed."""
    looks = ", ".join(check.name for check in found if check.level == "look")
    if looks:
        audit_log.write(session, now, by, PASSED, wave=wave.code, seen=looks)


def confirm(
    session: Session, code: str, settings: Settings, seen: Collection[str], now: dt.datetime, by: int | None = None
) -> Wave:
    """Let a draft open by itself at its time, with its letters; asked by somebody who went through the checklist.

    Raises:
        Refused: something stops it, was not looked at, or its time is over.
    """
    wave = locked(session, code)
    opening.require_draft(session, wave, now, by)
    if wave.opens_at <= now:
        raise Refused("Its time has come: open it now, or choose a later time in the plan.")
    found = checklist(session, wave, settings, now)
    require_passed(found, seen)
    wave.confirmed_at = now
    session.flush()
    note_passed(session, wave, found, now, by)
    audit_log.write(session, now, by, CONFIRMED, wave=code, opens=wave.opens_at.isoformat(timespec="minutes"))
    return wave


def unconfirm(session: Session, code: str, now: dt.datetime, by: int | None = None) -> Wave:
    """Take that back: the draft waits for somebody to open it."""
    wave = locked(session, code)
    opening.require_draft(session, wave, now, by)
    if wave.confirmed_at is not None:
        wave.confirmed_at = None
        session.flush()
        audit_log.write(session, now, by, "opening no longer confirmed", wave=code)
    return wave


def _listed(titles: Collection[Sentence]) -> Sentence:
    """Return several titles as one, to be said in any language."""
    named = {f"title{n}": title for n, title in enumerate(titles)}
    text = ", ".join(f"%({name})s" for name in named)
    return Sentence(text, dict(named))


def _check(name: str, point: _Point, session: Session, wave: Wave, settings: Settings, now: dt.datetime) -> Check:
    try:
        if point.refuse is not None:
            point.refuse(session, wave, now)
        found = point.look(session, wave, settings, now)
    except Refused as refused:
        return Check(name, "stop", point.title, refused.sentence)
    return Check(name, "ok" if found.fine else "look", point.title, found.said)
