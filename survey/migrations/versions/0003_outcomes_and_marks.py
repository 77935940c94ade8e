"""Outcomes beside motives, which of them was declared beforehand, and marks on the trend.

Revision: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _outcomes()
    op.create_table(
        "mark",
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.CheckConstraint("kind IN ('leader', 'tool')", name=op.f("ck_mark_kind")),
        sa.CheckConstraint("kind = 'tool' OR name = ''", name=op.f("ck_mark_nobody_named")),
        sa.PrimaryKeyConstraint("unit_code", "day", "kind", name=op.f("pk_mark")),
    )


def _outcomes() -> None:
    op.create_table(
        "measure",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_ko", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("better", sa.String(length=6), nullable=False),
        sa.Column("counted_in", sa.String(length=20), nullable=False),
        sa.CheckConstraint("better IN ('higher', 'lower')", name=op.f("ck_measure_better")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_measure")),
    )
    op.create_table(
        "declaration",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("measure_code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["measure_code"], ["measure.code"], name=op.f("fk_declaration_measure_code_measure")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_declaration")),
    )
    op.create_index(op.f("ix_declaration_measure_code"), "declaration", ["measure_code"], unique=False)
    op.create_table(
        "outcome",
        sa.Column("measure_code", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.CheckConstraint("length(period) BETWEEN 4 AND 7", name=op.f("ck_outcome_period")),
        sa.ForeignKeyConstraint(["measure_code"], ["measure.code"], name=op.f("fk_outcome_measure_code_measure")),
        sa.PrimaryKeyConstraint("measure_code", "period", "unit_code", name=op.f("pk_outcome")),
    )
