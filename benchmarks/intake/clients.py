"""Clients of the benchmark: closed loops over kept-alive connections, with requests that were made beforehand.

A process of its own reads a job from its input and writes what it saw to its output. Each client sends the next visit
that nobody has begun, request by request, and checks that the last answer says thank you.
"""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final
from urllib.parse import urlencode

ROOT: Final = Path(__file__).parents[2]
BROWSER: Final = (
    "User-Agent: Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
    "Mobile Safari/537.36\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Language: ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7\r\nAccept-Encoding: gzip, deflate, br\r\n"
    "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
)


@dataclass(frozen=True)
class Visit:
    """What one person sends, and what stands on the page that thanks her."""

    requests: Sequence[str]
    thanks: str


@dataclass(frozen=True)
class Seen:
    """What a run came to."""

    seconds: float
    visits: Sequence[float]
    """Seconds of each visit, all its requests together."""

    @property
    def rate(self) -> float:
        """Complete answers a second."""
        return len(self.visits) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the milliseconds that this share of the visits stayed within."""
        return 1000 * sorted(self.visits)[min(len(self.visits) - 1, int(share * len(self.visits)))]


def request(method: str, path: str, fields: dict[str, str] | None = None) -> str:
    """Write a request as a phone's browser would."""
    body = urlencode(fields or {})
    typed = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n" if fields else ""
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{BROWSER}{typed}\r\n{body}"


def send(port: int, visits: Sequence[Visit], clients: int) -> Seen:
    """Let a process of its own send visits, so many at a time."""
    job = {"port": port, "clients": clients, "visits": [[list(each.requests), each.thanks] for each in visits]}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.intake.clients"],
        input=json.dumps(job),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    return Seen(**json.loads(done.stdout))


class Connection:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def ask(self, sent: bytes) -> bytes:
        """Return the page that answers a request; anything but 200 ends the benchmark."""
        self._socket.sendall(sent)
        while (end := self._rest.find(b"\r\n\r\n")) < 0:
            self._read()
        head = self._rest[:end].lower()
        if not head.startswith(b"http/1.1 200 "):
            raise RuntimeError(self._rest.decode(errors="replace"))
        at = head.index(b"content-length: ") + len(b"content-length: ")
        whole = end + 4 + int(head[at:].split(b"\r\n", 1)[0])
        while len(self._rest) < whole:
            self._read()
        page, self._rest = self._rest[end + 4 : whole], self._rest[whole:]
        return page

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _read(self) -> None:
        more = self._socket.recv(1 << 17)
        if not more:
            raise ConnectionError
        self._rest += more


def _client(
    port: int, waiting: Iterator[tuple[list[bytes], bytes]], took: list[float], ready: threading.Barrier
) -> None:
    connection = Connection(port)
    ready.wait()
    for requests, thanks in waiting:
        start = perf_counter()
        pages = [connection.ask(sent) for sent in requests]
        took.append(perf_counter() - start)
        if thanks not in pages[-1]:
            raise RuntimeError(pages[-1].decode())


def main() -> None:
    """Do the job that stands on the input."""
    job = json.load(sys.stdin)
    # A list's iterator gives each visit to one thread only.
    waiting = iter([([one.encode() for one in requests], thanks.encode()) for requests, thanks in job["visits"]])
    took: list[float] = []
    ready = threading.Barrier(job["clients"] + 1)
    threads = [
        threading.Thread(target=_client, args=(job["port"], waiting, took, ready)) for _ in range(job["clients"])
    ]
    for thread in threads:
        thread.start()
    ready.wait()
    start = perf_counter()
    for thread in threads:
        thread.join()
    json.dump({"seconds": perf_counter() - start, "visits": took}, sys.stdout)


if __name__ == "__main__":
    main()
