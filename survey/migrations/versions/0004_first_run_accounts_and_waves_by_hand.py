"""First run, second step, mail server, company's own instruments, items and letters, extension, rehearsal, sharing.

Revision: 0004
"""

import sqlalchemy as sa
from alembic import op

from survey.models.frozen import statements

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _drop_triggers()
    _accounts()
    _company()
    _people()
    _waves()
    _results()
    for statement in statements(op.get_bind().dialect.name, revision):
        op.execute(sa.text(statement))


def _drop_triggers() -> None:
    # All of them: SQLite drops those of a table that is rebuilt, and the new ones say more.
    if op.get_bind().dialect.name == "sqlite":
        names = op.get_bind().execute(
            sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'frozen%'")
        )
        for name in names.scalars().all():
            op.execute(sa.text(f"DROP TRIGGER {name}"))
    else:
        for function in ("wave", "wave_unit", "roster_entry", "company", "whole"):
            op.execute(sa.text(f"DROP FUNCTION frozen_{function}() CASCADE"))


def _accounts() -> None:
    with op.batch_alter_table("account") as account:
        account.drop_constraint(op.f("ck_account_role"), type_="check")
        account.create_check_constraint(op.f("ck_account_role"), "role IN ('hr', 'leader', 'observer', 'auditor')")
        account.add_column(sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False))
        account.add_column(sa.Column("subject", sa.String(length=512), nullable=True))
        account.add_column(sa.Column("totp_secret", sa.LargeBinary(length=120), nullable=True))
        account.add_column(sa.Column("totp_step", sa.Integer(), server_default="0", nullable=False))
        account.create_unique_constraint(op.f("uq_account_subject"), ["subject"])
    op.add_column("sign_in", sa.Column("began_at", sa.DateTime(), nullable=True))
    op.add_column("sign_in", sa.Column("second_step", sa.Boolean(), server_default=sa.true(), nullable=False))
    _ways_in()


def _ways_in() -> None:
    op.create_table(
        "way_in",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_way_in_account_id_account")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_way_in")),
    )
    op.create_table(
        "passkey",
        sa.Column("credential", sa.String(length=1400), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id_account")),
        sa.PrimaryKeyConstraint("credential", name=op.f("pk_passkey")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "used_challenge",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_used_challenge")),
    )
    for table in ("way_in", "passkey", "recovery_code"):
        op.create_index(op.f(f"ix_{table}_account_id"), table, ["account_id"], unique=False)


def _company() -> None:
    with op.batch_alter_table("company", recreate="auto") as company:
        company.add_column(sa.Column("time_zone", sa.String(length=64), server_default="Asia/Seoul", nullable=False))
        company.add_column(sa.Column("second_step", sa.String(length=10), server_default="everybody", nullable=False))
        company.add_column(sa.Column("roster_columns", sa.JSON(), server_default="{}", nullable=False))
        company.create_check_constraint(op.f("ck_company_second_step"), "second_step IN ('everybody', 'hr', 'nobody')")
    op.create_table(
        "mail_server",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_mail_server_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_server")),
    )
    op.create_table(
        "instrument",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_instrument_digest")),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_instrument")),
    )


def _people() -> None:
    with op.batch_alter_table("person") as person:
        person.alter_column("number", existing_type=sa.String(length=64), nullable=True)
        person.create_check_constraint(
            op.f("ck_person_erased_or_named"),
            "(number IS NULL) = (name = '') AND (number IS NOT NULL OR left_on IS NOT NULL)",
        )


def _waves() -> None:
    # Added without rebuilding the tables: their CHECKs stay as they are, and old rows get the defaults.
    op.add_column("wave", sa.Column("extra_items", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("wave", sa.Column("extended_from", sa.DateTime(), nullable=True))
    op.add_column("wave", sa.Column("confirmed_at", sa.DateTime(), nullable=True))
    op.add_column("wave", sa.Column("reminds", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("wave", sa.Column("rehearsal", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("invitation", sa.Column("extension_told", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "rehearser",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_rehearser_wave_id_wave")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rehearser_person_id_person")),
        sa.PrimaryKeyConstraint("wave_id", "person_id", name=op.f("pk_rehearser")),
    )
    op.create_index(op.f("ix_rehearser_person_id"), "rehearser", ["person_id"], unique=False)
    op.create_table(
        "letter_text",
        sa.Column("letter", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("language IN ('ko', 'en')", name=op.f("ck_letter_text_language")),
        sa.PrimaryKeyConstraint("letter", "language", name=op.f("pk_letter_text")),
    )


def _results() -> None:
    op.create_table(
        "share",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_share_wave_id_wave")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_share_account_id_account")),
        sa.PrimaryKeyConstraint("wave_id", "account_id", name=op.f("pk_share")),
    )
    op.create_index(op.f("ix_share_account_id"), "share", ["account_id"], unique=False)
