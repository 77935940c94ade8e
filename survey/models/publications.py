"""What is told: one frozen record a wave."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base


class Publication(Base):
    """The frozen, audited results of a wave; all that anybody ever sees comes from `record`."""

    __tablename__ = "publication"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest"),)

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    record: Mapped[bytes] = mapped_column(LargeBinary)
    """Canonical JSON of `survey.privacy.record.Record`."""
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of `record`, in hexadecimal."""
    published_on: Mapped[dt.date]
