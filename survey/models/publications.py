"""What is told: one frozen record a wave, second cuts of it, and what had to be said afterwards."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
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


class PublishedUnit(Base):
    """What a publication says of one unit, by itself, for pages that show few; its digest is in the record."""

    __tablename__ = "published_unit"

    wave_id: Mapped[int] = mapped_column(ForeignKey("publication.wave_id"), primary_key=True)
    unit_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    record: Mapped[bytes] = mapped_column(LargeBinary)
    """Canonical JSON of `survey.privacy.record.UnitRecord`."""


class OpenPage(Base):
    """A unit's page of what was heard and what is done, which its leader opened to everyone who has the address."""

    __tablename__ = "open_page"
    __table_args__ = (
        CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="closed"),
        Index("uq_open_page_wave_unit", "wave_id", "unit_code", unique=True),
    )

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    """The random part of its address."""
    wave_id: Mapped[int] = mapped_column(ForeignKey("publication.wave_id"))
    unit_code: Mapped[str] = mapped_column(String(64))
    shows: Mapped[str] = mapped_column(String(200))
    """Names of its parts, with blanks between them; "try:" and the id of a practice is what is tried next."""
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    """Who opened it last."""
    opened_on: Mapped[dt.date]
    closed_on: Mapped[dt.date | None]


class SecondCut(Base):
    """Another way to group a published wave's report units: frozen and audited with all that was told before."""

    __tablename__ = "second_cut"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest"),)

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    """What people call it: "reorganised-2027"."""
    record: Mapped[bytes] = mapped_column(LargeBinary)
    """Canonical JSON of `survey.privacy.second_cut.CutRecord`."""
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    published_on: Mapped[dt.date]


class Share(Base):
    """A letter that told an account of results went out on a day."""

    __tablename__ = "share"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    sent_on: Mapped[dt.date]


class Notice(Base):
    """What is said about a publication afterwards: an erratum, or that it was withdrawn. Its numbers never change."""

    __tablename__ = "notice"
    __table_args__ = (CheckConstraint("kind IN ('erratum', 'withdrawal')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    said_on: Mapped[dt.date]
    text_ko: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
