"""The heat map behind the sign-in: whose units, which wave, which part of the tree; numbers as they were published."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from survey.charts import told
from survey.privacy.freeze import freeze
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication
from survey.web.heat_map import heat_map
from survey.web.heat_map.heat_map import MOST, below
from tests.journeys.doors import Statements, Visitor, loaded, published
from tests.privacy.companies import company
from tests.privacy.records import as_publication


class Table(HTMLParser):
    """The rows of the page's table: what the cells say, and their classes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.classes: list[list[str]] = []
        self._inside = False
        self.feed(page[page.index("<table") : page.index("</table>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell."""
        if tag == "tr":
            self.rows.append([])
            self.classes.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self.classes[-1].append(dict(attrs).get("class") or "")

    def handle_data(self, data: str) -> None:
        """Add to the cell."""
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


@pytest.fixture
def results(engine: Engine, home: Path) -> Publication:
    """The cast's wave, published."""
    return published(engine, home)


def test_every_number_stands_as_it_was_published_in_the_order_of_the_tree(
    client: FlaskClient, results: Publication
) -> None:
    """Index and six motives of each shown unit; a hidden one has one hatched cell with its reason."""
    table = Table(Visitor(client).sign_in("Cy", "en").get("/heat-map/").text)
    names = [row[0].split("\n")[0].strip() for row in table.rows[1:]]
    assert [name.removesuffix(" below") for name in names] == [unit.name("en") for unit in results.units]
    for unit, row, classes in zip(results.units, table.rows[1:], table.classes[1:], strict=True):
        if isinstance(unit.figures, Suppressed):
            assert len(row) == 2
            assert "hidden-cell" in classes[1]
            assert "people" in row[1]
            continue
        figures = unit.figures.value
        motives = [figures.scales[motive.id] for motive in results.instrument.motives]
        for cell, figure in zip(row[1:], (figures.index, *motives), strict=False):
            assert told(figure, "en") in cell


def test_a_leader_sees_the_own_part_and_the_company_beside_it(client: FlaskClient, results: Publication) -> None:
    """Ada's map begins at Sales; another part of the tree is not found; Eve has nothing."""
    ada = Visitor(client).sign_in("Ada", "en")
    page = ada.get("/heat-map/").text
    shown = [row[0].strip() for row in Table(page).rows[2:]]
    assert shown[0] == results.unit("SALES").name("en")
    assert results.unit("CARE").name("en") not in page
    assert ada.get("/heat-map/?of=CARE").status_code == 404
    assert ada.get("/heat-map/?of=NORTH").status_code == 200


def test_what_there_is_not_is_not_found(client: FlaskClient, results: Publication) -> None:
    """Another wave, another view, and changes of a first wave lead nowhere."""
    hr = Visitor(client).sign_in("Cy", "en")
    for wrong in ("wave=1999-Q1", "show=ranks", "show=changes", "of=NOWHERE"):
        assert hr.get(f"/heat-map/?{wrong}").status_code == 404
    assert hr.get(f"/heat-map/?wave={results.wave.code}&show=behaviour&of=SALES").status_code == 200


def test_before_the_first_publication_it_says_when_results_come(client: FlaskClient, engine: Engine) -> None:
    """An empty page says what will be there."""
    loaded(engine)
    assert "Results appear here once" in Visitor(client).sign_in("Cy", "en").get("/heat-map/").text


def test_whoever_may_see_no_unit_is_told_whom_to_ask(client: FlaskClient, results: Publication) -> None:
    """Eve leads nothing: no number and no name of a unit."""
    page = Visitor(client).sign_in("Eve", "en").get("/heat-map/").text
    assert "No unit is open to your account yet" in page
    assert results.unit("SALES").name("en") not in page


def test_the_database_is_asked_as_often_whatever_is_shown(app: Flask, results: Publication) -> None:
    """One unit or the whole company: as many statements."""
    hr = Visitor(app.test_client()).sign_in("Cy", "en")
    counts = []
    for address in ("/heat-map/", "/heat-map/?of=NORTH"):
        hr.get(address)
        with Statements(app) as asked:
            hr.get(address)
        counts.append(len(asked.seen))
    assert results.units
    assert counts[0] == counts[1]


def drawn(*lines: str) -> Publication:
    """A company of these units."""
    return as_publication(freeze(company("\n".join(["    Company", *lines]))))


def test_a_page_holds_whole_levels_and_at_most_a_hundred_rows() -> None:
    """Deeper levels are a link away; a level larger than a page has pages, with the unit above on each of them."""
    groups = [[f"      G{group}", *(f"        G{group}T{team:02} 6" for team in range(12))] for group in range(9)]
    wide = drawn(*(line for group in groups for line in group))
    placed, pages = below((wide.root,), wide, "2")
    assert (len(placed), pages.page, pages.more) == (10, 1, False)
    assert [each.deeper for each in placed] == [0, *[12] * 9]
    flat = drawn(*(f"      T{team:03} 6" for team in range(MOST + 20)))
    shown = []
    for page, rows in (("", MOST), ("1", MOST), ("2", 22), ("9", 22)):
        placed, pages = below((flat.root,), flat, page)
        assert (len(placed), pages.lines, pages.more) == (rows, MOST + 20, rows == MOST)
        assert (placed[0].unit, placed[0].deeper) == (flat.root, 0)
        shown += [each.unit.code for each in placed[1:]] if page in {"1", "2"} else []
    assert shown == [unit.code for unit in flat.children(flat.root.code)]
    many = flat.children(flat.root.code)  # what a leader of many units sees
    placed, pages = below(many, flat, "2")
    assert [each.unit for each in placed] == list(many[MOST:])


def test_a_page_of_a_large_level_is_kept_by_every_address(
    client: FlaskClient, results: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Turning pages, another view, another wave and the files stay on the page that is shown."""
    monkeypatch.setattr(heat_map, "MOST", 2)
    hr = Visitor(client).sign_in("Cy", "en")
    units = results.children("CO")
    first, second, third = (hr.get(f"/heat-map/?page={page}").text for page in (1, 2, 3))
    for page, unit in zip((first, second, third), units, strict=True):
        (row,) = Table(page).rows[2:]
        assert row[0].strip().startswith(unit.name("en"))
    assert "units 1 to 1 of 3 are shown" in first
    assert 'href="/heat-map/?of=CO&amp;page=2"' in first
    assert 'href="/heat-map/?of=CO&amp;show=behaviour&amp;page=2"' in second
    assert '<input type="hidden" name="page" value="2">' in second
    assert f'map.csv?of=CO&amp;wave={results.wave.code}&amp;show=motives&amp;page=2"' in second
    told = hr.get("/heat-map/map.csv?page=2").data.decode("utf-8-sig")
    assert {line.split(",")[1] for line in told.splitlines()[1:]} == {"CO", units[1].code}
