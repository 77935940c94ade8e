import io
import logging
import re
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from nacl.public import PrivateKey
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from survey.services.sealing.key_text import BEGIN, fingerprint, public_text, text_of
from survey.web.clock import now
from tests import cast
from tests.journeys.doors import Visitor, loaded
from tests.journeys.driving import check, served, window
from tests.journeys.test_waves import plan, press
from tests.services import rounds, sealed
from tests.services.sealed import COUNCIL, LEAD

WAVE = "2027-Q1"
SHOW = f"/waves/{WAVE}"


@pytest.fixture
def hr(client: FlaskClient, engine: Engine) -> Visitor:
    """Cy, who is HR."""
    loaded(engine)
    return Visitor(client).sign_in("Cy")


def register(hr: Visitor, name: str, public_key: str) -> str:
    """Register a keyholder; return the page that follows."""
    answer = hr.post("/keyholders/", {"name": name, "public_key": public_key}, page="/keyholders/")
    assert answer.status_code in {303, 422}
    return hr.get("/keyholders/").text if answer.status_code == 303 else answer.text


def registered(hr: Visitor) -> dict[str, PrivateKey]:
    """Register two keyholders on the page; return their private keys."""
    keys = {name: PrivateKey.generate() for name in (LEAD, COUNCIL)}
    for name, key in keys.items():
        assert fingerprint(bytes(key.public_key)) in register(hr, name, public_text(bytes(key.public_key)))
    return keys


def unseal(hr: Visitor, content: bytes | None) -> str:
    """Choose a file on the wave's page; return the page that follows."""
    data: dict[str, object] = {} if content is None else {"key": (io.BytesIO(content), "my.key")}
    return press(hr, f"{SHOW}/unseal", page=SHOW, **data)


def test_hr_registers_keyholders_and_removes_them(hr: Visitor) -> None:
    """The page says how many are missing, compares fingerprints, tells a slip, and lets somebody go."""
    assert "Two keyholders are needed" in hr.get("/keyholders/").text
    keys = registered(hr)
    page = hr.get("/keyholders/").text
    assert "Two keyholders are needed" not in page
    assert "are sealed, unless you choose otherwise" in page
    public = public_text(bytes(keys[LEAD].public_key))
    assert "Compare it group by group" in register(hr, "Third", public[:-1])
    assert "This is the public key of HR lead" in register(hr, "Third", public)
    assert "now it has been shown" in register(hr, "Third", text_of(keys[LEAD]).split(BEGIN)[1].split("-----")[0])
    assert "Please fill in this field." in register(hr, "", public)
    remove = re.findall(r'action="(/keyholders/\d+/remove)"', page)
    assert hr.post(remove[0], page="/keyholders/").status_code == 303
    page = hr.get("/keyholders/").text
    assert "HR lead is no keyholder any more." in page
    assert "Two keyholders are needed" in page


