import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from survey.web.limits import limiter
from tests import cast
from tests.journeys.doors import Visitor, loaded

WRONG = "The e-mail address or the password is wrong."


@pytest.fixture
def visitor(client: FlaskClient, engine: Engine) -> Visitor:
    """Somebody in front of the cast's installation."""
    loaded(engine)
    limiter.reset()
    return Visitor(client)


@pytest.mark.both_databases
def test_hr_signs_in_and_out(visitor: Visitor) -> None:
    """With the right password HR gets in; after signing out the door is shut again."""
    visitor.sign_in("Cy")
    assert "Bring in the roster" in visitor.get("/").text
    assert visitor.post("/sign-out", page="/").status_code == 303
    assert visitor.get("/").headers["Location"] == "/sign-in?next=/"


@pytest.mark.parametrize(
    ("email", "password"),
    [("cy@example.com", "a river"), ("nobody@example.com", cast.PASSWORD), ("cy@example.com", "x" * 200)],
)
def test_a_wrong_password_and_an_unknown_address_sound_the_same(visitor: Visitor, email: str, password: str) -> None:
    """Nobody learns from the answer which addresses have an account."""
    answer = visitor.post("/sign-in", {"email": email, "password": password})
    assert answer.status_code == 422
    assert WRONG in answer.text


@pytest.mark.parametrize(
    ("form", "told"),
    [({}, "Please fill in this field."), ({"email": "x" * 300, "password": "y"}, "This text is too long.")],
)
def test_an_unreadable_form_says_what_is_missing(visitor: Visitor, form: dict[str, object], told: str) -> None:
    """The field that is wrong says so, and nothing else happens."""
    answer = visitor.post("/sign-in", form)
    assert answer.status_code == 422
    assert told in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_signing_in_goes_back_to_the_page_that_was_asked_for(visitor: Visitor) -> None:
    """Who opens a link from a letter lands there after signing in, with the choice in its address."""
    asked = visitor.get("/compare/?unit=SALES")
    assert asked.headers["Location"] == "/sign-in?next=/compare/?unit%3DSALES"
    where = {"email": "ada@example.com", "password": cast.PASSWORD}
    assert visitor.post(asked.headers["Location"], where).headers["Location"] == "/compare/?unit=SALES"


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example/"])
def test_signing_in_leads_nowhere_else(visitor: Visitor, address: str) -> None:
    """An address of another site is forgotten."""
    where = {"email": "ada@example.com", "password": cast.PASSWORD}
    assert visitor.post(f"/sign-in?next={address}", where).headers["Location"] == "/"


def test_a_form_of_another_site_is_refused(visitor: Visitor) -> None:
    """Without the page's token nothing is done, and the page says what to do."""
    answer = visitor.client.post("/sign-in?lang=en", data={"email": "cy@example.com", "password": cast.PASSWORD})
    assert answer.status_code == 400
    assert "reload the page" in answer.text


def test_many_tries_from_one_address_are_slowed_down(visitor: Visitor) -> None:
    """After twenty tries in a minute the door stays shut for a while, and says so."""
    tries = [visitor.post("/sign-in", {"email": f"{n}@example.com", "password": ""}) for n in range(21)]
    assert [answer.status_code for answer in tries] == [422] * 20 + [429]
    assert "Wait a minute" in tries[-1].text


def test_the_cookie_can_be_read_by_no_script_and_says_nothing(visitor: Visitor) -> None:
    """The sign-in is a random secret, for this site and for HTTP only."""
    visitor.get("/sign-in?lang=en")
    answer = visitor.post("/sign-in", {"email": "ada@example.com", "password": cast.PASSWORD})
    (cookie,) = (text for text in answer.headers.getlist("Set-Cookie") if text.startswith("account="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "ada" not in cookie


def test_the_page_speaks_the_language_asked_for(visitor: Visitor) -> None:
    """A language that was asked for once stays; the switch keeps the rest of the address."""
    assert '<html lang="ko">' in visitor.get("/sign-in?lang=ko").text
    assert '<html lang="ko">' in visitor.get("/sign-in").text
    visitor.sign_in("Ada", "en")
    page = visitor.get("/compare/?unit=SALES&_scheme=javascript&_external=1").text
    assert 'href="/compare/?unit=SALES&amp;lang=ko"' in page
