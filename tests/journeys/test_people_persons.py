import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from survey.database import reading, writing
from survey.models import Person
from survey.services import audit_log
from tests.journeys.doors import Visitor, loaded
from tests.journeys.test_people import choose


@pytest.fixture
def hr(client: FlaskClient, engine: Engine) -> Visitor:
    """Cy, who is HR."""
    loaded(engine)
    return Visitor(client).sign_in("Cy")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_roster_goes_out_and_comes_in_again(hr: Visitor, engine: Engine, kind: str) -> None:
    """The export has the columns of an import, and the log says that it went out."""
    answer = hr.post("/people/export", {"kind": kind}, page="/people/")
    assert answer.headers["Content-Disposition"].endswith(f".{kind}")
    assert "The roster says all of this already." in hr.get(choose(hr, answer.data, f"roster.{kind}")).text
    with reading(engine) as session:
        assert audit_log.entries(session)[0].act == "roster exported"
    assert hr.post("/people/export", {"kind": "pdf"}, page="/people/").status_code == 400


def test_a_person_is_found_and_erased(hr: Visitor, engine: Engine) -> None:
    """From the search to the page, and away once her number was typed; no address of a page holds a name or number."""
    found = hr.post("/people/search", {"words": "di"}, page="/people/").text
    assert "1 person found" in found
    link = re.search(r'href="(/people/\d+)"', found)
    assert link
    page = hr.get(link[1]).text
    assert "di@example.com" in page
    assert "Erase for good" in page
    wrong = hr.post(f"{link[1]}/erase", {"number": "12"}, page=link[1])
    assert (wrong.status_code, "nobody was erased" in wrong.text) == (422, True)
    assert hr.post(f"{link[1]}/erase", page=link[1]).status_code == 422
    hr.post(f"{link[1]}/erase", {"number": "11"}, page=link[1])
    assert "26 people" in hr.get("/people/").text
    assert hr.get(link[1]).status_code == 404
    with reading(engine) as session:
        assert audit_log.entries(session)[0].act == "person erased"


def test_nobody_found_and_nothing_typed(hr: Visitor) -> None:
    """An empty search asks for a word, one without result says what to try."""
    assert hr.post("/people/search", page="/people/").status_code == 422
    assert "Check how the name is written" in hr.post("/people/search", {"words": "zzz"}, page="/people/").text


def test_people_without_address_stand_by_unit(hr: Visitor, engine: Engine) -> None:
    """Who gets a printed code is counted for each unit and named below it."""
    assert "Everybody has an e-mail address" in hr.get("/people/without-email").text
    with writing(engine) as session:
        for person in session.scalars(select(Person).where(Person.name.in_(["Eun", "Fay"]))):
            person.email = None
    page = hr.get("/people/without-email?unit=NORTH").text
    assert "People without e-mail (2)" in page
    assert all(name in page for name in (">Eun<", ">Fay<"))
    assert ">Eun<" not in hr.get("/people/without-email?unit=SOUTH").text
