"""What lies on the disk for the database, byte by byte; and a disk that has no room."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text

RELATIONS: Final = """
    SELECT pg_read_binary_file(pg_relation_filepath(oid))
    FROM pg_class WHERE relkind IN ('r', 'i', 't') AND oid >= 16384
"""
"""All tables of our own, with their indexes and what is too long for a page."""


SAMPLES: Final = """
    SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class
    WHERE oid IN ('pg_statistic'::regclass, (SELECT reltoastrelid FROM pg_class WHERE oid = 'pg_statistic'::regclass))
"""
"""What PostgreSQL's planner keeps of the cells of all tables."""


def samples(engine: Engine) -> bytes:
    """Return the bytes of what PostgreSQL's planner has kept of cells; SQLite keeps none."""
    return b"" if engine.dialect.name == "sqlite" else _read(engine, SAMPLES)


def tables(engine: Engine) -> bytes:
    """Return the bytes of the database's own files as they are now, without PostgreSQL's write-ahead log."""
    if engine.dialect.name == "sqlite":
        return Path(str(engine.url.database)).read_bytes()
    return _read(engine, RELATIONS)


def _read(engine: Engine, files: str) -> bytes:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        return b"".join(map(bytes, connection.execute(text(files)).scalars()))


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond `size` bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
