"""What somebody may open follows the moment: a grant taken, a role changed, a unit moved, a thing deleted."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update

from survey.database import reading, writing
from survey.models import Account, Grant, Unit
from survey.privacy.released import Released
from survey.services.accounts import grants, keeping
from survey.services.accounts.keeping import Facts
from survey.services.marks import UnitMark, note_mark
from survey.services.open_pages import open_pages
from survey.services.practices.register import Adoption, adopt
from survey.services.publication import publication
from survey.services.responses.replies import Accepted
from survey.web.clock import now
from tests.journeys.doors import WAVE, published
from tests.journeys.matrix import methods, right_of
from tests.journeys.opening import ADA, CHILDREN, CY, SLOW, browser, places, read, statuses
from tests.services import rounds

NEXT: Final = "2027-Q1"


@pytest.fixture
def ada(app: Flask, engine: Engine, home: Path) -> FlaskClient:
    """Ada's browser, signed in, over the cast's published wave."""
    published(engine, home)
    return browser(app, engine, ADA)


def _take(engine: Engine) -> None:
    with writing(engine) as session:
        grants.take(session, "ada@example.com", ["SALES"], now(), CY)


def _do(engine: Engine, what: Callable[..., object]) -> None:
    with writing(engine) as session:
        what(session, ADA, now(), CY)


def _demote(engine: Engine) -> None:
    with writing(engine) as session:
        keeping.change(session, ADA, Facts("Ada", "auditor", "en"), now(), CY)


CHANGES: Final[dict[str, tuple[Callable[[Engine], object], set[int], bool]]] = {
    "the grant is taken": (_take, {404}, True),
    "the account is closed": (lambda engine: _do(engine, keeping.close), {303}, False),
    "signed out by HR": (lambda engine: _do(engine, keeping.sign_out), {303}, False),
    "the role is an auditor's": (_demote, {303}, False),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_taken_away_is_gone_with_the_next_click(
    app: Flask, engine: Engine, ada: FlaskClient, change: str
) -> None:
    """While Ada's pages are open: every address of her units, files and forms among them, stops to open at once."""
    addresses = [place for unit in ("SALES", "NORTH") for place in places(app, unit)]
    before = statuses(ada, [place for place in addresses if "/reports/" not in place])
    assert set(before.values()) == {200}
    token = re.findall(r'name="csrf_token" value="([^"]+)"', ada.get("/practices/new?unit=NORTH").text)[0]
    act, expected, stays = CHANGES[change]
    act(engine)
    after = {address: ada.get(address).status_code for address in addresses}
    assert set(after.values()) <= expected, after
    facts = {"csrf_token": token, "practice": "stand_ups", "since": "2026-01-05", "unit": "NORTH", "owner": "Ada"}
    assert ada.post("/practices/new", data=facts).status_code in (expected | {422, 403})
    assert ada.post("/marks/", data={**facts, "day": "2026-01-05", "kind": "leader"}).status_code in expected | {
        422,
        403,
    }
    for rule in app.url_map.iter_rules():
        if right_of(rule) == "readers" and not rule.arguments and rule.endpoint not in SLOW | CHILDREN:
            with ada.open(rule.rule, method=methods(rule)[0]) as answer:
                assert "Sales North" not in answer.get_data(as_text=True), rule.rule
                assert stays or answer.status_code in expected, rule.rule


def test_an_observer_who_was_a_leader_only_reads(app: Flask, engine: Engine, ada: FlaskClient) -> None:
    """Made an observer while her form is open, Ada keeps her numbers and loses every button."""
    page = ada.get("/practices/new?unit=NORTH").text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    with writing(engine) as session:
        keeping.change(session, ADA, Facts("Ada", "observer", "en"), now(), CY)
    with writing(engine) as session:
        if session.get(Grant, (ADA, "SALES")) is None:
            grants.give(session, "ada@example.com", ["SALES"], now(), CY)
    ada = browser(app, engine, ADA) if ada.get("/units/SALES").status_code == 303 else ada
    assert ada.get("/units/SALES").status_code == 200
    forms = [rule for rule in app.url_map.iter_rules() if right_of(rule) == "leaders" and "POST" in methods(rule)]
    assert len(forms) > 6
    app.config["WTF_CSRF_ENABLED"] = False
    for rule in forms:
        where = re.sub(r"<\w+>", "NORTH", rule.rule)
        assert ada.post(where, data={"csrf_token": token, "unit": "NORTH"}).status_code == 403, where


