import re
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import Engine, delete, update

from survey.database import reading, writing
from survey.models import Grant, Person, Unit
from survey.privacy.thaw import Publication
from survey.services import audit_log
from survey.services.accounts import grants
from survey.services.waves import foresight, wave_plans, waves
from survey.services.waves.freezing import FrozenUnit
from survey.web.waves.foresight import branch_of
from tests import cast
from tests.journeys.doors import TOKEN, Visitor, loaded
from tests.journeys.driving import served, window
from tests.journeys.test_access_browser import check, sign_in
from tests.journeys.test_setting_up import Operator
from tests.reports import reading as pdfs
from tests.services import rounds
from tests.services.test_joins import GROUP, NAMES, joined, planned, published

WAVE: Final = "2027-Q1"
LOOK: Final = f"/waves/{WAVE}/foresight"
JOINS: Final = f"/waves/{WAVE}/joins"
FORM: Final = f"{JOINS}?parent=CARE"


def draft(engine: Engine) -> None:
    """Put the cast and a plan into the database."""
    loaded(engine)
    with writing(engine) as session:
        wave_plans.draft(session, rounds.plan(WAVE), cast.NOW)


@pytest.fixture
def hr(client: FlaskClient, engine: Engine) -> Visitor:
    """Cy, who is HR and has planned a wave."""
    draft(engine)
    return Visitor(client).sign_in("Cy")


def typed(*units: str, **changed: str) -> dict[str, object]:
    """What HR types to join units of Care."""
    return {"parent": "CARE", "units": list(units), "name_ko": NAMES["ko"], "name_en": NAMES["en"], **changed}


def test_the_pages_before_the_opening_lead_there(hr: Visitor) -> None:
    """The page of the draft and the page that opens it both show the way to what each unit will see."""
    for page in (f"/waves/{WAVE}", f"/waves/{WAVE}/open"):
        assert f'href="{LOOK}"' in hr.get(page).text


def test_hr_sees_what_each_unit_will_see(hr: Visitor) -> None:
    """Each unit with its people and its chances in words, who counts further up, and what a higher threshold costs."""
    page = hr.get(LOOK).text
    assert "If 70\N{NO-BREAK SPACE}% take part," in page
    assert re.search(r"Sales North</span></th>\s*<td class=\"number\">9</td>\s*<td class=\"foreseen\">", page)
    assert "almost certainly" in page
    assert "never" in page
    assert re.search(r"Care by Chat</th><td class=\"number\">2</td><td>Lighthouse Trading \(direct\)", page)
    assert "units with fewer than 8 invited" in page
    assert re.search(r"10 people</th><td class=\"number\">about \d of \d", page)
    assert "as last time" not in page  # there is none


def test_another_participation_is_a_link_away(hr: Visitor) -> None:
    """The choice stands in the address, the page says which one it shows, and says the same on the next visit."""
    page = hr.get(f"{LOOK}?assumed=90").text
    assert "If 90\N{NO-BREAK SPACE}% take part," in page
    assert 'assumed=90" aria-current="true"' in page
    assert TOKEN.sub("", page) == TOKEN.sub("", hr.get(f"{LOOK}?assumed=90").text)


def test_a_company_without_people_has_an_empty_page(hr: Visitor, engine: Engine) -> None:
    """Before the roster is in, the page says what is missing and leads there."""
    with writing(engine) as session:
        session.execute(delete(Person))
    page = hr.get(LOOK).text
    assert "Nobody is in the roster" in page
    assert 'href="/people/"' in page


def test_only_a_draft_can_be_foreseen(client: FlaskClient, engine: Engine, home: Path) -> None:
    """Once a wave is open neither page exists any more; who sends their forms is told no, and that is logged."""
    rounds.open_cast(engine, home)
    hr = Visitor(client).sign_in("Cy")
    for page in ("foresight", "joins", "joins?parent=CARE"):
        assert hr.get(f"/waves/{rounds.WAVE}/{page}").status_code == 404
    for form, data in (("joins", typed("PHONE", "CHAT")), ("joins/undo", {"group": GROUP})):
        assert hr.post(f"/waves/{rounds.WAVE}/{form}", data, page="/waves/new").status_code == 303
        assert "its groups are fixed" in hr.get(f"/waves/{rounds.WAVE}").text
    with reading(engine) as session:
        assert audit_log.entries(session)[0].facts == {"what": "wave.joins", "wave": rounds.WAVE}


