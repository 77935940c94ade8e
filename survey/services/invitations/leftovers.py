"""Slips that nobody drew: counted before an employee representative, and voided, so that nobody can answer with them.

What is said afterwards is how many were handed in, never how many of them were still good: that would tell how many
slips of a unit have been used. Of a unit with few slips not even the number is noted.
"""

import datetime as dt
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.models import AuditEntry, Token, Wave
from survey.services import audit_log
from survey.services.invitations import codes, invitations
from survey.services.waves import waves

VOIDED: Final = "slips voided"
FEWEST: Final = 5
"""Slips of a unit from which on the log names it: of fewer, a number would be about people that one can name."""
MOST: Final = 2_000
"""Codes in one go."""


class Act(msgspec.Struct, frozen=True):
    """Who acts when, in which wave."""

    wave: str
    now: dt.datetime
    by: int | None = None


def void(session: Session, home: Path, unit: str, typed: str, act: Act) -> int:
    """Void a unit's leftover slips by the codes on them, one a line; return how many were handed in.

    Raises:
        Refused: the wave is over, no slips were printed for the unit, a line is no code of this wave, or there are more
            than were printed.
    """
    code = act.wave
    wave = waves.locked(session, code)
    if wave.state != "open":
        raise Refused("Wave %(wave)s is not open: the codes of its slips are void already.", wave=code)
    printed = invitations.progress(session, code, home).sheets.get(unit, 0)
    if not printed:
        raise Refused("No slips were printed for %(unit)s in wave %(wave)s.", unit=unit, wave=code)
    found = _read(typed, code)
    if len(found) + returned(session, wave).get(unit, 0) > printed:
        raise Refused("%(unit)s had %(printed)s slips: more cannot be left over.", unit=unit, printed=printed)
    if wave.pepper is None:
        raise ValueError(f"wave {code} has no pepper")
    hashes = [codes.code_hash(wave.pepper, each) for each in found]
    mine = delete(Token).where(Token.wave_id == wave.id, Token.report_unit == unit)
    session.execute(mine.where(Token.hash.in_(hashes)))
    named = {"unit": unit} if printed >= FEWEST else {}
    audit_log.write(session, act.now, act.by, VOIDED, wave=code, slips=str(len(found)), **named)
    return len(found)


def returned(session: Session, wave: Wave) -> dict[str, int]:
    """Return how many slips were handed in, by unit; under "" those of units with few slips."""
    counts: dict[str, int] = {}
    for facts in session.scalars(select(AuditEntry.facts).where(AuditEntry.act == VOIDED)):
        if facts["wave"] == wave.code:
            unit = facts.get("unit", "")
            counts[unit] = counts.get(unit, 0) + int(facts["slips"])
    return counts


def _read(typed: str, wave: str) -> set[str]:
    """Return the codes that were typed, each once; whether one is unspent is not looked at."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if not lines:
        raise Refused("Type the code of each leftover slip, one a line.")
    if len(lines) > MOST:
        raise Refused("Hand in %(most)s slips at a time at most.", most=f"{MOST:,}")
    found = set()
    for number, line in enumerate(lines, 1):
        code = codes.read(line.rsplit("#", 1)[-1])  # a scanner reads the whole link
        if code is None or not codes.belongs_to(code, wave):
            raise Refused("Line %(number)s is no code of wave %(wave)s.", number=number, wave=wave)
        found.add(code)
    return found
