"""Which practice a unit has adopted, since when, and who looks after it."""

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base


class Adoption(Base):
    """A practice in use in a unit."""

    __tablename__ = "adoption"

    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"), primary_key=True)
    practice_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[dt.date]
    owner: Mapped[str] = mapped_column(String(200), default="")
