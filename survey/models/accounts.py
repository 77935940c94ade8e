"""Who signs in and how, what part of the tree they may see, and what they did."""

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, true
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base, languages_check


class Account(Base):
    """Someone who signs in. Respondents have none."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("role IN ('hr', 'leader', 'observer', 'auditor')", name="role"),
        CheckConstraint(languages_check("language"), name="language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    password_hash: Mapped[str] = mapped_column(String(200))
    """"" for accounts that have set none: they were invited, or sign in elsewhere."""
    failures: Mapped[int] = mapped_column(default=0)
    """Wrong passwords since the last right one: each makes the next try wait longer."""
    locked_until: Mapped[dt.datetime | None]
    active: Mapped[bool] = mapped_column(server_default=true())
    """False for an account that may not sign in any more; the log still names it."""
    subject: Mapped[str | None] = mapped_column(String(512), unique=True)
    """Issuer and subject of the identity provider that vouches for this account."""
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary(120))
    """Shared with the authenticator app; encrypted with the installation's secret, which is in no backup."""
    totp_step: Mapped[int] = mapped_column(server_default="0")
    """The newest half minute whose code was taken: no code is taken twice."""


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
    """When it ends if nothing is done in it; each page puts it off."""
    began_at: Mapped[dt.datetime | None]
    second_step: Mapped[bool] = mapped_column(server_default=true())
    """Whether the second step was taken; without it nothing opens but the page that asks for it."""


class WayIn(Base):
    """A letter with a link that lets somebody choose a password: an invitation, or after forgetting the old one."""

    __tablename__ = "way_in"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the secret in the link."""
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    expires_at: Mapped[dt.datetime]


class Passkey(Base):
    """A public key of a device or browser that stands for an account."""

    __tablename__ = "passkey"

    credential: Mapped[str] = mapped_column(String(1400), primary_key=True)
    """The device's name for the key, in base64url."""
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    uses: Mapped[int] = mapped_column(default=0)
    """The device's own count; one that falls back tells a copy."""
    name: Mapped[str] = mapped_column(String(100))
    added_on: Mapped[dt.date]


class RecoveryCode(Base):
    """A code on paper for whoever lost the second step: works once."""

    __tablename__ = "recovery_code"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)


class UsedChallenge(Base):
    """What a passkey was once asked to sign: kept until it is too old anyway, so that no answer is taken twice."""

    __tablename__ = "used_challenge"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
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
