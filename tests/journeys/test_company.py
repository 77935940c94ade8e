"""The company's settings: every part with its form, every change in the log, and nothing changed that was promised."""

import secrets
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import Engine

from survey.database import reading
from survey.services import audit_log, mail_server
from survey.services.company import company
from survey.settings import Settings
from survey.web.limits import limiter
from tests.journeys.doors import Visitor, loaded
from tests.services import rounds
from tests.services.mail_server import Postbox, serving

PAGE: Final = "/company/"
HOUSE: Final = {
    "name_ko": "등대상사",
    "name_en": "Lighthouse",
    "language": "en",
    "unit_word": "store",
    "time_zone": "Europe/Berlin",
}
SERVER: Final = {
    "way": "server",
    "host": "smtp.example.com",
    "port": "587",
    "encryption": "starttls",
    "user": "hr@example.com",
    "password": "sesame-42",
    "sender": "hr@example.com",
}


@pytest.fixture
def hr(client: FlaskClient, engine: Engine) -> Visitor:
    """Cy of HR, signed in at the cast's installation."""
    loaded(engine)
    limiter.reset()
    return Visitor(client).sign_in("Cy")


def acts(engine: Engine) -> list[tuple[str, dict[str, str]]]:
    """Return what the log tells but for sign-ins, the first act first."""
    with reading(engine) as session:
        entries = audit_log.entries(session)[::-1]
    return [(entry.act, entry.facts) for entry in entries if not entry.act.startswith("signed in by")]


def test_names_and_days_are_changed_and_logged(hr: Visitor, engine: Engine) -> None:
    """The page says that it is kept, the frame shows the new name, and the log what is new."""
    assert hr.post(PAGE, HOUSE, page=PAGE).status_code == 303
    shown = hr.get(PAGE).text
    assert "settings are kept" in shown
    assert "<span>Lighthouse</span>" in shown
    changed = {"name_en": "Lighthouse", "language": "en", "unit_word": "store", "time_zone": "Europe/Berlin"}
    assert acts(engine) == [("company changed", changed)]


def test_a_slip_is_told_beside_its_field(hr: Visitor, engine: Engine) -> None:
    """Nothing is kept of a form with a mistake."""
    answer = hr.post(PAGE, {**HOUSE, "name_en": ""}, page=PAGE)
    assert (answer.status_code, acts(engine)) == (422, [])
    assert "Please fill in this field." in answer.text


def test_the_word_for_a_unit_is_fixed_while_a_wave_is_open(hr: Visitor, engine: Engine, home: Path) -> None:
    """The page holds the field back; who sends it all the same reads that it was promised, and other changes pass."""
    rounds.open_next(engine, home, rounds.plan())
    shown = hr.get(PAGE).text
    assert "it can be changed after the close" in shown
    assert '<select disabled id="unit_word"' in shown.replace('aria-describedby="unit_word-hint" ', "")
    answer = hr.post(PAGE, HOUSE, page=PAGE)
    assert answer.status_code == 422
    assert "company.unit_word" in answer.text
    without = {name: value for name, value in HOUSE.items() if name != "unit_word"}
    assert hr.post(PAGE, without, page=PAGE).status_code == 303
    with reading(engine) as session:
        assert (company(session).unit_word, company(session).name_en) == ("team", "Lighthouse")


def test_the_rule_of_the_second_step_is_logged(hr: Visitor, engine: Engine) -> None:
    """A new rule stands in the log; a rule that does not exist is refused."""
    assert hr.post(f"{PAGE}second-step", {"second_step": "hr"}, page=PAGE).status_code == 303
    hr.post(f"{PAGE}second-step", {"second_step": "me"}, page=PAGE)
    assert acts(engine) == [("company changed", {"second_step": "hr"})]


