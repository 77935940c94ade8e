"""Measures of units: what is counted, which way is better, and which one was declared before a wave opened."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused
from survey.privacy.register import Better
from survey.services import audit_log
from survey.services.filing.grid import clean

CODE: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
LONGEST_NAME: Final = 100
LONGEST_UNIT: Final = 20
MOST: Final = 20
"""Measures of a company: whoever looks at more of them finds something by chance."""


@dataclass(frozen=True)
class Measure:
    """Something that is counted of units."""

    code: str
    names: dict[str, str]
    better: Better
    counted_in: str = ""

    def name(self, language: str) -> str:
        """Its name in `language`."""
        return self.names[language]


def measures(session: Session) -> tuple[Measure, ...]:
    """Return every measure, by code."""
    found = session.scalars(select(models.Measure).order_by(models.Measure.code))
    return tuple(_measure(each) for each in found)


def note(session: Session, measure: Measure, now: dt.datetime, by: int | None = None) -> Measure:
    """Note a measure; noted again under the same code, its names and direction are mended.

    Raises:
        Refused: its code or a name is none, there are too many, or it would turn round after it was declared.
    """
    code, names = measure.code.strip().lower(), {key: clean(name) for key, name in measure.names.items()}
    kept = session.get(models.Measure, code)
    _check(session, code, names, kept)
    if kept is not None and kept.better != measure.better and _declared_ever(session, code):
        raise Refused("%(measure)s was declared: which way is better cannot be turned round any more.", measure=code)
    facts = {"name_ko": names["ko"], "name_en": names["en"], "better": measure.better}
    merged = session.merge(models.Measure(code=code, counted_in=clean(measure.counted_in)[:LONGEST_UNIT], **facts))
    audit_log.write(session, now, by, "measure noted", measure=code, better=measure.better)
    return _measure(merged)


def declare(session: Session, code: str, now: dt.datetime, by: int | None = None) -> None:
    """Declare a measure for waves that open from tomorrow (UTC) on; the one before gives way, and the log says so.

    Raises:
        Refused: there is no such measure, or it is declared already.
    """
    if session.get(models.Measure, code) is None:
        raise Refused("There is no measure %(measure)s. Note it first.", measure=code)
    before = declared(session, now.date() + dt.timedelta(days=1))
    if before is not None and before[0] == code:
        raise Refused("%(measure)s is declared already, since %(day)s.", measure=code, day=before[1].isoformat())
    session.merge(models.Declaration(day=now.date(), measure_code=code))
    instead = {} if before is None else {"instead": before[0]}
    audit_log.write(session, now, by, "measure declared", measure=code, **instead)


def declared(session: Session, before: dt.date) -> tuple[str, dt.date] | None:
    """Return the measure whose declaration stood at the beginning of a day, and since when; None without one."""
    kept = models.Declaration
    found = session.scalar(select(kept).where(kept.day < before).order_by(kept.day.desc()).limit(1))
    return None if found is None else (found.measure_code, found.day)


def _check(session: Session, code: str, names: dict[str, str], kept: models.Measure | None) -> None:
    if not CODE.fullmatch(code):
        raise Refused("A measure's code has small letters, digits, dots and hyphens, at most 40, such as csat.")
    if not all(names.get(language) for language in ("ko", "en")):
        raise Refused("Give the measure a name in Korean and in English.")
    if any(len(name) > LONGEST_NAME for name in names.values()):
        raise Refused("A measure's name is longer than %(cap)s characters.", cap=LONGEST_NAME)
    if kept is None and (session.scalar(select(func.count()).select_from(models.Measure)) or 0) >= MOST:
        raise Refused("There are %(most)s measures, which is enough. More would find something by chance.", most=MOST)


def _declared_ever(session: Session, code: str) -> bool:
    kept = models.Declaration
    return session.scalar(select(func.count()).select_from(kept).where(kept.measure_code == code)) != 0


def _measure(kept: models.Measure) -> Measure:
    better: Literal["higher", "lower"] = "higher" if kept.better == "higher" else "lower"
    return Measure(kept.code, {"ko": kept.name_ko, "en": kept.name_en}, better, kept.counted_in)
