"""Who got a letter, and which codes are unspent. No column joins the two."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base, languages_check


class Invitation(Base):
    """A letter went out to a person on a day: no token, no "answered" flag, no time of day."""

    __tablename__ = "invitation"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    sent_on: Mapped[dt.date | None]
    """None until the mail server accepted the letter, and for people whose code is printed."""
    reminders: Mapped[int] = mapped_column(default=0)
    extension_told: Mapped[bool] = mapped_column(server_default=false())
    """Whether the letter that announces a later end went out."""


class LetterText(Base):
    """A letter in the company's own words; where there is none, ours goes out."""

    __tablename__ = "letter_text"
    __table_args__ = (CheckConstraint(languages_check("language"), name="language"),)

    letter: Mapped[str] = mapped_column(String(20), primary_key=True)
    """Which one: "invitation", "reminder", ..."""
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)


class Token(Base):
    """An unspent code, as a hash keyed with the wave's pepper. The row goes when the answer comes.

    WITHOUT ROWID: rows lie in the order of their hashes, so that the file keeps no order of issue.
    """

    __tablename__ = "token"
    __table_args__ = (CheckConstraint("length(hash) = 32", name="hash"), {"sqlite_with_rowid": False})

    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    report_unit: Mapped[str] = mapped_column(String(80))


class Spare(Base):
    """A spare code that nobody has drawn: no person's yet. The row goes when the code goes out to somebody.

    The code stands here in the clear, because the key that made it does not live as long as letters get lost.
    """

    __tablename__ = "spare"
    __table_args__ = (CheckConstraint("length(code) = 16", name="code"), {"sqlite_with_rowid": False})

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    report_unit: Mapped[str] = mapped_column(String(80))
