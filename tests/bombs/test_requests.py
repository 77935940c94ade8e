"""Requests that would fill a server's memory or keep it busy: each is answered or cut off, and the server goes on."""

import gzip
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from tests.faults.serving import Server, serving

MEGABYTE: Final = 1 << 20
MOST_TAKEN: Final = 200 * MEGABYTE
"""Bytes that a body without end may have sent before it is cut off: what is taken, and what lies in buffers between."""
MOST_MEMORY: Final = 160 * MEGABYTE
"""Bytes by which the server may grow over all of these together."""
HEAD: Final = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n"
FORM: Final = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def server(home: Path, sqlite_template: Path, tmp_path: Path) -> Iterator[Server]:
    """Serve an installation in a process of its own."""
    shutil.copyfile(sqlite_template, home / "survey.db")
    with serving({**os.environ, "SURVEY_HOME": str(home)}, tmp_path / "server.log") as running:
        yield running


def said(server: Server, pieces: Iterator[bytes]) -> tuple[int, bytes]:
    """Send pieces until the server has had enough; return how many bytes it took, and the first line it answered."""
    sent, answer = 0, b""
    with socket.create_connection(("127.0.0.1", server.port)) as line, suppress(OSError):  # it has hung up
        for piece in pieces:
            line.sendall(piece)
            sent += len(piece)
        line.shutdown(socket.SHUT_WR)
        answer = line.makefile("rb").readline()
    return sent, answer


def endless() -> Iterator[bytes]:
    """Yield a chunked body that has no end."""
    yield HEAD + FORM + b"Transfer-Encoding: chunked\r\n\r\n"
    piece = b"100000\r\n" + b"a" * MEGABYTE + b"\r\n"
    for _ in range(1024):
        yield piece


def whole(head: bytes, body: bytes) -> Callable[[], Iterator[bytes]]:
    """Return a request whose length is said."""
    return lambda: iter([HEAD + head + b"Content-Length: %d\r\n\r\n" % len(body), body])


PART: Final = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
REQUESTS: Final[dict[str, tuple[Callable[[], Iterator[bytes]], bytes]]] = {
    "a hundred thousand parts": (
        whole(b"Content-Type: multipart/form-data; boundary=b\r\n", PART * 100_000 + b"--b--\r\n"),
        b" 413 ",
    ),
    "a million fields": (whole(FORM, b"a=1&" * 1_000_000), b" 4"),
    "a packed body": (whole(FORM + b"Content-Encoding: gzip\r\n", gzip.compress(bytes(64 * MEGABYTE))), b" 400 "),
    "a part without end": (
        whole(b"Content-Type: multipart/form-data; boundary=b\r\n", b"--b\r\nX: " + b"a" * (8 * MEGABYTE)),
        b" 4",
    ),
    "JSON in JSON": (whole(b"Content-Type: application/json\r\n", b"[" * (4 * MEGABYTE)), b" 400 "),
    "headers without end": (lambda: iter([HEAD + b"X: " + b"a" * (4 * MEGABYTE) + b"\r\n\r\n"]), b""),
    "a length below nothing": (lambda: iter([HEAD + b"Content-Length: -1\r\n\r\n"]), b" 400 "),
    "two lengths": (lambda: iter([HEAD + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\nhello"]), b" 400 "),
    "another coding": (lambda: iter([HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"]), b" 501 "),
}


def grown(server: Server) -> int:
    """Return how many bytes of the server lay in memory at most."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def test_no_request_takes_the_server_down(server: Server) -> None:
    """Each is answered in a line of HTTP or cut off; a body without end is cut off; memory stays; pages go on."""
    server.ask("/sign-in")
    before = grown(server)
    for name, (request, status) in REQUESTS.items():
        _sent, answer = said(server, request())
        assert status in answer, (name, answer)
        assert server.ask("/healthz").status == 200, name
    sent, answer = said(server, endless())
    assert sent < MOST_TAKEN, answer
    assert server.ask("/sign-in").status in {200, 303}
    assert grown(server) - before < MOST_MEMORY
