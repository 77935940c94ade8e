"""What the spread between units is made of, for HR, and the link on the page of evidence."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import Engine

from survey.i18n import LANGUAGES
from survey.privacy.evidence import Axes, Driver, Drivers, Evidence, LinkDetails
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.scored import TOO_ALIKE
from survey.privacy.thaw import Publication, dump, thaw
from survey.web.drivers import conclusion, depends, spread_of
from survey.web.evidence.link import OLD, link_section, two_kinds
from tests.journeys.doors import Visitor, published
from tests.privacy.test_axes_evidence import record
from tests.reports import company

NAMES = {"play": "Play", "potential": "Potential"}


@pytest.fixture
def cast_published(engine: Engine, home: Path) -> Publication:
    """The cast's wave, published."""
    return published(engine, home)


def enough() -> Publication:
    """Return a publication that shows enough units."""
    return thaw(*dump(record()))


def drivers(first: str, first_unweighted: str) -> Drivers:
    """Return drivers of two motives with these conclusions."""
    share = Figure(61.0, "61", 52.0, 70.0, "52", "70")
    rest = Figure(39.0, "39", 30.0, 48.0, "30", "48")
    motives = [Driver("play", share, rest), Driver("potential", rest, share)]
    return Drivers(40, motives, first, first_unweighted, first != first_unweighted, 93)


@pytest.mark.parametrize(
    ("first", "unweighted", "says"),
    [
        ("play", "play", "No. With the weights and without them, Play"),
        ("play", "potential", "Yes. With the weights it is Play, without them Potential."),
        ("play", "", "Yes. With the weights it is Play; without them no motive"),
        ("", "potential", "Yes. Without the weights it is Potential; with them"),
        ("", "", "There is no conclusion to depend on them"),
    ],
)
def test_whether_the_conclusion_depends_on_the_weights_is_said(first: str, unweighted: str, says: str) -> None:
    """Yes and no are chosen by what is sure with the weights and without them."""
    assert says in str(depends(drivers(first, unweighted), NAMES))


def test_a_motive_is_named_first_only_where_it_surely_is() -> None:
    """The largest part is told with its interval, and whether another one may have as much."""
    assert str(conclusion(drivers("play", ""), NAMES)) == (
        "Play has the largest part in the spread between units: 61\N{NO-BREAK SPACE}% (52 to 70)."
    )
    assert "No motive surely has the largest part. Play comes first" in str(conclusion(drivers("", ""), NAMES))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shares_are_drawn_and_stand_in_a_table(language: str) -> None:
    """Two bars and two cells for each motive, the same strings in both; no unit has a name here."""
    of = enough()
    shown = spread_of(of, language)
    assert shown.why_not is None
    assert shown.figure is not None
    drawn = json.loads(shown.figure)
    assert [len(bars["x"]) for bars in drawn["data"]] == [6, 6]
    hovers = [text for bars in drawn["data"] for text in bars["hovertext"]]
    for line in shown.lines:
        assert [cell for cell, _ in line.cells] == [hover.split(": ")[1] for hover in hovers if line.name in hover]
    assert not any(unit.code in shown.figure for unit in of.units if unit.code != "Company")


def test_the_page_says_why_it_has_nothing_to_show(client: FlaskClient, cast_published: Publication) -> None:
    """A company whose answers are too alike gets the reason, an older publication says that it is older."""
    assert "too alike" in str(spread_of(cast_published, "en").why_not)
    page = Visitor(client).sign_in("Cy").get("/drivers/")
    assert page.status_code == 200
    assert "This cannot be said of this wave" in page.text
    assert spread_of(company.publication(), "en").why_not == OLD


def test_leaders_are_not_let_in(client: FlaskClient, cast_published: Publication) -> None:
    """The page is HR's; the page of evidence is everybody's, and says there why the link cannot be had."""
    assert cast_published.evidence is not None
    leader = Visitor(client).sign_in("Ada")
    assert leader.get("/drivers/").status_code == 403
    page = leader.get("/evidence/").text
    assert "Are there two kinds of performance here?" in page
    assert "No unit gets a label. The answers are too alike" in page
    assert "What motivation goes together with" in page


def test_hr_takes_the_evidence_along(client: FlaskClient, cast_published: Publication) -> None:
    """The file with everything that is released holds the evidence too."""
    told = Visitor(client).sign_in("Cy").get(f"/publications/{cast_published.wave.code}/results.json").json
    assert told is not None
    assert told["evidence"]["axes"] == {"type": "NotEstimable", "reason": TOO_ALIKE.reason.text}


def test_the_link_is_shown_at_every_level() -> None:
    """Whole, within, between, two halves, the plain numbers and the annex, each cell a number or a reason."""
    section = link_section(enough(), "en")
    assert [len(rows) for rows in (section.levels, section.halves, section.plain)] == [3, 2, 3]
    for row in (*section.levels, *section.halves, *section.plain):
        assert len(row.cells) == 2
        assert all(bool(cell.shown) != bool(cell.why_not) for cell in row.cells)
    assert all(cell.interval for row in section.halves for cell in row.cells)
    assert section.halved == 24
    assert "Williams" in str(section.annex)
    assert "0.001 or less" in str(section.annex)


def test_the_annex_may_say_why_there_is_no_test() -> None:
    """Where Williams' test cannot be had the reason stands in its place, and a plain correlation may be missing."""
    of, none = record(), NotEstimable("Williams’ test needs more than three people.")
    assert of.evidence is not None
    details = of.evidence.link
    assert isinstance(details, LinkDetails)
    for changed in (replace(details, williams=none), replace(details, williams_p=none)):
        section = link_section(thaw(*dump(replace(of, evidence=Evidence(link=changed)))), "en")
        assert str(section.annex) == none.reason
    assert link_section(thaw(*dump(replace(of, evidence=Evidence(link=replace(details, plain={}))))), "en").plain == ()


@pytest.mark.parametrize(
    ("axes", "says"),
    [
        (None, "before these numbers were made"),
        (NotEstimable("Too few."), "No unit gets a label. Too few."),
        (Axes(company.figure(0.2, 0.1, digits=2), two=True), "Yes. Their correlation is 0.20 (0.10 to 0.30)"),
        (Axes(company.figure(0.9, 0.1, digits=2), two=False), "not shown to be two here"),
    ],
)
def test_whether_there_are_two_kinds_is_said(axes: Axes | NotEstimable | None, says: str) -> None:
    """Yes, no, or why it cannot be told."""
    assert says in str(two_kinds(company.with_change(evidence=Evidence(axes=axes))))
    assert two_kinds(company.publication()) == OLD
