import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from survey.charts import told
from survey.privacy.freeze import freeze
from survey.privacy.released import Released, Suppressed
from survey.privacy.thaw import Publication, dump, thaw
from survey.web.units.lines import rest, with_rests
from tests.journeys.doors import WAVE, Visitor, loaded, published
from tests.privacy.companies import company

FIGURE = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def results(engine: Engine, home: Path) -> Publication:
    """The cast's wave, published."""
    return published(engine, home)


def test_a_leader_reads_the_published_strings(client: FlaskClient, results: Publication) -> None:
    """The page of Sales carries the index, its interval and every motive exactly as they were published."""
    unit = results.unit("SALES")
    assert isinstance(unit.figures, Released)
    page = Visitor(client).sign_in("Ada").get("/units/SALES").text
    index = unit.figures.value.index
    for text in (
        told(index, "en"),
        index.low_text,
        index.high_text,
        *(f.text for f in unit.figures.value.scales.values()),
    ):
        assert text in page
    assert "neither a percentage nor a grade" in page.lower()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_shown_unit_has_its_charts_with_tables(client: FlaskClient, results: Publication, language: str) -> None:
    """Each chart is a figure that plotly.js reads, named for those who do not see it, with a table beside it."""
    hr = Visitor(client).sign_in("Cy", language)
    for unit in results.units:
        page = hr.get(f"/units/{unit.code.replace('+', '%2B')}").text
        figures = FIGURE.findall(page)
        assert len(figures) in ({3, 4, 5} if isinstance(unit.figures, Released) else {0})
        assert page.count('class="plot" role="img" aria-label="') == page.count("<details open>") == len(figures)
        for figure in figures:
            assert json.loads(figure)["data"]


def test_the_rest_of_a_unit_follows_all_that_lies_below_it() -> None:
    """The hidden units below a shown one stand on one line after its children, with their published numbers."""
    drawn = """
        Company
          Care 12
          Sales
            East 3
            North 9
            West 4
    """
    publication = thaw(*dump(freeze(company(drawn))))
    lines = with_rests(publication.units, publication, "en")
    assert [(line.unit.code, line.rest_of) for line in lines] == [
        *(("Company", 0), ("Care", 0), ("Sales", 0), ("East", 0), ("North", 0), ("West", 0)),
        ("Sales", 2),
    ]
    sales = publication.unit("Sales")
    assert sales.rest is not None
    assert rest(sales, "en") == lines[-1:]
    assert (lines[-1].n, lines[-1].shown) == ("7", told(sales.rest.value.index, "en"))
    assert rest(publication.unit("Care"), "en") == ()


def test_a_hidden_unit_says_why_and_shows_no_number(client: FlaskClient, results: Publication) -> None:
    """What is suppressed has a reason, what to try, and the way to the unit above; no chart and no index."""
    hidden = [unit for unit in results.units if isinstance(unit.figures, Suppressed)]
    hr = Visitor(client).sign_in("Cy")
    for unit in hidden:
        page = hr.get(f"/units/{unit.code}").text
        assert "The results of this unit are not shown" in page
        assert "What to try" in page
        assert "application/json" not in page


def test_the_tree_is_no_ranking(client: FlaskClient, results: Publication) -> None:
    """Units stand in the order of the tree, each with its interval or the reason why there is none."""
    page = Visitor(client).sign_in("Cy").get("/units/").text
    names = [unit.name("en") for unit in results.units]
    places = [page.index(f">{name}<") for name in names]
    assert places == sorted(places)


def test_an_unknown_wave_is_no_page(client: FlaskClient, results: Publication) -> None:
    """A wave that was never published has no results page."""
    hr = Visitor(client).sign_in("Cy")
    assert results.wave.code == WAVE
    assert hr.get("/units/?wave=1999-Q1").status_code == 404
    assert hr.get(f"/units/SALES?wave={WAVE}").status_code == 200


def test_without_a_publication_nothing_is_shown(client: FlaskClient, engine: Engine) -> None:
    """Before the first publication the pages say when results will come."""
    loaded(engine)
    hr = Visitor(client).sign_in("Cy")
    for address in ("/units/", "/compare/"):
        assert "Results appear here once" in hr.get(address).text
    assert hr.get("/units/SALES").status_code == 404
