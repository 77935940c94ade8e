"""Readers who stop reading: what they hold is given back, so that the threads are there for those who answer.

A large file is handed to waitress piece by piece, and the thread that makes the pieces waits for its reader. Where that
is a laptop that was shut, it would wait for ever.
"""

from collections.abc import Iterable
from typing import Any, Final

from waitress.channel import HTTPChannel

STALLED: Final = 60.0
"""Seconds without taking a single byte after which nobody reads any more."""


def drop(channels: Iterable[Any], now: float) -> None:
    """Hang up on whoever has taken nothing of what waits for her; the loop that serves calls this, by its own clock."""
    for each in list(channels):
        if isinstance(each, HTTPChannel) and each.total_outbufs_len and each.last_activity < now - STALLED:
            each.handle_close()  # wakes the thread, which ends its work and closes what it reads from
