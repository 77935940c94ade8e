import datetime as dt
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from reports import pool
from reports.pool import Job
from survey.database import writing
from survey.models import Account, Grant, Wave
from survey.privacy.released import Released
from survey.privacy.thaw import Publication as Published
from survey.runs.report_files import ReportFiles
from survey.services.accounts import keeping, sign_ins
from survey.services.accounts.keeping import Facts
from survey.services.publication import second_cuts
from survey.services.publication.kept import keep
from survey.services.publication.second_cuts import Grouping
from survey.settings import Settings
from survey.web.access import COOKIE
from survey.web.clock import now
from survey.web.factory import create_app
from survey.web.limits import limiter
from tests import cast
from tests.journeys import matrix
from tests.journeys.doors import WAVE, published
from tests.journeys.matrix import RIGHTS, VISITORS, methods, right_of
from tests.sample import sample_record
from tests.sendable import sendable
from tests.services.rounds import OVER
from tests.services.test_second_cuts import FILE

OTHER: Final = "2026-Q1"
"""A wave of another tree."""
INSIDE: Final = ("SALES", "NORTH", "SOUTH")
OUTSIDE: Final = ("CO", "CARE", "PHONE")
EARLIER: Final = ("HQ", "A", "A1-T1")
"""Units of another wave."""
ELSEWHERE: Final = (*EARLIER, "west", "by-place", "NOWHERE", "sales", "CHAT")
"""These, groups of a second cut, and what is no unit of this wave."""
NOBODY: Final = 10**6
"""A number that no account, person or keyholder has."""
MADE: Final = {"observer": "Oz", "auditor": "Ann", "closed": "Uma"}
PASSES: Final = frozenset({200, 302, 303, 400, 404, 409, 410, 422, 429})
"""What a page answers that lets somebody in: it is there, leads on, is not there, or wants its form filled in."""


@dataclass(frozen=True)
class Site:
    """An installation that is looked at by everybody, and changed by nobody."""

    app: Flask
    engine: Engine
    results: Published


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The cast's wave, published and cut a second time, an earlier wave of another tree, and an account a role."""
    home = tmp_path_factory.mktemp("home")
    (home / "secret.key").write_bytes(secrets.token_bytes(32))
    shutil.copyfile(sqlite_template, home / "survey.db")
    app = create_app(Settings.from_environment({"SURVEY_HOME": str(home)}))
    engine: Engine = app.extensions["survey.engine"]
    results = published(engine, home)
    with writing(engine) as session:
        second_cuts.make(session, WAVE, Grouping("by-place", FILE, "groups.csv"), OVER)
        _another_wave(session)
        for role, name in MADE.items():
            facts = Facts(name, "leader" if role == "closed" else role, "en")
            made = keeping.make(session, f"{name.lower()}@example.com", facts, cast.NOW)
            if role != "auditor":
                session.add(Grant(account_id=made.id, unit_code="SALES"))
    _print(app, results)
    app.config["WTF_CSRF_ENABLED"] = False  # forms without a token are refused before anybody's right is asked for
    limiter.enabled = False
    app.wsgi_app = sendable(app.wsgi_app)  # type: ignore[assignment, method-assign] # Flask's documented way
    yield Site(app, engine, results)
    limiter.enabled = True
    engine.dispose()


def _another_wave(session: Session) -> None:
    early = dt.datetime(2026, 1, 12, 9)
    kept = session.scalars(select(Wave).where(Wave.code == WAVE)).one()
    facts = {"instrument_id": kept.instrument_id, "instrument_version": kept.instrument_version}
    wave = Wave(
        code=OTHER, kind="imported", state="closed", opens_at=early, closes_at=early + dt.timedelta(days=11), **facts
    )
    session.add(wave)
    session.flush()
    wave.state = "published"
    keep(session, wave, sample_record(second=False), early.date())


def _print(app: Flask, found: Published) -> None:
    """Lay the reports where they lie once they were printed."""
    files = ReportFiles(app.extensions["survey.settings"], found)
    for unit in found.units:
        for language in ("ko", "en"):
            files.store.keep(pool.place(found.told_digest, Job(unit.code, language)), b"%PDF")


