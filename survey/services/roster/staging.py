"""A roster that somebody is looking at before it is taken: its cells wait here, for one account, an hour at most.

They lie in a folder of their owner alone, under a random name; no page but the account's own finds them.
"""

import datetime as dt
import errno
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from survey.i18n import Refused, Sentence
from survey.services.filing.files import write_whole
from survey.services.filing.grid import Grid
from survey.services.roster.columns import Choice, Match, chosen, match

FOLDER: Final = "rosters"
STAYS: Final = dt.timedelta(hours=1)
MOST: Final = 3
"""Files of one account: the oldest goes when a fourth one comes."""
TEXT_CAP: Final = 48 << 20
"""Characters of all cells: a workbook of some kB can name one long text in two million cells."""
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FULL: Final = Sentence(
    "The server’s disk is full, so the file could not be kept; the roster is as it was. Ask whoever runs the server to "
    "make room, and send the file again."
)
NAME: Final = re.compile(r"[A-Za-z0-9_-]{22}")


class Staged(msgspec.Struct, frozen=True):
    """The cells of a file, and what was said of them so far."""

    filename: str
    day: dt.date
    """From which on the roster holds."""
    rows: list[list[str]]
    computed: list[tuple[int, int]]
    choices: dict[str, Choice] | None = None
    """Which column stands where, if somebody chose."""

    @property
    def grid(self) -> Grid:
        """The cells as they were read."""
        grid = Grid()
        grid.rows = self.rows
        grid.computed = set(self.computed)
        return grid

    def match(self, remembered: dict[str, str]) -> Match:
        """Return how its headings are understood."""
        return chosen(self.choices) if self.choices is not None else match(self.rows[0], remembered)


def put(home: Path, by: int, staged: Staged, now: dt.datetime) -> str:
    """Keep a file for an account; return the name under which it is found again.

    Raises:
        Refused: its cells hold more text than any roster, or there is no room on the disk.
    """
    if sum(len(cell) for row in staged.rows for cell in row) > TEXT_CAP:
        raise Refused("The file is larger than %(cap)s MB. Save only the columns that are needed.", cap=TEXT_CAP >> 20)
    folder = home / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    mine = sorted(folder.glob(f"{by}.*"), key=_kept_at)
    for path in mine[: max(0, len(mine) + 1 - MOST)]:
        path.unlink(missing_ok=True)
    name = secrets.token_urlsafe(16)
    _write(folder / f"{by}.{name}", staged, _seconds(now))
    return name


def get(home: Path, by: int, name: str, now: dt.datetime) -> Staged | None:
    """Return a file of an account; None where there is none, or its hour is over."""
    path = _path(home, by, name)
    if path is None or _over(path, now):
        return None
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Staged)
    except FileNotFoundError:
        return None


def replace(home: Path, by: int, name: str, staged: Staged) -> None:
    """Keep what was said of a file; its hour goes on."""
    path = _path(home, by, name)
    if path is not None and (at := _kept_at(path)):
        _write(path, staged, at)


def drop(home: Path, by: int, name: str) -> None:
    """Forget a file."""
    path = _path(home, by, name)
    if path is not None:
        path.unlink(missing_ok=True)


def sweep(home: Path, now: dt.datetime | None) -> int:
    """Forget whatever is older than an hour (everything, where `now` is None); return how many files that was."""
    paths = [path for path in (home / FOLDER).glob("*") if now is None or _over(path, now)]
    for path in paths:
        path.unlink(missing_ok=True)
    return len(paths)


def _path(home: Path, by: int, name: str) -> Path | None:
    # The name comes from an address: anything but our own form could lead out of the folder.
    return home / FOLDER / f"{by}.{name}" if NAME.fullmatch(name) else None


def _write(path: Path, staged: Staged, at: float) -> None:
    try:
        write_whole(path, [msgspec.msgpack.encode(staged)])
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise Refused(FULL) from None
    with suppress(FileNotFoundError):  # another file of the same account came meanwhile, and this was the oldest
        os.utime(path, (at, at))


def _over(path: Path, now: dt.datetime) -> bool:
    return abs(_seconds(now) - _kept_at(path)) > STAYS.total_seconds()


def _kept_at(path: Path) -> float:
    """Return since when a file waits; long ago where another upload has taken it away."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _seconds(now: dt.datetime) -> float:
    return now.replace(tzinfo=dt.UTC).timestamp()
