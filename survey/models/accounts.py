"""Who signs in, what part of the tree they may see, and what they did."""

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base, languages_check


class Account(Base):
    """Someone who signs in. Respondents have none."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("role IN ('hr', 'leader')", name="role"),
        CheckConstraint(languages_check("language"), name="language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    password_hash: Mapped[str] = mapped_column(String(200))
    failures: Mapped[int] = mapped_column(default=0)
    """Wrong passwords since the last right one: each makes the next try wait longer."""
    locked_until: Mapped[dt.datetime | None]


class Grant(Base):
    """The right of an account to see a unit and everything below it.

    The code is no foreign key: the tree of today may lose a unit that earlier publications still show.
    """

    __tablename__ = "grant"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    unit_code: Mapped[str] = mapped_column(String(64), primary_key=True)


class SignIn(Base):
    """A signed-in browser; the cookie holds a secret of which only the hash is kept."""

    __tablename__ = "sign_in"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    expires_at: Mapped[dt.datetime]


class AuditEntry(Base):
    """One administrative act, chained to the one before it by its hash. No act of a respondent is ever here."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    account_id: Mapped[int | None]
    """None for acts on the command line."""
    act: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    before: Mapped[str] = mapped_column(String(64), unique=True)
    """The digest of the entry before this one: unique, so that the chain cannot fork."""
    digest: Mapped[str] = mapped_column(String(64), unique=True)