def browser(site: Site, visitor: str) -> FlaskClient:
    """Give a new browser of somebody, with the cookie that signing in has left there."""
    client = site.app.test_client()
    if visitor == "nobody":
        return client
    name = {"hr": "Cy", "halfway": "Cy", "leader": "Ada", **MADE}[visitor]
    with writing(site.engine) as session:
        account = session.scalars(select(Account).where(Account.name == name)).one()
        secret = sign_ins.let_in(session, account.id, now(), second_step=visitor != "halfway")
        account.active = visitor != "closed"
    client.set_cookie(COOKIE, secret)
    return client


def address(app: Flask, rule: Rule, method: str, unit: str = "NORTH") -> str:
    """Return an address of a route; a form is sent to what is not there, so that nothing happens."""
    wave = WAVE if method in {"GET", "HEAD"} else "2099-Q1"
    known: dict[str, object] = {"wave": wave, "code": unit if right_of(rule) == "unit" else wave, "cut": "by-place"}
    known |= {"number": 1 if method == "GET" else NOBODY, "holder": NOBODY, "person": NOBODY}
    known |= {"filename": "styles/base.css", "kind": "csv", "name": "nothing", "instrument": "x"}
    known |= {"version": "1", "_rest": "x"}
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, {name: known.get(name, "x") for name in rule.arguments}, method=method)


def met(answer: TestResponse) -> str:
    """Say what an answer is."""
    if answer.status_code == 303 and answer.location.startswith("/sign-in"):
        return "signs in"
    if answer.status_code == 303 and answer.location.startswith("/second-step"):
        return "second step"
    if answer.status_code == 403:
        return "refused"
    return "opens" if answer.status_code in PASSES else str(answer.status_code)


def status(who: FlaskClient, place: str) -> int:
    """Open a page, and return only the status that it has."""
    with who.get(place) as answer:
        return answer.status_code


def said(answer: TestResponse) -> str:
    """Return what a page, or a file of text, says."""
    with answer:
        return answer.get_data().decode("utf-8", "replace")


def test_every_route_has_a_right(site: Site) -> None:
    """A new route says who may open it before anybody can."""
    missing = []
    for rule in site.app.url_map.iter_rules():
        try:
            right_of(rule)
        except KeyError:
            missing.append(rule.endpoint)
    assert missing == []


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_route_meets_everybody_as_its_right_says(site: Site, visitor: str) -> None:
    """Each route, with each method that it takes: the visitor meets what the table of rights says, and nothing else."""
    wrong = {}
    for rule in site.app.url_map.iter_rules():
        right = right_of(rule)
        expected = RIGHTS[right][1][visitor]
        for method in (*methods(rule), *(["HEAD"] if "GET" in methods(rule) and visitor == "auditor" else [])):
            where = address(site.app, rule, method)
            answer = browser(site, visitor).open(where, method=method)
            with answer:
                found = met(answer)
            if expected == "opens" and right in {"anyone", "respondent", "signed in"}:
                found = "opens" if found in {"signs in", "second step"} else found  # who signs out is led there too
            if found != ("opens" if expected == "own units" else expected):
                wrong[method, where] = (found, expected)
    assert wrong == {}


@pytest.mark.parametrize("visitor", ["hr", "leader", "observer"])
def test_a_unit_opens_to_its_part_of_the_tree(site: Site, visitor: str) -> None:
    """By every address of a unit: HR sees what is there, others what lies at and below a grant; else 404.

    The page of a unit that was there in an earlier wave only shows that wave, to whoever may see it there.
    """
    who = browser(site, visitor)
    rules = [rule for rule in site.app.url_map.iter_rules() if right_of(rule) == "unit"]
    places = [address(site.app, rule, "GET", "UNIT") for rule in rules] + ["/compare/?unit=UNIT"]
    assert len(places) >= 4
    wrong: dict[tuple[str, str], int] = {}
    for unit in (*INSIDE, *OUTSIDE, *ELSEWHERE):
        opens = unit in INSIDE or (visitor == "hr" and unit in OUTSIDE)
        answers = {place: status(who, place.replace("UNIT", unit)) for place in places}
        then = visitor == "hr" and unit in EARLIER
        seen = {place: opens or (then and place.startswith("/units/")) for place in places}
        wrong |= {(unit, place): got for place, got in answers.items() if got != (200 if seen[place] else 404)}
    assert wrong == {}


