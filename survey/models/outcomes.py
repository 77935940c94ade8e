"""What the company counts anyway, unit by unit and period by period, to be seen beside the motives."""

import datetime as dt

from sqlalchemy import CheckConstraint, Double, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base


class Measure(Base):
    """Something that is counted of units: customer satisfaction, turnover, cost."""

    __tablename__ = "measure"
    __table_args__ = (CheckConstraint("better IN ('higher', 'lower')", name="better"),)

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    """As files name it: "csat"."""
    name_ko: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    better: Mapped[str] = mapped_column(String(6))
    """Whether a higher or a lower value is the better one."""
    counted_in: Mapped[str] = mapped_column(String(20), default="")
    """What a value is counted in: "%", "points"; "" for a bare number."""


class Declaration(Base):
    """Which measure was declared on a day, for waves that open later: the newest before an opening stands.

    Nothing is ever taken out: one a day at most, so that one measure at a time is declared.
    """

    __tablename__ = "declaration"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    measure_code: Mapped[str] = mapped_column(ForeignKey("measure.code"), index=True)


class Outcome(Base):
    """A measure's value of a unit in a period; it outlives the unit (no foreign key), as publications do."""

    __tablename__ = "outcome"
    __table_args__ = (CheckConstraint("length(period) BETWEEN 4 AND 7", name="period"),)

    measure_code: Mapped[str] = mapped_column(ForeignKey("measure.code"), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    """A year, half, quarter or month: "2026", "2026-H1", "2026-Q3", "2026-09"."""
    unit_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[float] = mapped_column(Double)
