"""What people say, without the people: no time, no address, no browser, no language, no sequence in any table here.

Every key is random or the hash of something random, and on SQLite the tables are WITHOUT ROWID, so that no hidden
counter keeps the order of arrival. What arrives while a wave is open has no index by wave: it is one wave's alone, and
PostgreSQL would keep its entries in the order of arrival. What is kept after the close is written in one go, by random
key, and has one.
"""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base


class Intake(Base):
    """An answer while the wave is open, under the hash of its receipt."""

    __tablename__ = "intake"
    __table_args__ = (CheckConstraint("length(receipt_hash) = 32", name="hash"), {"sqlite_with_rowid": False})

    receipt_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    report_unit: Mapped[str] = mapped_column(String(80))
    answers: Mapped[bytes] = mapped_column(LargeBinary)
    """One byte an item in the instrument's order, 255 is "skipped"; in a sealed wave a box, with the comment in it."""
    comment: Mapped[str] = mapped_column(Text, default="")


class Response(Base):
    """One person's answers after the close, under a new random id, without the person."""

    __tablename__ = "response"
    __table_args__ = (CheckConstraint("length(id) = 16", name="id"), {"sqlite_with_rowid": False})

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    report_unit: Mapped[str] = mapped_column(String(80))
    answers: Mapped[bytes] = mapped_column(LargeBinary)


class SealedResponse(Base):
    """A sealed box after the close, under a new random id, until the wave is unsealed."""

    __tablename__ = "sealed_response"
    __table_args__ = (CheckConstraint("length(id) = 16", name="id"), {"sqlite_with_rowid": False})

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    report_unit: Mapped[str] = mapped_column(String(80))
    box: Mapped[bytes] = mapped_column(LargeBinary)


class Receipt(Base):
    """After the close: "this receipt was counted", and nothing else."""

    __tablename__ = "receipt"
    __table_args__ = (CheckConstraint("length(hash) = 32", name="hash"), {"sqlite_with_rowid": False})

    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)


class Comment(Base):
    """A free text after the close, kept at a unit coarser than the team and linked to no response."""

    __tablename__ = "comment"
    __table_args__ = (CheckConstraint("length(id) = 16", name="id"), {"sqlite_with_rowid": False})

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    coarse_unit: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
