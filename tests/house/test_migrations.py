import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey import migrations
from survey.database import engine as open_engine
from survey.database import reading
from survey.migrations import current, newest, require_newest, upgrade
from survey.models import Base, Person
from survey.settings import SettingsError
from tests import cast
from tests.cluster import Cluster

EVERYTHING = {
    "sqlite": "SELECT name, type, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND sql IS NOT NULL",
    "postgresql": """
        SELECT conrelid::regclass || '.' || conname, contype::text, pg_get_constraintdef(oid)
          FROM pg_constraint
         WHERE conrelid::regclass::text <> 'alembic_version' AND connamespace = 'public'::regnamespace
        UNION ALL
        SELECT indexname, 'index', indexdef
          FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        UNION ALL
        SELECT table_name || '.' || column_name, is_nullable,
               concat_ws(' ', data_type, character_maximum_length, column_default, is_identity)
          FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
        UNION ALL
        SELECT tgname, 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL
        SELECT proname, 'function', prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """,
}


NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "0006"


def upgrade():
    with op.batch_alter_table("unit", recreate="auto") as unit:
        unit.add_column(sa.Column("floor", sa.Integer(), nullable=False, server_default="1"))
        unit.create_check_constraint("floor", "floor > 0")
"""


@pytest.fixture
def empty(database_url: str, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Give a database without any table, of the kind of `database_url`."""
    if database_url.startswith("sqlite"):
        opened = open_engine(database_url.replace("survey.db", "empty.db"))
        yield opened
        opened.dispose()
    else:
        running: Cluster = request.getfixturevalue("postgresql")
        name = running.create()
        opened = open_engine(running.url(name))
        yield opened
        opened.dispose()
        running.drop(name)


def everything(opened: Engine) -> dict[tuple[str, str], str]:
    """Return all tables, columns, constraints, indexes and triggers as the database itself tells them."""
    with opened.connect() as connection:
        rows = connection.execute(text(EVERYTHING[connection.dialect.name])).all()
    return {(name, kind): " ".join(sorted(_parts(sql))) for name, kind, sql in rows}


def _parts(sql: str) -> list[str]:
    # A constraint or an added column may stand in another place of a CREATE TABLE: they are compared as a set.
    lines = sql.replace('"', "").strip().removesuffix(")").split("\n")
    parts = [part for line in lines for part in re.split(r",(?![^(]*\))", line)]
    return [part for raw in parts if (part := re.sub(r"\s+", " ", raw).strip(" ,"))]


def test_migrations_make_what_the_models_say(engine: Engine, empty: Engine) -> None:
    """Tables, columns, CHECKs, indexes, triggers and WITHOUT ROWID are the same by migration as from the models."""
    Base.metadata.create_all(empty)
    made, wanted = everything(engine), everything(empty)
    assert made == wanted
    assert len(made) > 20


def test_alembic_sees_no_difference(engine: Engine) -> None:
    """The next `alembic revision --autogenerate` would be empty."""
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_comparison_sees_a_lost_check(empty: Engine) -> None:
    """The comparison above is sharp: a CHECK that is missing in the database is told, which Alembic does not do."""
    Base.metadata.create_all(empty)
    before = everything(empty)
    with empty.begin() as connection:
        if connection.dialect.name == "sqlite":
            made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'receipt'")).scalar_one()
            connection.execute(text("DROP TABLE receipt"))
            connection.execute(text(made.replace("CHECK (length(hash) = 32)", "CHECK (1 = 1)")))
        else:
            connection.execute(text("ALTER TABLE receipt DROP CONSTRAINT ck_receipt_hash"))
    assert everything(empty) != before


def test_the_comparison_sees_a_lost_trigger(empty: Engine) -> None:
    """A revision that rebuilds a table and forgets what keeps the promise would be found."""
    Base.metadata.create_all(empty)
    before = everything(empty)
    with empty.begin() as connection:
        sqlite = connection.dialect.name == "sqlite"
        connection.execute(text("DROP TRIGGER frozen_wave_update" if sqlite else "DROP TRIGGER frozen_wave ON wave"))
    assert everything(empty) != before


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    """An upgrade of the newest database is a no-op, so that it can be run at every start."""
    before = everything(engine)
    upgrade(engine)
    assert everything(engine) == before
    assert current(engine) == newest()


def test_an_upgrade_keeps_what_a_filled_database_holds(
    engine: Engine, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A revision that rebuilds the table everything points to loses no row, and leaves foreign keys enforced."""
    cast.load(session)
    shutil.copytree(migrations.FOLDER, tmp_path / "migrations")
    (tmp_path / "migrations" / "versions" / "next.py").write_text(NEXT)
    monkeypatch.setattr(migrations, "FOLDER", tmp_path / "migrations")
    upgrade(engine)
    with reading(engine) as again:
        assert again.query(Person).count() == len(cast.MEMBERS)
        assert again.execute(text("SELECT count(*) FROM unit WHERE floor = 1")).scalar_one() == len(cast.PLACES)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("DELETE FROM unit WHERE code = 'NORTH'"))


def test_an_upgrade_that_would_break_links_is_undone(engine: Engine) -> None:
    """Rows that point nowhere stop an upgrade; PostgreSQL would not have let them in."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        raw.cursor().execute("PRAGMA foreign_keys = OFF")
        raw.cursor().execute("INSERT INTO grant VALUES (99, 'CO')".replace("grant", '"grant"'))
        raw.commit()
        raw.close()
        with pytest.raises(SettingsError, match="rows of grant point to rows that do not exist"):
            upgrade(engine)


def test_an_old_or_empty_database_is_refused_with_the_command_to_run(empty: Engine) -> None:
    """A program never works on tables of another revision: it says which command to run."""
    with pytest.raises(SettingsError, match="Run: survey init"):
        require_newest(empty)
    upgrade(empty)
    require_newest(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(SettingsError, match="Run: survey migrate"):
        require_newest(empty)


def test_a_failing_revision_leaves_the_database_as_it_was(empty: Engine) -> None:
    """All or nothing: where one statement fails, no table of the others stays."""
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE response (id INTEGER)"))
    with pytest.raises(Exception, match="already exists"):
        upgrade(empty)
    assert current(empty) == ""
    with empty.connect() as connection:
        assert not connection.dialect.has_table(connection, "person")
