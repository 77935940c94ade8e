"""When it is asked: a wave, with the tree and the roster frozen at its opening."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base, languages_check


class Wave(Base):
    """One round of the survey: draft, open, closed, published."""

    __tablename__ = "wave"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'open', 'closed', 'published')", name="state"),
        CheckConstraint("kind IN ('native', 'imported')", name="kind"),
        CheckConstraint("k >= 5", name="floor"),
        CheckConstraint("detail_k >= 10 AND detail_k >= k", name="detail_floor"),
        CheckConstraint("closes_at > opens_at", name="ends_after_start"),
        CheckConstraint("pepper IS NULL OR state IN ('draft', 'open')", name="pepper_dies_at_close"),
        Index("uq_wave_one_open", "state", unique=True, sqlite_where=text("state = 'open'"),
              postgresql_where=text("state = 'open'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    """What people call it: "2026-Q4"."""
    kind: Mapped[str] = mapped_column(String(10), default="native")
    state: Mapped[str] = mapped_column(String(10), default="draft")
    instrument_id: Mapped[str] = mapped_column(String(64))
    instrument_version: Mapped[str] = mapped_column(String(20))
    practices: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Ids of the practice items this wave asks."""
    k: Mapped[int] = mapped_column(default=5)
    detail_k: Mapped[int] = mapped_column(default=10)
    opens_at: Mapped[dt.datetime]
    closes_at: Mapped[dt.datetime]
    """Both in UTC, without a zone."""
    retention_months: Mapped[int] = mapped_column(default=24)
    pepper: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Keys the hashes of this wave's tokens while it is open; destroyed at close."""
    promise_digest: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the promise as respondents read it, set at opening."""
    counted_on: Mapped[dt.date | None]
    """The day on which participation was last counted: once a day at most, so that no one is seen answering."""
    promise: Mapped[str] = mapped_column(Text, server_default="")
    """The promise as respondents read it, canonical JSON, set at opening; `promise_digest` is its SHA-256."""
    frozen_digest: Mapped[str] = mapped_column(String(64), server_default="")
    """SHA-256 of thresholds, tree and roster as they were frozen at opening."""
    strict: Mapped[bool] = mapped_column(server_default=false())
    """Whether a unit below ten with one or two people who moved is told only together with others."""
    joins: Mapped[list[Any]] = mapped_column(JSON, server_default="[]")
    """Small siblings that HR joins into a named group at the opening (`survey.services.waves.joining.Join`)."""
    sealed: Mapped[bool] = mapped_column(server_default=false())
    """Whether answers are encrypted on arrival to a key that is not kept here in the clear."""
    seal_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Public key of a sealed wave, from its opening until it is unsealed."""
    extra_items: Mapped[list[Any]] = mapped_column(JSON, server_default="[]")
    """Questions of the company's own, in its own words and both languages."""
    extended_from: Mapped[dt.datetime | None]
    """The end that was announced at the opening, where it was extended since: once, by two weeks at most."""
    confirmed_at: Mapped[dt.datetime | None]
    """When HR went through the checklist of a draft and asked that it open by itself at `opens_at`."""
    reminds: Mapped[bool] = mapped_column(server_default=false())
    """Whether both reminders go out by themselves."""
    rehearsal: Mapped[bool] = mapped_column(server_default=false())
    """A wave for a few, to try everything: its answers are deleted at the close and never published."""


class Rehearser(Base):
    """Somebody who takes part in a rehearsal: only these get a letter."""

    __tablename__ = "rehearser"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class WaveUnit(Base):
    """A unit of the tree as it was frozen when the wave opened (leads' groups included)."""

    __tablename__ = "wave_unit"
    __table_args__ = (
        CheckConstraint("invited >= 0", name="invited"),
        CheckConstraint("spares_drawn >= 0", name="spares_drawn"),
    )

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    """The unit's code, or that code and "+" for the leads' group placed directly at it."""
    parent_code: Mapped[str | None] = mapped_column(String(80))
    name_ko: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40), default="")
    invited: Mapped[int] = mapped_column(default=0)
    """People whose answers count at exactly this unit (not below it)."""
    spares_drawn: Mapped[int] = mapped_column(default=0)
    spares: Mapped[int] = mapped_column(server_default="0")
    """Spare codes made for this unit at the opening, drawn or not."""
    joined: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, server_default="{}")
    """The sibling units that were joined into this one at the opening: their names by language, by code."""
    participation: Mapped[str] = mapped_column(String(20), default="")
    """The band counted last, here and below ("70–79 %"); "" below ten invited or not yet counted."""


class RosterEntry(Base):
    """Where a person's answers count in a wave: the frozen roster. It never says whether she answered."""

    __tablename__ = "roster_entry"
    __table_args__ = (CheckConstraint(languages_check("language"), name="language"),)

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    report_unit: Mapped[str] = mapped_column(String(80), index=True)
    language: Mapped[str] = mapped_column(String(2))
