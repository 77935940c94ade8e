"""A synthetic PostgreSQL database of a very large company: what it weighs, and what its pages take.

    python -m benchmarks.capacity fill URL TEAMS PEOPLE     an empty database: the company and its first wave
    python -m benchmarks.capacity waves URL MORE            so many waves more (without rosters and answers)
    python -m benchmarks.capacity sizes URL                 bytes by table, and what they come to in 40 quarters
    python -m benchmarks.capacity pages URL                 server time of pages, in a process of its own

Each step takes minutes at most and goes on where the one before stopped. The record of a company of 1,000 teams goes
through the real gate and is laid side by side until there are enough, in areas of 1,000 teams, under other codes: real
numbers in real trees, not the numbers of one company. Later waves have the same units' records under a head of their
own, each counting from the one before. Rosters, letters, answers and receipts are rows of the right size that say
nothing.
"""

import datetime as dt
import secrets
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session

from benchmarks.pages import memory
from benchmarks.privacy import wave_of
from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.instruments.load import builtin
from survey.migrations import upgrade
from survey.models import Account, Base, Grant, Publication, Unit, Wave
from survey.privacy.canonical import written
from survey.privacy.freeze import freeze
from survey.privacy.head import Head
from survey.privacy.record import Record, UnitRecord
from survey.services.publication import kept
from survey.settings import Settings
from survey.web.factory import create_app
from tests import cast
from tests.journeys.doors import Visitor
from tests.statements import statements

AREA: Final = 1_000
"""Teams of the company that is laid side by side."""
FIRST: Final = dt.datetime(2017, 1, 9, 9)
QUARTER: Final = dt.timedelta(91)
QUARTERS: Final = 40
KEPT: Final = 8
"""Of so many quarters answers are kept: 24 months."""
ROUNDS: Final = 30
LED: Final = "000D0003"
EIGHT: Final = tuple(f"{LED}G{group}T{team}" for group in range(2) for team in range(4))
PEOPLE: Final = """
INSERT INTO person (number, name, email, language, unit_code, valid_from)
    SELECT 'n' || n, 'Person ' || n, 'person' || n || '@example.com', 'ko', 'CO', '2017-01-01'
    FROM generate_series(1, :people) n;
INSERT INTO roster_entry SELECT :wave, id, '000D0000G0T' || id % 10, 'ko' FROM person;
INSERT INTO invitation (wave_id, person_id, sent_on, reminders) SELECT :wave, id, '2017-01-09', 1 FROM person;
INSERT INTO response
    SELECT decode(md5('r' || n), 'hex'), :wave, '000D0000G0T' || n % 10, decode(repeat('04', :items), 'hex')
    FROM generate_series(1, :people * 8 / 10) n;
INSERT INTO receipt
    SELECT decode(md5('a' || n) || md5('b' || n), 'hex'), :wave FROM generate_series(1, :people * 8 / 10) n
"""
YEARLY: Final = frozenset({"published_unit", "publication", "roster_entry", "invitation", "wave_unit"})
"""Tables that keep every quarter; answers and receipts are kept for two years."""
ANSWERS: Final = frozenset({"response", "receipt"})


def timed(what: str, work: Callable[[], object]) -> None:
    """Do something and print how long it took, on the clock."""
    start = perf_counter()
    work()
    print(f"{what:<44}{perf_counter() - start:8.1f} s", flush=True)


def side_by_side(record: Record, areas: int) -> Record:
    """Return a record of so many companies under one top."""
    top, *below = record.units
    units = [top]
    for number in range(areas):
        area = f"A{number:03}"
        units.append(replace(top, code=area, parent=top.code, depth=1, kind="area"))
        units += [_moved(unit, f"{number:03}", area, top.code) for unit in below]
    return replace(record, units=units)


def _moved(unit: UnitRecord, number: str, area: str, top: str) -> UnitRecord:
    code, parent = f"{number}{unit.code}", area if unit.parent == top else f"{number}{unit.parent}"
    names = {"ko": f"부서 {code}", "en": f"Unit {code}"}
    return replace(unit, code=code, parent=parent, names=names, depth=unit.depth + 1)


