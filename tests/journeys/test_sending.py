"""HR reminds everybody and replaces lost letters, on the page of the wave."""

import datetime as dt
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import Engine, func, select, update

from reports import pool
from reports.child import Limits
from survey.database import reading, writing
from survey.mail import FilePost
from survey.models import Person, Spare
from survey.runs.runner import Runner
from survey.services.invitations import invitations, reminders, spares
from survey.services.invitations.sending import Outbox
from survey.services.runs import Key
from survey.services.waves import waves
from survey.web.clock import now
from survey.web.limits import limiter
from tests import cast
from tests.journeys.answering import WAVE, open_wave
from tests.journeys.doors import Visitor, loaded
from tests.journeys.driving import follow, served, window
from tests.journeys.test_access_browser import check, sign_in
from tests.services.posting import BASE

PAGE: Final = f"/waves/{WAVE}"


def begun(engine: Engine, home: Path, days: int, *, letters: bool = True) -> None:
    """Open the cast's wave so many days ago; everybody but Di, who has no e-mail, got the letter that day."""
    then = now() - dt.timedelta(days)
    loaded(engine)
    with writing(engine) as session:
        session.execute(update(Person).where(Person.name == "Di").values(email=None))
    open_wave(engine, home, WAVE, then)
    if letters:
        post = FilePost(home / "first-letters", "hr@example.com")
        invitations.send_letters(engine, WAVE, Outbox(home, BASE, post), then)


def readers(home: Path) -> list[str]:
    """Return who got a letter from the pages, in no order."""
    files = (home / "letters").glob("*.eml")
    return sorted(str(message_from_bytes(file.read_bytes(), policy=default)["To"]) for file in files)


def press(hr: Visitor, action: str, **data: object) -> str:
    """Press a button of the wave's page; return the page that follows."""
    assert hr.post(f"{PAGE}/{action}", data, page=PAGE).status_code == 303
    return hr.get(PAGE).text


def test_the_page_says_when_the_next_reminder_is_due(client: FlaskClient, engine: Engine, home: Path) -> None:
    """Before day three there is no button but a day, and a form sent all the same is refused in words."""
    begun(engine, home, 1)
    hr = Visitor(client).sign_in("Cy")
    assert "The first reminder may go out from" in hr.get(PAGE).text
    assert f'action="{PAGE}/reminders"' not in hr.get(PAGE).text
    assert "may go out from" in press(hr, "reminders")
    assert readers(home) == []


def test_without_letters_there_is_nothing_to_remind_of(client: FlaskClient, engine: Engine, home: Path) -> None:
    """A wave whose letters have not gone out shows no reminders."""
    begun(engine, home, 1, letters=False)
    assert 'id="reminders"' not in Visitor(client).sign_in("Cy").get(PAGE).text


def test_everybody_is_reminded_with_one_button(client: FlaskClient, engine: Engine, home: Path, app: Flask) -> None:
    """From day three the button reminds all who got a letter; then the page says when the last one may follow."""
    begun(engine, home, 4)
    hr = Visitor(client).sign_in("Cy")
    assert "26 people wait for the reminder" in hr.get(PAGE).text
    press(hr, "reminders")
    runs: Runner = app.extensions["survey.runs"]
    runs.wait(Key("reminders", WAVE))
    page = hr.get(PAGE).text
    assert "All reminders are out: 26 were accepted" in page
    assert "The first reminder has gone out; the second and last may follow from" in page
    assert readers(home) == sorted(member.email for member in cast.MEMBERS if member.name != "Di")
    assert hr.get(f"{PAGE}/reminders").get_json() == {
        "done": 0,
        "total": 26,
        "running": False,
        "text": "0 of 26 reminders are out.",
    }


def test_a_mail_server_that_is_away_is_told(client: FlaskClient, engine: Engine, home: Path, app: Flask) -> None:
    """What stopped a run of reminders, and a spare, stands on the page; nobody was reminded, nothing was drawn."""
    begun(engine, home, 4)
    (home / "letters").touch()  # no folder can be made
    hr = Visitor(client).sign_in("Cy")
    press(hr, "reminders")
    runs: Runner = app.extensions["survey.runs"]
    runs.wait(Key("reminders", WAVE))
    assert "0 reminders were accepted, then the run stopped; 26 are left" in hr.get(PAGE).text
    assert "Letters cannot be kept in" in press(hr, "spare", who="31")
    assert "0 of 8 spare codes were drawn" in hr.get(PAGE).text


