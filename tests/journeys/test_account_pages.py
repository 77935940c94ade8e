import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from survey import models
from survey.database import reading, writing
from survey.runs.ways_in import ACCOUNTS
from survey.services.accounts import keeping, sign_ins
from survey.services.accounts.keeping import Facts
from survey.web.access import COOKIE
from survey.web.clock import now
from survey.web.limits import limiter
from tests import cast
from tests.journeys.doors import Visitor, loaded

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def hr(client: FlaskClient, engine: Engine) -> Visitor:
    """Cy, at the pages of accounts."""
    loaded(engine)
    limiter.reset()
    return Visitor(client).sign_in("Cy")


def number(engine: Engine, name: str) -> int:
    """Return the number of somebody's account."""
    with reading(engine) as session:
        return session.scalars(select(models.Account.id).where(models.Account.name == name)).one()


def acts(engine: Engine) -> list[str]:
    """Return what the log says but for sign-ins, the first entry first."""
    with reading(engine) as session:
        said = session.scalars(select(models.AuditEntry.act).order_by(models.AuditEntry.id)).all()
    return [act for act in said if not act.startswith("signed in by")]


def letters(app: Flask, home: Path) -> list[str]:
    """Wait for the run, and return the letters that were kept as files."""
    app.extensions["survey.runs"].wait(ACCOUNTS)
    return [path.read_text("utf-8") for path in (home / "letters").glob("*.eml")]


@pytest.mark.both_databases
def test_from_an_empty_form_to_an_account_with_a_grant(hr: Visitor, app: Flask, engine: Engine, home: Path) -> None:
    """HR makes an observer, who gets a letter; a unit is found by its name, granted, and taken back."""
    facts = {"email": "oz@example.com", "name": "Oz", "role": "observer", "language": "en"}
    made = hr.post("/accounts/new", facts, "/accounts/new")
    assert made.status_code == 303
    assert [re.findall(r"^To: (.*)$", letter, re.MULTILINE) for letter in letters(app, home)] == [["oz@example.com"]]
    page = hr.get(made.location).text
    assert "The account is made, and its letter is on its way." in page
    assert "The letter works until" in page
    assert 'value="NORTH"' in hr.get(f"{made.location}?unit=sales").text
    assert hr.post(f"{made.location}/grants", {"unit": ["NORTH", "SOUTH"]}, made.location).status_code == 303
    assert "Sales North" in hr.get(made.location).text
    hr.post(f"{made.location}/grants/taken", {"unit": "NORTH"}, made.location)
    oz = number(engine, "Oz")
    with reading(engine) as session:
        assert set(session.scalars(select(models.Grant.unit_code).where(models.Grant.account_id == oz))) == {"SOUTH"}
    assert sorted(acts(engine)) == sorted(
        ["account made", "account letters sent", "unit granted", "unit granted", "grant removed"]
    )


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, "Please fill in this field."),
        ({"email": "ada@example.com"}, "ada@example.com has an account already."),
        ({"email": "x@example.com\nBcc: all@example.com"}, "is not an e-mail address"),
        ({"email": "x@example.com", "role": "root"}, "Choose from the list."),
        ({"email": "x@example.com", "name": "N" * 201}, "This text is too long."),
        ({"email": "x@example.com", "name": "a\u202eb"}, "characters that can be printed"),
    ],
)
def test_an_account_that_cannot_be_made(
    hr: Visitor, app: Flask, engine: Engine, home: Path, facts: dict[str, object], told: str
) -> None:
    """The form says what is wrong; no account is made, no letter leaves, nothing is logged."""
    sent = {"name": "Fay", "role": "leader", "language": "ko", **facts} if facts else {}
    answer = hr.post("/accounts/new", sent, "/accounts/new")
    assert answer.status_code == 422
    assert told in answer.text
    assert (letters(app, home), acts(engine)) == ([], [])


def test_a_name_is_only_a_name(hr: Visitor, engine: Engine) -> None:
    """Markup in a name is shown as it was typed, on every page that names accounts."""
    ada = number(engine, "Ada")
    facts = {"name": HOSTILE, "role": "leader", "language": "en"}
    assert hr.post(f"/accounts/{ada}", facts, f"/accounts/{ada}").status_code == 303
    for place in ("/accounts/", f"/accounts/{ada}", "/log/", "/accounts/?words=%3Cscript%3E"):
        page = hr.get(place).text
        assert HOSTILE not in page
        assert "&lt;script&gt;" in page


