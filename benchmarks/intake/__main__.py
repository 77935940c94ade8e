"""Measure complete answers a second, start and memory.

    python -m benchmarks.intake [ANSWERS [ROUNDS]]

On SQLite and on a throw-away PostgreSQL, `survey serve` and the yardsticks (`benchmarks/intake/bare.py`) keep their
answers in the same database in turn, ANSWERS (300) for each of ROUNDS (3) at 1, 8 and 32 clients: first the two
requests that every way of answering has (the page with all questions, and sending it), then the whole visit of a
browser from the link to the thanks (five requests; with script it sends the same ones), beside five of the bare page.
At the end the start of `survey serve`, and its memory after it and after 10,000 answers.
"""

import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.intake import servers
from benchmarks.intake.clients import Connection, Seen, Visit, send
from benchmarks.intake.installation import (
    Installation,
    bare_pair,
    bare_visit,
    install,
    questions_and_sending,
    whole_visit,
)
from benchmarks.intake.servers import Server
from survey.web.factory import STATIC
from tests.cluster import cluster

CLIENTS: Final = (1, 8, 32)
MANY: Final = 10_000
"""Answers before memory is looked at again."""
NAMES: Final = ("entry", "welcome", "list", "review", "thanks")
RECEIPT: Final = "-".join(f"{{{{ receipt[{at}:{at + 4}] }}}}" for at in range(0, 16, 4))
STARTS: Final = 3


@dataclass(frozen=True)
class Side:
    """A server, and what its clients send."""

    name: str
    server: Server
    make: Callable[[Installation], Visit]


@dataclass(frozen=True)
class Run:
    """What the clients saw, and milliseconds of the server's processor for each answer."""

    seen: Seen
    work: float


def pages_of(here: Installation, server: Server, folder: Path) -> None:
    """Keep the product's pages as templates for the yardsticks, with places for the code and the receipt."""
    visit = whole_visit(here)
    code = re.findall(r"code=(\w+)", visit.requests[1])[0]
    connection = Connection(server.port)
    for name, sent in zip(NAMES, visit.requests, strict=True):
        page = connection.ask(sent.encode()).decode()
        assert "{{" not in page
        (folder / f"{name}.html").write_text(page.replace(code, "{{ code }}").replace(visit.thanks, RECEIPT), "utf-8")
    page = (folder / "list.html").read_text("utf-8")
    files = [STATIC / name for name in re.findall(r'(?:href|src)="/static/([^"?]+)', page)]
    size = len(page.encode())
    whole = size + sum(path.stat().st_size for path in files)
    print(f"the page with all questions: {size:,} bytes, {whole:,} with style and script")


def run(side: Side, here: Installation, count: int, clients: int) -> Run:
    """Let clients answer."""
    visits = [side.make(here) for _ in range(count)]
    before = side.server.worked()
    seen = send(side.server.port, visits, clients)
    return Run(seen, 1000 * (side.server.worked() - before) / count)


def compare(here: Installation, sides: Sequence[Side], count: int, rounds: int) -> None:
    """Print the middle round of each side; the first one is the product, beside each of the others."""
    for clients in CLIENTS:
        turns = [[run(side, here, count, clients) for side in sides] for _ in range(rounds)]
        for at, side in enumerate(sides):
            runs = [turn[at] for turn in turns]
            low, high = (median(each.seen.percentile(share) for each in runs) for share in (0.5, 0.95))
            rate, work = median(each.seen.rate for each in runs), median(each.work for each in runs)
            line = f"  {clients:>2} clients  {side.name:<12} {rate:6.1f}/s  p50 {low:6.1f}  p95 {high:6.1f} ms  "
            line += f"cpu {work:5.2f} ms"
            if at:
                clock = median(turn[0].seen.rate / turn[at].seen.rate for turn in turns)
                processor = median(turn[at].work / turn[0].work for turn in turns)
                line += f"  survey serve has {clock:.2f} of it by the clock, {processor:.2f} by the processor"
            print(line, flush=True)


def measure(here: Installation, count: int, rounds: int) -> None:
    """Measure on one database."""
    pages = here.home / "pages"
    pages.mkdir()
    with servers.product(here) as ours:
        pages_of(here, ours, pages)
        with servers.bare(here, pages, "bare") as bare, servers.bare(here, pages, "floor") as floor:
            print(" the page with all questions, and sending")
            plain, least = Side("bare page", bare, bare_pair), Side("floor", floor, bare_pair)
            compare(here, [Side("survey serve", ours, questions_and_sending), plain, least], count, rounds)
            print(" the whole visit, five requests")
            compare(here, [Side("survey serve", ours, whole_visit), Side("bare page", bare, bare_visit)], count, rounds)


def start(here: Installation) -> None:
    """Print what a start costs, the quickest of a few, and the memory before and after many answers."""
    seen = []
    for _ in range(STARTS):
        with servers.product(here) as ours:
            seen.append((ours.started, ours.worked()))
    print(f"start to first page: {min(seen)[0]:.2f} s, {min(work for _, work in seen):.2f} s of the processor")
    with servers.product(here) as ours:
        print("memory after it: {:.0f} MB resident, {:.0f} MB with shared pages in shares".format(*ours.memory()))
        send(ours.port, [questions_and_sending(here) for _ in range(MANY)], 8)
        print("after {:,} answers: {:.0f} MB resident, {:.0f} MB in shares".format(MANY, *ours.memory()))


@contextmanager
def installations(people: int) -> Iterator[dict[str, Installation]]:
    """Give an installation on each database."""
    with tempfile.TemporaryDirectory() as folder, cluster() as server:
        urls = {"SQLite": f"sqlite:///{folder}/SQLite/survey.db", "PostgreSQL": server.url(server.create())}
        yield {name: install(Path(folder) / name, url, people) for name, url in urls.items()}


def main(count: int = 300, rounds: int = 3) -> None:
    """Measure on both databases."""
    with installations(5 * len(CLIENTS) * count * rounds + MANY + 10) as found:
        for name, here in found.items():
            print(name)
            measure(here, count, rounds)
        start(found["SQLite"])


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
