"""Who works where: the roster as it is today. A wave keeps a frozen copy of its own."""

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base, languages_check


class Company(Base):
    """The one company of this installation."""

    __tablename__ = "company"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint(languages_check("language"), name="language"),
        CheckConstraint("unit_word IN ('team', 'store', 'department')", name="unit_word"),
        CheckConstraint("second_step IN ('everybody', 'hr', 'nobody')", name="second_step"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name_ko: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="ko")
    unit_word: Mapped[str] = mapped_column(String(20), default="team")
    demo: Mapped[bool] = mapped_column(default=False)
    time_zone: Mapped[str] = mapped_column(String(64), server_default="Asia/Seoul")
    """In which days begin and end for those who read pages and letters."""
    second_step: Mapped[str] = mapped_column(String(10), server_default="everybody")
    """Who signs in with a second step beside the password; "hr" means auditors too."""
    roster_columns: Mapped[dict[str, str]] = mapped_column(JSON, server_default="{}")
    """How the columns of this company's own files are called: heading of the file to column of the roster."""


class MailServer(Base):
    """How letters leave, where HR has said so on a page; the operator's environment comes before it."""

    __tablename__ = "mail_server"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[bytes] = mapped_column(LargeBinary)
    """Address with user and password, encrypted with the installation's secret, which is in no backup."""
    sender: Mapped[str] = mapped_column(String(254))


class Unit(Base):
    """A unit of the tree; its code stays the same across waves. Exactly one unit has no parent."""

    __tablename__ = "unit"
    __table_args__ = (CheckConstraint("code <> parent_code", name="not_its_own_parent"),)

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"), index=True)
    name_ko: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40), default="")
    """The declared type of unit (sales, care, ...); empty where none was declared."""


class Person(Base):
    """Someone who is invited. Nothing here says whether she answered."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(languages_check("language"), name="language"),
        CheckConstraint("(unit_code IS NULL) = (left_on IS NOT NULL)", name="here_or_left"),
        CheckConstraint("left_on IS NULL OR (email IS NULL AND leads_code IS NULL)", name="left_without_address"),
        CheckConstraint(
            "(number IS NULL) = (name = '') AND (number IS NOT NULL OR left_on IS NOT NULL)", name="erased_or_named"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(String(64), unique=True)
    """None for somebody who was erased: a row without a name, so that frozen rosters keep their counts."""
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    """None for people without e-mail: they get a printed code."""
    language: Mapped[str] = mapped_column(String(2))
    unit_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"), index=True)
    """None for people who have left."""
    leads_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"), index=True)
    """The unit this person leads, if any: she then answers in the leads' group one level up."""
    valid_from: Mapped[dt.date]
    """Since when the person works in this unit."""
    left_on: Mapped[dt.date | None]
    """Set for people who left and whom a frozen roster still names; nobody else who left is kept."""
