"""A wave that the version before (revision 0001) opened goes on after the upgrade, to the end."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import Engine, insert, inspect, select, text, update

from survey.app import main
from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.i18n import Refused
from survey.instruments.load import builtin
from survey.migrations import upgrade
from survey.models import Base, Wave
from survey.privacy.released import Released
from survey.services import audit_log
from survey.services.invitations import issue_key
from survey.services.invitations.codes import code_for, code_hash
from survey.services.publication import publication
from survey.services.responses.replies import Accepted, Good
from survey.services.waves import frozen_facts, upkeep, waves
from survey.settings import Settings
from survey.web.factory import create_app
from tests import cast
from tests.services import rounds
from tests.services.rounds import WAVE

DIGEST: Final = "0d" * 32
"""The version before kept the digest of its promise, but not the text."""
PLACES: Final = ("CO", "SALES", "CARE", "NORTH", "SOUTH", "PHONE")


@pytest.fixture
def old_url(empty_url: str, home: Path) -> str:
    """The address of a database as the version before left it, in the middle of the cast's wave."""
    fill(empty_url, home)
    return empty_url


@pytest.fixture
def old(old_url: str) -> Iterator[Engine]:
    """The same database, upgraded and opened by this version."""
    opened = open_engine(old_url)
    upgrade(opened)
    yield opened
    opened.dispose()


def _people(old: Engine, file: Path) -> None:
    """Load the cast into today's tables, and copy what the old ones have room for."""
    today = open_engine(f"sqlite:///{file}")
    upgrade(today)
    with writing(today) as session:
        cast.load(session)
    tables = [Base.metadata.tables[name] for name in ("company", "unit", "person", "account", "grant")]
    room = {table: [table.c[column["name"]] for column in inspect(old).get_columns(table.name)] for table in tables}
    with today.connect() as source, old.begin() as target:
        for table, kept in room.items():
            target.execute(insert(table), [dict(row) for row in source.execute(select(*kept)).mappings()])
    today.dispose()


def fill(url: str, home: Path) -> None:
    """Make a database of the first version, in the middle of the cast's wave."""
    opened = open_engine(url)
    upgrade(opened, "0001")
    _people(opened, home / "cast.db")
    key, pepper = issue_key.create(home, WAVE), secrets.token_bytes(32)
    with opened.begin() as connection:
        for table, rows in _wave(pepper).items():
            connection.execute(insert(Base.metadata.tables[table]), rows)
        people = connection.execute(text("SELECT id, unit_code FROM person ORDER BY id")).all()
        placed = [(person, "CO" if unit == "CHAT" else unit) for person, unit in people]
        entries = [{"wave_id": 1, "person_id": person, "report_unit": at, "language": "ko"} for person, at in placed]
        connection.execute(insert(Base.metadata.tables["roster_entry"]), entries)
        tokens = [
            {"hash": code_hash(pepper, code_for(key, WAVE, person)), "wave_id": 1, "report_unit": at}
            for person, at in placed
        ]
        connection.execute(insert(Base.metadata.tables["token"]), tokens)
    with writing(opened) as session:
        audit_log.write(session, cast.NOW, None, "wave opened", wave=WAVE, invited=str(len(placed)))
    opened.dispose()


def _wave(pepper: bytes) -> dict[str, list[dict[str, Any]]]:
    wave = {
        "id": 1,
        "code": WAVE,
        "kind": "native",
        "state": "open",
        "instrument_id": builtin().id,
        "instrument_version": builtin().version,
        "practices": [],
        "k": 5,
        "detail_k": 10,
        "opens_at": cast.NOW,
        "closes_at": rounds.CLOSES,
        "retention_months": 24,
        "pepper": pepper,
        "promise_digest": DIGEST,
    }
    parents = {place.code: place.parent or None for place in cast.PLACES}
    people = [member.unit if member.unit != "CHAT" else "CO" for member in cast.MEMBERS]
    units = [
        {
            "wave_id": 1,
            "code": code,
            "parent_code": parents[code],
            "name_ko": code,
            "name_en": code,
            "kind": "",
            "invited": people.count(code),
            "spares_drawn": 0,
            "participation": "",
        }
        for code in PLACES
    ]
    return {"wave": [wave], "wave_unit": units}


def test_an_open_wave_goes_on_to_its_publication(old: Engine, home: Path) -> None:
    """Codes work, answers count, the wave closes and is published; nobody is told that a promise was broken."""
    codes = rounds.codes(old, home)
    assert isinstance(rounds.look(old, codes["Di"]), Good)
    for code in codes.values():
        assert isinstance(rounds.answer(old, rounds.sent(code)), Accepted)
    assert upkeep.tick(old, home, cast.NOW).broken == ()
    rounds.close(old)
    with writing(old) as session:
        published = publication.publish(session, WAVE, rounds.OVER)
    assert isinstance(published.units[0].figures, Released)
    assert upkeep.tick(old, home, rounds.OVER).broken == ()


@pytest.fixture
def old_environment(environment: dict[str, str], old: Engine) -> dict[str, str]:
    """The variables of an installation on that database."""
    return {**environment, "SURVEY_DATABASE_URL": old.url.render_as_string(hide_password=False)}


@time_machine.travel(cast.NOW, tick=False)
def test_whoever_answers_reads_a_promise(old: Engine, home: Path, old_environment: dict[str, str]) -> None:
    """Today's words for the facts of the wave stand on its pages; no fingerprint, no file of a lost text."""
    app = create_app(Settings.from_environment(old_environment))
    client = app.test_client()
    code = rounds.codes(old, home)["Di"]
    for page in (client.post("/s?lang=en", data={"code": code}), client.get("/s/promise?lang=en")):
        assert page.status_code == 200
        assert "24 months after the close" in page.text
        assert "ingerprint" not in page.text
    assert client.get("/s/promise/file").status_code == 404
    app.extensions["survey.engine"].dispose()


def test_the_command_says_that_the_text_is_lost(old_environment: dict[str, str]) -> None:
    """Nothing is printed that could be taken for the text: who hashes it would find another digest."""
    said = CliRunner().invoke(main, ["--lang", "en", "promise", "--wave", WAVE], env=old_environment)
    assert said.exit_code == 1
    assert "kept no text of its promise" in said.stderr
    assert said.stdout == ""


def test_a_promise_that_was_wiped_is_not_taken_for_an_old_one(engine: Engine, home: Path) -> None:
    """An empty text alone excuses nothing: the log of the opening names the digest of the text that there was."""
    rounds.open_cast(engine, home)
    with writing(engine) as session:
        for trigger in ("frozen_wave_update", "frozen_wave"):
            on = "" if engine.dialect.name == "sqlite" else " ON wave"
            session.execute(text(f"DROP TRIGGER IF EXISTS {trigger}{on}"))
        session.execute(update(Wave).values(promise="", promise_digest="", frozen_digest=""))
    with reading(engine) as session:
        wave = waves.wave(session, WAVE)
        assert frozen_facts.broken(session, wave) is not None
        with pytest.raises(Refused, match="cannot be read"):
            frozen_facts.read_by(session, wave)
