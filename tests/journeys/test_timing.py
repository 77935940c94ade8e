"""Hidden and missing units answer alike: the same status, the same page, the same questions to the database.

Statements are counted instead of seconds: what is asked alike takes equally long, and a loaded machine fails no test.
"""

import re
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.journeys.answering import WAVE, begin
from tests.journeys.doors import Statements, Visitor, published

FOREIGN: Final = ("PHONE", "CARE", "CO")
"""Units outside of Ada's part of the tree, shown to others."""
HIDDEN: Final = ("CHAT",)
"""A unit of the roster that was too small to be frozen: it stands in no publication."""
MISSING: Final = ("NOWHERE", "PHONF", "-")
WAYS: Final = (
    "/units/{unit}",
    f"/units/{{unit}}?wave={WAVE}",
    "/compare/?unit={unit}",
    f"/reports/{WAVE}/{{unit}}.pdf",
    f"/waves/{WAVE}/units/{{unit}}/comments",
)


@pytest.fixture
def ada(client: FlaskClient, engine: Engine, home: Path) -> Visitor:
    """Ada, who leads Sales, when the cast's wave is published."""
    published(engine, home)
    return Visitor(client).sign_in("Ada")


def asked(app: Flask, who: Visitor, way: str, unit: str) -> tuple[int, str, list[str], set[str]]:
    """Return status, page without the echo of the address, statements and headers of an answer."""
    with Statements(app) as statements:
        answer = who.get(way.format(unit=unit))
    body = re.sub(rf"(?<=[/=]){re.escape(unit)}(?=[^A-Za-z])", "UNIT", answer.text)
    return answer.status_code, body, statements.seen, set(answer.headers.keys())


@pytest.mark.parametrize("way", WAYS)
def test_a_foreign_a_hidden_and_a_missing_unit_cannot_be_told_apart(app: Flask, ada: Visitor, way: str) -> None:
    """A leader learns from no answer whether a unit outside of her part of the tree exists, or was too small."""
    asked(app, ada, way, "FIRST")  # the first refusal of a page in an hour, whichever it is, goes to the audit log
    answers = {unit: asked(app, ada, way, unit) for unit in (*FOREIGN, *HIDDEN, *MISSING)}
    expected = answers["NOWHERE"]
    assert expected[0] == 404
    assert expected[2]
    assert {unit: answer for unit, answer in answers.items() if answer != expected} == {}


@pytest.mark.parametrize("way", WAYS[:3])
def test_the_measure_is_sharp(app: Flask, ada: Visitor, way: str) -> None:
    """A unit of her own answers otherwise, so that a difference would be seen."""
    assert asked(app, ada, way, "NORTH")[:3] != asked(app, ada, way, "NOWHERE")[:3]


def test_spent_and_unspent_codes_are_looked_up_alike(app: Flask, client: FlaskClient, codes: list[str]) -> None:
    """A code says by design whether it is spent (decision 0010), and finding that out costs the same question."""
    client.post("/s/answer", data={**begin(client, codes[0]), "play": "6", "go": "send"})
    seen = []
    for code in codes[:2]:
        with Statements(app) as statements:
            client.post("/s", data={"code": code})
        seen.append([statement for statement in statements.seen if "token" in statement])
    assert seen[0] == seen[1] != []
