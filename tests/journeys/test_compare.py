"""Units beside each other and over the waves: one verdict for all, and nobody sees past their own part of the tree."""

import re
from itertools import combinations
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import Engine

from survey.privacy.released import Released
from survey.privacy.thaw import Publication
from survey.web.limits import limiter
from tests.journeys import four_waves
from tests.journeys.doors import Visitor, published
from tests.journeys.driving import served, window
from tests.journeys.test_access_browser import check, sign_in
from tests.services.rounds import WAVE

ROWS = re.compile(r'<tr><th scope="row">([^<]* – [^<]*)</th>(.*?)</tr>', re.DOTALL)


@pytest.fixture
def results(engine: Engine, home: Path) -> Publication:
    """The cast's wave, published."""
    return published(engine, home)


def asked(*units: str) -> str:
    """The address that shows these units."""
    return "/compare/?" + "&".join(f"unit={quote(unit)}" for unit in units)


def opened(reader: Visitor, address: str) -> str:
    """The page at an address, or at the shorter one that it leads to."""
    return reader.client.get(address, follow_redirects=True).text


def rows(page: str) -> dict[str, str]:
    """The pairs of a page, each with all that is told of it."""
    return dict(ROWS.findall(page))


def test_choosing_fewer_units_changes_no_verdict(client: FlaskClient, results: Publication) -> None:
    """Each pair reads the same beside all others as alone, and in every order of choosing."""
    hr = Visitor(client).sign_in("Cy", "en")
    shown = [unit.code for unit in results.units if isinstance(unit.figures, Released)]
    everything = rows(opened(hr, asked(*shown)))
    assert len(everything) == len(shown) * (len(shown) - 1) // 2
    for one, other in combinations(shown, 2):
        alone = rows(opened(hr, asked(other, one)))
        assert len(alone) == 1
        assert alone.items() <= everything.items()


def test_there_are_no_ranks(client: FlaskClient, results: Publication) -> None:
    """Units stand in the order of the tree, whatever their numbers and however they were chosen."""
    page = opened(Visitor(client).sign_in("Cy", "en"), asked(*[unit.code for unit in reversed(results.units)]))
    beside = page[page.index("Cannot be told apart from") :]
    names = [unit.name("en") for unit in results.units if isinstance(unit.figures, Released)]
    places = [beside.index(f'<th scope="row">{name}</th>') for name in names]
    assert places == sorted(places)
    assert "no ranks" in page


def test_one_unit_alone_is_compared_with_nobody(client: FlaskClient, results: Publication) -> None:
    """With a single unit there is no section of pairs."""
    assert results.wave.code == WAVE
    page = Visitor(client).sign_in("Cy", "en").get(asked("SALES")).text
    assert "Which can be told apart" not in page


def test_a_leader_follows_nobody_out_of_her_part_of_the_tree(app: Flask, engine: Engine, home: Path) -> None:
    """Where people came from a unit that a leader may not see, she learns that, but neither its name nor its index."""
    publications, _, _ = four_waves.published(engine, home)
    third = publications[four_waves.WAVES.index("2027-Q2")]
    newest = publications[-1]
    hr, ada = Visitor(app.test_client()).sign_in("Cy", "en"), Visitor(app.test_client()).sign_in("Ada", "en")
    moved = [
        (unit, publications[1].unit(unit.origin.unit))
        for unit in third.below("SALES")
        if unit.origin is not None
        and unit.origin.unit not in {"", *(own.code for own in publications[1].below("SALES"))}
    ]
    assert moved
    for unit, before in moved:
        page = ada.get(f"/units/{quote(unit.code)}?wave={third.wave.code}").text
        assert "Most of these people came from a unit that you cannot see" in page
        assert before.name("en") not in page
        assert f"were in {before.name('en')} last time" in hr.get(f"/units/{unit.code}?wave={third.wave.code}").text
        if unit.code not in newest:
            continue
        for_ada, for_hr = (opened(reader, f"{asked(unit.code)}&lens=origin") for reader in (ada, hr))
        assert before.name("en") not in for_ada
        figures = before.figures
        assert isinstance(figures, Released)
        assert figures.value.index.text not in for_ada
        assert before.name("en") in for_hr


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "ko")])
def test_the_page_is_for_everybody(
    browser: Browser, app: Flask, engine: Engine, home: Path, width: int, language: str
) -> None:
    """Wide and narrow, in both languages, through each lens, with the chooser and the pairs open: axe finds nothing."""
    four_waves.published(engine, home)
    limiter.reset()
    with served(app) as address, window(browser, address, width, language) as page:
        sign_in(page, "Cy", language)
        for lens in ("code", "self", "origin"):
            page.goto(f"{asked('NORTH', 'PHONE', 'EAST', 'LAB')}&lens={lens}")
            page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
            check(page)
        page.goto("/units/EAST?wave=2027-Q2")
        check(page)


def test_every_lens_shows_the_chosen_units(app: Flask, engine: Engine, home: Path) -> None:
    """Each lens is in the address and chosen in the form; what it names in earlier waves stands in the table."""
    four_waves.published(engine, home)
    hr = Visitor(app.test_client()).sign_in("Cy", "en")
    pages = {lens: opened(hr, f"{asked('NORTH', 'PHONE', 'EAST')}&lens={lens}") for lens in ("code", "self", "origin")}
    for lens, page in pages.items():
        assert f'<option value="{lens}" selected>' in page
    assert "Hollow dots" not in pages["code"]
    assert "Hollow dots" in pages["origin"]
    assert rows(pages["code"]) == rows(pages["origin"])
