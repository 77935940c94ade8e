"""Whether an installation has room: asked by writing, which is what a disk cannot dodge."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from survey.settings import Settings

PROBE: Final = 256 * 1024
"""Bytes: what one answer takes at its most, with the journal of the database."""

LITTLE_MEMORY: Final = text("SELECT set_config('work_mem', '64kB', true), set_config('temp_tablespaces', '', true)")
SORT: Final = text(
    "SELECT max(x) FROM"
    " (SELECT repeat(md5(i::text), 8) AS x FROM generate_series(1, 2048) AS i ORDER BY x OFFSET 0) AS room"
)
"""Half a megabyte to be sorted: PostgreSQL does that in a file beside the tables of the database."""


def folders(settings: Settings) -> list[Path]:
    """Return the folders that are written while the survey runs, each once; not where reports are kept."""
    address = make_url(settings.database_url)
    database = [Path(address.database or "").absolute().parent] if address.drivername == "sqlite" else []
    # That of the keys of waves is made with the first one.
    keys = [folder for folder in [settings.keys / "keys"] if os.path.isdir(folder)]  # noqa: PTH112 - Path raises
    return list(dict.fromkeys([settings.home, settings.keys, *keys, *database]))


def hindrance(folder: Path) -> OSError | None:
    """Write a little into a folder, without a name that could stay; return what hindered."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(PROBE))
    except OSError as error:
        return error
    return None


def hindrances(settings: Settings) -> Iterator[tuple[Path, OSError]]:
    """Yield the folders that cannot be written, with what hindered; of those below one of them nothing more."""
    told: list[Path] = []
    for folder in folders(settings):
        error = None if any(folder.is_relative_to(above) for above in told) else hindrance(folder)
        if error is not None:
            told.append(folder)
            yield folder, error


def spill(session: Session) -> None:
    """Have PostgreSQL write a little to its own disk, in a file that is gone at once; it takes 10 ms and no lock.

    Raises:
        DBAPIError: it cannot; `survey.faults` tells why.
    """
    session.execute(LITTLE_MEMORY)
    session.execute(SORT)
