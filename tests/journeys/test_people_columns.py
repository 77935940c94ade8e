import datetime as dt

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from survey.database import reading
from survey.models import Company
from tests.journeys.doors import Visitor, loaded
from tests.journeys.test_people import OWN, choose, confirm


@pytest.fixture
def hr(client: FlaskClient, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Cy, who is HR, on a day on which the cast's roster holds already."""
    monkeypatch.setattr("survey.web.people.imports.today", lambda: dt.date(2026, 11, 22))
    loaded(engine)
    return Visitor(client).sign_in("Cy")


def test_headings_of_ones_own_are_asked_for_once(hr: Visitor, engine: Engine) -> None:
    """Unknown headings lead to a page with proposals; nothing is read before they are chosen; then they are known."""
    data = OWN.encode("cp949")
    address = choose(hr, data)
    page = hr.get(hr.get(address).headers["Location"]).text
    assert '<option value="1" selected>연락처 (hana@example.com)</option>' in page
    assert '<option value="3" selected>소속 (A, B)</option>' in page
    columns = {"name": "0", "email": "1", "number": "2", "unit": "3", "parent": "4", "unit_name": "5"}
    again = hr.post(f"{address}/columns", columns, page=f"{address}/columns")
    assert again.status_code == 422
    assert "Choose the column of your file that holds this." in again.text
    hr.post(f"{address}/columns", {**columns, "language": "=ko"}, page=f"{address}/columns")
    page = hr.get(address).text
    assert "Chosen for this file" in page
    assert "Korean for everybody" in page
    with reading(engine) as session:
        assert session.get_one(Company, 1).roster_columns == {}
    assert "2 people in 2 units" in confirm(hr, address)
    assert "Chosen for an earlier file" in hr.get(choose(hr, data)).text


def test_a_column_stands_for_one_thing(hr: Visitor) -> None:
    """The same column chosen twice is told at both; places that the file does not have are no choice."""
    address = choose(hr, OWN.encode())
    columns = dict.fromkeys(("name", "email", "number", "unit", "parent"), "0") | {"language": "=fr", "kind": "99"}
    page = hr.post(f"{address}/columns", columns, page=f"{address}/columns").text
    assert page.count("This column was chosen twice.") == 5
    assert page.count("Choose the column of your file") == 1