def test_a_sealed_wave_from_plan_to_publication(
    hr: Visitor, engine: Engine, home: Path, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """Proposed in the plan, told on every page, unsealed with a file that leaves no trace, then published."""
    assert app.testing
    assert "Register two keyholders to seal waves" in hr.get("/waves/new").text
    keys = registered(hr)
    assert 'name="sealed" value="yes" checked' in hr.get("/waves/new").text
    hr.post("/waves/new", plan(sealed="yes"), page="/waves/new")
    assert "Will be sealed" in hr.get(SHOW).text
    assert "Will be sealed" in hr.get(f"{SHOW}/open").text
    press(hr, f"{SHOW}/open", f"{SHOW}/open")
    assert f"After the close each of these can unseal them: {LEAD}, {COUNCIL}." in hr.get(SHOW).text
    assert f"<td>{WAVE}</td>" in hr.get("/keyholders/").text
    for place, code in enumerate(rounds.codes(engine, home, WAVE).values()):
        rounds.answer(engine, rounds.sent(code, answers={"play": 1 + place % 7}), now())
    press(hr, f"{SHOW}/close", early="yes")
    page = hr.get("/").text
    assert f'action="{SHOW}/unseal"' in page
    assert f'action="/publications/{WAVE}"' not in page
    assert "is still sealed" in press(hr, f"/publications/{WAVE}", page=SHOW)
    with caplog.at_level(logging.DEBUG):
        assert "Choose the key file of a keyholder." in unseal(hr, None)
        assert "This is no key file" in unseal(hr, b"not a key")
        assert "no keyholder of this installation" in unseal(hr, text_of(PrivateKey.generate()).encode())
        page = unseal(hr, text_of(keys[COUNCIL]).encode())
    assert "is unsealed, and its key is destroyed" in page
    assert "Was sealed; the wave’s own key is destroyed." in page
    assert Counter(len(vector) for vector in sealed.kept(engine).vectors).total() == len(cast.MEMBERS)
    groups = text_of(keys[COUNCIL]).split(BEGIN)[1].split("-----")[0].split()
    kept = caplog.text.encode() + b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert not [line for line in groups if line.encode() in kept]
    assert bytes(keys[COUNCIL]) not in kept
    assert "has been unsealed already" in unseal_again(hr, keys[COUNCIL])
    assert "found no group that could be worked out" in press(hr, f"/publications/{WAVE}", page=SHOW)


def unseal_again(hr: Visitor, key: PrivateKey) -> str:
    """Send the form of an old tab once more."""
    return press(hr, f"{SHOW}/unseal", page=SHOW, key=(io.BytesIO(text_of(key).encode()), "my.key"))


def test_a_wave_may_stay_unsealed(hr: Visitor) -> None:
    """Whoever takes the tick away gets a wave that says what that means, and no step that unseals."""
    registered(hr)
    hr.post("/waves/new", plan(), page="/waves/new")
    page = hr.get(SHOW).text
    assert "can read answers" in page
    assert "Unseal it" not in page
    press(hr, f"{SHOW}/open", f"{SHOW}/open")
    press(hr, f"{SHOW}/close", early="yes")
    assert f'action="/publications/{WAVE}"' in hr.get(SHOW).text


def test_a_sealed_wave_without_keyholders_is_not_opened(hr: Visitor) -> None:
    """If one of two keyholders was removed before the opening, the page says what is missing and opens nothing."""
    registered(hr)
    hr.post("/waves/new", plan(sealed="yes"), page="/waves/new")
    remove = re.findall(r'action="(/keyholders/\d+/remove)"', hr.get("/keyholders/").text)
    hr.post(remove[0], page="/keyholders/")
    assert "one lost key is not a lost wave" in press(hr, f"{SHOW}/open", f"{SHOW}/open")
    assert "Draft" in hr.get(SHOW).text


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language"), [(320, "ko"), (1280, "en")])
def test_a_keyholder_unseals_in_a_browser(
    browser: Browser, app: Flask, engine: Engine, home: Path, width: int, language: str
) -> None:
    """Pages of keyholders, plan and unsealing are for everybody; a chosen file opens the wave."""
    keys = sealed.register(engine)
    sealed.answered(engine, home)
    rounds.close(engine)
    file = home.parent / "council.key"
    file.write_text(text_of(keys[COUNCIL]), "utf-8")
    with served(app) as address, window(browser, address, width, language, reduced_motion="reduce") as page:
        page.goto(f"/sign-in?lang={language}")
        page.fill("[name=email]", "cy@example.com")
        page.fill("[name=password]", cast.PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        for path in ("/keyholders/", "/waves/new", f"/waves/{rounds.WAVE}"):
            page.goto(path)
            check(page, script=True)
        page.set_input_files("#key", str(file))
        page.locator("form[action$=unseal] button").click()
        expect(page.locator(".notice.done")).to_be_visible()
        check(page, script=True)
    assert len(sealed.kept(engine).vectors) == len(cast.MEMBERS)