def test_closing_signs_out_at_once(hr: Visitor, app: Flask, engine: Engine) -> None:
    """Ada's open browser gets nothing any more; when the account is opened again she signs in anew."""
    ada = Visitor(app.test_client()).sign_in("Ada")
    page = f"/accounts/{number(engine, 'Ada')}"
    assert ada.get("/units/").status_code == 200
    hr.post(f"{page}/close", page=page)
    assert ada.get("/units/").headers["Location"].startswith("/sign-in")
    refused = ada.post("/sign-in", {"email": "ada@example.com", "password": cast.PASSWORD})
    assert refused.status_code == 422
    assert "Account closed" in hr.get(page).text
    hr.post(f"{page}/reopen", page=page)
    assert ada.get("/units/").headers["Location"].startswith("/sign-in")
    ada.sign_in("Ada")


def test_one_page_has_a_button_for_each_thing(hr: Visitor, app: Flask, engine: Engine) -> None:
    """Signing out everywhere and taking the second step away work from the page, and say what they did."""
    page = f"/accounts/{number(engine, 'Ada')}"
    ada = Visitor(app.test_client()).sign_in("Ada")
    assert hr.post(f"{page}/sign-out", page=page).status_code == 303
    assert ada.get("/units/").status_code == 303
    assert "The account is signed out everywhere." in hr.get(page).text
    assert hr.post(f"{page}/second-step", page=page).status_code == 303
    assert "The second step is taken away." in hr.get(page).text
    assert acts(engine) == ["signed out everywhere", "second step reset"]


def test_hr_cannot_shut_herself_out(hr: Visitor, engine: Engine) -> None:
    """Cy's own page offers no closing, and a form made by hand is refused; her name she may change."""
    cy = number(engine, "Cy")
    page = f"/accounts/{cy}"
    assert f"{page}/close" not in hr.get(page).text
    demoted: dict[str, object] = {"name": "Cy", "role": "leader", "language": "en"}
    for address, facts in ((f"{page}/close", {}), (page, demoted)):
        hr.post(address, facts, page)
        assert "This is your own account: somebody else of HR has to do that." in hr.get(page).text
    with reading(engine) as session:
        kept = session.get_one(models.Account, cy)
        assert (kept.role, kept.active) == ("hr", True)
    assert acts(engine) == []


def test_two_of_hr_demote_each_other(hr: Visitor, app: Flask, engine: Engine) -> None:
    """Two browsers, each on the other's page: whoever presses second finds herself signed out, and HR has one."""
    with writing(engine) as session:
        two = keeping.make(session, "two@example.com", Facts("Two", "hr", "en"), cast.NOW)
        session.get_one(models.Account, two.id).password_hash = "chosen"
        cookie = sign_ins.let_in(session, two.id, now(), second_step=True)
    other = Visitor(app.test_client())
    other.client.set_cookie(COOKIE, cookie)
    cy = number(engine, "Cy")
    assert hr.post(f"/accounts/{two.id}/close", page=f"/accounts/{two.id}").status_code == 303
    assert other.post(f"/accounts/{cy}/close").headers["Location"].startswith("/sign-in")
    with reading(engine) as session:
        assert session.get_one(models.Account, cy).active


def test_an_account_that_is_not_there(hr: Visitor) -> None:
    """A number that is nobody's leads to no page, and its forms to none."""
    facts: dict[str, object] = {"name": "X", "role": "leader", "language": "ko"}
    assert hr.get("/accounts/999").status_code == 404
    for what in ("", "/close", "/reopen", "/sign-out", "/second-step", "/grants", "/grants/taken", "/letter"):
        assert hr.post(f"/accounts/999{what}", facts, "/accounts/new").status_code == 404


