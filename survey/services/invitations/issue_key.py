"""The issue key: the file that makes codes from people, outside the database and its backups, for 48 hours at most."""

import datetime as dt
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from survey.i18n import Refused
from survey.services.filing import key_files

LIFE: Final = dt.timedelta(hours=48)


def path(home: Path, wave: str) -> Path:
    """Return where the key of a wave lies."""
    return home / "keys" / f"{wave}.key"


def create(home: Path, wave: str) -> bytes:
    """Make a new key, readable by the owner only and on the disk before this returns; replaces one of a failed try."""
    destroy(home, wave)
    return key_files.make(path(home, wave))


def read(home: Path, wave: str) -> bytes:
    """Return the key.

    Raises:
        Refused: it has been destroyed, as promised, or never was on this machine.
    """
    try:
        return path(home, wave).read_bytes()
    except FileNotFoundError:
        raise _gone(wave) from None


def exists(home: Path, wave: str) -> bool:
    """Tell whether codes can still be made."""
    return path(home, wave).exists()


def destroy(home: Path, wave: str) -> bool:
    """Overwrite and remove the key; tell whether there was one."""
    return key_files.destroy(path(home, wave))


@contextmanager
def held(home: Path, wave: str) -> Iterator[bytes]:
    """Give the key to one sender at a time.

    Raises:
        Refused: the key is gone, or another process is sending this wave's letters.
    """
    try:
        file = path(home, wave).open("rb")
    except FileNotFoundError:
        raise _gone(wave) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("The letters of wave %(wave)s are being sent already.", wave=wave) from None
        if not exists(home, wave):
            raise _gone(wave)
        yield file.read()


def _gone(wave: str) -> Refused:
    return Refused(
        "The codes of wave %(wave)s can no longer be made: their key has been destroyed, as promised.", wave=wave
    )
