"""What is attacked, opened so that nothing in it changes: a copy of a SQLite file, a PostgreSQL session that reads."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, event, make_url, text
from sqlalchemy.exc import DBAPIError

from survey import database
from survey.attack.sqlite_pages import SqliteFile
from survey.settings import SettingsError

Row = Mapping[str, Any]
ANSWERS: Final = ("intake", "response", "sealed_response", "comment", "receipt")
"""Tables in which something that a respondent sent lies."""
PERSONS_SIDE: Final = ("person", "invitation", "roster_entry")
FILES: Final = "SELECT pg_read_binary_file(pg_relation_filepath(CAST(:name AS regclass)))"


@dataclass(frozen=True)
class Target:
    """An installation under attack."""

    engine: Engine
    """Of a copy, or one whose sessions only read."""
    path: Path | None
    """SQLite: where the real file lies."""
    home: Path | None
    """The folder of the installation; None where only a database is attacked."""
    keys: Path | None = None
    """Where secret and keys lie: the same folder, or one that several machines share (SURVEY_KEYS)."""

    @property
    def sqlite(self) -> bool:
        """Tell whether the database is a file."""
        return self.path is not None

    @cached_property
    def file(self) -> SqliteFile:
        """The bytes of the copy."""
        return SqliteFile(Path(str(self.engine.url.database)).read_bytes())

    def rows(self, statement: str, **facts: object) -> list[Row]:
        """Return what a SELECT gives."""
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(statement), facts).mappings()]

    def table(self, name: str) -> list[Row]:
        """Return the rows of a table in the order in which the database gives them when none is asked for."""
        return self.rows(f'SELECT * FROM "{name}"')  # noqa: S608 - our own names

    def relation(self, name: str) -> bytes | None:
        """Return the file of a PostgreSQL table or index; None where the role may not read the server's files."""
        try:
            return bytes(self.rows(FILES, name=name)[0]["pg_read_binary_file"] or b"")
        except DBAPIError:
            return None


@contextmanager
def opened(url: str, home: Path | None, keys: Path | None = None) -> Iterator[Target]:
    """Open an installation for an attack.

    Args:
        url: SQLAlchemy address of its database.
        home: its folder; None where only the database is to be attacked.
        keys: where its secret and keys lie; None where that is the same folder.

    Raises:
        SettingsError: there is no such database.
    """
    if not url.startswith("sqlite:///"):
        yield from _reading(url, None, (home, keys or home))
        return
    path = Path(str(make_url(url).database))
    if not path.is_file():
        raise SettingsError("There is no database at %(path)s. Check SURVEY_DATABASE_URL.", path=path)
    folder = Path(tempfile.mkdtemp(prefix="survey-attack-"))
    try:
        (folder / "copy.db").write_bytes(copy(path))
        yield from _reading(f"sqlite:///{folder / 'copy.db'}", path, (home, keys or home))
    finally:
        shutil.rmtree(folder)


def _reading(url: str, path: Path | None, folders: tuple[Path | None, Path | None]) -> Iterator[Target]:
    engine = database.engine(url)
    if path is None:
        event.listen(engine, "connect", _read_only)
    try:
        yield Target(engine, path, *folders)
    finally:
        engine.dispose()


def _read_only(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection has no common type
    connection.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    connection.commit()


def copy(path: Path) -> bytes:
    """Return the bytes of a SQLite file while no writer can change them."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as reader:
        try:
            reader.execute("BEGIN").execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            # Left in the middle of a write, with its journal beside it: an insider takes it as it is.
            return path.read_bytes()
        return path.read_bytes()
