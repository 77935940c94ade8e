"""Who gets a letter: sent one by one and resumable; printed codes for people without e-mail.

Codes are made from the issue key, so that a resumed run writes the same ones; the key goes as soon as every letter was
accepted and every printed code was handed out, and after 48 hours at the latest.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from random import SystemRandom
from typing import Any

import msgspec
from sqlalchemy import Engine, Select, func, select, update
from sqlalchemy.orm import Session

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import Invitation, Person, RosterEntry, Wave, WaveUnit
from survey.services import audit_log
from survey.services.backups import backup_keys
from survey.services.here import day_of, zone_of
from survey.services.invitations import issue_key
from survey.services.invitations.codes import code_for
from survey.services.invitations.letters import Reader, invitation
from survey.services.invitations.sending import Outbox, Sending, occasion, send_each
from survey.services.waves import waves


class CodeSheet(msgspec.Struct, frozen=True):
    """The codes of a unit's people without e-mail, in random order: none belongs to a name."""

    wave: str
    unit: str
    unit_names: dict[str, str]
    codes: tuple[str, ...]
    closes_on: dt.date
    """The last day there, where slips are handed out."""


class Progress(msgspec.Struct, frozen=True):
    """Where a wave's letters and printed codes stand."""

    letters: int
    letters_accepted: int
    sheets: dict[str, int]
    """People without e-mail, by report unit."""
    sheets_drawn: frozenset[str]
    codes_can_be_made: bool


def send_letters(
    engine: Engine,
    code: str,
    outbox: Outbox,
    now: dt.datetime,
    *,
    each: Callable[[int, int], None] = lambda _done, _all: None,
    by: int | None = None,
) -> Sending:
    """Send every letter of a wave that has not been accepted yet; run it again after a failure.

    A date is written for a letter in a transaction of its own as soon as the server has accepted it, so nobody gets
    two, unless this machine dies between the two: the second copy then has the first one's code and Message-ID, by
    which mail programs know it as the same letter. `each` is told how many of how many are done; `by` is the account
    that asked for it.

    Raises:
        Refused: the wave is not open, its key is gone, or another run is under way.
    """
    with reading(engine) as session:
        wave = _open(session, code, outbox.home, now)
        if not unsent(session, wave):
            return Sending(0, (), None, 0)
    with issue_key.held(outbox.home, code) as key:
        with reading(engine) as session:  # again: another run may just have ended
            about, readers = occasion(session, wave, outbox.base_url), unsent(session, wave)

        def hand_over(reader: Reader) -> None:
            outbox.post.send(invitation(about, reader, code_for(key, code, reader.person)), now)
            with writing(engine) as session:
                _note(session, code, [reader.person], now)

        sending = send_each(outbox.post, readers, hand_over, each)
        with writing(engine) as session:
            audit_log.write(session, now, by, "letters sent", wave=code, **sending.facts)
            settle(session, code, outbox.home, now)
    return sending


def unsent(session: Session, wave: Wave) -> list[Reader]:
    """Return the people with e-mail whose letter has not been accepted, in the order of the roster."""
    rows = session.execute(
        _invited(wave, Person.id, Person.name, Person.email, RosterEntry.language)
        .where(Person.email.is_not(None), Invitation.sent_on.is_(None))
        .order_by(Person.id)
    )
    return [Reader(*row) for row in rows]


def codes_for_unit(
    session: Session, code: str, unit: str, home: Path, now: dt.datetime, by: int | None = None
) -> CodeSheet:
    """Return the codes of a unit's people without e-mail, shuffled, and note that they were drawn.

    They can be drawn again, the same ones, while the issue key exists.

    Raises:
        Refused: the wave is not open, its key is gone, or everybody in the unit has e-mail.
    """
    wave = _open(session, code, home, now)
    people = list(
        session.scalars(
            _invited(wave, Person.id).where(
                Person.email.is_(None), Person.left_on.is_(None), RosterEntry.report_unit == unit
            )
        )
    )
    if not people:
        raise Refused("Everybody in %(unit)s has an e-mail address: no codes are printed.", unit=unit)
    key = issue_key.read(home, code)
    codes = [code_for(key, code, person) for person in people]
    SystemRandom().shuffle(codes)
    _note(session, code, people, now)
    audit_log.write(session, now, by, "codes drawn", wave=code, unit=unit, codes=str(len(codes)))
    names = session.execute(
        select(WaveUnit.name_ko, WaveUnit.name_en).where(WaveUnit.wave_id == wave.id, WaveUnit.code == unit)
    ).one()
    return CodeSheet(
        code, unit, {"ko": names.name_ko, "en": names.name_en}, tuple(codes), day_of(wave.closes_at, zone_of(session))
    )


def progress(session: Session, code: str, home: Path) -> Progress:
    """Tell where letters and printed codes stand; nothing in it says who answered."""
    wave = waves.wave(session, code)
    rows = session.execute(
        _invited(wave, RosterEntry.report_unit, Person.email.is_(None), Invitation.sent_on.is_(None), func.count())
        .where(Person.left_on.is_(None))
        .group_by(RosterEntry.report_unit, Person.email.is_(None), Invitation.sent_on.is_(None))
    )
    letters, accepted = 0, 0
    sheets, open_sheets = dict[str, int](), set[str]()
    for unit, printed, waiting, count in rows:
        if printed:
            sheets[unit] = sheets.get(unit, 0) + count
            open_sheets |= {unit} if waiting else set()
        else:
            letters += count
            accepted += 0 if waiting else count
    return Progress(letters, accepted, sheets, frozenset(sheets.keys() - open_sheets), issue_key.exists(home, code))


def settle(session: Session, code: str, home: Path, now: dt.datetime) -> bool:
    """Destroy the issue key once nobody waits for a code, or after 48 hours; tell whether it is gone.

    Once the wave is over, so goes the key under which backups hold it as it was while it was open.
    """
    wave = waves.wave(session, code)
    waiting = session.scalar(_invited(wave, func.count()).where(Person.left_on.is_(None), Invitation.sent_on.is_(None)))
    if not waiting or wave.state != "open" or now - wave.opens_at >= issue_key.LIFE:
        issue_key.destroy(home, code)
    if backup_keys.destroy_past(home, wave, due=False):
        audit_log.write(session, now, None, "backup key destroyed", wave=code)
    return not issue_key.exists(home, code)


def require_open(session: Session, code: str) -> Wave:
    """Return a wave for which letters and codes can go out; raises Refused where it is not open."""
    wave = waves.wave(session, code)
    if wave.state != "open":
        raise Refused("Wave %(wave)s is not open: there are no codes to send or print.", wave=code)
    return wave


def _open(session: Session, code: str, home: Path, now: dt.datetime) -> Wave:
    wave = require_open(session, code)
    if now - wave.opens_at >= issue_key.LIFE:
        issue_key.destroy(home, code)
    return wave


def _invited(wave: Wave, *columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of any type
    return (
        select(*columns)
        .select_from(Invitation)
        .join(
            RosterEntry, (RosterEntry.wave_id == Invitation.wave_id) & (RosterEntry.person_id == Invitation.person_id)
        )
        .join(Person, Person.id == Invitation.person_id)
        .where(Invitation.wave_id == wave.id)
    )


def _note(session: Session, code: str, people: list[int], now: dt.datetime) -> None:
    """Write the day on which codes went out; no time of day is kept."""
    wave = waves.wave(session, code)
    session.execute(
        update(Invitation)
        .where(Invitation.wave_id == wave.id, Invitation.person_id.in_(people))
        .values(sent_on=now.date())
    )
