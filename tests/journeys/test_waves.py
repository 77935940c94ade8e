import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import Engine, update

from reports.slips import Slips
from survey.database import reading, writing
from survey.models import Person
from survey.runs.runner import Runner
from survey.services import audit_log
from survey.services.here import day_of
from survey.services.invitations import invitations, issue_key
from survey.services.responses import responses
from survey.services.runs import Key
from survey.services.waves.asking import asked_now
from survey.web.clock import now
from tests import cast
from tests.journeys.doors import Visitor, loaded, published
from tests.services import rounds

WAVE = "2027-Q1"


@pytest.fixture
def hr(client: FlaskClient, engine: Engine) -> Visitor:
    """Cy, who is HR; Di has no e-mail."""
    loaded(engine)
    with writing(engine) as session:
        session.execute(update(Person).where(Person.name == "Di").values(email=None))
    return Visitor(client).sign_in("Cy")


def today() -> dt.date:
    """The company's day."""
    return day_of(now(), ZoneInfo("Asia/Seoul"))


def plan(**changed: object) -> dict[str, object]:
    """What HR types to plan a wave of two weeks from today."""
    days = {"opens_on": today().isoformat(), "closes_on": (today() + dt.timedelta(days=14)).isoformat()}
    return {"code": WAVE, **days, "k": "5", "detail_k": "10", "practices": ["stand_ups"], **changed}


def press(hr: Visitor, action: str, page: str = f"/waves/{WAVE}", **data: object) -> str:
    """Press a button of the wave's page; return the page that follows."""
    assert hr.post(action, data, page=page).status_code == 303
    return hr.get(f"/waves/{WAVE}").text


def opened(hr: Visitor) -> None:
    """Plan and open the wave."""
    assert hr.post("/waves/new", plan(), page="/waves/new").status_code == 303
    press(hr, f"/waves/{WAVE}/open", f"/waves/{WAVE}/open")


def test_hr_is_told_what_to_do_next(client: FlaskClient, engine: Engine, home: Path, app: Flask) -> None:
    """From the first plan to the publication, the first page holds the one button that comes next."""
    loaded(engine)
    hr = Visitor(client).sign_in("Cy")
    assert 'href="/waves/new"' in hr.get("/").text
    hr.post("/waves/new", plan(), page="/waves/new")
    assert f'href="/waves/{WAVE}/open"' in hr.get("/").text
    assert "From the moment you open it" in hr.get(f"/waves/{WAVE}/open").text
    assert "Now the letters can go out" in press(hr, f"/waves/{WAVE}/open", f"/waves/{WAVE}/open")
    assert f'action="/waves/{WAVE}/letters"' in hr.get("/").text
    assert "Close it early all the same" in hr.get("/").text  # letters may wait for ever
    press(hr, f"/waves/{WAVE}/letters")
    runs: Runner = app.extensions["survey.runs"]
    runs.wait(Key("letters", WAVE))
    assert len(list((home / "letters").rglob("*.eml"))) == 27
    assert "Close it early all the same" in hr.get("/").text


