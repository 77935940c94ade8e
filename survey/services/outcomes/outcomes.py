"""Outcomes: values of units that HR brings in from a file, looks at before they are taken, and publishes frozen."""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused, Sentence
from survey.privacy.register import Outcome, OutcomeValues
from survey.scoring.periods import closest_after
from survey.services import audit_log
from survey.services.outcomes.measures import Measure, declared, measures
from survey.services.outcomes.outcome_file import Known, OutcomeErrors, OutcomeRow, read_outcomes

__all__ = [
    "Changed",
    "OutcomeErrors",
    "OutcomeRow",
    "Preview",
    "as_csv",
    "bring_in",
    "frozen_outcomes",
    "preview",
    "require_current",
]

WAVES: Final = 12
"""The last waves beside which outcomes are frozen again: values often come late."""


@dataclass(frozen=True)
class Changed:
    """A value that a file mends."""

    row: OutcomeRow
    before: float


@dataclass(frozen=True)
class Preview:
    """What a file would do; nothing has been written."""

    rows: tuple[OutcomeRow, ...]
    added: tuple[OutcomeRow, ...]
    changed: tuple[Changed, ...]

    @property
    def unchanged(self) -> int:
        """How many values stand there already."""
        return len(self.rows) - len(self.added) - len(self.changed)

    @property
    def replaced(self) -> str:
        """A short name of what stands there now and would be replaced: another one where somebody wrote meanwhile."""
        there = [f"{each.row.key} {each.before!r}" for each in self.changed]
        return hashlib.sha256("\n".join([str(len(self.added)), *there]).encode()).hexdigest()[:16]

    @property
    def sentence(self) -> Sentence:
        """Say what was done."""
        said = Sentence("Outcomes taken: %(added)s new, %(changed)s changed, %(unchanged)s as before.")
        return said.fill(added=len(self.added), changed=len(self.changed), unchanged=self.unchanged)


def preview(session: Session, data: bytes, filename: str, today: dt.date) -> Preview:
    """Read a file and tell what it would add and change.

    Raises:
        OutcomeErrors: with row, column and sentence of each cell to mend.
        Refused: the file as a whole cannot be read.
    """
    rows = read_outcomes(data, filename, _known(session, today))
    kept = _kept(session, {row.measure for row in rows}, {row.period for row in rows})
    return Preview(
        rows,
        tuple(row for row in rows if row.key not in kept),
        tuple(Changed(row, kept[row.key]) for row in rows if row.key in kept and kept[row.key] != row.value),
    )


def require_current(found: Preview, replaced: str | None) -> None:
    """Refuse what was looked at before somebody else wrote; `replaced` is that of the preview that was looked at."""
    if found.replaced != replaced:
        raise Refused("Somebody brought values in meanwhile, so the preview was out of date. Choose the file again.")


def bring_in(session: Session, found: Preview, now: dt.datetime, by: int | None = None) -> None:
    """Write what a preview said, and that it was done, in the caller's transaction."""
    written = [*found.added, *(each.row for each in found.changed)]
    if found.added:
        session.execute(insert(models.Outcome), [_columns(row) for row in found.added])
    if found.changed:
        session.execute(update(models.Outcome), [_columns(each.row) for each in found.changed])
    facts = {"added": str(len(found.added)), "changed": str(len(found.changed))}
    named = ", ".join(sorted({row.measure for row in written}))
    audit_log.write(session, now, by, "outcomes brought in", measures=named, **facts)


def as_csv(rows: Sequence[OutcomeRow]) -> str:
    """Return values as a file of their own, which `preview` reads back to the same."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("unit", "period", "measure", "value"))
    for row in rows:
        lines.writerow((row.unit, row.period, row.measure, _plain(row.value)))
    return text.getvalue()


def frozen_outcomes(session: Session, wave: models.Wave, units: Sequence[str]) -> tuple[Outcome, ...]:
    """Return what is frozen with a wave: the measures' values of its units, beside this wave and earlier ones."""
    stands = declared(session, wave.opens_at.date())
    waves = _waves_up_to(session, wave)
    return tuple(
        Outcome(
            measure.code,
            dict(measure.names),
            measure.better,
            measure.counted_in,
            stands[1].isoformat() if stands is not None and stands[0] == measure.code else "",
            list(_beside(session, measure, waves, frozenset(units))),
        )
        for measure in measures(session)
    )


def _beside(
    session: Session, measure: Measure, waves: Sequence[models.Wave], units: frozenset[str]
) -> Iterator[OutcomeValues]:
    kept = models.Outcome
    mine = kept.measure_code == measure.code
    periods = session.scalars(select(kept.period).where(mine).distinct()).all()
    for wave in waves:
        chosen = closest_after(periods, wave.closes_at.date())
        if chosen is None:
            continue
        rows = session.execute(select(kept.unit_code, kept.value).where(mine, kept.period == chosen)).all()
        values = {unit: value for unit, value in rows if unit in units}
        if values:
            yield OutcomeValues(wave.code, chosen, values)


def _waves_up_to(session: Session, wave: models.Wave) -> Sequence[models.Wave]:
    kept = models.Wave
    earlier = (kept.state == "published") & (kept.opens_at <= wave.opens_at) | (kept.id == wave.id)
    return session.scalars(
        select(kept).where(earlier).order_by(kept.opens_at.desc(), kept.id.desc()).limit(WAVES)
    ).all()


def _known(session: Session, today: dt.date) -> Known:
    units = set(session.scalars(select(models.Unit.code)))
    units |= set(session.scalars(select(models.WaveUnit.code).distinct()))
    names: dict[str, str] = {}
    for measure in measures(session):
        names |= dict.fromkeys([measure.code, *(name.lower() for name in measure.names.values())], measure.code)
    return Known(frozenset(units), names, today)


def _kept(session: Session, measures: set[str], periods: set[str]) -> dict[tuple[str, str, str], float]:
    kept = models.Outcome
    asked = select(kept).where(kept.measure_code.in_(measures), kept.period.in_(periods))
    return {(one.measure_code, one.period, one.unit_code): one.value for one in session.scalars(asked)}


def _columns(row: OutcomeRow) -> dict[str, str | float]:
    return {"measure_code": row.measure, "period": row.period, "unit_code": row.unit, "value": row.value}


def _plain(value: float) -> str:
    """Return a number as a file holds it.

    >>> _plain(3.5), _plain(100000000.0), _plain(0.00001), _plain(-2.0)
    ('3.5', '100000000', '0.00001', '-2')
    """
    return f"{value:.6f}".rstrip("0").rstrip(".")
