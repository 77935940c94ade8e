"""The file of SQLite: where it may lie, and that it is opened only where it is.

SQLite makes a file that is missing. Behind the back of a server whose disk was taken away, that would be an empty
database in the place of the full one: here it is an error until the disk is back.
"""

import errno
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Dialect, Engine, event

from survey.faults import MOVED_CODE, MissingError, fault
from survey.settings import SettingsError

NETWORK_FILE_SYSTEMS: Final = frozenset(
    {"afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "glusterfs", "nfs", "nfs4", "smb3", "smbfs"}
)
MOUNTS: Final = Path("/proc/self/mounts")
FILE: Final = "survey_file"


def check_file(database: str, *, there: bool = False) -> None:
    """See that a file can be written where it is to lie, and make an empty one for its owner only.

    Where it has to be `there`, none is made: a file that was moved is not to be found replaced by an empty one.

    Raises:
        MissingError: it is not there, and should be.
        SettingsError: it cannot, or SQLite is not to be trusted there; the text says what to do.
    """
    if database in {"", ":memory:"} or database.startswith("file:"):
        raise SettingsError("SURVEY_DATABASE_URL must name a file: sqlite:////folder/survey.db.")
    path = Path(database).absolute()
    if not path.parent.is_dir():
        raise SettingsError(
            "The folder %(folder)s of SURVEY_DATABASE_URL does not exist. Run: survey init", folder=path.parent
        )
    if not os.access(path.parent, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise _unwritable(path)
    kind = file_system(path.parent, MOUNTS.read_text() if MOUNTS.exists() else "")
    if kind in NETWORK_FILE_SYSTEMS:
        raise SettingsError(
            "%(folder)s lies on a network file system (%(kind)s), where SQLite can lose answers. "
            "Put SURVEY_HOME on a local disk, or use PostgreSQL.",
            folder=path.parent,
            kind=kind,
        )
    if there and not path.exists():
        raise MissingError(
            "There is no database at %(path)s. Put it back there, or set SURVEY_HOME and SURVEY_DATABASE_URL as they "
            "were before. Only for a new installation run: survey init",
            path=path,
        )
    try:
        path.touch(mode=0o600)  # SQLite would make the file readable for everybody
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError | None = None) -> SettingsError:
    """Say why, and what to do: a disk that can only be read is none of the rights of a user."""
    read_only = os.statvfs(path.parent).f_flag & os.ST_RDONLY
    why = error or (OSError(errno.EROFS, os.strerror(errno.EROFS)) if read_only else None)
    found = fault(why)
    if why is None or found is None:
        return SettingsError(
            "%(path)s cannot be written. Give the user who runs survey the right to write %(folder)s.",
            path=path,
            folder=path.parent,
        )
    return SettingsError("%(path)s cannot be written (%(why)s). %(cure)s", path=path, why=why.strerror, cure=found.cure)


def file_system(folder: Path, mounts: str) -> str:
    r"""Return the kind of file system that holds `folder`, from the text of /proc/self/mounts; "" if unknown.

    >>> file_system(Path("/srv/a"), "/dev/sda / ext4 rw 0 0\nbox:/x /srv nfs4 rw 0 0\n")
    'nfs4'
    """
    best, kind = -1, ""
    for line in mounts.splitlines():
        _, point, name, *_ = line.split(" ")
        if folder.resolve().is_relative_to(Path(point)) and len(point) >= best:
            best, kind = len(point), name
    return kind


def only_where_it_is(made: Engine) -> None:
    """Let an engine open the file that is there, and make none."""
    path = Path(made.url.database or "").absolute()
    vars(made)[FILE] = _identity(path)

    @event.listens_for(made, "do_connect")
    def connect(_dialect: Dialect, _record: object, args: Sequence[str], options: dict[str, Any]) -> sqlite3.Connection:
        address = f"{Path(args[0]).absolute().as_uri()}?mode=rw"
        try:
            opened: sqlite3.Connection = sqlite3.connect(address, **{**options, "uri": True})
        except sqlite3.OperationalError as error:
            if not path.exists():  # SQLite says the same of a disk that fails
                error.sqlite_errorcode = MOVED_CODE
            raise
        return opened


def is_moved(made: Engine) -> bool:
    """Tell whether another file, or none, lies where an engine has found its own: what is open is not what is there."""
    return FILE in vars(made) and _identity(Path(made.url.database or "").absolute()) != vars(made)[FILE]


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