def test_a_wave_from_plan_to_publication(hr: Visitor, engine: Engine, home: Path, app: Flask) -> None:
    """Planned, opened, letters and slips out, answered, closed early, published: each page says what happened."""
    opened(hr)
    codes = rounds.codes(engine, home, WAVE)
    runs: Runner = app.extensions["survey.runs"]
    press(hr, f"/waves/{WAVE}/letters")
    runs.wait(Key("letters", WAVE))
    assert "All letters are out" in hr.get(f"/waves/{WAVE}").text or "get a printed code" in hr.get("/").text
    slips = hr.post(f"/waves/{WAVE}/codes", {"unit": "NORTH"}, page=f"/waves/{WAVE}")
    assert slips.data.startswith(b"%PDF-")
    assert "slips can no longer be printed in this wave" in hr.get(f"/waves/{WAVE}").text
    assert not issue_key.exists(home, WAVE)
    for place, code in enumerate(codes.values()):
        with writing(engine) as session:
            form = rounds.sent(code, answers={"play": 1 + place % 7})
            responses.accept(session, asked_now(session, locked=True), form, now())
    assert "Participation was counted." in press(hr, f"/waves/{WAVE}/participation")
    assert "It was counted today already." in press(hr, f"/waves/{WAVE}/participation")
    assert "say that you want to close it early" in press(hr, f"/waves/{WAVE}/close")
    assert "every answer now stands under a new random number" in press(hr, f"/waves/{WAVE}/close", early="yes")
    page = press(hr, f"/publications/{WAVE}")
    assert "found no group that could be worked out" in page
    assert f'href="/reports/{WAVE}/"' in page
    # Three clicks from a closed wave to the ZIP: publish, make all reports, download.
    assert f'action="/reports/{WAVE}/"' in hr.get("/").text
    assert "a publication is never made again" in press(hr, f"/publications/{WAVE}", page="/waves/new")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"code": ""}, "Please fill in this field."),
        ({"code": "../x"}, "A wave&#39;s name has up to 40 letters"),
        ({"closes_on": "2020-01-01"}, "The last day lies before the first one."),
        ({"opens_on": "soon"}, "Write the day as 2026-11-30."),
        ({"k": "4"}, "choose 5 or more"),
        ({"k": "-5"}, "Write a whole number."),
        ({"k": "１２"}, "Write a whole number."),
        ({"detail_k": "9"}, "Details need 10 people or more"),
        ({"k": "12"}, "Details need 10 people or more"),
        (
            {"practices": ["stand_ups", "one_loop", "free_script", "reach_review", "users_choose"]},
            "up to four practices",
        ),
        ({"practices": ["no such practice"]}, "Choose from the list."),
    ],
)
def test_a_plan_that_cannot_work_says_why(hr: Visitor, changed: dict[str, object], told: str) -> None:
    """Each field tells what is wrong with it, what was typed stays, and no wave is planned."""
    answer = hr.post("/waves/new", plan(**changed), page="/waves/new")
    assert answer.status_code == 422
    assert told in answer.text
    assert "No wave yet" in hr.get("/waves/").text


def test_a_second_wave_of_the_same_name_is_refused(hr: Visitor) -> None:
    """What the service refuses is told on the form."""
    hr.post("/waves/new", plan(), page="/waves/new")
    answer = hr.post("/waves/new", plan(), page="/waves/new")
    assert answer.status_code == 422
    assert f"There is a wave {WAVE} already." in answer.text


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("close", "is not open, so it cannot be closed"),
        ("letters", "is not open: there are no codes"),
        ("codes", "is not open: there are no codes"),
    ],
)
def test_what_comes_too_early_is_refused_in_words(hr: Visitor, action: str, told: str) -> None:
    """A draft can be neither closed nor printed; the page says so and nothing has changed."""
    hr.post("/waves/new", plan(), page="/waves/new")
    assert told in press(hr, f"/waves/{WAVE}/{action}", page="/waves/new")
    assert 'href="/waves/2027-Q1/open"' in hr.get("/").text


def test_a_plan_can_be_thrown_away(hr: Visitor) -> None:
    """The page of a draft offers it, and its name becomes free; an opened wave can no longer be thrown away."""
    hr.post("/waves/new", plan(), page="/waves/new")
    assert f'action="/waves/{WAVE}/discard"' in hr.get("/").text
    hr.post(f"/waves/{WAVE}/discard", page=f"/waves/{WAVE}")
    assert "You can make it anew" in hr.get("/waves/").text
    opened(hr)
    hr.post(f"/waves/{WAVE}/discard", page=f"/waves/{WAVE}")
    assert "has been opened before" in hr.get("/waves/").text
    assert hr.get(f"/waves/{WAVE}").status_code == 200


def test_a_wave_goes_on_without_those_who_got_no_code(hr: Visitor, home: Path) -> None:
    """Once the key is gone the page says who is left without a code, and the close comes next."""
    opened(hr)
    assert "Keep each file until its slips are handed out" in hr.get(f"/waves/{WAVE}").text
    issue_key.destroy(home, WAVE)
    page = hr.get(f"/waves/{WAVE}").text
    assert "27 people got no code, and none can be made any more" in page
    assert "never printed" in page
    assert "Close it early all the same" in hr.get("/").text


def test_one_wave_is_open_at_a_time(hr: Visitor) -> None:
    """Opening a second one is refused with the name of the first."""
    opened(hr)
    hr.post("/waves/new", plan(code="2027-Q2"), page="/waves/new")
    hr.post("/waves/2027-Q2/open", page="/waves/2027-Q2/open")
    assert f"Wave {WAVE} is open. Close it first" in hr.get("/waves/2027-Q2").text


