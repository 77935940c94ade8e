"""No other way to write an address leads further than the address itself."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.journeys.doors import WAVE, published
from tests.journeys.matrix import methods
from tests.journeys.opening import ADA, CY, browser, places, statuses

FOREIGN: Final = "CARE"
ARGUMENTS: Final = {
    "code": "a unit, or a wave",
    "wave": "a wave",
    "cut": "a second cut of a wave",
    "number": "an account",
    "holder": "a keyholder",
    "person": "a person of the roster",
    "name": "a roster that waits for its sender, or a page of the guide",
    "kind": "a list of that roster, or a letter",
    "spoken": "a language",
    "practice": "a practice",
    "what": "what is done with it",
    "instrument": "a questionnaire",
    "version": "its version",
    "key": "an open page",
    "filename": "a file of ours",
    "_rest": "an address that respondents mistyped",
}
"""What the parts of addresses name. A route with another one is placed here, and in `objects`, before it is served."""


@pytest.fixture
def ada(app: Flask, engine: Engine, home: Path) -> FlaskClient:
    """Ada's browser, signed in, over the cast's published wave."""
    published(engine, home)
    return browser(app, engine, ADA)


def spellings(code: str) -> Iterator[str]:
    """Yield other ways to write a code in an address: of each only the first is the code itself."""
    yield "".join(f"%{ord(letter):02x}" for letter in code)
    yield from (
        code.lower(),
        code.title(),
        f"{code}/",
        f"{code}%20",
        f"%20{code}",
        f"{code}.",
        f"{code}%00",
        f"{code}%0a",
    )
    yield from (f"./{code}", f"x/../{code}", f"x/%2e%2e/{code}", f"%2e%2e%2f{code}", f"{code}%2f", f"{code};x=1")
    yield quote(quote(code[0] + "é", safe="")) + code[1:]
    yield from (f"%25{ord(code[0]):02x}{code[1:]}", quote("".join(chr(ord(letter) + 0xFEE0) for letter in code)))
    yield from (
        quote(unicodedata.normalize("NFD", "é") + code),
        f"{code}%E2%80%8B",
        f"%EF%BB%BF{code}",
        f"{code}+",
        f"+{code}",
    )


def test_every_part_of_every_address_is_placed(app: Flask) -> None:
    """Whoever adds a route that names something new says here what it is."""
    assert {name for rule in app.url_map.iter_rules() for name in rule.arguments} == ARGUMENTS.keys()


def test_no_spelling_of_a_foreign_unit_opens_it(app: Flask, ada: FlaskClient) -> None:
    """Small letters, encoded twice, wide letters, dots and slashes around it, a report in another language: nothing."""
    found = dict[str, int]()
    for spelling in (FOREIGN, *spellings(FOREIGN)):
        found |= statuses(ada, [*places(app, spelling), f"/reports/{WAVE}/{spelling}.pdf?language=en"])
    assert {address: status for address, status in found.items() if status not in {400, 404}} == {}


def test_a_unit_has_one_spelling(app: Flask, engine: Engine, ada: FlaskClient) -> None:
    """Also for HR nothing but the code itself opens a unit: no second address of the same thing."""
    hr = browser(app, engine, CY)
    same, *others = spellings("SALES")
    assert statuses(ada, [f"/units/{same}"]) == statuses(hr, [f"/units/{same}"]) == {f"/units/{same}": 200}
    found = statuses(hr, [f"/units/{spelling}" for spelling in others])
    mends = {f"/units/{each}" for each in ("./SALES", "x/../SALES", "x/%2e%2e/SALES")}
    assert {address for address, status in found.items() if status == 200 and address not in mends} == set()


def test_numbers_are_not_guessed(app: Flask, ada: FlaskClient) -> None:
    """Whatever number of an account, person or keyholder a leader tries, every door of it stays shut."""
    found: dict[tuple[str, str], int] = {}
    numbered = [rule for rule in app.url_map.iter_rules() if {"number", "person", "holder"} & rule.arguments]
    assert len(numbered) > 8
    app.config["WTF_CSRF_ENABLED"] = False
    for rule in numbered:
        for number in ("1", "2", "3", "01", "0", "-1", "1e0", "%31", "99999999999999999999"):
            for method in methods(rule):
                where = re.sub(r"<int:\w+>", number, rule.rule)
                with ada.open(where, method=method, follow_redirects=False) as answer:
                    found[method, where] = answer.status_code
    assert set(found.values()) <= {403, 404, 405}


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_a_method_that_only_asks_tells_nothing_more(app: Flask, ada: FlaskClient, method: str) -> None:
    """HEAD is answered as GET is, OPTIONS with nothing but the methods; a foreign unit is not told from none."""
    for unit in (FOREIGN, "SALES"):
        for place in places(app, unit):
            with ada.open(place, method=method) as answer, ada.get(place) as whole:
                assert answer.get_data() == b"", place
                if method == "HEAD":
                    assert answer.status_code == whole.status_code, place
                else:
                    assert answer.status_code == 200
    told = [ada.open(f"/units/{unit}", method=method) for unit in (FOREIGN, "NOWHERE")]
    assert told[0].status_code == told[1].status_code
    assert {name: value for name, value in told[0].headers.items() if name != "Content-Length"} == {
        name: value for name, value in told[1].headers.items() if name != "Content-Length"
    }
