"""Show an opening day: people of a company come to answer as they open their letters, however the server does.

    python -m benchmarks.intake.hour [--people 20000] [--minutes 60] [--speed 1] [--processes 1] [--postgresql]
    python -m benchmarks.intake.hour --people 0 --crowd 5000
    python -m benchmarks.intake.hour --answers 100000

The first plays three scenes, on SQLite or a throw-away PostgreSQL: all PEOPLE within MINUTES, at random moments; the
last ten minutes before the closing, when every tenth comes; and a crowd of 500, far more than the server can take, all
in the same moment, of whom those who are told to come again do so when the page says. Arrivals do not wait for the
server (an open loop): where it falls behind, it is seen. SPEED plays everything so many times faster. Every visit is
the whole one, five requests over a connection of its own. The second plays the crowd alone. The third answers at 20
clients, and prints the memory at every tenth of the way.
"""

import argparse
import random
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import text

from benchmarks.intake import crowd, servers
from benchmarks.intake.__main__ import installations
from benchmarks.intake.clients import Connection, Visit, send
from benchmarks.intake.installation import Installation, whole_visit
from benchmarks.intake.servers import Server
from survey.database import engine as open_engine

LAST: Final = 1 / 6
"""Of the time in which all come: the last minutes before the closing, when a tenth comes."""
CLIENTS: Final = 20
BATCH: Final = 1_000
"""Visits that are made and sent in one go where memory is looked at."""


@dataclass
class Scene:
    """What the visitors of a scene saw."""

    requests: list[float] = field(default_factory=list)
    """Seconds of each request."""
    late: list[float] = field(default_factory=list)
    """Seconds by which a visitor was let loose too late: it tells that this machine could not play the scene."""
    thanked: list[bool] = field(default_factory=list)
    """Of each visitor who came to the end, whether she was thanked."""
    broken: list[str] = field(default_factory=list)

    def told(self, name: str, seconds: float) -> str:
        """Say it in a line."""
        slow = sorted(self.requests)
        at = [1000 * slow[min(len(slow) - 1, int(share * len(slow)))] for share in (0.5, 0.95, 1.0)]
        line = (
            f"  {name}: {sum(self.thanked):,} thanked in {seconds:.0f} s; a request p50 {at[0]:.0f}  p95 {at[1]:.0f}  "
        )
        line += f"longest {at[2]:.0f} ms a request; visitors late by {1000 * max(self.late):.0f} ms at most"
        return line + (f"; {len(self.broken)} broke off, the first by {self.broken[0]}" if self.broken else "")


def moments(count: int, seconds: float) -> list[float]:
    """Return when so many people come, at random."""
    return sorted(random.uniform(0, seconds) for _ in range(count))  # noqa: S311 - nothing secret


def play(port: int, visits: Sequence[Visit], arrivals: Sequence[float]) -> Scene:
    """Let each visitor come at her moment, whether others have been answered or not."""
    scene, threads, start = Scene(), list[threading.Thread](), time.perf_counter()
    for visit, moment in zip(visits, arrivals, strict=True):
        time.sleep(max(0.0, moment - (time.perf_counter() - start)))
        scene.late.append(time.perf_counter() - start - moment)
        threads.append(threading.Thread(target=_visit, args=(port, visit, scene)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return scene


def _visit(port: int, visit: Visit, scene: Scene) -> None:
    try:
        connection = Connection(port)
        for sent in visit.requests:
            start = time.perf_counter()
            page = connection.ask(sent.encode())
            scene.requests.append(time.perf_counter() - start)
        connection.close()
    except (OSError, RuntimeError) as error:
        scene.broken.append(type(error).__name__)
        return
    scene.thanked.append(visit.thanks in page.decode())


def scenes(here: Installation, server: Server, asked: argparse.Namespace) -> None:
    """Play them, and count what is kept."""
    thanked = 0
    hour, last = 60 * asked.minutes / asked.speed, 60 * LAST * asked.minutes / asked.speed
    for name, arrivals in {
        f"{asked.people:,} people in {asked.minutes:g} minutes": moments(asked.people, hour),
        f"{asked.people // 10:,} in the last {LAST * asked.minutes:.0f} minutes": moments(asked.people // 10, last),
    }.items():
        if not arrivals:
            continue
        visits, worked, start = [whole_visit(here) for _ in arrivals], server.worked(), time.perf_counter()
        scene = play(server.port, visits, arrivals)
        took = time.perf_counter() - start
        print(scene.told(name, took), f"(processor {100 * (server.worked() - worked) / took:.0f} % of one)", flush=True)
        thanked += sum(scene.thanked)
    thanked += _at_once(here, server, asked.crowd)
    print(f"  thanked {thanked:,}, kept {_kept(here.url):,}")


def _at_once(here: Installation, server: Server, people: int) -> int:
    """Let a crowd come; return how many were thanked."""
    visits, start = [whole_visit(here) for _ in range(people)], time.perf_counter()
    before, most = server.files(), [0]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(1):
            most[0] = max(most[0], server.files())

    watching = threading.Thread(target=watch)
    watching.start()
    seen = crowd.come(server.port, visits)
    over.set()
    watching.join()
    print(seen.said(f"{people:,} at once", time.perf_counter() - start))
    print(f"    open files {before:,} before, {most[0]:,} at most, {server.files():,} after", end="; ")
    print(f"{server.memory()[0]:.0f} MB resident after")
    return seen.thanked + seen.thanked_later


def _kept(url: str) -> int:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM intake")).scalar_one()
    engine.dispose()
    return int(found)


def memory(here: Installation, server: Server, answers: int) -> None:
    """Print the memory on the way to so many answers."""
    for done in range(0, answers, BATCH):
        if done % max(BATCH, answers // 10) == 0:
            _say_memory(server, done)
        seen = send(server.port, [whole_visit(here) for _ in range(min(BATCH, answers - done))], CLIENTS)
    _say_memory(server, answers)
    print(f"  the last of them: p50 {seen.percentile(0.5) / 5:.0f}, p95 {seen.percentile(0.95) / 5:.0f} ms a request")


def _say_memory(server: Server, done: int) -> None:
    resident, shared = server.memory()
    print(f"  after {done:>7,} answers: {resident:.0f} MB resident, {shared:.0f} MB in shares", flush=True)


def main() -> None:
    """Play what the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--speed", type=float, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--crowd", type=int, default=500)
    parser.add_argument("--answers", type=int, default=0)
    asked = parser.parse_args()
    socket.setdefaulttimeout(300)
    people = asked.answers or asked.people + asked.people // 10 + asked.crowd
    with installations(people + 100) as found:
        name = "PostgreSQL" if asked.postgresql else "SQLite"
        print(f"{name}, {asked.processes} process" + ("es" if asked.processes > 1 else ""))
        with servers.product(found[name], asked.processes) as server:
            if asked.answers:
                memory(found[name], server, asked.answers)
            else:
                scenes(found[name], server, asked)


if __name__ == "__main__":
    main()
