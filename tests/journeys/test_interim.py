"""No result of a wave is shown before it is published: every address of the app, asked by everybody, in every state."""

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.services.publication import publication
from survey.services.publication.publication import results
from survey.services.responses import responses
from survey.services.waves import closing, waves
from tests.journeys.doors import WAVE, Visitor, published
from tests.journeys.test_published_pages import OTHERS
from tests.services import rounds

NEXT: Final = "2027-Q1"
NAMES: Final = ("", "Cy", "Ada", "Bo", "Eve")
UNITS: Final = ("CO", "NORTH")
WORDS: Final = "하늘색 펭귄이 회의실 문을 닫았다"
FIGURE: Final = re.compile(r"[+\-−]?\d+\.\d+")
"""A result as it is displayed; counts of people are no help to tell two waves apart."""
ASKED: Final = ("reports.make", "notices.preview", "notices.publish", "second_cuts.make")
"""Forms that lead to results; those that open, close and publish have tests of their own."""


@pytest.fixture
def running(engine: Engine, home: Path) -> Engine:
    """The cast's wave published, and the next one open, in which everybody answered otherwise and wrote a word."""
    published(engine, home)
    for place, code in enumerate(rounds.open_next(engine, home, rounds.plan_later(NEXT)).values()):
        others = {"purpose": 3 + place % 4, "potential": 7 - place % 3, "tactical_2": 1 + place % 5}
        answers = {"play": 7 - place % 3, "inertia": 1 + place % 2, **others}
        rounds.answer(engine, rounds.sent(code, WORDS, answers))
    return engine


def figures(thing: object) -> Iterator[str]:
    """Yield every displayed figure in plain data."""
    if isinstance(thing, dict):
        for value in thing.values():
            yield from figures(value)
    elif isinstance(thing, list | tuple):
        for value in thing:
            yield from figures(value)
    elif isinstance(thing, str) and FIGURE.fullmatch(thing):
        yield thing


def secrets(engine: Engine, home: Path) -> set[str]:
    """What would be shown of the wave if it were published now, and was not in the last one: found on a copy."""
    copy = home / "copy.db"
    shutil.copyfile(home / "survey.db", copy)
    other = open_engine(f"sqlite:///{copy}")
    later = rounds.plan_later(NEXT).closes_at + responses.GRACE
    with writing(other) as session:
        if waves.wave(session, NEXT).state == "open":
            closing.close(session, NEXT, later)
    with writing(other) as session:
        told = set(figures(results(publication.publish(session, NEXT, later))))
    other.dispose()
    with reading(engine) as session:
        return told - set(figures(results(publication.publication(session, WAVE))))


def addresses(app: Flask) -> Iterator[str]:
    """Yield every address that can be opened, with the running wave and each unit wherever it takes one."""
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
                continue
            for unit in UNITS if rule.arguments else UNITS[:1]:
                alone = "wave" not in rule.arguments and rule.endpoint.split(".")[0] != "units"
                known = {"wave": NEXT, "code": NEXT if alone else unit, "holder": 1, "cut": "x", **OTHERS}
                known |= {"_rest": "x", "key": "x"}
                values = {name: known[name] for name in rule.arguments}
                address = adapter.build(rule.endpoint, values, method="GET")
                yield from (address, f"{address}?wave={NEXT}&unit={unit}&scale=play")


def pages(client: FlaskClient, name: str, asked: Iterable[str]) -> dict[str, str]:
    """Return what one of the cast, or a stranger, gets from each address."""
    who = Visitor(client).sign_in(name) if name else Visitor(client)
    found = {}
    for address in asked:
        with who.get(address) as answer:
            found[address] = answer.data.decode(errors="replace")
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("state", ["open", "closed"])
def test_no_address_shows_a_result_before_the_publication(
    app: Flask, client: FlaskClient, running: Engine, home: Path, name: str, state: str
) -> None:
    """While the wave is open, and when it has closed, no page, file or download holds a figure or a word of it."""
    if state == "closed":
        rounds.close(running, rounds.plan_later(NEXT).closes_at + responses.GRACE, NEXT)
    hidden = secrets(running, home)
    assert len(hidden) > 50
    found = pages(client, name, addresses(app))
    assert len(found) > 60
    told = {
        address: {*hidden & set(FIGURE.findall(page)), *({WORDS} if WORDS in page else ())}
        for address, page in found.items()
    }
    assert {address: what for address, what in told.items() if what} == {}


@pytest.mark.parametrize("state", ["open", "closed"])
def test_addresses_of_results_do_not_exist_before_the_publication(
    app: Flask, client: FlaskClient, running: Engine, state: str
) -> None:
    """For HR itself, whatever names the wave and belongs to its results is not there, forms included.

    The page for auditors is: it says what was promised, and of results that there are none.
    """
    if state == "closed":
        rounds.close(running, rounds.plan_later(NEXT).closes_at + responses.GRACE, NEXT)
    hr = Visitor(client).sign_in("Cy")
    plain = {address.split("?")[0] for address in addresses(app)}
    there = {address for address in plain if hr.get(address).status_code == 200}
    ours = {address for address in there if NEXT in address}
    assert {address.split("/")[1] for address in ours} == {"audit", "waves"}
    assert [address for address in ours if "comments" in address] == []
    for endpoint in ASKED:
        with app.test_request_context():
            rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
            address = app.url_map.bind("localhost").build(endpoint, dict.fromkeys(rule.arguments, NEXT), method="POST")
        assert hr.post(address, page="/waves/new").status_code == 404, endpoint
    assert hr.get(f"/units/NORTH?wave={NEXT}").status_code == 404
    assert hr.get(f"/units/?wave={NEXT}").status_code == 404


def test_what_is_hidden_before_is_shown_after(client: FlaskClient, running: Engine, home: Path) -> None:
    """The search above is sharp: once the wave is published the same addresses show what they hid."""
    later = rounds.plan_later(NEXT).closes_at + responses.GRACE
    hidden = secrets(running, home)
    rounds.close(running, later, NEXT)
    with writing(running) as session:
        publication.publish(session, NEXT, later)
    asked = [f"/publications/{NEXT}/results.json", f"/units/NORTH?wave={NEXT}", "/compare/?unit=NORTH"]
    for address, page in pages(client, "Cy", asked).items():
        assert hidden & set(FIGURE.findall(page)), address
