"""What answering asks of the database: a number of statements that is the same for everybody, whatever she answers."""

from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from survey.database import reading, writing
from survey.models import Wave
from survey.services.waves.asking import asked_now
from survey.settings import Settings
from survey.web.clock import now
from survey.web.database import database
from survey.web.factory import create_app
from tests import cast
from tests.journeys.answering import WAVE, begin, codes_of, open_wave
from tests.round_trips import counted
from tests.services.sealed import register
from tests.statements import statements

ANSWERED = {"play": "6", "purpose": "2", "comment": "Quieter mornings."}


def test_each_step_of_the_survey_sends_a_fixed_number_of_statements(client: FlaskClient, codes: list[str]) -> None:
    """A page of the survey asks what is open and whom the code counts for; sending takes the code and keeps."""
    fields = begin(client, codes[0])
    with client.application.app_context(), statements(database()) as sent:
        seen = {}
        for go in ("welcome", "step-1", "list", "review", "send"):
            del sent[:]
            assert client.post("/s/answer", data={**fields, **ANSWERED, "go": go}).status_code == 200
            seen[go] = [statement.split(maxsplit=1)[0] for statement in sent]
        del sent[:]
        client.get("/s")
        seen["first page"] = [statement.split(maxsplit=1)[0] for statement in sent]
    shown = ["SELECT", "SELECT"]
    assert seen == {
        **dict.fromkeys(("welcome", "step-1", "list", "review"), shown),
        "send": ["SELECT", "DELETE", "INSERT"],
        "first page": ["SELECT"],
    }


@pytest.mark.only_postgresql
@pytest.mark.parametrize("sealed", [False, True])
def test_each_step_of_the_survey_goes_to_the_server_a_fixed_number_of_times(
    request: pytest.FixtureRequest, settings: Settings, engine: Engine, home: Path, *, sealed: bool
) -> None:
    """Nothing but the statements themselves goes to PostgreSQL; a sealed answer first asks for the unit of its box."""
    with writing(engine) as session:
        cast.load(session)
    if sealed:
        register(engine)
    open_wave(engine, home, WAVE, now())
    codes = codes_of(engine, home, WAVE)
    with counted(request.getfixturevalue("postgresql")) as messenger:
        app = create_app(
            msgspec.structs.replace(settings, database_url=messenger.cluster.url(str(engine.url.database)))
        )
        client, seen = app.test_client(), {}
        for code in codes:  # the first ones open connections, and have the server prepare what is asked often
            fields = begin(client, code)
            for go in ("welcome", "list", "review", "send"):
                before = messenger.trips
                assert client.post("/s/answer", data={**fields, **ANSWERED, "go": go}).status_code == 200
                seen[go] = messenger.trips - before
            before = messenger.trips
            assert client.get("/s").status_code == 200
            seen["first page"] = messenger.trips - before
        app.extensions["survey.engine"].dispose()
    assert seen == {"welcome": 2, "list": 2, "review": 2, "send": 3 if sealed else 2, "first page": 1}


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