def fill(engine: Engine, teams: int, people: int) -> None:
    """Load the company with its first wave."""
    with writing(engine) as session:
        cast.load(session)
        session.execute(
            insert(Unit), [{"code": LED, "parent_code": "CO", "name_ko": "본부", "name_en": "Division", "kind": ""}]
        )
        ada = session.scalars(select(Account).where(Account.name == "Ada")).one()
        session.add(Grant(account_id=ada.id, unit_code=LED))
    record = side_by_side(freeze(wave_of(AREA)), teams // AREA)
    print(f"{len(record.units):,} units")
    with writing(engine) as session:
        wave = _wave(session, 0)
        values = {"wave": wave.id, "people": people, "items": len(builtin().items)}
        for statement in PEOPLE.split(";"):
            name = statement.split()[2]
            timed(f"{people:,} people: {name}", lambda: session.execute(text(statement), values))  # noqa: B023 - at once
        wave.state = "published"
        facts = replace(record.wave, code=wave.code, opened_on=str(FIRST.date()), closed_on=str(wave.closes_at.date()))
        timed("its publication kept", lambda: kept.keep(session, wave, replace(record, wave=facts), FIRST.date()))
    analyse(engine)


def more(engine: Engine, waves: int) -> None:
    """Keep the publication once more, for so many later waves."""
    with reading(engine) as session:
        first = session.scalar(select(func.count()).select_from(Publication)) or 0
    for number in range(first, first + waves):
        timed(f"wave {number + 1}", lambda: _again(engine, number))  # noqa: B023 - at once
    analyse(engine)


def _again(engine: Engine, number: int) -> None:
    with writing(engine) as session:
        last = session.scalars(select(Publication).order_by(Publication.wave_id.desc()).limit(1)).one()
        wave = _wave(session, number)
        wave.state = "published"
        head = msgspec.json.decode(last.record, type=Head)
        days = {"opened_on": str(wave.opens_at.date()), "closed_on": str(wave.closes_at.date())}
        facts = replace(head.wave, code=wave.code, **days)
        record, digest = written(replace(head, wave=facts, previous=last.digest, previous_wave=head.wave.code))
        session.add(Publication(wave_id=wave.id, record=record, digest=digest, published_on=wave.closes_at.date()))
        session.flush()
        copied = "INSERT INTO published_unit SELECT :wave, unit_code, record FROM published_unit WHERE wave_id = :last"
        session.execute(text(copied), {"wave": wave.id, "last": last.wave_id})


def _wave(session: Session, number: int) -> Wave:
    opens = FIRST + number * QUARTER
    of = {"instrument_id": builtin().id, "instrument_version": builtin().version}
    wave = Wave(code=f"W{number + 1:02}", opens_at=opens, closes_at=opens + dt.timedelta(14), **of)
    session.add(wave)
    session.flush()
    return wave


def analyse(engine: Engine) -> None:
    """Let the planner know what is there, as autovacuum would before long."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def sizes(engine: Engine) -> None:
    """Print what each large table takes with its indexes, and what it comes to."""
    whole = 0.0
    with reading(engine) as session:
        waves = session.scalar(select(func.count()).select_from(Publication)) or 1
        for table in Base.metadata.sorted_tables:
            name = table.name
            size = session.scalar(text(f"SELECT pg_total_relation_size('\"{name}\"')")) or 0
            rows = session.scalar(select(func.count()).select_from(table)) or 0
            # Waves after the first have publications only.
            times = QUARTERS / (waves if name.startswith("publi") else 1) if name in YEARLY else 1
            times = KEPT if name in ANSWERS else times
            whole += size * times
            if size > 1_000_000:  # noqa: PLR2004 - smaller ones are not worth a line
                comes = f"in {QUARTERS} quarters {size * times / 1e9:>7,.1f} GB"
                print(f"{name:<16}{rows:>12,} rows {size / 1e6:>10,.0f} MB; {comes}")
        total = session.scalar(text("SELECT pg_database_size(current_database())")) or 0
    print(f"{'all':<16}{waves:>12,} waves {total / 1e6:>9,.0f} MB; in {QUARTERS} quarters {whole / 1e9:>7,.1f} GB")


def pages(url: str) -> None:
    """Print what pages take."""
    eight = "&".join(f"unit={code}" for code in EIGHT)
    looks = {
        "compare, 8 units, leader": ("Ada", f"/compare/?{eight}"),
        "compare, 8 units, HR": ("Cy", f"/compare/?{eight}"),
        "compare, looking for a name, HR": ("Cy", f"/compare/?{eight}&find=G3T7"),
        "heat map, a division, leader": ("Ada", "/heat-map/"),
        "heat map, HR": ("Cy", "/heat-map/"),
        "a level of the tree, HR": ("Cy", f"/units/?under={LED}"),
        "finding a unit, HR": ("Cy", "/units/?find=G3T7"),
        "a team, leader": ("Ada", f"/units/{EIGHT[0]}"),
        "the company, HR": ("Cy", "/units/R"),
        "publications, HR": ("Cy", "/publications/W01"),
        "practices, HR": ("Cy", "/practices/"),
    }
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "secret.key").write_bytes(secrets.token_bytes(32))
        app = create_app(Settings.from_environment({"SURVEY_HOME": folder, "SURVEY_DATABASE_URL": url}))
        app.testing = True
        visitors = {name: Visitor(app.test_client()).sign_in(name) for name in ("Ada", "Cy")}
        print(f"memory before the first page {memory():.0f} MB")
        for what, (who, address) in looks.items():
            start = perf_counter()
            status = visitors[who].get(address).status_code
            first = perf_counter() - start
            with statements(app.extensions["survey.engine"]) as asked:
                visitors[who].get(address)
            clock, worked = zip(*(_visit(visitors[who], address) for _ in range(ROUNDS)), strict=True)
            slow, slow_work = (1000 * quantiles(each, n=20)[-1] for each in (clock, worked))
            print(
                f"{what:<34} {status}, median {1000 * median(clock):5.0f} ms, p95 {slow:5.0f} ms; of the processor "
                f"{1000 * median(worked):5.0f} and {slow_work:5.0f} ms; first {1000 * first:6.0f} ms; {len(asked)} "
                f"statements; memory {memory():.0f} MB",
                flush=True,
            )
        app.extensions["survey.engine"].dispose()


def _visit(visitor: Visitor, address: str) -> tuple[float, float]:
    start, busy = perf_counter(), process_time()
    visitor.get(address)
    return perf_counter() - start, process_time() - busy


def main(step: str, url: str, *numbers: str) -> None:
    """Do one step."""
    if step == "pages":
        pages(url)
        return
    engine = open_engine(url)
    upgrade(engine)
    match step, [int(number) for number in numbers]:
        case "fill", [teams, people]:
            fill(engine, teams, people)
        case "waves", [waves]:
            more(engine, waves)
        case _:
            sizes(engine)
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
