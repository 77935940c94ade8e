"""A wave is closed while fifty people press the button: each is thanked and counted, or told that it is over."""

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Final, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, text

from survey.database import reading, writing
from survey.models import Base, Person, Token
from survey.models.responses import Intake, Receipt, Response
from survey.services.responses import responses
from survey.services.responses.replies import Closed, Good, Looked
from survey.services.waves import closing, waves
from survey.web.clock import now
from tests import cast
from tests.journeys.answering import ENGLISH, begin
from tests.journeys.doors import Visitor
from tests.services import rounds
from tests.services.hosts import until
from tests.services.rounds import WAVE

FIFTY: Final = 50
SOME: Final = 8
"""Who have been thanked when HR presses the button."""
RECEIPT: Final = re.compile(r'<output class="receipt code" id="receipt">([0-9A-Z-]{19})</output>')


class Told(NamedTuple):
    """What somebody read after she had pressed the button."""

    status: int
    thanked: bool
    over: bool
    receipt: str


@pytest.fixture
def codes(engine: Engine, home: Path) -> list[str]:
    """Open the cast's wave for fifty people, for two weeks from now."""
    with writing(engine) as session:
        cast.load(session)
        for number in range(FIFTY - len(cast.MEMBERS)):
            new = Person(number=f"9{number:02}", name=f"P{number}", email=f"p{number}@example.com", language="en")
            new.unit_code, new.valid_from = "NORTH", cast.TODAY
            session.add(new)
    return list(rounds.open_next(engine, home, rounds.plan(WAVE, now() + dt.timedelta(14), now())).values())


def press(app: Flask, form: dict[str, str]) -> Told:
    """Send a form from a browser of its own."""
    page = app.test_client().post("/s/answer", data=form, headers=ENGLISH)
    receipt = RECEIPT.search(page.text)
    return Told(
        page.status_code,
        "Your answers have arrived" in page.text,
        "This survey has closed" in page.text,
        receipt[1] if receipt else "",
    )


def count(engine: Engine, table: type[Base]) -> int:
    """Count the rows of a table."""
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.both_databases
def test_fifty_people_and_one_button(app: Flask, engine: Engine, codes: list[str]) -> None:
    """Nobody reads both and nobody neither; afterwards what is kept, receipts and thanks are the same number."""
    client = app.test_client()
    forms = [{**begin(client, code), "play": str(1 + place % 7), "go": "send"} for place, code in enumerate(codes)]
    hr = Visitor(app.test_client()).sign_in("Cy")
    start, some, told = Barrier(FIFTY + 1), Event(), list[Told]()

    def answer(form: dict[str, str]) -> None:
        start.wait()
        told.append(press(app, form))
        if len(told) >= SOME:
            some.set()

    def close() -> int:
        start.wait()
        some.wait()
        page = f"/waves/{WAVE}"
        return hr.post(f"{page}/close", {"early": "yes", "sure": "yes"}, page=page).status_code

    with ThreadPoolExecutor(FIFTY + 1) as pool:
        closed = pool.submit(close)
        for job in [pool.submit(answer, form) for form in forms]:
            job.result()
        assert closed.result() == 303
    assert all(one.thanked != one.over for one in told)
    thanked = {one.receipt for one in told if one.thanked}
    assert len(thanked) == sum(one.thanked for one in told) >= SOME
    assert {(one.thanked, one.status) for one in told} <= {(True, 200), (False, 410)}
    assert count(engine, Response) == count(engine, Receipt) == len(thanked)
    assert (count(engine, Intake), count(engine, Token)) == (0, 0)
    again = [press(app, form) for form in forms]
    assert {one.receipt for one in again if one.thanked} == thanked
    assert sum(one.over for one in again) == FIFTY - len(thanked)
    with reading(engine) as session:
        wave = waves.wave(session, WAVE)
        assert wave.state == "closed"
        assert sum(responses.counts(session, wave).values()) == len(thanked)
        assert all(responses.counted(session, receipt) == WAVE for receipt in thanked)


def test_whoever_opens_her_letter_at_that_moment_is_not_told_that_it_was_used(engine: Engine, codes: list[str]) -> None:
    """While the close takes all codes she waits, then reads that it is over; on SQLite she reads what was before."""
    found, taken, go_on = list[Looked](), Event(), Event()

    def close() -> None:
        with writing(engine) as session:
            closing.close(session, WAVE, now(), early=True)
            session.flush()
            taken.set()
            go_on.wait()

    threads = [Thread(target=close), Thread(target=lambda: found.append(rounds.look(engine, codes[0], now())))]
    threads[0].start()
    taken.wait()
    threads[1].start()
    if engine.dialect.name == "sqlite":
        threads[1].join()
    else:
        until(lambda: _somebody_waits(engine))
    go_on.set()
    for thread in threads:
        thread.join()
    assert isinstance(found[0], Good if engine.dialect.name == "sqlite" else Closed)


def _somebody_waits(engine: Engine) -> bool:
    """Tell whether a transaction waits for another one of this database."""
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    with engine.connect() as connection:
        return bool(connection.scalar(text(f"SELECT count(*) FROM pg_locks WHERE NOT granted AND {here}")))  # noqa: S608 - our own words
