"""Readers who stop reading, and senders who hardly send: what they hold is given back, for those who answer.

A large file is handed to waitress piece by piece, and the thread that makes the pieces waits for its reader. Where that
is a laptop that was shut, it would wait for ever. A request that comes byte by byte keeps one of the connections.
"""

from collections.abc import Iterable
from typing import Any, Final

from waitress.channel import HTTPChannel

STALLED: Final = 60.0
"""Seconds without taking a single byte after which nobody reads any more."""
SLOWEST: Final = 200
"""Bytes a second, below which a request that has been coming for longer than that is not waited for."""
HURRIED: Final = 10.0
"""Seconds in its place, while there is no room for who comes."""
IDLE: Final = 5.0
"""Seconds that a connection may be kept then on which nothing happens: a browser opens another one."""
BEGUN_AT: Final = "survey_begun"


def drop(channels: Iterable[Any], now: float, *, full: bool = False) -> None:
    """Hang up on whoever holds up others; the loop that serves calls this, by its own clock.

    Where all places are taken (`full`) sooner, and on those as well who keep a place that they do not use.
    """
    for each in list(channels):
        if isinstance(each, HTTPChannel) and (
            _has_stopped_reading(each, now)
            or _hardly_sends(each, now, HURRIED if full else STALLED)
            or (full and _is_idle(each, now))
        ):
            each.handle_close()  # wakes the thread, which ends its work and closes what it reads from


def _has_stopped_reading(channel: Any, now: float) -> bool:  # noqa: ANN401 - waitress has no types
    """Tell whether nothing was taken of what waits."""
    return bool(channel.total_outbufs_len) and channel.last_activity < now - STALLED


def _hardly_sends(channel: Any, now: float, patience: float) -> bool:  # noqa: ANN401 - waitress has no types
    """Tell whether a request has been coming for long, and slower than over any telephone."""
    request = channel.request
    if request is None:
        return False
    took = now - vars(request).setdefault(BEGUN_AT, now)
    return bool(took > patience and request.header_bytes_received + request.body_bytes_received < took * SLOWEST)


def _is_idle(channel: Any, now: float) -> bool:  # noqa: ANN401 - waitress has no types
    """Tell whether nothing came on it for a while, and nothing is under way."""
    under_way = channel.requests or channel.request is not None or channel.total_outbufs_len
    return not under_way and channel.last_activity < now - IDLE
