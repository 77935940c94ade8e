"""Files that are whole or not there at all, and that only their owner can read."""

import fcntl
import glob
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from survey.i18n import Refused


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file beside its place, sync it, and put it there in one step; an older one is replaced.

    What a killed run left beside it is removed first.
    """
    _remove_abandoned(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # while it is written it is nobody's to remove
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException as error:
        with suppress(OSError):
            part.unlink()
        if isinstance(error, OSError):
            error.filename = str(path)  # a full disk names no file, and the one beside it is gone
        raise
    sync_folder(path.parent)


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Let one run at a time send letters; the lock ends with the process that holds it.

    Raises:
        Refused: another run is under way.
    """
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("These letters are being sent already.") from None
        yield


def _remove_abandoned(path: Path) -> None:
    for part in path.parent.glob(f".{glob.escape(path.name)}-*.part"):
        with suppress(OSError), part.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()


def sync_folder(folder: Path) -> None:
    """Return once the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
