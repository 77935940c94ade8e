"""The operator's own list of breached passwords: a file of SHA-1 hashes in order, looked up without any network.

It is the form in which such lists are published: a line for each hash in capital digits of base 16, with how often it
was seen behind a colon. The whole one has a billion lines: it is never read, only halved until the line is found.
"""

import hashlib
import re
from pathlib import Path
from typing import BinaryIO, Final

from survey.settings import SettingsError

LINE: Final = re.compile(rb"[0-9A-Fa-f]{40}(:\d+)?")
DIGITS: Final = 40
NEAR: Final = 4096
"""Bytes that are read one line after the other."""
SAMPLES: Final = 256
"""Places at which the order of a file is looked at."""


def holds(path: Path, password: str) -> bool:
    """Tell whether a password stands in the list.

    Raises:
        SettingsError: the list cannot be read.
    """
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    try:
        with path.open("rb") as file:
            return _find(file, wanted)
    except OSError as error:
        raise _unreadable(path, error) from error


def in_order(path: Path) -> bool:
    """Tell whether a file looks like such a list: hashes, and each sample after the one before it.

    Raises:
        SettingsError: the list cannot be read.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            lines = [_line_after(file, size * at // SAMPLES) for at in range(SAMPLES)]
    except OSError as error:
        raise _unreadable(path, error) from error
    hashes = [line[:DIGITS].upper() for line in lines if line]
    return bool(hashes) and hashes == sorted(hashes) and all(LINE.fullmatch(line.strip()) for line in lines if line)


def _find(file: BinaryIO, wanted: bytes) -> bool:
    low, high = 0, file.seek(0, 2)
    while high - low > NEAR:
        middle = (low + high) // 2
        line = _line_after(file, middle)
        if line and line[:DIGITS].upper() < wanted:
            low = middle
        else:
            high = middle
    line = _line_after(file, low)
    while line and line[:DIGITS].upper() < wanted:
        line = file.readline()
    return line[:DIGITS].upper() == wanted


def _line_after(file: BinaryIO, place: int) -> bytes:
    """Return the first line that begins behind a place, at it for the beginning; b"" at the end."""
    file.seek(place)
    if place:
        file.readline()
    return file.readline()


def _unreadable(path: Path, error: OSError) -> SettingsError:
    return SettingsError(
        "SURVEY_BREACHED_PASSWORDS names %(path)s, which cannot be read (%(why)s). Name the file of SHA-1 hashes, or "
        "nothing.",
        path=path,
        why=error.strerror or type(error).__name__,
    )
