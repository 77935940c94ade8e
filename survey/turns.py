"""Turns that all processes of a machine take together: a place is a locked file, free again when its holder is gone."""

import fcntl
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Final

FLAGS: Final = os.O_RDWR | os.O_CREAT
LOOK: Final = 0.1
"""Seconds between two looks for a free place, where there are several."""


class Turn:
    """One at a time, of the threads of this process first, then of the processes; who waits is woken, not late."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.Lock()
        self._file = -1

    def __del__(self) -> None:
        if self._file >= 0:
            os.close(self._file)

    def __enter__(self) -> None:
        self._threads.acquire()
        # Without its file the turn is this process's own: what follows says what is wrong with the disk.
        with suppress(OSError):
            if self._file < 0:
                self._file = os.open(self._path, FLAGS, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError):
            if self._file >= 0:
                fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()


@contextmanager
def one_of(folder: Path, name: str, places: int, patience: float) -> Iterator[bool]:
    """Have one of so many places as long as the block runs; False where none became free in time.

    Where the folder takes no files (it is gone, the disk is full) nobody is kept from working for it.
    """
    until = time.monotonic() + patience
    with ExitStack() as files:
        try:
            paths = [folder / f"{name}-{place}.lock" for place in range(1, places + 1)]
            held = [files.enter_context(os.fdopen(os.open(path, FLAGS, 0o600))) for path in paths]
        except OSError:
            held = []
        yield not held or _have(held, until)


def _have(held: Sequence[IO[str]], until: float) -> bool:
    while True:
        for file in held:
            with suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
        if time.monotonic() >= until:
            return False
        time.sleep(LOOK)