def test_hr_joins_small_units_and_undoes_it(hr: Visitor) -> None:
    """Chosen, named, joined: the group stands in the outlook with its units; undone, they stand for themselves."""
    assert 'href="/waves/2027-Q1/joins?parent=CARE"' in hr.get(JOINS).text
    answer = hr.post(JOINS, typed("PHONE", "CHAT"), page=FORM)
    assert (answer.status_code, answer.location) == (303, LOOK)
    page = hr.get(LOOK).text
    assert "The group Phone and Chat is joined." in page
    assert "Joined: Care by Chat, Care by Phone" in page
    assert "Care by Phone</span></th>" not in page
    hr.post(f"{JOINS}/undo", {"group": GROUP}, page=JOINS)
    page = hr.get(JOINS).text
    assert "count for themselves again" in page
    assert "Joined so far" not in page


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (typed(), "Choose two units at least."),
        (typed("PHONE"), "a group of one would be the unit itself"),
        (typed("PHONE", "NORTH"), "Choose from the list."),
        (typed("PHONE", "CHAT", name_en=""), "Please fill in this field."),
        (typed("PHONE", "CHAT", name_ko="가" * 181), "This text is too long."),
        (typed("PHONE", "CHAT", parent="NOWHERE"), "Nothing to join|Small units side by side"),
    ],
)
def test_a_form_that_cannot_be_says_why_and_keeps_what_was_typed(
    hr: Visitor, form: dict[str, object], told: str
) -> None:
    """Each slip has its sentence, what was ticked stays ticked, and nothing is joined."""
    answer = hr.post(JOINS, form, page=FORM)
    assert answer.status_code == 422
    assert re.search(told, answer.text)
    if form["parent"] == "CARE" and form["units"]:
        assert re.search(r'value="PHONE" checked', answer.text)
    assert "Joined so far" not in hr.get(JOINS).text


def test_a_group_that_no_longer_fits_can_be_undone_from_the_page(hr: Visitor, engine: Engine) -> None:
    """Where the roster has changed since, the outlook says why there is none and leads to where it is mended."""
    hr.post(JOINS, typed("PHONE", "CHAT"), page=FORM)
    with writing(engine) as session:
        session.execute(update(Unit).where(Unit.code == "CHAT").values(parent_code="SALES"))
    page = hr.get(LOOK).text
    assert "do not lie under the same unit" in page
    assert f'href="{JOINS}"' in page
    hr.post(f"{JOINS}/undo", {"group": GROUP}, page=JOINS)
    assert "If 70\N{NO-BREAK SPACE}% take part," in hr.get(LOOK).text


def test_a_large_company_is_shown_a_branch_at_a_time(engine: Engine) -> None:
    """Beyond the rows of a page a unit stands with those directly below it, and each of these opens its own."""
    planned(engine)
    with reading(engine) as session:
        lines = foresight.foreseen(session, waves.wave(session, rounds.WAVE)).lines
    whole, top, care = branch_of(lines, "", 7), branch_of(lines, "NONE", 6), branch_of(lines, "CARE", 6)
    assert len(whole.lines) == 7
    assert not whole.path

    def codes(units: tuple[FrozenUnit, ...]) -> list[str]:
        return [unit.code for unit in units]

    assert codes(tuple(line.unit for line in top.lines)) == ["CO", "CO+", "CARE", "SALES"]
    assert top.opens == {"CARE", "SALES"}
    assert codes(tuple(line.unit for line in care.lines)) == ["CARE", "PHONE"]
    assert codes(care.path) == ["CO", "CARE"]


@pytest.fixture
def results(engine: Engine, home: Path) -> Publication:
    """The cast's wave with Phone and Chat joined, published; Eve's grant is on Chat alone."""
    made = published(engine, home)
    with writing(engine) as session:
        grants.give(session, "eve@example.com", ["CHAT"], cast.NOW)
        session.execute(delete(Grant).where(Grant.unit_code == "CARE"))
    return made


