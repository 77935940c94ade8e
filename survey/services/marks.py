"""What happened in a unit on a day besides practices: its leader changed, a tool was introduced."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused
from survey.privacy.register import Mark, MarkKind
from survey.services.filing.grid import clean

LONGEST: Final = 60


@dataclass(frozen=True)
class UnitMark:
    """A mark of a unit."""

    unit: str
    day: dt.date
    kind: MarkKind
    name: str = ""
    """What the tool is called; of a new leader no name is kept."""


def note_mark(session: Session, mark: UnitMark) -> None:
    """Note what happened in a unit; noted again for the same day, the tool's name is mended.

    Raises:
        Refused: there is no such unit, or a tool without a name, or with too long a one.
    """
    if session.get(models.Unit, mark.unit) is None:
        raise Refused("There is no unit %(unit)s. Import the roster first, or mend the code.", unit=mark.unit)
    name = clean(mark.name) if mark.kind == "tool" else ""
    if mark.kind == "tool" and not name:
        raise Refused("Say what the tool is called.")
    if len(name) > LONGEST:
        raise Refused("The tool's name is longer than %(cap)s characters.", cap=LONGEST)
    session.merge(models.Mark(unit_code=mark.unit, day=mark.day, kind=mark.kind, name=name))
    session.flush()


def remove_mark(session: Session, unit: str, day: dt.date, kind: str) -> None:
    """Take a mark out that was noted by mistake; what is published keeps it. Raises Refused where there is none."""
    kept = session.get(models.Mark, (unit, day, kind))
    if kept is None:
        raise Refused("There is no such mark any more.")
    session.delete(kept)
    session.flush()


def marks(session: Session, on: dt.date) -> tuple[UnitMark, ...]:
    """Return what had happened up to a day, by unit and day."""
    kept = models.Mark
    found = session.scalars(select(kept).where(kept.day <= on).order_by(kept.unit_code, kept.day, kept.kind))
    return tuple(UnitMark(each.unit_code, each.day, _kind(each), each.name) for each in found)


def frozen_marks(session: Session, on: dt.date) -> dict[str, tuple[Mark, ...]]:
    """Return the same as a publication keeps it, by unit."""
    found: dict[str, list[Mark]] = {}
    for each in marks(session, on):
        found.setdefault(each.unit, []).append(Mark(each.day.isoformat(), each.kind, each.name))
    return {unit: tuple(all_of_it) for unit, all_of_it in found.items()}


def _kind(kept: models.Mark) -> MarkKind:
    return "tool" if kept.kind == "tool" else "leader"