def test_a_lost_letter_is_replaced_without_anybody_seeing_the_code(
    client: FlaskClient, engine: Engine, home: Path
) -> None:
    """By letter to those with e-mail, as a slip to the others; the page tells the count, and strangers get none."""
    begun(engine, home, 1)
    hr = Visitor(client).sign_in("Cy")
    page = press(hr, "spare", who="max@example.com")
    assert "A spare code is on its way to max@example.com" in page
    assert "1 of 8 spare codes were drawn" in page
    assert readers(home) == ["max@example.com"]
    assert "print the spare code instead" in press(hr, "spare", who="11")
    assert "is not in the roster of wave" in press(hr, "spare", who="Max")
    slip = hr.post(f"{PAGE}/spare-slip", {"who": "11"}, page=PAGE)
    assert slip.data.startswith(b"%PDF-")
    assert "the spare code goes there" in press(hr, "spare-slip", who="12")
    assert "2 of 8 spare codes were drawn" in hr.get(PAGE).text


def test_a_slip_that_cannot_be_printed_says_so(
    client: FlaskClient, engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the child that prints gets no memory, the page says what to do, and the code is in the pool again."""
    begun(engine, home, 1)
    hr = Visitor(client).sign_in("Cy")
    monkeypatch.setattr(pool.print_codes, "__defaults__", (Limits(memory=2**27),))
    assert "it took more time or memory than it may" in press(hr, "spare-slip", who="11")
    assert "0 of 8 spare codes were drawn" in hr.get(PAGE).text
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Spare)) == 8


@pytest.mark.parametrize("who", ["", " ", "x" * 100_000, "\u202e31"])
def test_nobody_is_named_by_such_a_thing(client: FlaskClient, engine: Engine, home: Path, who: str) -> None:
    """What is no number and no address is not repeated: a sentence in a cookie has to stay short."""
    begun(engine, home, 0)
    assert "Write the number or the e-mail address of a person" in press(
        Visitor(client).sign_in("Cy"), "spare", who=who
    )


def test_a_wave_that_is_not_there_reminds_nobody(client: FlaskClient, engine: Engine) -> None:
    """The button of an unknown wave is no page."""
    loaded(engine)
    assert Visitor(client).sign_in("Cy").post("/waves/nope/reminders", page="/waves/").status_code == 404


def test_after_the_close_the_page_tells_how_many_were_drawn(client: FlaskClient, engine: Engine, home: Path) -> None:
    """The form is gone; the count for the company stays."""
    begun(engine, home, 1)
    hr = Visitor(client).sign_in("Cy")
    press(hr, "spare", who="12")
    press(hr, "close", early="yes")
    page = hr.get(PAGE).text
    assert "1 of 8 spare codes were drawn. The others were voided at the close." in page
    assert f'action="{PAGE}/spare"' not in page
    assert 'id="reminders"' not in page
    assert "takes no answers now" in press(hr, "spare", who="12")


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Serve the app as `survey serve` does, and give its address."""
    limiter.reset()
    with served(app) as address:
        yield address


@pytest.mark.browser
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_open_waves_page_is_for_everybody(
    browser: Browser, address: str, engine: Engine, home: Path, language: str, width: int
) -> None:
    """With its button for reminders and its forms for lost letters nothing is cut off, and axe finds nothing."""
    begun(engine, home, 4)
    with window(browser, address, width, language, reduced_motion="reduce") as page:
        sign_in(page, "Cy", language)
        page.goto(PAGE)
        page.locator("details summary").last.click()
        check(page)
        page.locator("section[aria-labelledby=spares] [name=who]").first.fill("31")
        follow(page, "section[aria-labelledby=spares] button")
        page.wait_for_selector("[role=status], .flash, .notice")
        check(page)
    with reading(engine) as session:
        wave = waves.wave(session, WAVE)
        assert spares.drawing(session, wave).drawn == 1
        assert reminders.due(session, wave, now()).waiting == len(cast.MEMBERS) - 1