def test_a_mail_server_is_kept_and_its_password_never_shown(hr: Visitor, engine: Engine, settings: Settings) -> None:
    """An empty password keeps the one that is kept; the log says that mail was set, and not how."""
    assert hr.post(f"{PAGE}mail", SERVER, page=PAGE).status_code == 303
    assert hr.post(f"{PAGE}mail", {**SERVER, "port": "465", "password": ""}, page=PAGE).status_code == 303
    assert "sesame-42" not in hr.get(PAGE).text
    with reading(engine) as session:
        kept = mail_server.mail(session, settings).server
    assert kept is not None
    assert (kept.port, kept.password) == (465, "sesame-42")
    assert acts(engine) == [("mail server set", {"encryption": "starttls"})] * 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"host": ""}, "Please fill in this field."),
        ({"host": "smtp://x"}, "Write the name of the mail server"),
        ({"port": "x"}, "Write a whole number."),
        ({"port": "99999"}, "from 1 to 65535"),
        ({"sender": "me"}, "is not an e-mail address"),
        ({"encryption": "rot13"}, "Choose from the list."),
    ],
)
def test_what_is_no_mail_server_is_told(hr: Visitor, engine: Engine, change: dict[str, str], told: str) -> None:
    """Nothing is kept of a server that cannot be."""
    answer = hr.post(f"{PAGE}mail", {**SERVER, **change}, page=PAGE)
    assert answer.status_code == 422
    assert told in answer.text
    assert acts(engine) == []


def test_a_test_letter_that_fails_says_what_the_server_said(hr: Visitor) -> None:
    """The advice stands first, the server's own words behind it."""
    local = {**SERVER, "host": "127.0.0.1", "port": "1", "try": "yes"}
    answer = hr.post(f"{PAGE}mail", local, page=PAGE)
    assert answer.status_code == 422
    assert "nothing listens on port 1" in answer.text
    assert "What the server said" in answer.text


def test_files_can_be_chosen_again(hr: Visitor, home: Path) -> None:
    """Without a server the other fields are not asked for; a test letter is a file, and the page says where."""
    assert hr.post(f"{PAGE}mail", {"way": "files", "encryption": "none", "try": "yes"}, page=PAGE).status_code == 303
    assert f"as a file in {home / 'letters'}" in hr.get(PAGE).text


def test_what_the_operator_set_is_shown_and_can_be_tried(app: Flask, hr: Visitor) -> None:
    """The page has no form for it then, but a button that sends a test letter."""
    box = Postbox()
    with serving(box) as port:
        told = replace(app.extensions["survey.settings"], mail_url=f"smtp://hr:pass%20word@127.0.0.1:{port}")
        app.extensions["survey.settings"] = told
        shown = hr.get(PAGE).text
        assert "SURVEY_MAIL_URL" in shown
        assert f"127.0.0.1:{port}" in shown
        assert "pass" not in shown.split('id="mail"')[1]
        hr.post(f"{PAGE}mail/test", {"back": PAGE}, page=PAGE)
        assert "lets nobody sign in" in hr.get(PAGE).text
        app.extensions["survey.settings"] = replace(told, mail_url=f"smtp://127.0.0.1:{port}")
        hr.post(f"{PAGE}mail/test", {"back": PAGE}, page=PAGE)
        assert "taken a test letter to cy@example.com" in hr.get(PAGE).text
    assert hr.post(f"{PAGE}mail", SERVER, page=PAGE).status_code == 422
    assert box.readers == ["cy@example.com"]


def test_settings_that_cannot_be_read_any_more_say_so(hr: Visitor, settings: Settings) -> None:
    """After a restore the page asks for them again."""
    hr.post(f"{PAGE}mail", SERVER, page=PAGE)
    settings.secret_path.write_bytes(secrets.token_bytes(32))
    assert "Enter them again" in hr.get(PAGE).text


def test_the_first_page_says_that_mail_is_undecided(hr: Visitor) -> None:
    """Until somebody has said how letters leave, HR reads it on the first page, with the way on."""
    assert "Nobody has said how letters leave" in hr.get("/").text
    hr.post(f"{PAGE}mail", {"way": "files", "encryption": "none"}, page=PAGE)
    assert "Nobody has said how letters leave" not in hr.get("/").text
