"""When what happens by itself was last done: a file, so that a look tells whether promises of time are being kept."""

import datetime as dt
import os
from pathlib import Path
from typing import Final

NAME: Final = "last-tick"


def note(home: Path, now: dt.datetime) -> None:
    """Note that it was done now."""
    part = _path(home).with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(now.isoformat(timespec="seconds"))
    part.replace(_path(home))


def read(home: Path) -> dt.datetime | None:
    """Return when it was last done, in UTC without a zone; None where it never was."""
    try:
        return dt.datetime.fromisoformat(_path(home).read_text("ascii"))
    except (OSError, ValueError):
        return None


def _path(home: Path) -> Path:
    return home / NAME
