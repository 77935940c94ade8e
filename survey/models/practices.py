"""Which practice a unit has adopted, since when, and who looks after it."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base


class Adoption(Base):
    """A practice in use in a unit; the register outlives the unit (no foreign key), as publications do."""

    __tablename__ = "adoption"

    unit_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    practice_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[dt.date]
    owner: Mapped[str] = mapped_column(String(200), default="")
