"""Keys that lie in files of their own, for their owner only, so that they can be destroyed for good."""

import errno
import os
import secrets
from pathlib import Path
from typing import Final

from survey.services.filing.files import sync_folder

KEY_BYTES: Final = 32


def make(file: Path, key: bytes = b"") -> bytes:
    """Write a new key (or `key`, 32 bytes), on the disk before this returns; raises FileExistsError."""
    for folder in reversed(file.parents):
        folder.mkdir(mode=0o700, exist_ok=True)  # `parents=True` would leave those above open to others
    key = key or secrets.token_bytes(KEY_BYTES)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        _write(handle, key)
        os.fsync(handle)
    except OSError:
        file.unlink()  # no half a key is left behind on a full disk
        raise
    finally:
        os.close(handle)
    sync_folder(file.parent)
    return key


def _write(handle: int, key: bytes) -> None:
    """Write all of a key: a disk that has room for a part of it takes that part, and says so only by its number."""
    if os.write(handle, key) < len(key):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def destroy(file: Path) -> bool:
    """Overwrite and remove a key; tell whether there was one."""
    try:
        handle = os.open(file, os.O_WRONLY)
    except FileNotFoundError:
        return False
    try:
        os.write(handle, bytes(KEY_BYTES))
        os.fsync(handle)
    except OSError:
        file.unlink(missing_ok=True)  # what cannot be overwritten is at least not to be found
        raise
    finally:
        os.close(handle)
    try:
        file.unlink()
    except FileNotFoundError:  # another process was faster
        return False
    sync_folder(file.parent)
    return True
