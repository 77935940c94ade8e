"""How the tables came about, revision by revision (Alembic): `upgrade` brings a database to the newest."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from survey.settings import SettingsError

FOLDER: Final = Path(__file__).parent
LOCK: Final = 7_300_915
"""Any fixed number: two machines that upgrade one PostgreSQL database at once take turns on it."""


MOVED: Final = "moved"
"""What stands for the revision in a database that was left for another one."""


def upgrade(opened: Engine, revision: str = "head") -> None:
    """Bring the database to `revision`: everything or nothing, with its data kept.

    Raises:
        SettingsError: rows point to rows that do not exist after the upgrade; nothing was changed. Or the installation
            has left this database for another one.
    """
    from alembic import command  # noqa: PLC0415 - kept out of the start of the web, which only asks for the revision
    from alembic.config import Config  # noqa: PLC0415 - as above

    _require_here(current(opened))
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    with opened.connect() as connection:
        _switch_foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                config.attributes["connection"] = connection
                command.upgrade(config, revision)
                _check_foreign_keys(connection)
        finally:
            _switch_foreign_keys(connection, "ON")


def current(opened: Engine) -> str:
    """Return the revision the database is at; "" for a new one."""
    with opened.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def newest() -> str:
    """Return the revision that this code needs."""
    return revisions()[-1]


def revisions() -> list[str]:
    """Return all revisions that this code knows, the oldest first."""
    return sorted(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def require_newest(opened: Engine) -> None:
    """Raise SettingsError where the database is not at the revision that this code needs."""
    found = current(opened)
    _require_here(found)
    if found != newest():
        raise SettingsError(
            "The database is at revision %(found)s, this version of survey needs %(needed)s. Run: survey %(command)s",
            found=found or "0000",
            needed=newest(),
            command="migrate" if found else "init",
        )


def leave(connection: Connection) -> None:
    """Close a database for good whose installation has moved: nothing of this program opens it any more."""
    connection.execute(text("UPDATE alembic_version SET version_num = :moved"), {"moved": MOVED})


def _require_here(revision: str) -> None:
    if revision == MOVED:
        raise SettingsError(
            "This installation has moved to another database. Set SURVEY_DATABASE_URL to that one, and delete this "
            "one: nobody deletes the answers in it any more."
        )


def _switch_foreign_keys(connection: Connection, state: str) -> None:
    # SQLite rebuilds a table to change it; with foreign keys on, that fails or cascades on a filled database. The
    # switch works only outside a transaction, so it goes past SQLAlchemy, which would begin one.
    if connection.dialect.name == "sqlite":
        driver = connection.connection.dbapi_connection
        if driver is not None:
            driver.cursor().execute(f"PRAGMA foreign_keys = {state}")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise SettingsError(
            "The upgrade was undone: rows of %(tables)s point to rows that do not exist.", tables=tables
        )
