"""What answering asks of the database: a number of statements that is the same for everybody, whatever she answers."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from survey.database import reading
from survey.models import Wave
from survey.services.waves.asking import asked_now
from survey.web.database import database
from tests.journeys.answering import begin
from tests.statements import statements

ANSWERED = {"play": "6", "purpose": "2", "comment": "Quieter mornings."}


@pytest.mark.both_databases
def test_each_step_of_the_survey_sends_a_fixed_number_of_statements(client: FlaskClient, codes: list[str]) -> None:
    """A page of the survey asks what is open and whom the code counts for; sending takes the code and keeps."""
    fields = begin(client, codes[0])
    with client.application.app_context(), statements(database()) as sent:
        seen = {}
        for go in ("welcome", "step-1", "list", "review", "send"):
            del sent[:]
            assert client.post("/s/answer", data={**fields, **ANSWERED, "go": go}).status_code == 200
            seen[go] = [statement.split(" ", 1)[0] for statement in sent]
        del sent[:]
        client.get("/s")
        seen["first page"] = [statement.split(" ", 1)[0] for statement in sent]
    shown = ["SELECT", "SELECT"]
    assert seen == {
        **dict.fromkeys(("welcome", "step-1", "list", "review"), shown),
        "send": ["SELECT", "DELETE", "INSERT"],
        "first page": ["SELECT"],
    }


def test_what_is_remembered_of_a_wave_is_not_its_pepper(client: FlaskClient, codes: list[str], engine: Engine) -> None:
    """The pepper that recognises codes dies with the close: no memory of the process outlives it."""
    fields = begin(client, codes[0])
    assert fields
    with reading(engine) as session:
        here = asked_now(session)
        assert here is not None
        pepper = session.scalars(select(Wave.pepper).where(Wave.state == "open")).one()
    assert here.pepper == pepper
    assert here.wave.pepper is None