@pytest.mark.both_databases
def test_leaders_come_from_the_roster(hr: Visitor, app: Flask, engine: Engine, home: Path) -> None:
    """The preview names new accounts and grants that do not fit; only what was ticked is taken back; letters leave."""
    with writing(engine) as session:
        di = session.scalars(select(models.Person).where(models.Person.name == "Di")).one()
        bo = session.scalars(select(models.Person).where(models.Person.name == "Bo")).one()
        di.leads_code, bo.leads_code = "NORTH", None
    page = hr.get("/accounts/leaders").text
    seen = re.findall(r'name="seen" value="(\w+)"', page)
    (offered,) = re.findall(r'name="take" value="([^"]+)"', page)
    assert "di@example.com" in page
    assert offered == f"{number(engine, 'Bo')}:CARE"
    stranger = {"seen": seen, "take": [f"{number(engine, 'Ada')}:SALES"]}
    assert hr.post("/accounts/leaders", {"seen": "old"}, "/accounts/leaders").location == "/accounts/leaders"
    assert hr.post("/accounts/leaders", stranger, "/accounts/leaders").location == "/accounts/"
    assert len(letters(app, home)) == 1
    with reading(engine) as session:
        held = set(session.scalars(select(models.Grant.unit_code)))
    assert held == {"SALES", "CARE", "NORTH"}
    again = re.findall(r'name="seen" value="(\w+)"', hr.get("/accounts/leaders").text)
    hr.post("/accounts/leaders", {"seen": again, "take": [offered]}, "/accounts/leaders")
    assert "taken back: 1" in hr.get("/accounts/").text


def test_accounts_come_from_a_file(hr: Visitor, app: Flask, engine: Engine, home: Path) -> None:
    """Looked at first; what the form carries is checked again; then made, once."""
    data = f'email,name,role,unit,language\noz@example.com,"{HOSTILE}",observer,SALES,en\n'.encode()
    looked = hr.post("/accounts/file", {"file": (io.BytesIO(data), "a.csv")}, "/accounts/file")
    assert looked.status_code == 200
    assert HOSTILE not in looked.text
    assert acts(engine) == []
    seen = re.findall(r'name="seen" value="(\w+)"', looked.text)
    forged = {"table": data.decode().replace("observer", "hr").replace("SALES", ""), "seen": seen}
    assert hr.post("/accounts/file/taken", forged, "/accounts/file").location == "/accounts/file"
    assert acts(engine) == []
    assert hr.post("/accounts/file/taken", {"table": data, "seen": seen}, "/accounts/file").location == "/accounts/"
    assert len(letters(app, home)) == 1
    assert hr.post("/accounts/file/taken", {"table": data, "seen": seen}, "/accounts/file").location == "/accounts/file"
    wrong = hr.post("/accounts/file", {"file": (io.BytesIO(b"email,name\nx,\n"), "a.csv")}, "/accounts/file")
    assert wrong.status_code == 422
    assert "2 cells to mend; no account was made" in wrong.text
    assert hr.post("/accounts/file", {}, "/accounts/file").status_code == 422
    assert hr.post("/accounts/file", {"file": (io.BytesIO(b"PK\3\4"), "a.xlsx")}, "/accounts/file").status_code == 422


def test_letters_are_sent_again(hr: Visitor, app: Flask, engine: Engine, home: Path) -> None:
    """From the list to everybody who waits, from one page to one; where nobody waits, that is said."""
    hr.post("/accounts/letters", page="/accounts/new")
    assert "Nobody waits for a letter." in hr.get("/accounts/").text
    with writing(engine) as session:
        made = keeping.make(session, "oz@example.com", Facts("Oz", "observer", "ko"), cast.NOW)
    assert "1 account waits for its letter" in hr.get("/accounts/").text
    hr.post("/accounts/letters", page="/accounts/")
    assert len(letters(app, home)) == 1
    assert "All letters are out: 1 were accepted" in hr.get("/accounts/").text
    hr.post(f"/accounts/{made.id}/letter", page=f"/accounts/{made.id}")
    assert len(letters(app, home)) == 2
    ada = number(engine, "Ada")
    hr.post(f"/accounts/{ada}/letter", page=f"/accounts/{ada}")
    assert "This account needs no letter" in hr.get(f"/accounts/{ada}").text


@pytest.mark.both_databases
def test_hundreds_are_paged_and_found(hr: Visitor, engine: Engine) -> None:
    """Fifty a page; a page that is none shows the nearest one."""
    with writing(engine) as session:
        for at in range(60):
            session.add(
                models.Account(
                    email=f"x{at}@example.com", name=f"X{at:02}", role="observer", language="ko", password_hash=""
                )
            )
    assert "Page 1 of 2" in hr.get("/accounts/").text
    for page in ("2", "99", "-1", "x", "9" * 40, "²"):
        assert hr.get(f"/accounts/?page={page}").status_code == 200
    assert "60 accounts" in hr.get("/accounts/?role=observer").text
    assert "No account fits" in hr.get("/accounts/?words=nobody").text
