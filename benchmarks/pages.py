"""What leaders' pages take in a large company: server time, statements and memory at 10,000 units and twelve waves.

    python -m benchmarks.pages [UNITS [WAVES]]

One wave of simulated answers goes through the real gate, and its record is kept once for each wave, under other codes
and days, each counting from the one before. Every page is then asked for through the real app, on SQLite, in a
process of its own that has done nothing else: by HR and by the leader of one division. Printed of each page: median
and 95th percentile of the server's time once it is warm, on the clock and of the processor (on a machine with other
work the clock tells of that too), the first time, statements to the database and weight; and the memory of the
process. Last, how long a browser takes from the click until the page is whole: its charts drawn, its keys at work;
each time with an empty cache.
"""

import datetime as dt
import gc
import logging
import secrets
import sys
import tempfile
from http import HTTPStatus
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Final

from msgspec.structs import replace
from playwright.sync_api import Browser
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from benchmarks.privacy import company, wave_of
from survey.database import engine as open_engine
from survey.database import writing
from survey.instruments.load import builtin
from survey.migrations import upgrade
from survey.models import Account, Adoption, Grant, Partner, Unit, Wave
from survey.privacy.freeze import freeze
from survey.privacy.record import Record
from survey.services.publication import kept
from survey.settings import Settings
from survey.web.factory import create_app
from tests import cast
from tests.chromium import chromium
from tests.journeys.doors import Visitor
from tests.journeys.driving import follow, served, window
from tests.statements import statements

ROUNDS: Final = 40
LOOKS: Final = 5
TEAMS_A_UNIT: Final = 50 / 57
"""Of the company's units so many are teams; the others hold teams."""
FIRST: Final = dt.datetime(2024, 1, 8, 9)
QUARTER: Final = dt.timedelta(91)
LED: Final = "D0003"
TAKEN_UP: Final = "front_line_days"
TAKEN_IN: Final = 6
"""In which wave, from 0, practices are in use for the first time."""
EIGHT: Final = tuple(f"{LED}G{group}T{team}" for group in range(2) for team in range(4))


def build(home: Path, units: int, waves: int) -> None:
    """Fill an installation."""
    (home / "secret.key").write_bytes(secrets.token_bytes(32))
    engine = open_engine(_settings(home).database_url)
    upgrade(engine)
    teams = int(units * TEAMS_A_UNIT)
    with writing(engine) as session:
        cast.load(session)
    start = perf_counter()
    record = freeze(wave_of(teams))
    print(f"{len(record.units):,} units; the gate and the figures of one wave: {perf_counter() - start:.1f} s")
    with writing(engine) as session:
        _tree(session, teams)
        _register(session, [unit.code for unit in record.units if _takes_up(unit.code)])
        before = ""
        for number in range(waves):
            before = _keep(session, record, number, before)
    engine.dispose()


def _tree(session: Session, teams: int) -> None:
    """Put the company into today's tree, and let Ada lead one division of it."""
    rows = [
        {
            "code": unit.code,
            "parent_code": unit.parent or "CO",
            "name_ko": f"부서 {unit.code}",
            "name_en": f"Unit {unit.code}",
            "kind": "",
        }
        for unit in company(teams)[0].units
    ]
    session.execute(insert(Unit), rows)
    ada = session.scalars(select(Account).where(Account.name == "Ada")).one()
    session.add(Grant(account_id=ada.id, unit_code=LED))


def _takes_up(code: str) -> bool:
    """Return whether a unit has taken up a practice: every other team."""
    return "T" in code and int(code.rsplit("T", 1)[1]) % 2 == 0


