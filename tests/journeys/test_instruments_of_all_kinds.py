"""What may be brought in works to the end: asked on every page, published, shown, printed."""

import datetime as dt
import re
from pathlib import Path
from typing import Final

import pytest
import time_machine
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import Engine

from reports.pdf import render
from survey.database import reading, writing
from survey.instruments.load import source
from survey.services.instruments import instruments, registry
from survey.services.invitations.codes import new_receipt
from survey.services.publication import publication
from survey.services.responses.replies import Accepted, Sent
from survey.services.waves import waves
from tests import cast
from tests.journeys.doors import Visitor
from tests.reports.reading import pages
from tests.services import rounds

PERFORMANCE: Final = re.compile(
    r'block = "behaviour"|^id = "behaviour"|kind = "facet"|^id = "(?:adaptive|tactical)"', re.MULTILINE
)
FACETS: Final = r'scale = "(?:creativity|persistence|analytical_thinking|problem_solving|citizenship)"'
PAGES: Final = (
    *("/", "/units/", "/units/CO", "/units/NORTH", "/compare/", "/evidence/", "/drivers/", "/practices/", "/outcomes/"),
    *(f"/publications/{rounds.WAVE}", f"/publications/{rounds.WAVE}/results.xlsx"),
)


def parts() -> list[str]:
    """The default instrument as a company's version, cut at its lists' entries."""
    return re.split(r"(?m)^(?=\[\[)", source("total-motivation").replace('version = "1.0"', 'version = "v"', 1))


def without(pattern: str | re.Pattern[str]) -> str:
    """Leave out the entries that match."""
    return "".join(part for part in parts() if not re.search(pattern, part))


def two_items_a_motive() -> str:
    """Ask for every motive twice."""
    found = []
    for part in parts():
        found.append(part)
        if 'block = "motives"' in part:
            again = re.sub(r'^id = "(\w+)"', r'id = "\1_again"', part, count=1, flags=re.MULTILINE)
            found.append(again.replace('."\n', ' (!)."\n'))
    return "".join(found)


KINDS: Final = {
    "neither kind of performance": without(PERFORMANCE),
    "no facets": re.sub(FACETS, 'scale = "adaptive"', without('kind = "facet"')),
    "no practices": without('block = "practices"|^id = "practices"|kind = "practice"'.replace("|^", "|(?m:^)")),
    "two items for each motive": two_items_a_motive(),
    "two tactical items, no comment, no introduction": re.sub(
        r"(?m)^(?:comment|intro)\.\w+ = .*\n", "", without(r'(?m:^)id = "tactical_[3-5]"'), count=4
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_may_be_brought_in_can_be_asked_and_published(
    client: FlaskClient, engine: Engine, home: Path, kind: str
) -> None:
    """Every page of respondents and readers opens, and the report prints on four pages at most."""
    with writing(engine) as session:
        cast.load(session)
        instruments.add(session, KINDS[kind].encode(), "ours.toml", cast.NOW)
    codes = rounds.open_next(engine, home, replace(rounds.plan(), instrument_version="v"))
    with reading(engine) as session:
        wave = waves.wave(session, rounds.WAVE)
        asked = waves.instrument_of(session, wave).asked(registry.practices_of(wave))
    with time_machine.travel(cast.NOW.replace(tzinfo=dt.UTC)):
        for page in ("welcome", "step-1", "list", "review"):
            sent = {"code": codes["Di"], "lang": "ko", "at": "welcome", "go": page}
            assert client.post("/s/answer", data=sent).status_code == 200
    for place, code in enumerate(codes.values()):
        answers = {item.id: 1 + (place * (3 + at) + at * place * place) % 7 for at, item in enumerate(asked)}
        assert isinstance(rounds.answer(engine, Sent(code, new_receipt(), answers)), Accepted)
    rounds.close(engine)
    with writing(engine) as session:
        made = publication.publish(session, rounds.WAVE, rounds.OVER + dt.timedelta(days=1))
    visitor = Visitor(client).sign_in("Cy")
    assert {page: visitor.get(page).status_code for page in PAGES} == dict.fromkeys(PAGES, 200)
    profile = {"instrument": "total-motivation v", "lang": "en", "play": "3"}
    assert client.post("/s/profile", data=profile).status_code == 200
    assert pages(render(made, "NORTH", "ko")) <= 4
