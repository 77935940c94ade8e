"""Work that takes longer than a page may: what of it is under way, and what came of it. Nothing of who answers."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base


class Run(Base):
    """The last run of its kind about one thing; the next one takes its row."""

    __tablename__ = "run"
    __table_args__ = (
        CheckConstraint("outcome IN ('', 'done', 'problem')", name="outcome"),
        CheckConstraint("(outcome = '') = (told = '')", name="told"),
    )

    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    about: Mapped[str] = mapped_column(String(254), primary_key=True)
    """The wave, or whatever else its kind is about."""
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    began_at: Mapped[dt.datetime]
    done: Mapped[int]
    """How much of it was done when it began."""
    tries: Mapped[int]
    """How often it was taken up."""
    holder: Mapped[str] = mapped_column(String(32))
    """Who has it: a random name of one try of one process."""
    lease_until: Mapped[dt.datetime]
    """Until when nobody else takes it up; whoever has it moves this on."""
    outcome: Mapped[str] = mapped_column(String(8))
    """How it is told; "" while it is under way."""
    told: Mapped[str] = mapped_column(Text)
    """The sentence with its facts, as JSON."""


class RunPart(Base):
    """A part of a run that workers share; gone with the last one."""

    __tablename__ = "run_part"
    __table_args__ = (
        ForeignKeyConstraint(["kind", "about"], ["run.kind", "run.about"], ondelete="CASCADE"),
        Index("ix_run_part_kind_about", "kind", "about"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random."""
    kind: Mapped[str] = mapped_column(String(24))
    about: Mapped[str] = mapped_column(String(254))
    what: Mapped[str] = mapped_column(Text)
    """What is to be done, as its kind writes it."""
    over: Mapped[bool]
    problem: Mapped[str] = mapped_column(Text)
    """What could not be done, as its kind writes it; "" where nothing lacks."""
