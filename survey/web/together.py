"""What the processes of one machine count together: numbers in memory that they share, never on a disk.

Each process writes into its own part and reads all of them, so that nobody waits for a lock, and what a process has
counted stays when it dies: the next one in its place goes on with its part.
"""

import mmap
import os
import time
from typing import Final, NamedTuple

WIDTH: Final = 8
"""Bytes of a number."""
TRY_DRAWERS: Final = 4096
PLACES: Final = {
    "beat": 1,
    "codes": 120,
    "set-up": 120,
    "open pages": 120,
    "metrics": 14,
    "crowd": 1,
    "tries": 2 * TRY_DRAWERS,
}
"""How many numbers there are of each kind; the sign of life stands first, where the parent looks for it."""
PART: Final = -(-sum(PLACES.values()) * WIDTH // mmap.PAGESIZE) * mmap.PAGESIZE
"""Bytes of a process."""


class Numbers(NamedTuple):
    """Numbers of one kind."""

    mine: "memoryview[float]"
    """Those that this process writes."""
    all: "tuple[memoryview[float], ...]"
    """Those of every process, its own among them."""


class Together:
    """The part of one process, among those of all."""

    def __init__(self, memory: int = -1, slot: int = 0) -> None:
        """Take the part `slot` of the memory behind a file descriptor; of one's own where there are no others."""
        held = mmap.mmap(memory, 0 if memory >= 0 else PART)
        self.slot = slot
        self._parts = [memoryview(held)[at : at + PART].cast("d") for at in range(0, len(held), PART)]
        self._beat = self.numbers("beat").mine

    def numbers(self, kind: str) -> Numbers:
        """Return the numbers of a kind."""
        names = list(PLACES)
        start = sum(PLACES[name] for name in names[: names.index(kind)])
        found = tuple(part[start : start + PLACES[kind]] for part in self._parts)
        return Numbers(found[self.slot], found)

    def beat(self) -> None:
        """Give a sign of life."""
        self._beat[0] = time.monotonic()


def memory_for(count: int) -> int:
    """Return a file descriptor of memory for so many processes; it ends with the last one that has it open."""
    memory = os.memfd_create("survey", 0)
    os.truncate(memory, count * PART)
    return memory
