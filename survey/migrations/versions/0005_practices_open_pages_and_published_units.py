"""The register of practices at work, a company's own practices, open pages, published units by themselves.

Revision: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


ANSWERS = {
    "token": ("hash", "report_unit"),
    "spare": ("code", "report_unit"),
    "intake": ("receipt_hash", "report_unit", "answers", "comment"),
    "response": ("id", "report_unit", "answers"),
    "sealed_response": ("id", "report_unit", "box"),
    "receipt": ("hash",),
    "comment": ("id", "coarse_unit", "text"),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _sample_no_answers()
    _practices()
    _publications()


def _practices() -> None:
    with op.batch_alter_table("adoption") as adoption:
        adoption.add_column(sa.Column("what", sa.String(length=400), server_default="", nullable=False))
        adoption.add_column(sa.Column("how_often", sa.String(length=12), server_default="", nullable=False))
        adoption.add_column(sa.Column("state", sa.String(length=8), server_default="running", nullable=False))
        adoption.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        adoption.add_column(sa.Column("last_held", sa.Date(), nullable=True))
        adoption.create_check_constraint(op.f("ck_adoption_state"), "state IN ('running', 'paused', 'ended')")
        adoption.create_check_constraint(op.f("ck_adoption_ended"), "(state = 'ended') = (ended_on IS NOT NULL)")
    op.create_table(
        "partner",
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("practice_id", sa.String(length=64), nullable=False),
        sa.Column("partner_code", sa.String(length=64), nullable=False),
        sa.Column("last_held", sa.Date(), nullable=True),
        sa.CheckConstraint("partner_code <> unit_code", name=op.f("ck_partner_another")),
        sa.ForeignKeyConstraint(
            ["unit_code", "practice_id"],
            ["adoption.unit_code", "adoption.practice_id"],
            name=op.f("fk_partner_unit_code_practice_id_adoption"),
        ),
        sa.PrimaryKeyConstraint("unit_code", "practice_id", "partner_code", name=op.f("pk_partner")),
    )
    op.create_index(op.f("ix_partner_partner_code"), "partner", ["partner_code"])
    op.create_table(
        "company_practice",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_practice")),
    )
    op.create_table(
        "practice_letter",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("unwanted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_practice_letter_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_practice_letter")),
    )


def _publications() -> None:
    op.create_table(
        "published_unit",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["publication.wave_id"], name=op.f("fk_published_unit_wave_id_publication")
        ),
        sa.PrimaryKeyConstraint("wave_id", "unit_code", name=op.f("pk_published_unit")),
    )
    op.create_table(
        "open_page",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("shows", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name=op.f("ck_open_page_closed")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_open_page_account_id_account")),
        sa.ForeignKeyConstraint(["wave_id"], ["publication.wave_id"], name=op.f("fk_open_page_wave_id_publication")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_open_page")),
    )
    op.create_index("uq_open_page_wave_unit", "open_page", ["wave_id", "unit_code"], unique=True)
    op.create_index(op.f("ix_open_page_account_id"), "open_page", ["account_id"])


def _sample_no_answers() -> None:
    # PostgreSQL's planner keeps samples of cells, longer than the cells: of answers and codes it takes none any more.
    # Declaring the type again takes away what it has; it is the same type, so nothing is rewritten.
    types = sa.text(
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = to_regclass(:t) AND attname = :c"
    )
    for table, columns in ANSWERS.items():
        for column in columns:
            kind = op.get_bind().execute(types, {"t": table, "c": column}).scalar_one()
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}")
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
