"""What belongs to one browser, account or sign-in is worth nothing in another."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from survey.database import reading, writing
from survey.models import Company
from survey.services.accounts import keeping
from survey.services.accounts.keeping import Facts
from survey.services.roster import staging
from survey.services.roster.staging import Staged
from survey.web.access import COOKIE
from survey.web.clock import now
from tests.journeys.doors import Visitor, published
from tests.journeys.matrix import methods, right_of
from tests.journeys.opening import ADA, CHILDREN, CY, SLOW, browser


@pytest.fixture
def ada(app: Flask, engine: Engine, home: Path) -> FlaskClient:
    """Ada's browser, signed in, over the cast's published wave."""
    published(engine, home)
    return browser(app, engine, ADA)


def test_what_waits_for_one_account_is_there_for_no_other(
    app: Flask, engine: Engine, home: Path, ada: FlaskClient
) -> None:
    """A roster that Cy has sent: another of HR who has its address meets no page and changes nothing."""
    with writing(engine) as session:
        other = keeping.make(session, "hal@example.com", Facts("Hal", "hr", "en"), now()).id
    name = staging.put(home, CY, Staged("r.csv", now().date(), [["name"], ["Ada"]], []), now())
    hal, cy = browser(app, engine, other), browser(app, engine, CY)
    app.config["WTF_CSRF_ENABLED"] = False
    rules = [
        rule for rule in app.url_map.iter_rules() if "name" in rule.arguments and rule.endpoint.startswith("people.")
    ]
    assert len(rules) >= 7
    for rule in rules:
        for method in methods(rule):
            where = rule.rule.replace("<name>", name).replace("<kind>", "csv" if "errors" in rule.rule else "joined")
            answer = hal.open(where, method=method)
            there = answer.location or ""
            assert answer.status_code == 404 or (answer.status_code == 303 and name not in there), (method, where)
    assert cy.get(f"/people/import/{name}").status_code != 404
    assert ada.get(f"/people/import/{name}").status_code == 403


def test_a_token_of_another_session_sends_nothing(app: Flask, engine: Engine, ada: FlaskClient) -> None:
    """The token of Ada's form, or of somebody who is not signed in, sends no form of Cy."""
    cy = Visitor(app.test_client()).sign_in("Cy")
    stranger = app.test_client()
    for held in (ada.get("/practices/new?unit=NORTH").text, stranger.get("/sign-in").text, "no token"):
        token = (re.findall(r'name="csrf_token" value="([^"]+)"', held) or [held])[0]
        answer = cy.client.post("/company/second-step", data={"csrf_token": token, "second_step": "everybody"})
        assert answer.status_code == 400
    with reading(engine) as session:
        assert session.get_one(Company, 1).second_step == "nobody"


def test_signing_in_changes_every_secret_of_the_browser(app: Flask, engine: Engine, home: Path) -> None:
    """Cookies and a token that somebody put into the browser before are worth nothing once Cy is signed in."""
    published(engine, home)
    thief = app.test_client()
    token = re.findall(r'name="csrf_token" value="([^"]+)"', thief.get("/sign-in").text)[0]
    planted = thief.get_cookie("form")
    assert planted
    victim = Visitor(app.test_client())
    victim.client.set_cookie("form", planted.value)
    victim.client.set_cookie(COOKIE, "chosen-by-a-thief")
    victim.sign_in("Cy")
    mine = victim.client.get_cookie(COOKIE)
    assert mine
    assert mine.value != "chosen-by-a-thief"
    assert victim.client.post("/keyholders/", data={"csrf_token": token}).status_code == 400
    thief.set_cookie(COOKIE, "chosen-by-a-thief")
    assert thief.get("/").status_code == 303


def test_the_next_account_in_a_browser_finds_nothing_of_the_last(app: Flask, engine: Engine, home: Path) -> None:
    """After Cy's sign-out the old secret opens nothing; Eve, in the same browser, is answered as Eve."""
    published(engine, home)
    visitor = Visitor(app.test_client()).sign_in("Cy")
    name = staging.put(home, CY, Staged("r.csv", now().date(), [["name"], ["Ada"]], []), now())
    old = visitor.client.get_cookie(COOKIE)
    assert old
    marks = {}
    for rule in app.url_map.iter_rules():
        if (
            right_of(rule) in {"hr", "readers", "signed in", "auditors"}
            and "GET" in methods(rule)
            and not rule.arguments
        ):
            if rule.endpoint in SLOW | CHILDREN:
                continue
            with visitor.get(rule.rule) as answer:
                assert answer.headers["Cache-Control"] == "no-store", rule.rule
                assert not {"ETag", "Last-Modified", "Expires"} & set(answer.headers.keys()), rule.rule
                marks[rule.rule] = answer.status_code
    assert len([status for status in marks.values() if status == 200]) > 30
    visitor.post("/sign-out", page="/")
    for address in marks:
        assert visitor.get(address).status_code == 303, address
    visitor.client.set_cookie(COOKIE, old.value)
    assert {visitor.get(address).status_code for address in marks} == {303}
    visitor.client.delete_cookie(COOKIE)
    eve = visitor.sign_in("Eve")
    assert {eve.get(address).status_code for address in (f"/people/import/{name}", "/people/")} == {403}
    assert "Sales" not in eve.get("/units/").text
