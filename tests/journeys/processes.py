"""A parent and two processes that serve, as an operator starts them, and lines to each of them."""

import http.client
import select
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from benchmarks.intake.servers import family
from tests.faults.serving import Page
from tests.services.hosts import until
from tests.services.mail_process import ROOT, free_port

PATIENCE: Final = 60
"""Seconds for a page."""
TYPED: Final = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"}


class Line:
    """A kept connection, which one process serves as long as it lasts."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._connection.connect()

    def ask(
        self, path: str, fields: Mapping[str, str] | None = None, headers: Mapping[str, str] = TYPED
    ) -> tuple[int, str]:
        """Return status and text of a page."""
        self.send(path, fields, headers)
        return self.receive()

    def send(self, path: str, fields: Mapping[str, str] | None = None, headers: Mapping[str, str] = TYPED) -> None:
        """Ask for a page."""
        body = urlencode(fields) if fields else None
        self._connection.request("POST" if body else "GET", path, body, dict(headers))

    def receive(self) -> tuple[int, str]:
        """Return status and text of the page that was asked for."""
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()

    def has_heard(self) -> bool:
        """Tell whether an answer has begun to come."""
        return bool(select.select([self._connection.sock], [], [], 0)[0])

    def hear(self) -> Page:
        """Return the page that was asked for, with its headers."""
        answer = self._connection.getresponse()
        return Page(answer.status, answer.read().decode(), dict(answer.headers))

    def served_by(self, processes: Iterable[int]) -> int | None:
        """Return the process at the other end."""
        ends = f":{self.port:04X}", f":{self._connection.sock.getsockname()[1]:04X}"
        rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
        sockets = {f"socket:[{row[9]}]" for row in rows if (row[1][-5:], row[2][-5:]) == ends}
        return next((pid for pid in processes if sockets & _open_files(pid)), None)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def _open_files(pid: int) -> set[str]:
    found = set()
    for each in Path(f"/proc/{pid}/fd").glob("*"):
        with suppress(OSError):
            found.add(str(each.readlink()))
    return found


class Service:
    """A parent and its processes, on a port of their own."""

    def __init__(self, port: int, process: "subprocess.Popen[str]") -> None:
        self.port, self.process = port, process
        self.lines: dict[int, Line] = {}

    def children(self) -> list[int]:
        """Return the processes that serve, or begin to."""
        return family(self.process.pid)[1:]

    def visit(self) -> int:
        """Return the status of a page for everybody, over a connection of its own."""
        with closing(Line(self.port)) as line:
            return line.ask("/s")[0]

    def answers(self) -> bool:
        """Tell whether somebody serves."""
        try:
            return self.visit() == 200
        except OSError:
            return False

    def refuses(self) -> bool:
        """Tell whether nobody listens any more."""
        try:
            self.visit()
        except ConnectionRefusedError:
            return True
        except (OSError, http.client.HTTPException):
            return False
        return False

    def both(self) -> list[Line]:
        """Return a line to each of two processes, in the order of their starts."""
        until(lambda: len(self.children()) == 2)
        until(self._have_both)
        return [self.lines[pid] for pid in self.children()]

    def _have_both(self) -> bool:
        """Call several times at once: whoever is free takes a call."""
        children = self.children()
        for line in [Line(self.port) for _ in range(6)]:
            assert line.ask("/healthz")[0] == 200
            pid = line.served_by(children)
            if pid is None or pid in self.lines:
                line.close()
            else:
                self.lines[pid] = line
        return set(children) <= self.lines.keys()

    def hang_up(self) -> None:
        """Close every line."""
        for line in self.lines.values():
            line.close()


@contextmanager
def serving(environment: Mapping[str, str]) -> Iterator[Service]:
    """Give two processes, of which one serves already."""
    port = free_port()
    command = [sys.executable, "-c", "from survey.app import main; main()", "serve", "--port", str(port)]
    with subprocess.Popen(  # noqa: S603 - our own program
        [*command, "--processes", "2"],
        env={**environment, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        service = Service(port, process)
        try:
            until(service.answers)
            yield service
        finally:
            service.hang_up()
            process.terminate()
            process.wait(PATIENCE)


@contextmanager
def half_a_page(service: Service) -> Iterator[http.client.HTTPConnection]:
    """Give a connection on which a request has begun to come: its headers and half of its form."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)
    connection.putrequest("POST", "/s")
    for name, value in {**TYPED, "Content-Length": str(len("code=0000-0000-0000-0000"))}.items():
        connection.putheader(name, value)
    connection.endheaders(b"code=0000-")
    yield connection
    connection.close()


def rest_of(connection: http.client.HTTPConnection) -> int:
    """Send the other half; return the status of the page that comes back."""
    connection.send(b"0000-0000-0000")
    with connection.getresponse() as answer:
        answer.read()
        return answer.status
