"""A leader and HR over four waves and a reorganisation: where they begin, what they read, where they may go."""

import datetime as dt
import re
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from survey.charts import told
from survey.database import reading, writing
from survey.privacy.released import Released, Suppressed
from survey.privacy.thaw import Publication
from survey.services.practices.register import Adoption, adopt
from survey.services.publication import notices
from survey.services.publication import publication as service
from tests import cast, snapshots
from tests.journeys import four_waves
from tests.journeys.doors import Visitor, loaded

WORDS: Final = re.compile(r"<[^>]*>|\s+")
INSIDE: Final = re.compile(r'href="#([^"]+)"')
ROW: Final = re.compile(r'<tr><th scope="row">(\d{4}-Q\d)</th>(.*?)</tr>', re.DOTALL)
MADE: Final = "four published waves"


@pytest.fixture
def waves(engine: Engine, home: Path) -> list[Publication]:
    """Four published waves; before the third SOUTH went from Sales to Care."""
    snapshots.start(engine, home, MADE, lambda: four_waves.published(engine, home))
    with reading(engine) as session:
        found = service.publications(session)
        for each in found:
            each.read(each.codes)
    return found


def words(page: str) -> str:
    """What stands on a page, without its markup."""
    return " ".join(WORDS.sub(" ", page).split())


def test_a_leader_begins_on_the_page_of_the_own_unit(app: Flask, waves: list[Publication]) -> None:
    """Whoever sees one part of the newest results begins there, with the newest wave; others begin elsewhere."""
    begins = {name: Visitor(app.test_client()).sign_in(name).get("/") for name in ("Ada", "Bo", "Eve", "Cy")}
    assert {name: answer.location for name, answer in begins.items()} == {
        "Ada": "/units/SALES", "Bo": "/units/CARE", "Eve": "/units/", "Cy": None,
    }  # fmt: skip
    page = words(Visitor(app.test_client()).sign_in("Ada").get("/units/SALES").text)
    assert f"Wave {waves[-1].wave.code} newest" in page


def test_before_the_first_publication_a_leader_begins_at_the_tree(client: FlaskClient, engine: Engine) -> None:
    """There is no page of a unit yet: the tree says when results will come."""
    loaded(engine)
    ada = Visitor(client).sign_in("Ada")
    assert ada.get("/").location == "/units/"
    assert ada.get("/units/SALES").status_code == ada.get("/units/SALES/meeting").status_code == 404


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_answers_first_and_explains_below(
    client: FlaskClient, waves: list[Publication], language: str
) -> None:
    """One sentence, the waves with their published strings, what is done; each link of the contents leads somewhere."""
    page = Visitor(client).sign_in("Cy", language).get(f"/units/SALES?lang={language}").text
    places = [page.index(part) for part in ('class="sentence"', 'class="doing"', 'class="contents"', 'id="why"')]
    assert places == sorted(places)
    rows = dict(ROW.findall(page.split('class="doing"')[0]))
    for each in waves:
        figures = each.unit("SALES").figures
        assert isinstance(figures, Released)
        index = figures.value.index
        assert told(index, language) in rows[each.wave.code]
        assert index.low_text in rows[each.wave.code]
    inside = INSIDE.findall(page)
    assert {"why", "behaviour", "practices", "measures", "below", "method"} <= set(inside)
    assert [name for name in inside if f'id="{name}"' not in page] == []


def test_a_leader_moves_in_the_own_part_only(client: FlaskClient, waves: list[Publication]) -> None:
    """From the top of the own part down, along its neighbours and back; what lies elsewhere is not there."""
    ada = Visitor(client).sign_in("Ada")
    top, north = ada.get("/units/SALES").text, ada.get("/units/NORTH").text
    assert 'rel="prev"' not in top
    assert 'rel="next"' not in top
    assert "/units/CO?" not in top + north
    wave = waves[-1].wave.code
    assert f'rel="prev" href="/units/EAST?wave={wave}"' in north
    assert f'<li><a href="/units/SALES?wave={wave}">' in north
    for gone in ("/units/CARE", "/units/CO", "/units/NOWHERE", "/units/SALES?wave=1999-Q1", "/units/CARE/meeting"):
        assert ada.get(gone).status_code == 404, gone


def test_a_unit_that_moved_away_keeps_its_last_results(client: FlaskClient, waves: list[Publication]) -> None:
    """SOUTH went to Care: Ada finds it where she saw it last, with a word on why; later waves are not hers."""
    ada = Visitor(client).sign_in("Ada")
    page = words(ada.get("/units/SOUTH").text)
    assert f"Wave {waves[1].wave.code}" in page
    assert "There this unit lies in a part of the company that you cannot see." in page
    assert ada.get(f"/units/SOUTH?wave={waves[2].wave.code}").status_code == 404
    assert ada.get("/units/SOUTH/meeting").status_code == 200


