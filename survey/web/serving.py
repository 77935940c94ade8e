"""Answer requests until told to stop; then finish those in hand, and go."""

import gc
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from flask import Flask
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel

from survey.settings import Settings
from survey.web import stalled
from survey.web.factory import LARGEST_FORM
from survey.web.line import Line
from survey.web.listener import Listener

DRAIN: Final = 20.0
"""Seconds in which requests that have begun are finished; systemd and Compose allow 30 for all."""
LOOK: Final = 1.0
"""Seconds between two signs of life of a process with nothing to do."""
BACKLOG: Final = 4096
"""Connections that the system lets wait; as many as Linux does, unless told otherwise (net.core.somaxconn)."""
CONNECTIONS: Final = 2000
"""Held at a time in a process; whoever comes then waits in the system's queue, until others hang up."""
IDLE: Final = 60
"""Seconds that a connection is kept on which nothing happens: each costs all others a little."""
FILES: Final = 4096
"""Open files that so many connections, and all else, may need."""
LARGEST_TAKEN: Final = 2 * LARGEST_FORM
"""Bytes: what is a little too large is taken in and answered with a page; above, the connection ends at once."""


class Server:
    """waitress with an end: it stops accepting, finishes what it holds, and returns."""

    def __init__(self, app: Flask, settings: Settings, sockets: Sequence[socket.socket], threads: int) -> None:
        """Listen, from now on."""
        gc.collect()
        gc.freeze()  # Python's collector needs a quarter of a second for what stays as long as the process does
        _allow_files()
        self._stopping = threading.Event()
        self._next_look = 0.0
        self._channels: dict[int, Any] = {}
        self._line = Line(threads)
        how = Adjustments(
            sockets=list(sockets),
            ident="",
            backlog=BACKLOG,
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE,
            max_request_body_size=LARGEST_TAKEN,
            # What proxies of the operator's own say is read by the app, as many of them as the settings name.
            clear_untrusted_proxy_headers=not settings.proxy_hops,
        )
        for each in sockets:
            of = (each.family, each.type, each.proto, each.getsockname())
            Listener(app, self._channels, _sock=each, dispatcher=self._line, adj=how, sockinfo=of, bind_socket=False)

    def stop(self) -> None:
        """End once what is in hand is done; any thread may say so, and a signal."""
        self._stopping.set()
        for each in list(self._channels.values()):
            if hasattr(each, "pull_trigger"):
                each.pull_trigger()
                return

    def run(self, beat: Callable[[], None]) -> None:
        """Serve until told to stop; `beat` is called at least once a second."""
        self._hear()
        while not self._stopping.is_set():
            self._turn(LOOK, beat)
        self._drain(beat)

    def _turn(self, seconds: float, beat: Callable[[], None]) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._channels, count=1)
        now = time.time()
        if now >= self._next_look:
            self._next_look = now + LOOK
            stalled.drop(self._channels.values(), now, full=len(self._channels) >= CONNECTIONS)
            self._line.look()
        beat()

    def _drain(self, beat: Callable[[], None]) -> None:
        for each in list(self._channels.values()):
            if each.accepting:
                wasyncore.dispatcher.close(each)  # its trigger still wakes the loop
        until = time.monotonic() + DRAIN
        while any(_in_hand(each) for each in self._channels.values()) and time.monotonic() < until:
            self._turn(LOOK / 10, beat)
        self._line.shutdown(timeout=LOOK)
        wasyncore.close_all(self._channels)

    def _hear(self) -> None:
        """Take TERM, INT and HUP as the wish to end; a second Ctrl-C as the wish to end at once."""

        def told(number: int, _frame: object) -> None:
            if number == signal.SIGINT:
                signal.signal(signal.SIGINT, signal.default_int_handler)
            self.stop()

        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(each) is not signal.SIG_IGN:
                signal.signal(each, told)

    def end_with(self, alive: int) -> None:
        """Stop as soon as the parent at the other end of a pipe is gone, however it went."""

        def watch() -> None:
            os.read(alive, 1)
            self.stop()

        threading.Thread(target=watch, name="parent", daemon=True).start()


def _in_hand(each: Any) -> bool:  # noqa: ANN401 - waitress has no types
    """Tell whether a request has begun to come, is worked on, or is on its way out."""
    return isinstance(each, HTTPChannel) and bool(each.requests or each.request or each.total_outbufs_len)


def _allow_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < FILES:
        with suppress(OSError, ValueError):  # then fewer people are served at a time
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, hard) if hard >= 0 else FILES, hard))
