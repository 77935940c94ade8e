"""What the tests of waves have in common: the cast's wave, its codes, an answer."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, select

from survey.database import reading, writing
from survey.instruments.load import builtin
from survey.models import Person, RosterEntry, Wave
from survey.services.invitations import issue_key
from survey.services.invitations.codes import code_for, new_receipt
from survey.services.responses import responses
from survey.services.responses.replies import Looked, Reply, Sent
from survey.services.waves import closing, opening, wave_plans
from survey.services.waves.asking import asked_now
from survey.services.waves.wave_plans import WaveDraft
from tests import cast, snapshots

WAVE: Final = "2026-Q4"
CLOSES: Final = cast.NOW + dt.timedelta(days=14)
OVER: Final = CLOSES + responses.GRACE
SPARES: Final = 8
"""Spare codes of the cast's wave: two for each of the leads' group and the three teams that are frozen."""
FOURS: Final[dict[str, int | None]] = {item.id: 4 for item in builtin().asked()}


def plan(code: str = WAVE, closes_at: dt.datetime = CLOSES, opens_at: dt.datetime = cast.NOW) -> WaveDraft:
    """Return the plan of the cast's wave, or of another one."""
    return WaveDraft(code=code, opens_at=opens_at, closes_at=closes_at)


def plan_later(code: str, quarters: int = 1) -> WaveDraft:
    """Return the plan of a wave that many quarters after the cast's."""
    later = quarters * dt.timedelta(days=91)
    return plan(code, CLOSES + later, cast.NOW + later)


def open_cast(engine: Engine, home: Path) -> dict[str, str]:
    """Load the cast and open its wave; return each person's code by her name."""

    def make() -> None:
        with writing(engine) as session:
            cast.load(session)
        open_next(engine, home, plan())

    snapshots.start(engine, home, "the cast's wave is open", make)
    return codes(engine, home)


def open_next(engine: Engine, home: Path, wave: WaveDraft) -> dict[str, str]:
    """Open a wave, as it was planned, for whoever is in the database."""
    with writing(engine) as session:
        wave_plans.draft(session, wave, wave.opens_at)
        opening.open_wave(session, wave.code, wave.opens_at, home)
    return codes(engine, home, wave.code)


def codes(engine: Engine, home: Path, wave: str = WAVE) -> dict[str, str]:
    """Return each person's code by her name, as only the holder of the issue key can."""
    key = issue_key.read(home, wave)
    with reading(engine) as session:
        people = session.execute(
            select(Person.name, Person.id)
            .join(RosterEntry, RosterEntry.person_id == Person.id)
            .join(Wave, Wave.id == RosterEntry.wave_id)
            .where(Wave.code == wave)
            .order_by(Person.id)
        )
        return {name: code_for(key, wave, person) for name, person in people}


def sent(code: str, comment: str = "", answers: Mapping[str, int | None] | None = None, receipt: str = "") -> Sent:
    """Return a form with fours everywhere, but for `answers`."""
    return Sent(code=code, receipt=receipt or new_receipt(), answers={**FOURS, **(answers or {})}, comment=comment)


def answer(engine: Engine, form: Sent, now: dt.datetime = cast.NOW) -> Reply:
    """Send a form in a transaction of its own."""
    with writing(engine) as session:
        return responses.accept(session, asked_now(session, locked=True), form, now)


def close(engine: Engine, now: dt.datetime = OVER, wave: str = WAVE) -> None:
    """Close the wave when its time is over."""
    with writing(engine) as session:
        closing.close(session, wave, now)


def look(engine: Engine, typed: str, now: dt.datetime = cast.NOW, opened_at: dt.datetime | None = None) -> Looked:
    """Look at a code in a session that cannot write."""
    with reading(engine) as session:
        return responses.look(session, asked_now(session), typed, now, opened_at)
