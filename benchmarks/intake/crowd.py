"""A crowd that comes at once: who is told to come again does so when the page says, until she is thanked or lost."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.intake.clients import Visit

LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
AGAIN: Final = re.compile(rb"\r\nretry-after: (\d+)", re.IGNORECASE)
CLOSES: Final = re.compile(rb"\r\nconnection: close", re.IGNORECASE)
PATIENCE: Final = 300.0
"""Seconds until a visitor gives up an answer that does not come: longer than anybody waits, so that it is seen."""


@dataclass
class Crowd:
    """What became of the visitors."""

    thanked: int = 0
    """Who read her thanks at the first try of each page."""
    thanked_later: int = 0
    """Who was told to come again, came, and was thanked."""
    told: int = 0
    """How often somebody was told to come again."""
    lost: list[str] = field(default_factory=list)
    """Why others never read thanks: a connection that broke, another answer."""
    heard: list[float] = field(default_factory=list)
    """Seconds of each visitor from coming to the first answer of any kind."""
    waits: list[float] = field(default_factory=list)
    """Seconds of each request, whichever way it was answered."""

    def said(self, name: str, seconds: float) -> str:
        """Say it in two lines."""
        first, waits = _shares(self.heard), _shares(self.waits)
        line = f"  {name}: {self.thanked:,} thanked, {self.thanked_later:,} told to come again and then thanked "
        line += f"({self.told:,} times), {len(self.lost):,} lost; all in {seconds:.0f} s\n"
        line += f"    seconds to the first answer, p50, p95, longest: {first}; of each request: {waits}"
        return line + (f"; lost by {sorted(set(self.lost))}" if self.lost else "")


def come(port: int, visits: Sequence[Visit]) -> Crowd:
    """Let all come at once."""
    crowd = Crowd()
    asyncio.run(_all(port, visits, crowd))
    return crowd


async def _all(port: int, visits: Sequence[Visit], crowd: Crowd) -> None:
    await asyncio.gather(*(_visit(port, each, crowd) for each in visits))


async def _visit(port: int, visit: Visit, crowd: Crowd) -> None:
    begun, told, page, line = time.perf_counter(), 0, b"", _Line(port)
    try:
        for sent in visit.requests:
            while (seconds := await line.ask(sent.encode())) is not None:
                told += 1
                begun = _hear(crowd, line, begun)
                await asyncio.sleep(seconds)
            begun, page = _hear(crowd, line, begun), line.page
        line.close()
    except (OSError, asyncio.IncompleteReadError, RuntimeError, TimeoutError) as error:
        crowd.lost.append(f"{type(error).__name__} {error}"[:120])
        return
    crowd.told += told
    if visit.thanks.encode() not in page:
        crowd.lost.append("another page")
    elif told:
        crowd.thanked_later += 1
    else:
        crowd.thanked += 1


def _hear(crowd: Crowd, line: "_Line", begun: float) -> float:
    """Note how long an answer took, and the first one of a visitor; return that she has heard something."""
    crowd.waits.append(line.took)
    if begun:
        crowd.heard.append(time.perf_counter() - begun)
    return 0.0


class _Line:
    """A browser's connection: kept as long as the server keeps it, opened anew where it does not."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.page = b""
        self.took = 0.0

    async def ask(self, sent: bytes) -> int | None:
        """Take the page that answers a request; return in how many seconds to come again, None where it is the page."""
        start, kept = time.perf_counter(), self._ends is not None
        async with asyncio.timeout(PATIENCE):
            try:
                head = await self._head(sent)
            except (ConnectionError, asyncio.IncompleteReadError) as error:
                if not kept or (isinstance(error, asyncio.IncompleteReadError) and error.partial):
                    raise
                self.close()  # it was closed while she thought: browsers then take another one
                head = await self._head(sent)
            assert self._ends is not None
            length = LENGTH.search(head)
            self.page = await self._ends[0].readexactly(int(length[1]) if length else 0)
        self.took = time.perf_counter() - start
        if CLOSES.search(head):
            self.close()
        if head.startswith(b"HTTP/1.1 503 ") and (again := AGAIN.search(head)):
            return int(again[1])
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(head.partition(b"\r\n")[0].decode())
        return None

    async def _head(self, sent: bytes) -> bytes:
        if self._ends is None:
            self._ends = await asyncio.open_connection("127.0.0.1", self._port)
        self._ends[1].write(sent)
        return await self._ends[0].readuntil(b"\r\n\r\n")

    def close(self) -> None:
        """Hang up."""
        if self._ends is not None:
            self._ends[1].close()
            self._ends = None


def _shares(seconds: Sequence[float]) -> str:
    """Return within which seconds half, 95 % and all stayed."""
    ordered = sorted(seconds) or [0.0]
    return ", ".join(f"{ordered[min(len(ordered) - 1, int(share * len(ordered)))]:.1f}" for share in (0.5, 0.95, 1))
