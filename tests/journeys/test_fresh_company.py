"""A company on its first day: it has a name and somebody from HR, and nothing else."""

import re
from typing import Final

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from docs.images.pages import SHOTS
from survey.database import writing
from survey.models import Company
from survey.services.accounts import accounts
from tests import cast
from tests.journeys.doors import Visitor

EMPTY_TABLE: Final = re.compile(r"<tbody>\s*</tbody>")
EMPTY_LIST: Final = re.compile(r"<(ul|ol|dl|select)[^>]*>\s*</\1>")
OF_SOMETHING: Final = re.compile(r"\{|/\d|/(waves|units|reports|publications|audit)/\w|unit=")
"""Pages of a wave, a unit or a person, of which there is none; but planning a wave."""
OK: Final = 200
MANY: Final = 20
LEAST: Final = 12
"""Words of a page that tells somebody why there is nothing, and what to do."""


@pytest.fixture
def hr(client: FlaskClient, engine: Engine) -> Visitor:
    """Somebody from HR, in a company that only has a name."""
    with writing(engine) as session:
        session.add(
            Company(id=1, name_ko="첫날", name_en="First Day", language="ko", unit_word="team", second_step="nobody")
        )
        accounts.create_account(session, "cy@example.com", "Cy", "hr", cast.PASSWORD, "en")
    return Visitor(client).sign_in("Cy")


def test_pages_without_anything_say_so(hr: Visitor) -> None:
    """No page breaks, and none shows a table or a list with nothing in it: words stand there."""
    wrong, looked = [], 0
    for endpoint, shot in SHOTS.items():
        if shot.who == "everybody" or OF_SOMETHING.search(shot.path):
            continue
        answer = hr.get(shot.path.partition("?")[0])
        main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
        words = re.sub(r"<[^>]*>", " ", main).split()
        if answer.status_code != OK or EMPTY_TABLE.search(main) or EMPTY_LIST.search(main) or len(words) < LEAST:
            wrong.append((endpoint, answer.status_code, " ".join(words)))
        looked += 1
    assert wrong == []
    assert looked > MANY
