"""Which practice a unit has adopted, since when, and who looks after it; and what else happened in a unit on a day."""

import datetime as dt

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base


class Adoption(Base):
    """A practice in use in a unit; the register outlives the unit (no foreign key), as publications do."""

    __tablename__ = "adoption"

    unit_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    practice_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[dt.date]
    owner: Mapped[str] = mapped_column(String(200), default="")


class Mark(Base):
    """Something that happened in a unit and is marked on its trend. Of a new leader no name is kept."""

    __tablename__ = "mark"
    __table_args__ = (
        CheckConstraint("kind IN ('leader', 'tool')", name="kind"),
        CheckConstraint("kind = 'tool' OR name = ''", name="nobody_named"),
    )

    unit_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), default="")
    """What the tool is called."""
