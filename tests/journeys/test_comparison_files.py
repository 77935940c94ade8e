"""A comparison leaves as a file from the address of its page: what the page shows, to whom it shows it, in the log."""

import datetime as dt
import re
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from reports.comparison.files.handed import TYPES
from survey.database import reading, writing
from survey.privacy.released import Released
from survey.privacy.thaw import Publication
from survey.services import audit_log
from survey.services.publication import notices
from tests.journeys.doors import Visitor, published
from tests.journeys.told_numbers import told_by
from tests.services import rounds
from tests.services.rounds import WAVE

LINK = re.compile(r'href="(/compare/comparison\.(\w+)\?[^"]*)"')


@pytest.fixture
def results(engine: Engine, home: Path) -> Publication:
    """The cast's wave, published."""
    return published(engine, home)


def test_the_page_offers_what_it_shows_as_files(client: FlaskClient, engine: Engine, results: Publication) -> None:
    """Each link gives a file of its kind, named in Hangul, with numbers of the page only; the log says so."""
    hr = Visitor(client).sign_in("Cy")
    page = hr.get("/compare/?lang=ko")
    assert results.wave.code == WAVE
    assert isinstance(results.root.figures, Released)
    whole = results.root.figures.value.index
    company = {whole.text, whole.low_text, whole.high_text}
    links = {kind: unescape(address) for address, kind in LINK.findall(page.text)}
    assert links.keys() == TYPES.keys()
    for kind, address in links.items():
        answer = hr.get(f"{address}&lang=ko")
        assert (answer.status_code, answer.content_type.split(";")[0]) == (200, TYPES[kind].split(";")[0])
        named = answer.headers["Content-Disposition"]
        assert f"총 동기 지수 {WAVE}" in unquote(named.partition("filename*=UTF-8''")[2])
        assert kind == "csv" or told_by(answer) <= told_by(page) | company
    with reading(engine) as session:
        acts = [entry for entry in audit_log.entries(session) if entry.act == "comparison handed out"]
    assert {entry.facts["format"] for entry in acts} == TYPES.keys()
    assert all(entry.facts["wave"] == WAVE and entry.facts["units"] for entry in acts)


@pytest.mark.parametrize("kind", TYPES)
def test_nobody_takes_what_the_page_would_not_show(app: Flask, results: Publication, kind: str) -> None:
    """A unit of another part, one that is not there, and too many units are no page; so they are no file."""
    own = {name: Visitor(app.test_client()).sign_in(name) for name in ("Ada", "Bo", "Eve")}
    shown = [unit.code for unit in results.units if isinstance(unit.figures, Released)]
    file = f"/compare/comparison.{kind}"
    for name, visitor in own.items():
        for code in [*shown, "NOWHERE"]:
            page, taken = visitor.get(f"/compare/?unit={code}"), None
            if page.status_code == 404:
                taken = visitor.get(f"{file}?unit={code}").status_code
            assert taken in {None, 404}, (name, code)
    assert own["Eve"].get(file).status_code == 404
    assert Visitor(app.test_client()).get(file).location.startswith("/sign-in")


def test_an_erratum_travels_with_every_file(client: FlaskClient, engine: Engine, results: Publication) -> None:
    """What was found to be wrong stands in the file as it stands on the page."""
    assert results.wave.code == WAVE
    with writing(engine) as session:
        texts = {"ko": "초대한 사람 수가 틀렸습니다.", "en": "The number of people invited was wrong."}
        notices.say(session, WAVE, "erratum", texts, rounds.OVER + dt.timedelta(days=2))
    table = Visitor(client).sign_in("Cy").get("/compare/comparison.csv?lang=ko").data.decode("utf-8-sig")
    assert "초대한 사람 수가 틀렸습니다." in table.splitlines()[-1]


def test_nothing_published_is_no_file(client: FlaskClient, engine: Engine, home: Path) -> None:
    """Before the first publication there is nothing to take."""
    rounds.open_cast(engine, home)
    assert Visitor(client).sign_in("Cy").get("/compare/comparison.csv").status_code == 404


def test_the_heat_map_leaves_as_its_page_shows_it(app: Flask, engine: Engine, results: Publication) -> None:
    """A leader takes the own part, as a workbook and as a table, with the page's numbers; another part is no file."""
    ada = Visitor(app.test_client()).sign_in("Ada")
    page = ada.get("/heat-map/")
    links = [unescape(link) for link in re.findall(r'href="(/heat-map/map[^"]*)"', page.text)]
    assert len(links) == 2
    book, table = (ada.get(link) for link in links)
    assert (book.status_code, table.status_code) == (200, 200)
    assert told_by(book)
    assert told_by(book) <= told_by(page)
    hidden = [unit.code for unit in results.units if ada.get(f"/units/{quote(unit.code)}").status_code == 404]
    assert hidden
    assert {ada.get(f"/heat-map/map.csv?of={quote(code)}").status_code for code in hidden} == {404}
    others = set(hidden) - {results.root.code}
    assert not [code for code in others if f",{code}," in table.text]
    with reading(engine) as session:
        acts = [entry.act for entry in audit_log.entries(session) if entry.act != "page refused"]
    assert acts[:2] == ["heat map handed out"] * 2