def _register(session: Session, codes: list[str]) -> None:
    """Let every other team go to the front line each week, most of them late, and each with a team of another part."""
    day = (FIRST + TAKEN_IN * QUARTER - dt.timedelta(30)).date()
    kept = {"practice_id": TAKEN_UP, "owner": "Ada Park", "what": "A morning at the counter", "how_often": "weekly"}
    session.execute(insert(Adoption), [{"unit_code": code, "since": day, "state": "running", **kept} for code in codes])
    across = zip(codes, codes[len(codes) // 2 :] + codes[: len(codes) // 2], strict=True)
    session.execute(
        insert(Partner),
        [{"unit_code": code, "practice_id": TAKEN_UP, "partner_code": other} for code, other in across],
    )


def _keep(session: Session, record: Record, number: int, before: str) -> str:
    """Keep the record as the wave of a quarter; return its digest."""
    opens = FIRST + number * QUARTER
    closes, code = opens + dt.timedelta(14), f"W{number + 1:02}"
    wave = Wave(
        code=code, state="published", opens_at=opens, closes_at=closes, instrument_id=builtin().id,
        instrument_version=builtin().version,
    )  # fmt: skip
    session.add(wave)
    session.flush()
    facts = replace(record.wave, code=code, opened_on=str(opens.date()), closed_on=str(closes.date()))
    since = {TAKEN_UP: str((FIRST + TAKEN_IN * QUARTER - dt.timedelta(30)).date())}
    names = [
        replace(
            unit,
            names={"ko": f"부서 {unit.code}", "en": f"Unit {unit.code}"},
            kind="" if unit.leads else "team",
            adopted=since if number >= TAKEN_IN and _takes_up(unit.code) else {},
        )
        for unit in record.units
    ]
    made = replace(record, wave=facts, units=names, previous=before, previous_wave=f"W{number:02}" if number else "")
    return kept.keep(session, wave, made, closes.date())


def pages(waves: int) -> dict[str, tuple[str, str]]:
    """Return who opens which address, by what the page is."""
    eight = "&".join(f"unit={code}" for code in EIGHT)
    return {
        f"compare, 8 units x {waves} waves, leader": ("Ada", f"/compare/?{eight}"),
        f"compare, 8 units x {waves} waves, HR": ("Cy", f"/compare/?{eight}"),
        f"compare, eight divisions x {waves} waves, HR": ("Cy", "/compare/"),
        "compare, looking for a name, HR": ("Cy", f"/compare/?{eight}&find=G3T7"),
        "heat map, a division, leader": ("Ada", "/heat-map/"),
        "heat map, HR": ("Cy", "/heat-map/"),
        "units, leader": ("Ada", "/units/"),
        "units, HR": ("Cy", "/units/"),
        "a level of the tree, HR": ("Cy", f"/units/?under={LED}"),
        "finding a unit, HR": ("Cy", "/units/?find=G3T7"),
        "a team, leader": ("Ada", f"/units/{EIGHT[0]}"),
        "a division, leader": ("Ada", f"/units/{LED}"),
        "the company, HR": ("Cy", "/units/R"),
        "a team, first wave, HR": ("Cy", f"/units/{EIGHT[0]}?wave=W01"),
        "register of practices, HR": ("Cy", "/practices/"),
        "register, page 20, HR": ("Cy", "/practices/?page=20"),
        "register, looking for a name, HR": ("Cy", "/practices/?unit=G3T7"),
        "register, leader": ("Ada", "/practices/"),
        "collaboration map, HR": ("Cy", "/practices/map"),
        "collaboration map, leader": ("Ada", "/practices/map"),
        "collaboration map, a division, HR": ("Cy", f"/practices/map?in={LED}"),
    }


def measure(home: Path, waves: int) -> None:
    """Ask for every page, and print."""
    settings = _settings(home)
    app = create_app(settings)
    app.testing = True
    engine: Engine = app.extensions["survey.engine"]
    visitors = {name: Visitor(app.test_client()).sign_in(name) for name in ("Ada", "Cy")}
    gc.collect()
    gc.freeze()  # as `survey serve` does
    print(f"memory before the first page: {memory():.0f} MB")
    for what, (who, address) in pages(waves).items():
        start = perf_counter()
        answer = visitors[who].get(address)
        first = perf_counter() - start
        assert answer.status_code == HTTPStatus.OK, (address, answer.status_code)
        seconds, worked = list[float](), list[float]()
        with statements(engine) as asked:
            visitors[who].get(address)
        for _ in range(ROUNDS):
            start, busy = perf_counter(), process_time()
            visitors[who].get(address)
            seconds.append(perf_counter() - start)
            worked.append(process_time() - busy)
        slow, slow_work = (1000 * quantiles(each, n=20)[-1] for each in (seconds, worked))
        print(
            f"{what:<40} median {1000 * median(seconds):5.0f} ms, p95 {slow:5.0f} ms; of the processor "
            f"{1000 * median(worked):5.0f} and {slow_work:5.0f} ms; first {1000 * first:5.0f} ms; "
            f"{len(asked)} statements, {len(answer.data) / 1000:,.0f} kB"
        )
        gc.collect()
        print(f"{'':<40} memory {memory():.0f} MB")


def interactive(home: Path, _waves: int) -> None:
    """Open the pages of many numbers in a browser that has never seen them, and print."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    looks = {"compare, 8 units": f"/compare/?{'&'.join(f'unit={code}' for code in EIGHT)}", "heat map": "/heat-map/"}
    with served(create_app(_settings(home))) as address, chromium() as browser:
        for what, path in looks.items():
            seconds = sorted(_look(browser, address, path) for _ in range(LOOKS))
            print(f"{what}, in a browser: whole after {median(seconds):.2f} s, at most {seconds[-1]:.2f} s")


def _look(browser: Browser, address: str, path: str) -> float:
    with window(browser, address, 1280, "en") as page:
        page.goto("/sign-in?lang=en")
        page.fill("[name=email]", "cy@example.com")
        page.fill("[name=password]", cast.PASSWORD)
        follow(page, "main button[type=submit]")
        with window(browser, address, 1280, "en", storage_state=page.context.storage_state()) as fresh:
            start = perf_counter()
            fresh.goto(path)
            if fresh.locator(".chart").count():
                fresh.wait_for_selector("html[data-charts=drawn]")
            return perf_counter() - start


def memory() -> float:
    """Return the megabytes that this process holds."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1000


def main(units: int, waves: int) -> None:
    """Build and measure, each in a process of its own."""
    spawn = get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        for step, asked in (
            (build, (Path(folder), units, waves)),
            (measure, (Path(folder), waves)),
            (interactive, (Path(folder), waves)),
        ):
            process = spawn.Process(target=step, args=asked)
            process.start()
            process.join()
            assert process.exitcode == 0


def _settings(home: Path) -> Settings:
    return Settings.from_environment({"SURVEY_HOME": str(home)})


if __name__ == "__main__":
    main(*([int(number) for number in sys.argv[1:]] + [10_000, 12][len(sys.argv) - 1 :])[:2])
