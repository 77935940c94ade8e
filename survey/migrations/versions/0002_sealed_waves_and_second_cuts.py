"""Sealed waves, spare codes, the promise as it was read and what keeps it, joined groups, second cuts, notices.

Revision: 0002
"""

import sqlalchemy as sa
from alembic import op

from survey.models.frozen import statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _columns()
    _keys()
    _answers()
    _publications()
    for statement in statements(op.get_bind().dialect.name, revision):
        op.execute(sa.text(statement))


def _columns() -> None:
    # Added without rebuilding the tables: their CHECKs stay as they are, and old rows get the defaults.
    for column in (
        sa.Column("promise", sa.Text(), server_default="", nullable=False),
        sa.Column("frozen_digest", sa.String(length=64), server_default="", nullable=False),
        sa.Column("strict", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("joins", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("sealed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("seal_key", sa.LargeBinary(length=32), nullable=True),
    ):
        op.add_column("wave", column)
    op.add_column("wave_unit", sa.Column("spares", sa.Integer(), server_default="0", nullable=False))
    op.add_column("wave_unit", sa.Column("joined", sa.JSON(), server_default="{}", nullable=False))


def _keys() -> None:
    op.create_table(
        "spare",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("report_unit", sa.String(length=80), nullable=False),
        sa.CheckConstraint("length(code) = 16", name=op.f("ck_spare_code")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_spare_wave_id_wave")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_spare")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "keyholder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.CheckConstraint("length(public_key) = 32", name=op.f("ck_keyholder_public_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyholder")),
        sa.UniqueConstraint("public_key", name=op.f("uq_keyholder_public_key")),
    )
    op.create_table(
        "wave_key",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("keyholder_id", sa.Integer(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_wave_key_wave_id_wave")),
        sa.ForeignKeyConstraint(["keyholder_id"], ["keyholder.id"], name=op.f("fk_wave_key_keyholder_id_keyholder")),
        sa.PrimaryKeyConstraint("wave_id", "keyholder_id", name=op.f("pk_wave_key")),
    )
    op.create_index(op.f("ix_wave_key_keyholder_id"), "wave_key", ["keyholder_id"], unique=False)


def _answers() -> None:
    op.create_table(
        "sealed_response",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("report_unit", sa.String(length=80), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(id) = 16", name=op.f("ck_sealed_response_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_sealed_response_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_response")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sealed_response_wave_id"), "sealed_response", ["wave_id"], unique=False)


def _publications() -> None:
    op.create_table(
        "second_cut",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_second_cut_digest")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_second_cut_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "code", name=op.f("pk_second_cut")),
        sa.UniqueConstraint("digest", name=op.f("uq_second_cut_digest")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("text_ko", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('erratum', 'withdrawal')", name=op.f("ck_notice_kind")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_notice_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_wave_id"), "notice", ["wave_id"], unique=False)
