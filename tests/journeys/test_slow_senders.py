"""Somebody sends a request byte by byte: her connection is given back, and who is merely slow is waited for."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from socket import socket
from typing import Any, Final

from flask import Flask
from waitress.channel import HTTPChannel

from survey.web import stalled
from survey.web.stalled import BEGUN_AT
from tests.journeys.test_slow_readers import Serving
from tests.services.hosts import until

HEADERS: Final = b"POST /s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
LATER: Final = 61 / 3600
"""Hours: more than a minute."""
SOON: Final = 11 / 3600
"""Hours: less than a minute."""


def _coming(serving: Serving) -> list[Any]:
    """Return the requests that have come in part, and were looked at since they began."""
    requests = [each.request for each in list(serving.channels.values()) if isinstance(each, HTTPChannel)]
    return [each for each in requests if each is not None and BEGUN_AT in vars(each)]


def _has_come(serving: Serving, size: int) -> bool:
    return any(each.header_bytes_received + each.body_bytes_received >= size for each in _coming(serving))


@contextmanager
def _connected(serving: Serving) -> Iterator[socket]:
    """Give a connection that has been answered once, and whose answer has been read to its end."""
    with serving.running(), closing(serving.asked("/healthz", "")) as slow:
        heard = b""
        while not heard.endswith(b"}\n"):  # head and body may come apart
            heard += slow.recv(4096)
        assert heard.startswith(b"HTTP/1.1 200 OK")
        yield slow


def test_who_hardly_sends_is_hung_up_on(app: Flask) -> None:
    """After a minute in which next to nothing of a request has come, its connection is free for others."""
    serving = Serving(app)
    with _connected(serving) as slow:
        slow.sendall(HEADERS)
        until(lambda: _has_come(serving, len(HEADERS)))
        serving.hours = LATER
        assert slow.recv(4096) == b""


def test_who_is_merely_slow_is_waited_for(app: Flask) -> None:
    """A large form over a slow telephone may take more than a minute."""
    serving, form = Serving(app), b"code=" + b"0" * 39_995
    with _connected(serving) as slow:
        slow.sendall(HEADERS + b"Content-Length: 40000\r\n\r\n")
        for start in range(0, 30_000, 10_000):  # each is looked at, the later ones after a minute
            slow.sendall(form[start : start + 10_000])
            until(partial(_has_come, serving, start + 10_000))
            serving.hours = LATER if start else 0
        slow.sendall(form[30_000:])
        assert slow.recv(4096).startswith(b"HTTP/1.1 404 ")


def test_where_there_is_no_room_nobody_keeps_a_place(app: Flask) -> None:
    """Whoever hardly sends, and whoever says nothing at all, gives her place to others sooner than otherwise."""
    serving = Serving(app)
    with _connected(serving) as slow, closing(serving.asked("/healthz", "")) as silent:
        until(lambda: silent.recv(4096).endswith(b"}\n"))
        slow.sendall(HEADERS)
        until(lambda: _has_come(serving, len(HEADERS)))
        serving.hours = SOON
        until(lambda: _has_come(serving, len(HEADERS)))  # there is room: nobody is in the way
        serving.full = True
        assert slow.recv(4096) == b""
        assert silent.recv(4096) == b""


def test_who_was_answered_late_has_time_to_read(app: Flask) -> None:
    """Her time to take an answer begins with the answer, however long it took to make."""
    dropped: list[bool] = []

    class Body(list[bytes]):
        def close(self) -> None:
            """Look at the connection while the answer stands in it, as the loop that serves may at any time."""
            stalled.drop([self.channel], time.time())
            dropped.append(not self.channel.connected)

        channel: Any = None

    def late(environ: Any, start: Any) -> Body:  # noqa: ANN401 - as WSGI has it
        body = Body([b"an answer\n"])
        body.channel = environ["waitress.client_disconnected"].__self__
        body.channel.last_activity -= 2 * stalled.STALLED
        start("200 OK", [])
        return body

    app.wsgi_app = late  # type: ignore[assignment, method-assign] # Flask's documented way to add WSGI middleware
    serving = Serving(app)
    with serving.running(), closing(serving.asked("/s", "")) as reader:
        until(lambda: reader.recv(4096).endswith(b"an answer\n"))
    assert dropped == [False]
