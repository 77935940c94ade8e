"""What this process and all that it started use: processor time and memory, read from /proc (Linux)."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Final

TICK: Final = os.sysconf("SC_CLK_TCK")
EVERY: Final = 0.5
"""Seconds between two looks at the memory."""


def adopt() -> None:
    """Become the parent of what children leave behind when they end, so that its time is counted.

    A browser that is told to end at once leaves its helpers to whoever looks after orphans.
    """
    set_child_subreaper = 36
    ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


def tree(pid: int | None = None) -> list[int]:
    """Return a process and all below it."""
    found = [pid or os.getpid()]
    for each in found:
        with suppress(OSError):
            for task in Path(f"/proc/{each}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text("utf-8").split()]
    return found


def processor_seconds() -> float:
    """Return what they have used so far, those that have ended and were waited for included."""
    ticks = 0
    for pid in tree():
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICK


def megabytes(pid: int) -> float:
    """Return what a process holds that nobody shares with it, and its part of what is shared."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


@contextmanager
def watched() -> Iterator[list[tuple[float, float, float]]]:
    """Look at the memory while the block runs: seconds since it began, MB of this process, MB of those below it."""
    looks: list[tuple[float, float, float]] = []
    ended, began = Event(), perf_counter()

    def look() -> None:
        while not ended.wait(EVERY):
            me, *below = tree()
            looks.append((perf_counter() - began, megabytes(me), sum(map(megabytes, below))))

    thread = Thread(target=look)
    thread.start()
    try:
        yield looks
    finally:
        ended.set()
        thread.join()
