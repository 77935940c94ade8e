"""What a company asks beside what ships with the product: instruments it brought in as files."""

import datetime as dt

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base


class Instrument(Base):
    """One version of an instrument, as the file that was brought in; it never changes."""

    __tablename__ = "instrument"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    """TOML."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the text, in hexadecimal."""
    added_on: Mapped[dt.date]