@pytest.mark.parametrize(("name", "status"), [("Cy", 200), ("Eve", 200), ("Ada", 404), ("Bo", 404)])
def test_the_group_opens_to_leaders_of_its_units(
    client: FlaskClient, results: Publication, name: str, status: int
) -> None:
    """Eve, who leads Chat, sees the group that holds her people and nothing else; leaders elsewhere do not see it."""
    who = Visitor(client).sign_in(name)
    assert GROUP in results
    assert who.get(f"/units/{GROUP}").status_code == status
    assert who.get(f"/compare/?unit={GROUP.replace('+', '%2B')}").status_code == status
    assert who.get("/units/CARE").status_code == (200 if name == "Cy" else 404)
    assert ("Phone and Chat" in who.get("/units/").text) == (status == 200)


@pytest.mark.usefixtures("results")
def test_the_report_of_a_group_names_its_units(client: FlaskClient) -> None:
    """The PDF says under its heading which units the group is made of, and the annex names them with their codes."""
    eve = Visitor(client).sign_in("Eve")
    with eve.get(f"/reports/{rounds.WAVE}/{GROUP}.pdf?language=en") as answer:
        pdf = answer.data
    assert "Care · Joined: Care by Chat, Care by Phone" in pdfs.page_text(pdf, 0)
    assert pdfs.pages(pdf) == 4
    assert set(pdfs.annex(pdf)["unit"]["joined"]) == {"CHAT", "PHONE"}


@pytest.mark.usefixtures("results")
def test_tree_and_page_say_which_units_are_in_a_group(client: FlaskClient) -> None:
    """A leader reads in the tree and on the group's page of which units it is made."""
    eve = Visitor(client).sign_in("Eve")
    assert "Joined: Care by Chat, Care by Phone" in eve.get("/units/").text
    assert (
        "joined into this group before the wave opened: Care by Chat, Care by Phone" in eve.get(f"/units/{GROUP}").text
    )


def test_commands_foresee_join_and_undo(engine: Engine, home: Path, database_url: str) -> None:
    """The table of `foresee`, a group joined and undone from the command line, and what is refused there."""
    draft(engine)
    operator = Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=database_url)
    rows = operator.done("foresee", "--wave", WAVE, "--participation", "90").splitlines()
    assert " ".join(rows[0].split()) == "CO 27 almost certainly (over 95 %) | almost certainly (over 95 %)"
    assert "Care by Chat: 2 people count for Lighthouse Trading (direct)." in rows
    assert rows[-1].endswith("units where people answer will almost certainly see results.")
    assert "No wave has told participation yet" in operator.done("foresee", "--wave", WAVE, "--participation", "last")
    names = ("--name-ko", NAMES["ko"], "--name-en", NAMES["en"])
    assert "Joined as CHAT+PHONE" in operator.done("join-units", "--wave", WAVE, *names, "PHONE", "CHAT")
    assert "CHAT+PHONE" in operator.done("foresee", "--wave", WAVE)
    assert "has units below it" in operator.refused("join-units", "--wave", WAVE, *names, "SOUTH", "CARE")
    assert "count for themselves again" in operator.done("unjoin", "--wave", WAVE, GROUP)
    assert "has no joined group" in operator.refused("unjoin", "--wave", WAVE, GROUP)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "language", "scheme"), [(1280, "ko", "light"), (360, "en", "dark"), (360, "ko", "light")]
)
def test_the_pages_are_for_everybody(
    browser: Browser, app: Flask, engine: Engine, width: int, language: str, scheme: str
) -> None:
    """Wide and narrow, in both languages: axe finds nothing and nothing is cut off, with a group and without roster."""
    draft(engine)
    joined(engine, "PHONE", "CHAT", code=WAVE)
    with served(app) as address, window(browser, address, width, language, color_scheme=scheme) as page:
        sign_in(page, "Cy", language)
        for path in (LOOK, JOINS, f"{JOINS}?parent=SALES", f"/waves/{WAVE}", f"/waves/{WAVE}/open"):
            page.goto(path)
            check(page)
        with writing(engine) as session:
            session.execute(delete(Person))
        page.goto(LOOK)
        check(page)
