"""How many take part: a band a unit, counted once a day at most, never so fine that one person is seen answering."""

import datetime as dt
from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import Wave, WaveUnit
from survey.privacy.participation import band
from survey.services.responses import responses


def bands(session: Session, wave: Wave) -> dict[str, str]:
    """Return the bands counted last, by unit code; "" below ten invited or before the first count."""
    rows = session.execute(select(WaveUnit.code, WaveUnit.participation).where(WaveUnit.wave_id == wave.id))
    return dict(rows.all())


def count(session: Session, wave: Wave, today: dt.date) -> bool:
    """Count an open wave's answers into bands, unless that was done today; tell whether it was done now.

    Of a rehearsal none is told. Where the clock went back the day counts as past: it is never done twice in a day.

    The close counts a last time, whatever the day.
    """
    if wave.state != "open" or wave.rehearsal or (wave.counted_on is not None and wave.counted_on >= today):
        return False
    write(session, wave)
    wave.counted_on = today
    return True


def write(session: Session, wave: Wave) -> None:
    """Store the band of every unit, with all that lies below it."""
    units = {unit.code: unit for unit in session.scalars(select(WaveUnit).where(WaveUnit.wave_id == wave.id))}
    answered, invited = Counter[str](), Counter[str]()
    counts = responses.counts(session, wave)
    for code, unit in units.items():
        above: str | None = code
        while above is not None:
            answered[above] += counts.get(code, 0)
            invited[above] += unit.invited
            above = units[above].parent_code
    for code, unit in units.items():
        unit.participation = band(answered[code], invited[code])
