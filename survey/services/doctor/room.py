"""Whether what has to be written can be written: a full disk, and one that can only be read, show themselves here."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from survey.faults import fault
from survey.i18n import Sentence
from survey.services.doctor.check import Check, fail, ok
from survey.services.room import hindrance, hindrances
from survey.settings import Settings

A_MEGABYTE: Final = "CREATE TEMPORARY TABLE room AS SELECT repeat('room', 256) AS x FROM generate_series(1, 1024)"
OURS: Final = Sentence("See that the folder exists, and that the user of survey may write there.")


def look(settings: Settings) -> Iterator[Check]:
    """Write a little wherever the survey writes, into the folder for temporary files too: large uploads lie there."""
    found = [*hindrances(settings), *_temporary()]
    for folder, error in found:
        known = fault(error)
        yield fail(
            "room",
            Sentence("%(folder)s cannot be written (%(why)s)."),
            known.cure if known else OURS,
            folder=folder,
            why=error.strerror or type(error).__name__,
        )
    if not found:
        yield ok("room", Sentence("Something was written, and removed, wherever the survey writes."))


def takes(engine: Engine) -> Check:
    """Write a little into the database, and take it back."""
    try:
        with engine.connect() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
            if connection.dialect.name == "postgresql":
                connection.execute(text(A_MEGABYTE))  # its disk is another one than ours
            connection.rollback()
    except DBAPIError as error:
        found = fault(error)
        if found is None:
            raise
        return fail("writes", found.said, found.cure)
    return ok("writes", Sentence("The database takes what is written."))


def _temporary() -> Iterator[tuple[Path, OSError]]:
    try:
        folder = Path(tempfile.gettempdir())
    except FileNotFoundError as none:  # Python has tried each that it knows
        yield Path("/tmp"), none  # noqa: S108 - the one it is looked for first
        return
    # Where one is full Python takes the next; a server that runs keeps the one that it has found.
    first = Path(os.environ.get("TMPDIR") or "/tmp")  # noqa: S108 - as Python does
    for each in dict.fromkeys([first, folder]):
        error = hindrance(each) if each.is_dir() else None
        if error is not None:
            yield each, error
