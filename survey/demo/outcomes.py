"""What the demo company counts of its teams: two measures with known truth, described in docs/demo.md."""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from survey.demo.model import SEED, DemoWave
from survey.services import marks
from survey.services.outcomes import measures, outcomes

SATISFACTION: Final = measures.Measure("csat", {"ko": "고객 만족도", "en": "Customer satisfaction"}, "higher", "0–100")
TURNOVER: Final = measures.Measure("turnover", {"ko": "이직률", "en": "Turnover"}, "lower", "%")
WITH_CUSTOMERS: Final = ("store", "care", "logistics")
"""Kinds of teams whose customers are asked."""
LEVEL, PULL, NOISE = 78.0, 5.0, 3.5
LEAVING: Final = 4.0
"""Turnover has nothing to do with motivation here, so that a plot without a connection can be seen, too."""
MARKS: Final = (("STORE-03", 40, "leader", ""), ("CARE-03", 33, "tool", "상담 도우미"))
"""(unit, days before the third wave, kind, name of the tool)"""
MARKED_BEFORE: Final = 2


def begin(session: Session, now: dt.datetime) -> None:
    """Note both measures, and declare customer satisfaction before the first wave."""
    for measure in (SATISFACTION, TURNOVER):
        measures.note(session, measure, now)
    measures.declare(session, SATISFACTION.code, now)


def bring_in(session: Session, before: DemoWave, now: dt.datetime) -> None:
    """Bring in what was counted in the month after a wave, by the function that serves HR's page."""
    found = outcomes.preview(session, outcome_csv(before), "outcomes.csv", now.date())
    outcomes.bring_in(session, found, now)


def mark(session: Session, wave: DemoWave) -> None:
    """Mark what happened in two teams before a wave."""
    for unit, days, kind, name in MARKS:
        day = wave.opens_at.date() - dt.timedelta(days=days)
        marks.note_mark(session, marks.UnitMark(unit, day, "tool" if kind == "tool" else "leader", name))


def outcome_csv(wave: DemoWave) -> bytes:
    """Return the file that HR would bring in for the month after a wave."""
    rng = np.random.default_rng([SEED, wave.opens_at.month])
    after = (wave.closes_at.date().replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("unit", "period", "measure", "value"))
    for unit in wave.units:
        if unit.kind in {"company", "department"}:
            continue
        values = _values(rng, unit.motivation)
        for measure, value in zip((SATISFACTION, TURNOVER), values, strict=True):
            if measure is TURNOVER or unit.kind in WITH_CUSTOMERS:
                rows.writerow((unit.code, f"{after:%Y-%m}", measure.code, value))
    return text.getvalue().encode("utf-8-sig")


def _values(rng: np.random.Generator, motivation: float) -> Sequence[float]:
    return (
        round(float(LEVEL + PULL * motivation + rng.normal(0, NOISE)), 1),
        round(float(rng.exponential(LEAVING)), 1),
    )
