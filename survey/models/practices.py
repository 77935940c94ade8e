"""Which practice a unit has adopted, and with whom; a company's own practices; what else happened on a day."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base


class Adoption(Base):
    """A practice of a unit; the register outlives the unit (no foreign key), as publications do."""

    __tablename__ = "adoption"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'paused', 'ended')", name="state"),
        CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name="ended"),
    )

    unit_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    practice_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[dt.date]
    owner: Mapped[str] = mapped_column(String(200), default="")
    what: Mapped[str] = mapped_column(String(400), default="", server_default="")
    """What exactly this unit does, in its own words."""
    how_often: Mapped[str] = mapped_column(String(12), default="", server_default="")
    """"daily" to "yearly"; "" where nobody said."""
    state: Mapped[str] = mapped_column(String(8), default="running", server_default="running")
    ended_on: Mapped[dt.date | None]
    last_held: Mapped[dt.date | None]


class Partner(Base):
    """A unit that another one's practice reaches across to; both see it."""

    __tablename__ = "partner"
    __table_args__ = (
        ForeignKeyConstraint(["unit_code", "practice_id"], ["adoption.unit_code", "adoption.practice_id"]),
        CheckConstraint("partner_code <> unit_code", name="another"),
    )

    unit_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    practice_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    partner_code: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
    last_held: Mapped[dt.date | None]


class CompanyPractice(Base):
    """A practice that the company added to the library, in the wording of `survey.instruments.practices.Practice`."""

    __tablename__ = "company_practice"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    """TOML of one practice."""
    added_on: Mapped[dt.date]
    retired_on: Mapped[dt.date | None]
    """Since when it is offered no more; a unit that has it keeps it."""


class PracticeLetter(Base):
    """When an account was last reminded of its practices, and whether it wants to be: at most one letter a week."""

    __tablename__ = "practice_letter"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sent_on: Mapped[dt.date | None]
    unwanted: Mapped[bool] = mapped_column(server_default=false())


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
