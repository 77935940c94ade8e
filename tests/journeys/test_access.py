from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, update

from survey.app import create_app
from survey.database import writing
from survey.models import Company
from survey.privacy.thaw import Publication
from survey.settings import Settings, SettingsError
from tests.journeys.doors import WAVE, Visitor, published
from tests.journeys.rights import DOORS

NAMES = ("", "Cy", "Ada", "Bo", "Eve")
UNITS = ("CO", "SALES", "NORTH", "SOUTH", "CARE", "PHONE")
SEES = {"Cy": set(UNITS), "Ada": {"SALES", "NORTH", "SOUTH"}, "Bo": {"CARE", "PHONE"}, "Eve": set()}


@pytest.fixture
def results(engine: Engine, home: Path) -> Publication:
    """The cast's wave, published."""
    return published(engine, home)


def visitor(client: FlaskClient, name: str) -> Visitor:
    """One of the cast, or somebody who is not signed in."""
    return Visitor(client).sign_in(name) if name else Visitor(client)


def addresses(app: Flask, methods: str, door: str) -> list[str]:
    """Return the addresses behind a door, with the cast's wave and unit SALES filled in."""
    found = []
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if DOORS.get(rule.endpoint) == door and methods in (rule.methods or set()):
                known = {"wave": WAVE, "code": "SALES" if door == "unit" else WAVE, "holder": "1", "cut": "by-place"}
                values = {name: known.get(name, "1") for name in rule.arguments}
                found.append(adapter.build(rule.endpoint, values, method=methods))
    return found


@pytest.mark.usefixtures("results")
@pytest.mark.parametrize("name", NAMES)
def test_pages_of_hr_open_to_hr_only(app: Flask, client: FlaskClient, name: str) -> None:
    """Every page of HR: strangers are asked to sign in, leaders are told no, HR sees it (or that it is not there)."""
    who = visitor(client, name)
    pages = addresses(app, "GET", "hr")
    assert len(pages) > 10
    expected = {"": {303}, "Cy": {200, 404}}.get(name, {403})
    answers = {address: who.get(address).status_code for address in pages}
    assert {address: status for address, status in answers.items() if status not in expected} == {}


@pytest.mark.usefixtures("results")
@pytest.mark.parametrize("name", ["", "Ada", "Eve"])
def test_buttons_of_hr_work_for_hr_only(app: Flask, client: FlaskClient, name: str) -> None:
    """Every form of HR, sent with a good token by somebody else, does nothing."""
    who = visitor(client, name)
    page = "/practices/" if name else "/sign-in"
    answers = {address: who.post(address, page=page).status_code for address in addresses(app, "POST", "hr")}
    assert len(answers) > 7
    assert set(answers.values()) == {403 if name else 303}


@pytest.mark.usefixtures("results")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("unit", [*UNITS, "NOWHERE"])
def test_a_unit_opens_to_its_part_of_the_tree(client: FlaskClient, name: str, unit: str) -> None:
    """HR sees every unit, a leader those at and below a grant; for all others there is no such page."""
    status = visitor(client, name).get(f"/units/{unit}").status_code
    assert status == (303 if not name else 200 if unit in SEES[name] else 404)


@pytest.mark.usefixtures("results")
@pytest.mark.parametrize("name", ["Ada", "Bo", "Eve"])
@pytest.mark.parametrize("address", ["/compare/?unit={unit}", f"/reports/{WAVE}/{{unit}}.pdf"])
def test_no_other_way_leads_to_a_foreign_unit(client: FlaskClient, name: str, address: str) -> None:
    """Neither the comparison nor the report shows a unit outside a leader's part of the tree."""
    who = visitor(client, name)
    foreign = [unit for unit in UNITS if unit not in SEES[name]]
    assert {unit: who.get(address.format(unit=unit)).status_code for unit in foreign} == dict.fromkeys(foreign, 404)


@pytest.mark.parametrize("name", ["Ada", "Bo", "Eve"])
def test_lists_name_only_the_leaders_own_units(client: FlaskClient, results: Publication, name: str) -> None:
    """The tree, the choice of the comparison and the register of practices name no unit outside."""
    who = visitor(client, name)
    pages = [who.get(address).text for address in ("/units/", "/compare/", "/practices/")]
    outside = [results.unit(unit).name("en") for unit in UNITS[1:] if unit not in SEES[name]]
    assert [unit for unit in outside for page in pages if f">{unit}<" in page or f'value="{unit}"' in page] == []


@pytest.mark.usefixtures("results")
def test_eve_must_see_nothing(client: FlaskClient) -> None:
    """An account without a grant sees no number anywhere, and is told whom to ask."""
    eve = visitor(client, "Eve")
    for address in ("/units/", "/compare/"):
        page = eve.get(address).text
        assert "No unit is open to your account yet" in page
        assert "application/json" not in page


def test_a_leader_cannot_note_a_practice_elsewhere(client: FlaskClient, results: Publication) -> None:
    """Ada's form takes her own units only."""
    ada = visitor(client, "Ada")
    facts: dict[str, object] = {"practice": "stand_ups", "since": "2026-01-05", "owner": "Ada"}
    page = "/practices/new?unit=NORTH"
    assert results.root.code == "CO"
    assert ada.post("/practices/new", {**facts, "unit": "CARE"}, page=page).status_code == 422
    assert ada.post("/practices/new", {**facts, "unit": "NORTH"}, page=page).status_code == 303
    assert "Sales North" in ada.get("/practices/").text


def test_an_installation_without_its_secret_does_not_start(settings: Settings) -> None:
    """The app says which file is missing and which command makes it, instead of serving with a guessable secret."""
    settings.secret_path.unlink()
    with pytest.raises(SettingsError, match="Run: survey init"):
        create_app(settings)


@pytest.mark.usefixtures("results")
def test_a_demo_says_so_on_every_page(app: Flask, client: FlaskClient, engine: Engine) -> None:
    """Made-up data is marked wherever it is shown."""
    with writing(engine) as session:
        session.execute(update(Company).values(demo=True))
    hr = visitor(client, "Cy")
    pages = [*addresses(app, "GET", "readers"), "/units/SALES", "/", f"/waves/{WAVE}", f"/publications/{WAVE}"]
    told = {page: hr.get(page) for page in pages}  # of what there is not, an error page tells: it asks no database
    answers = {page: answer for page, answer in told.items() if answer.status_code != 404}
    assert len(answers) > len(pages) // 2
    assert [
        page
        for page, answer in answers.items()
        if answer.mimetype == "text/html" and "all their answers are made up" not in answer.text
    ] == []
    files = {page: answer.headers["Content-Disposition"] for page, answer in answers.items() if "results." in page}
    assert len(files) == 2
    assert [page for page, name in files.items() if "-demo." not in name] == []


@pytest.mark.usefixtures("results")
def test_no_address_and_no_form_holds_a_nul(client: FlaskClient) -> None:
    """PostgreSQL keeps no text with a NUL: an address with one is no page, a form with one cannot be read."""
    hr = visitor(client, "Cy")
    assert hr.get(f"/waves/{WAVE}%00").status_code == 404
    assert hr.get("/compare/?unit=%00").status_code == 400
    for address, field in ((f"/waves/{WAVE}/spare", "who"), ("/keyholders/", "name"), ("/sign-in", "email")):
        assert hr.post(address, {field: "a\0b"}, page="/keyholders/").status_code == 400
