"""Connections as waitress keeps them, whose requests stand in a line, and whose refusals carry headers as well."""

import socket
import time
from typing import Any, Final

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, WSGITask

from survey.faults import CROWDED, fault, kind
from survey.web import logs
from survey.web.crowd import AGAIN_IN, MINUTE
from survey.web.headers import NO_PAGE

CALLERS: Final = 32
"""Accepted in a row: each turn looks at every connection, so a turn for each caller would leave a crowd unheard."""
COMING: Final = 3.0
"""Seconds that whoever opens a page waits at most: she has nothing to lose yet, and four more pages to come."""
SENDING: Final = 10.0
"""Seconds that whoever has filled in something waits at most: nobody looks longer at a page that does not move."""
REST: Final = 1.0
"""Seconds in which no caller is taken, after the system had no file for one."""
ENTRY: Final = "/s"
"""Where a code is entered: whoever does so is coming as well."""
LOOKING: Final = frozenset({"GET", "HEAD"})


class Answer(WSGITask):  # type: ignore[misc] # waitress has no types
    """An answer of the app; who is told to come again gives her connection back to the others."""

    def start(self) -> None:
        """Begin."""
        super().start()
        if self.channel.again_in:
            self.set_close_on_finish()

    def get_environment(self) -> dict[str, Any]:
        """Return what the app gets to know."""
        environ: dict[str, Any] = super().get_environment()
        if self.channel.again_in:
            environ[AGAIN_IN] = self.channel.again_in
        return environ


class Refusal(ErrorTask):  # type: ignore[misc] # waitress has no types
    """What waitress itself answers, to what is no HTTP: with the headers of all other answers."""

    def start(self) -> None:
        """Begin."""
        super().start()
        self.response_headers.extend(NO_PAGE.items())


class Channel(HTTPChannel):  # type: ignore[misc] # waitress has no types
    """A connection; while its request waits for a thread it stands in a `Line`."""

    task_class = Answer
    error_task_class = Refusal
    since = 0.0
    again_in = 0

    @property
    def is_short(self) -> bool:
        """Whether its request needs no database, and hardly time."""
        request = self.requests[0]
        if request.error:
            return True
        return request.command in LOOKING and (request.path.startswith("/static/") or request.path == "/healthz")

    @property
    def patience(self) -> float:
        """Seconds that its request may wait."""
        request = self.requests[0]
        return COMING if request.command in LOOKING or request.path == ENTRY else SENDING

    def write_soon(self, data: bytes) -> int:
        """Send to the reader; her time to take it begins now, and not when she asked for it."""
        if not self.total_outbufs_len:
            self.last_activity = time.time()
        return int(super().write_soon(data))


class Listener(TcpWSGIServer):  # type: ignore[misc] # waitress has no types
    """A socket that people call at."""

    channel_class = Channel
    next_channel_cleanup = 0.0
    rests_until = 0.0
    """When callers are taken again, in seconds of `time.time`."""
    told = 0.0
    """When that was told last."""

    def readable(self) -> bool:
        """Tell whether there is room for another caller; the system lets others wait."""
        now = time.time()
        if now >= self.next_channel_cleanup:
            self.next_channel_cleanup = now + self.adj.cleanup_interval
            self.maintenance(now)
        return bool(self.accepting) and self.has_room and now >= self.rests_until

    @property
    def has_room(self) -> bool:
        """Whether fewer connections are held than may be."""
        return bool(len(self._map) < self.adj.connection_limit)

    def accept(self) -> tuple[socket.socket, Any] | None:
        """Take a caller; where the system has nothing to take one with, rest: to ask again at once would only heat."""
        try:
            taken: tuple[socket.socket, Any] | None = super().accept()
        except OSError as error:
            if fault(error) is not CROWDED:
                raise
            now = time.time()
            self.rests_until = now + REST
            if now - self.told > MINUTE:
                self.told = now
                logs.say(f"no more callers can be taken: {kind(error)}", wrong=True, respondent=True)
            return None
        return taken

    def handle_accept(self) -> None:
        """Take those who call, up to so many of them."""
        for _ in range(CALLERS):
            before = len(self._map)
            super().handle_accept()
            if len(self._map) == before or not self.has_room:
                return