def test_a_reorganised_unit_says_so_beside_its_trend(app: Flask, waves: list[Publication]) -> None:
    """Who may see both parts reads from where to where; who sees one reads that it was elsewhere. A lens stands by."""
    told_hr = Visitor(app.test_client()).sign_in("Cy").get("/units/SOUTH").text
    told_bo = Visitor(app.test_client()).sign_in("Bo").get("/units/SOUTH").text
    third = waves[2].wave.code
    assert f"{third}: it was moved from Team SALES to Team CARE." in told_hr
    assert f"Before {third} it lay in a part of the company that you cannot see." in told_bo
    assert "Team SALES" not in told_bo
    for page in (told_hr, told_bo):
        assert 'href="/compare/?unit=SOUTH&amp;lens=origin"' in page


def test_a_hidden_unit_has_the_kit_and_the_numbers_above(client: FlaskClient, waves: list[Publication]) -> None:
    """In place of its results stand the reason, the meeting, and the published strings of the unit above."""
    second = waves[1]
    above = second.unit("SALES").figures
    assert isinstance(second.unit("SOUTH").figures, Suppressed)
    assert isinstance(above, Released)
    ada = Visitor(client).sign_in("Ada")
    for address in (f"/units/SOUTH?wave={second.wave.code}", f"/units/SOUTH/meeting?wave={second.wave.code}"):
        page = ada.get(address).text
        assert "In their place: Team SALES" in page
        assert told(above.value.index, "en") in page
        assert all(figure.text in page for name, figure in above.value.scales.items() if name in {"play", "inertia"})
    assert 'href="#why"' not in ada.get(f"/units/SOUTH?wave={second.wave.code}").text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_unit_has_a_kit_for_its_meeting(client: FlaskClient, waves: list[Publication], language: str) -> None:
    """Ten minutes of reading, thirty of talking, one practice: for units that are shown and for those that are not."""
    hr = Visitor(client).sign_in("Cy", language)
    three = ("10분", "30분", "50분") if language == "ko" else ("10 minutes", "30 minutes", "50 minutes")
    for unit in waves[1].units:
        page = hr.get(f"/units/{unit.code.replace('+', '%2B')}/meeting?lang={language}&wave={waves[1].wave.code}").text
        places = [page.index(words) for words in three]
        assert places == sorted(places)
        assert 'class="pledge"' in page


def test_what_was_counted_stands_on_the_page_of_the_unit(client: FlaskClient, waves: list[Publication]) -> None:
    """Each measure has its values by wave and what the statistics say of it; HR is led on to all units."""
    page = words(Visitor(client).sign_in("Cy").get("/units/NORTH").text)
    part = page[page.index("Outcomes beside motives") :]
    assert "Customer satisfaction" in part
    assert "too few points to say anything" in part
    assert "All units, and what the statistics say" in part
    assert waves[0].outcomes == () or waves[0].wave.code in part


def test_what_is_done_stands_above_the_fold(app: Flask, engine: Engine, waves: list[Publication]) -> None:
    """A practice of the register stands there with its owner; one not noted as held for long is pointed at."""
    began = dt.date(2026, 1, 5)
    with writing(engine) as session:
        adopt(session, Adoption("NORTH", "stand_ups", began, "Kim Mina", how_often="weekly"))
    ada = Visitor(app.test_client()).sign_in("Ada")
    north = words(ada.get("/units/NORTH").text.split('class="contents"')[0])
    assert "since 5 January 2026 · weekly · Kim Mina not noted as held for a while" in north
    assert "1 practice of your units has not been noted as held for a while." in ada.get("/units/SALES").text
    assert "not been noted as held" not in Visitor(app.test_client()).sign_in("Cy").get("/units/CO").text
    earlier = ada.get(f"/units/NORTH?wave={waves[1].wave.code}").text
    assert "Kim Mina" not in earlier


def test_what_units_below_do_is_named_above_them(app: Flask, engine: Engine, waves: list[Publication]) -> None:
    """Sales, which notes nothing of its own, says that a unit below runs practices; North is not told of itself."""
    began = dt.date.fromisoformat(waves[-1].wave.closed_on)
    with writing(engine) as session:
        adopt(session, Adoption("NORTH", "stand_ups", began, ""))
    ada = Visitor(app.test_client()).sign_in("Ada")
    above, itself = words(ada.get("/units/SALES").text), words(ada.get("/units/NORTH").text)
    assert "1 unit below runs practices of its own" in above
    assert "No practice is noted here yet" not in above
    assert "below runs" not in itself


def test_a_withdrawn_wave_is_no_page_of_a_unit(client: FlaskClient, engine: Engine, waves: list[Publication]) -> None:
    """Asked for, it says that it was withdrawn; not asked for, the wave before it is the newest."""
    last = waves[-1].wave.code
    with writing(engine) as session:
        notices.say(session, last, "withdrawal", {"ko": "잘못된 명부", "en": "The wrong roster"}, cast.NOW)
    hr = Visitor(client).sign_in("Cy")
    gone = hr.get(f"/units/SALES?wave={last}")
    assert "The wrong roster" in gone.text
    page = words(hr.get("/units/SALES").text)
    assert f"Wave {waves[-2].wave.code} newest" in page
    assert last not in hr.get("/units/SALES").text.split('class="contents"')[0].split('class="sentence"')[1]
