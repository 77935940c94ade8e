"""Units beside each other and over the waves: one verdict for all, and nobody sees past their own part of the tree."""

import re
from itertools import combinations
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine

from survey.charts import told
from survey.privacy.released import Released
from survey.privacy.thaw import Publication
from survey.web.limits import limiter
from tests.journeys import four_waves
from tests.journeys.doors import Visitor, published
from tests.journeys.driving import served, window
from tests.journeys.test_access_browser import check, sign_in
from tests.services.rounds import WAVE

FIGURE = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)
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


def test_departments_stand_side_by_side(client: FlaskClient, results: Publication) -> None:
    """Each chosen unit has its chart, its number as it was published, and a chip that takes it away again."""
    hr = Visitor(client).sign_in("Cy")
    page = opened(hr, asked("SALES", "CARE", "SALES"))
    assert len(FIGURE.findall(page)) == 2 + 1  # and one with both beside each other
    for code, other in (("SALES", "CARE"), ("CARE", "SALES")):
        figures = results.unit(code).figures
        assert isinstance(figures, Released)
        assert told(figures.value.index, "en") in page
        assert f'value="{code}" checked' in page
        assert f'href="/compare/?unit={other}"' in page


def test_the_address_is_as_short_as_can_be(client: FlaskClient, results: Publication) -> None:
    """What would be so anyway is left out, units stand in the tree's order; a short address is answered at once."""
    hr = Visitor(client).sign_in("Cy")
    long = f"{asked('SALES', 'CARE', 'SALES')}&what=index&lens=code&since={results.wave.code}&beside=&find="
    assert hr.get(long).headers["Location"] == "/compare/?unit=CARE&unit=SALES"
    assert hr.get(f"{long}&lang=ko").headers["Location"] == "/compare/?unit=CARE&unit=SALES&lang=ko"
    assert hr.get("/compare/?unit=CARE&unit=SALES&what=play").status_code == 200
    assert hr.get("/compare/?unit=CARE&lens=nonsense").headers["Location"] == "/compare/?unit=CARE"


@pytest.mark.parametrize("wrong", ["unit=NOWHERE", "what=zeal", "since=1999-Q1", "beside=luck"])
def test_what_there_is_not_is_not_found(client: FlaskClient, results: Publication, wrong: str) -> None:
    """An address that names no unit, measure, wave or outcome of ours leads nowhere."""
    assert results.wave.code == WAVE
    assert Visitor(client).sign_in("Cy").get(f"/compare/?{wrong}").status_code == 404


def test_more_than_eight_are_told_and_not_cut(app: Flask, engine: Engine, home: Path) -> None:
    """Nine units are no picture: the page says so, shows none, and each of them can be taken away."""
    publications, _, _ = four_waves.published(engine, home)
    nine = [unit.code for unit in publications[-1].units][:9]
    assert len(nine) == 9
    page = opened(Visitor(app.test_client()).sign_in("Cy", "en"), asked(*nine))
    assert "These are 9 units; up to 8 fit beside each other." in page
    assert FIGURE.findall(page) == []
    assert page.count('class="chip"') == 9


def test_a_motive_can_be_compared_and_a_unit_found_by_name(client: FlaskClient, results: Publication) -> None:
    """The page shows the motive's numbers, tests no pair, and lists what is called so."""
    hr = Visitor(client).sign_in("Cy", "en")
    page = opened(hr, f"{asked('SALES', 'CARE')}&what=play&find=south")
    figures = results.unit("SALES").figures
    assert isinstance(figures, Released)
    assert told(figures.value.scales["play"], "en") in page
    assert "was not tested" in page
    assert rows(page) == {}
    assert 'value="SOUTH"' in page
    assert 'value="PHONE"' not in page


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "ko")])
def test_the_page_is_for_everybody(
    browser: Browser, app: Flask, engine: Engine, home: Path, width: int, language: str
) -> None:
    """Wide and narrow, in both languages: chosen and read by keyboard alone, axe finds nothing on any page."""
    four_waves.published(engine, home)
    limiter.reset()
    with served(app) as address, window(browser, address, width, language) as page:
        sign_in(page, "Cy", language)
        page.goto(f"{asked('EAST', 'LAB', 'NORTH', 'PHONE')}&lens=origin")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        check(page)
        _choose(page)
        page.goto("/heat-map/")
        check(page)
        _walk(page)
        for view in ("behaviour", "changes"):
            page.goto(f"/heat-map/?show={view}&of=SALES")
            check(page)


def _choose(page: Page) -> None:
    """Take a unit away by its chip, and put another one in by its box, without a mouse."""
    page.locator(".chip a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.count("unit=") == 3)
    page.locator("details.units summary").focus()
    page.keyboard.press("Enter")
    page.locator("input[name=unit]:not(:checked)").first.focus()
    page.keyboard.press("Space")
    page.locator("details.units button.primary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.count("unit=") == 4 and "lens=origin" in url)


def _walk(page: Page) -> None:
    """Go through the map by arrow keys: each cell tells where one is, and what it holds."""
    page.locator("[data-heat] thead th").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    cell = page.locator("[data-heat] [tabindex='0']")
    assert cell.count() == 1
    assert cell.evaluate("each => each === document.activeElement")
    told = page.locator("[data-reading]").inner_text()
    assert told.count(" · ") == 2
    assert (cell.inner_text().split("\n")[0].strip("▲▼") or "–")[:3] in told
    page.keyboard.press("Control+End")
    assert page.locator("[data-heat] tr:last-child [tabindex='0']").count() == 1


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