def test_a_unit_that_moved_is_seen_from_where_it_is(app: Flask, engine: Engine, home: Path, ada: FlaskClient) -> None:
    """After a reorganisation: the new wave's numbers by its new leader only; the old wave's by whoever led it then."""
    with writing(engine) as session:
        session.execute(update(Unit).where(Unit.code == "NORTH").values(parent_code="CARE"))
    later = rounds.plan_later(NEXT)
    for place, code in enumerate(rounds.open_next(engine, home, later).values()):
        given = {"play": 4 + place % 4, "inertia": 1 + place % 2}
        assert isinstance(rounds.answer(engine, rounds.sent(code, answers=given), later.opens_at), Accepted)
    rounds.close(engine, later.closes_at + dt.timedelta(days=1), NEXT)
    with writing(engine) as session:
        publication.publish(session, NEXT, later.closes_at + dt.timedelta(days=2))
    bo = browser(app, engine, 2)
    with reading(engine) as session:
        figures = publication.publication(session, NEXT).unit("NORTH").figures
    assert isinstance(figures, Released)
    new = figures.value.index.text
    mine, asked = ("/units/NORTH", "/units/NORTH/meeting"), (f"/units/NORTH?wave={NEXT}", f"/reports/{NEXT}/NORTH.pdf")
    others = [place for place in places(app, "NORTH", NEXT) if place not in mine]
    assert set(statuses(ada, [*others, *asked]).values()) == {404}
    assert not [page for page in mine if new in ada.get(page).text]  # they show the wave in which NORTH was hers
    assert new in bo.get("/units/NORTH").text
    assert bo.get("/units/NORTH").status_code == 200
    assert (ada.get(f"/units/NORTH?wave={WAVE}").status_code, bo.get(f"/units/NORTH?wave={WAVE}").status_code) == (
        200,
        404,
    )
    assert "Sales North" not in ada.get("/units/").text + ada.get("/compare/").text + ada.get("/heat-map/").text
    for kind in ("results.csv", "results.xlsx"):
        assert "Sales North" not in read(ada, f"/publications/{NEXT}/{kind}")


def test_a_workbook_holds_ones_own_units(app: Flask, engine: Engine, ada: FlaskClient) -> None:
    """In every format: no name and no code of a unit that Ada does not see; HR's holds them."""
    hr = browser(app, engine, CY)
    for address in (f"/publications/{WAVE}/results.xlsx", f"/publications/{WAVE}/results.csv", "/heat-map/map.xlsx"):
        mine, all_of_it = read(ada, f"{address}?lang=en"), read(hr, f"{address}?lang=en")
        assert "Sales" in mine
        assert "Care" in all_of_it
        assert not re.search(r"\bCare\b|\bPHONE\b|>CARE<", mine), address


def test_what_is_gone_is_gone_for_pages_that_are_still_open(app: Flask, engine: Engine, ada: FlaskClient) -> None:
    """A mark, an entry, an open page, a draft, an account, deleted elsewhere: the form that is still open says so."""
    cy, twin = browser(app, engine, CY), browser(app, engine, CY)
    day = dt.date(2026, 9, 1)
    with writing(engine) as session:
        note_mark(session, UnitMark("SALES", day, "tool", "Chat"))
        adopt(session, Adoption("SALES", "stand_ups", day, "Ada"))
        told = publication.publication(session, WAVE)
        key = open_pages.open_page(session, told, "SALES", open_pages.ALL, now(), ADA).key
    app.config["WTF_CSRF_ENABLED"] = False
    mark = {"unit": "SALES", "day": "2026-09-01", "kind": "tool"}
    page = {"unit": "SALES", "wave": WAVE}
    gone = "/practices/at/SALES/stand_ups/out"
    for address, data in (("/marks/removed", mark), ("/open-pages/close", page), (gone, {})):
        first = ada.post(address, data=data)
        assert first.status_code in {303, 404}, address
        second = ada.post(address, data=data)
        assert second.status_code in {303, 404, 409, 422}, address
    assert app.test_client().get(f"/h/{key}").status_code == 410
    with writing(engine) as session:
        made = keeping.make(session, "hal@example.com", Facts("Hal", "leader", "en"), now()).id
    assert cy.post(f"/accounts/{made}/close").status_code == 303
    for rule in app.url_map.iter_rules():
        if "number" in rule.arguments and "POST" in methods(rule):
            answer = twin.post(rule.rule.replace("<int:number>", str(made)), data={"unit": "SALES", "name": "x"})
            assert answer.status_code in {303, 404, 409, 422}, rule.rule
    with reading(engine) as session:
        assert session.scalars(select(Account).where(Account.id == made)).one().role == "leader"