@pytest.mark.parametrize("visitor", ["leader", "observer"])
def test_another_waves_units_stay_closed(site: Site, visitor: str) -> None:
    """A grant opens nothing in a wave whose tree has no such unit, and no unit of this wave through another one."""
    who = browser(site, visitor)
    for unit in (*EARLIER, *INSIDE):
        places = (
            f"/units/{unit}?wave={OTHER}",
            f"/reports/{OTHER}/{unit}.pdf",
            f"/waves/{OTHER}/units/{unit}/comments",
        )
        assert {place: status(who, place) for place in places} == dict.fromkeys(places, 404)


@pytest.mark.parametrize("visitor", ["leader", "observer"])
def test_no_page_of_a_reader_names_a_unit_outside(site: Site, visitor: str) -> None:
    """Every page that opens without a choice, read whole: no name of a unit outside the grant."""
    who = browser(site, visitor)
    pages = [rule for rule in site.app.url_map.iter_rules() if right_of(rule) == "readers" and "GET" in methods(rule)]
    read = {where: said(who.get(where)) for where in (address(site.app, rule, "GET") for rule in pages)}
    outside = {site.results.unit(unit).name(language) for unit in ("PHONE", "CARE") for language in ("ko", "en")}
    assert len(read) > 5
    found = {(where, name) for where, text in read.items() for name in outside if re.search(rf"[>\"]{name}[<\"]", text)}
    assert found == set()


def test_no_page_of_an_auditor_holds_a_result(site: Site) -> None:
    """No figure of any unit, the company's included, stands on what opens to auditors."""
    who = browser(site, "auditor")
    pages = [rule for rule in site.app.url_map.iter_rules() if right_of(rule) == "auditors" and "GET" in methods(rule)]
    read = {where: said(who.get(where)) for where in (address(site.app, rule, "GET") for rule in pages)}
    figures = [unit.figures.value.index for unit in site.results.units if isinstance(unit.figures, Released)]
    told = {text for index in figures for text in (index.text, index.low_text, index.high_text) if "." in text}
    assert len(read) > 6
    assert len(told) > 5
    found = {
        (where, text)
        for where, page in read.items()
        for text in told
        if re.search(rf"(?<![\w.]){re.escape(text)}(?![\w.])", page)
    }
    assert found == set()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_no_route_takes_another_method(site: Site, method: str) -> None:
    """Not even HR changes anything but by sending a form."""
    who = browser(site, "hr")
    rules = list(site.app.url_map.iter_rules())
    answers = {
        rule.rule: who.open(address(site.app, rule, methods(rule)[0]), method=method).status_code for rule in rules
    }
    assert {where: status for where, status in answers.items() if status != 405} == {}


def test_the_test_would_see_a_right_that_is_too_wide(site: Site) -> None:
    """The matrix is sharp: where a page of HR is taken out from behind its guard, a leader gets in."""
    views = site.app.view_functions
    view = views["people.show"]
    views["people.show"] = lambda: "the roster"
    assert met(browser(site, "leader").get("/people/")) == "opens"
    views["people.show"] = view
    assert met(browser(site, "leader").get("/people/")) == "refused"


def test_the_page_is_up_to_date(site: Site) -> None:
    """docs/access.md is what `python -m tests.journeys.matrix` writes now."""
    assert matrix.PAGE.read_text("utf-8") == matrix.render(site.app)


def test_every_right_says_what_everybody_meets() -> None:
    """No cell of the table is left open; a closed account, or one halfway in, opens nothing that nobody opens."""
    assert all(expected.keys() == VISITORS.keys() for _, expected in RIGHTS.values())
    met_by = {visitor: [expected[visitor] == "opens" for _, expected in RIGHTS.values()] for visitor in VISITORS}
    assert met_by["nobody"] == met_by["closed"] == met_by["halfway"]
