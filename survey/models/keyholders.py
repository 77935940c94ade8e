"""Who can open a sealed wave: public keys, and each wave's key wrapped for their holders."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base


class Keyholder(Base):
    """Somebody who keeps a private key outside of this installation."""

    __tablename__ = "keyholder"
    __table_args__ = (CheckConstraint("length(public_key) = 32", name="public_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    added_on: Mapped[dt.date]


class WaveKey(Base):
    """The private key of a sealed wave, wrapped for one holder; the row goes when the wave is unsealed."""

    __tablename__ = "wave_key"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    keyholder_id: Mapped[int] = mapped_column(ForeignKey("keyholder.id"), primary_key=True, index=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)
