"""What takes longer than a page may is a row, so that every process tells the same of it.

Revision: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "run",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("about", sa.String(length=254), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("lease_until", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IN ('', 'done', 'problem')", name=op.f("ck_run_outcome")),
        sa.CheckConstraint("(outcome = '') = (told = '')", name=op.f("ck_run_told")),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_run_asked_by_account")),
        sa.PrimaryKeyConstraint("kind", "about", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_asked_by"), "run", ["asked_by"])
    op.create_table(
        "run_part",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("about", sa.String(length=254), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kind", "about"],
            ["run.kind", "run.about"],
            name=op.f("fk_run_part_kind_about_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_part")),
    )
    op.create_index("ix_run_part_kind_about", "run_part", ["kind", "about"])
