"""What a hundred times the work costs: a slope of 1 is a hundred times as much; 1.1 is the aim.

    python -m benchmarks.growth [PART...]

Parts: scoring, gate, outside, roster, publication, postgresql, pages, large; without one all, one after the other. Each
is measured at three sizes, ten times apart, in processor seconds (with PostgreSQL, whose server works besides, on the
clock). The slope is that of the logarithms, between the smallest and the largest and between the last two.

`large` publishes 100,000 units, the first wave of 820,000 people, once: its aim is five minutes on a quiet machine.
`publication` publishes the second of two waves (with changes) by the real service, from answers in SQLite, and
`postgresql` from answers in PostgreSQL. `outside` compares protection and audit with tau-Argus.
"""

import math
import resource
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import Final

from sqlalchemy import Engine

from benchmarks import outside, privacy, quarters, roster, scoring
from survey.database import engine as open_engine
from survey.database import writing
from survey.migrations import upgrade
from survey.services.roster.people import import_roster, read_roster
from survey.settings import Settings
from survey.web.factory import create_app
from tests.cluster import cluster
from tests.journeys.doors import Visitor

STEEPEST: Final = 1.1
FLAT: Final = 0.3
"""Of a page, which shows a level of the tree and no more."""
LARGE: Final = 82_000
FIVE_MINUTES: Final = 300
PAGES: Final = (
    "/units/",
    "/units/?under=G00000",
    "/units/T000001",
    "/compare/?unit=T000001&unit=T000002",
    "/heat-map/",
)
ROUNDS: Final = 5
Measure = Callable[[int], float]


def slope(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Return by which power of the size the seconds grow, from the first to the last.

    >>> round(slope([10, 100], [1.0, 10.0]), 3), round(slope([10, 1000], [1.0, 100.0]), 3)
    (1.0, 1.0)
    """
    return math.log(seconds[-1] / seconds[0]) / math.log(sizes[-1] / sizes[0])


def told(what: str, sizes: Sequence[int], measure: Measure, most: float = STEEPEST) -> None:
    """Measure at each size, print, and say where it grows faster than it may.

    Judged at the end: what is small lies in the processor's cache and is quicker than its share of what is large.
    """
    seconds = [measure(size) for size in sizes]
    all_of_it, last = slope(sizes, seconds), slope(sizes[-2:], seconds[-2:])
    at = ", ".join(f"{size:,}: {took:.3f} s" for size, took in zip(sizes, seconds, strict=True))
    held = "" if last <= most else f", ABOVE {most}"
    print(f"{what:<44} {at}; slope {all_of_it:.2f}, at the end {last:.2f}{held}", flush=True)


def of_scoring(responses: int) -> float:
    """Score and summarise; ten responses a unit."""
    answers, units = scoring.drawn(responses, responses // 10)
    made = scoring.seconds(lambda: scoring.summarised(scoring.scored(answers, units, responses // 10)))
    return made[0]


def of_gate(teams: int) -> float:
    """Protect and audit both tiers."""
    return min(privacy.gate(teams) for _ in range(ROUNDS if teams < privacy.TEAMS[-1] else 2))


def of_roster(people: int) -> float:
    """Read a workbook of a roster and take it over one as large, in which some have moved and come; twenty a unit."""
    with installation() as (engine, _):
        before, after = (roster.workbook(people, people // 20, shift) for shift in (0, 7))
        with writing(engine) as session:
            import_roster(session, read_roster(before, "roster.xlsx"), roster.BEFORE)
        start = process_time()
        with writing(engine) as session:
            import_roster(session, read_roster(after, "roster.xlsx"), roster.BEFORE.replace(month=6))
        return process_time() - start


@contextmanager
def installation(url: str = "") -> Iterator[tuple[Engine, Path]]:
    """Give an empty installation in a folder of its own, on SQLite where no other address is given."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "secret.key").write_bytes(secrets.token_bytes(32))
        engine = open_engine(url or f"sqlite:///{home / 'survey.db'}")
        upgrade(engine)
        yield engine, home
        engine.dispose()


def lived(engine: Engine, home: Path, teams: int, waves: int) -> None:
    """Let a company live through waves, the last of which is not published."""
    quarters.settle(engine, teams)
    for number in range(waves):
        quarters.open_wave(engine, home, number)
        quarters.answer(engine, number)
        quarters.close(engine, number)
        if number < waves - 1:
            quarters.publish(engine, number)


def of_publication(teams: int, url: str = "", waves: int = 2) -> float:
    """Publish by the real service; on PostgreSQL the clock counts, since the server works besides."""
    with installation(url) as (engine, home):
        lived(engine, home, teams, waves)
        clock, start = perf_counter(), process_time()
        quarters.publish(engine, waves - 1)
        return perf_counter() - clock if url else process_time() - start


def of_postgresql(teams: int) -> float:
    """The same from PostgreSQL."""
    with cluster() as running:
        return of_publication(teams, running.url(running.create()))


def large() -> None:
    """Publish a hundred thousand units."""
    seconds = of_publication(LARGE, waves=1)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    held = "" if seconds < FIVE_MINUTES else ", ABOVE five minutes"
    print(
        f"publication of {LARGE:,} teams, with groups and leads about a fifth more units: {seconds:.0f} s of the "
        f"processor, {most:,} MB{held}"
    )


def of_pages(teams: int) -> dict[str, float]:
    """Return what each page takes once it is warm, after two publications."""
    with installation() as (engine, home), ExitStack() as stack:
        lived(engine, home, teams, 2)
        quarters.publish(engine, 1)
        engine.dispose()
        app = create_app(Settings.from_environment({"SURVEY_HOME": str(home)}))
        app.testing = True
        stack.callback(app.extensions["survey.engine"].dispose)
        visitor = Visitor(app.test_client()).sign_in("Cy")
        return {page: _page(visitor, page) for page in PAGES}


def _page(visitor: Visitor, address: str) -> float:
    took = []
    for _ in range(ROUNDS + 1):
        start = process_time()
        assert visitor.get(address).status_code in {200, 302}, address
        took.append(process_time() - start)
    return min(took[1:])


def pages() -> None:
    """Measure the pages of companies of three sizes."""
    sizes = (100, 1_000, 10_000)
    found = [of_pages(size) for size in sizes]
    for page in PAGES:
        at = {size: each[page] for size, each in zip(sizes, found, strict=True)}
        told(f"page {page}", sizes, at.__getitem__, FLAT)


PARTS: Final[dict[str, Callable[[], None]]] = {
    "scoring": lambda: told("scoring and summary, responses", (10_000, 100_000, 1_000_000), of_scoring),
    "gate": lambda: told("protection and audit, both tiers, teams", (1_000, 10_000, 100_000), of_gate),
    "outside": lambda: outside.compare((1_000, 20_000)),
    "roster": lambda: told("a roster taken, people", (1_000, 10_000, 100_000), of_roster),
    "publication": lambda: told("publication, SQLite, teams", (100, 1_000, 10_000), of_publication),
    "postgresql": lambda: told("publication, PostgreSQL, teams", (100, 1_000, 10_000), of_postgresql),
    "pages": pages,
    "large": large,
}


if __name__ == "__main__":
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()