def test_progress_of_letters_is_told_to_the_script(hr: Visitor) -> None:
    """The numbers the page polls are those of the service, with a sentence."""
    opened(hr)
    state = hr.get(f"/waves/{WAVE}/letters").json
    assert state == {"done": 0, "total": 26, "running": False, "text": "0 of 26 letters are out."}


def test_the_publication_says_what_is_hidden_and_why(client: FlaskClient, engine: Engine, home: Path) -> None:
    """The verdict stands there in words, hidden units with their reasons, and the numbers can be taken along."""
    publication = published(engine, home)
    hr = Visitor(client).sign_in("Cy")
    page = hr.get(f"/publications/{rounds.WAVE}").text
    hidden = [unit for unit in publication.units if not hasattr(unit.figures, "value")]
    assert all(unit.name("en") in page for unit in hidden)
    numbers = hr.get(f"/publications/{rounds.WAVE}/results.json")
    assert numbers.json is not None
    assert numbers.json["digest"] == publication.digest


def test_participation_is_told_as_bands_only(client: FlaskClient, engine: Engine, home: Path) -> None:
    """No count of answers stands on the page of an open wave."""
    rounds.open_cast(engine, home)
    hr = Visitor(client).sign_in("Cy")
    press_count = hr.post(f"/waves/{rounds.WAVE}/participation", page=f"/waves/{rounds.WAVE}")
    assert press_count.status_code == 303
    page = hr.get(f"/waves/{rounds.WAVE}").text
    assert "&lt; " in page
    with reading(engine) as session:
        assert invitations.progress(session, rounds.WAVE, home).letters == 27


@time_machine.travel(cast.NOW.replace(tzinfo=dt.UTC) + dt.timedelta(days=100))
def test_a_closed_wave_is_not_forgotten_behind_an_open_one(client: FlaskClient, engine: Engine, home: Path) -> None:
    """While another wave is open, a quarter later, the first page still says that results wait, and leads there."""
    rounds.open_cast(engine, home)
    rounds.close(engine)
    hr = Visitor(client).sign_in("Cy")
    assert "its results wait to be published" not in hr.get("/").text
    opened(hr)
    page = hr.get("/").text
    assert f"Wave {rounds.WAVE} is closed, and its results wait to be published." in page
    assert f'href="/waves/{rounds.WAVE}"' in page


def test_the_proposed_name_of_a_wave_is_free(hr: Visitor) -> None:
    """Planned as proposed, the next plan proposes another name."""
    names = []
    for _ in range(2):
        found = re.search(r'name="code"[^>]*value="([^"]+)"', hr.get("/waves/new").text)
        assert found
        names.append(found[1])
        assert hr.post("/waves/new", plan(code=found[1]), page="/waves/new").status_code == 303
    assert len(set(names)) == 2


def test_a_mail_address_that_cannot_be_used_is_told(app: Flask, hr: Visitor) -> None:
    """HR presses the button and reads which setting is wrong, instead of "something went wrong on our side"."""
    hr.post("/waves/new", plan(), page="/waves/new")
    press(hr, f"/waves/{WAVE}/open", f"/waves/{WAVE}/open")
    app.extensions["survey.settings"] = replace(app.extensions["survey.settings"], mail_url="smtp://")
    answer = hr.post(f"/waves/{WAVE}/letters", {}, page=f"/waves/{WAVE}")
    assert answer.status_code == 503
    assert "SURVEY_MAIL_URL names no mail server" in answer.text


def test_others_can_write_while_codes_are_printed(hr: Visitor, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet takes seconds to print: nobody who answers waits for that."""
    hr.post("/waves/new", plan(), page="/waves/new")
    press(hr, f"/waves/{WAVE}/open", f"/waves/{WAVE}/open")

    def printed(sheet: Slips, _language: str) -> bytes:
        with writing(engine) as session:
            audit_log.write(session, now(), None, "something else")
        return sheet.unit.encode()

    monkeypatch.setattr("survey.web.waves.waves.print_codes", printed)
    answer = hr.post(f"/waves/{WAVE}/codes", {"unit": "NORTH"}, page=f"/waves/{WAVE}")
    assert answer.status_code == 200
    assert answer.text == "Sales North"
