"""Turns that all processes of a machine take together: a place is a locked file, free again when its holder is gone."""

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Final

LOOK: Final = 0.1
"""Seconds between two looks for a free place, where there are several."""


@contextmanager
def one_of(folder: Path, name: str, places: int, patience: float) -> Iterator[bool]:
    """Have one of so many places as long as the block runs; False where none became free in time.

    Where the folder takes no files (it is gone, the disk is full) nobody is kept from working for it.
    """
    until = time.monotonic() + patience
    with ExitStack() as files:
        try:
            paths = [folder / f"{name}-{place}.lock" for place in range(1, places + 1)]
            held = [files.enter_context(os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))) for path in paths]
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
