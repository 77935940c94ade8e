from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from survey import models
from survey.database import reading, writing
from survey.services import audit_log
from survey.services.accounts import keeping
from survey.services.accounts.keeping import Facts
from survey.web.clock import now
from tests import cast
from tests.journeys.test_setting_up import Operator


@pytest.fixture
def operator(engine: Engine, home: Path, database_url: str) -> Operator:
    """An operator of the cast's installation, in which Di leads North, and Bo nothing any more."""
    with writing(engine) as session:
        cast.load(session)
        session.execute(update(models.Person).where(models.Person.name == "Di").values(leads_code="NORTH"))
        session.execute(update(models.Person).where(models.Person.name == "Bo").values(leads_code=None))
    return Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=database_url, SURVEY_MAIL_URL=f"file:{home}/letters")


def test_leaders_are_invited_by_command(operator: Operator, engine: Engine, home: Path) -> None:
    """What would be done is said first; with --yes it is done, once; stale grants are only named."""
    said = operator.done("invite-leaders")
    assert "+ Di <di@example.com>: NORTH" in said
    assert "? survey revoke bo@example.com CARE" in said
    assert "Nothing was done." in said
    assert not (home / "letters").exists()
    assert "1 letters were accepted by the mail server; 0 wait." in operator.done("invite-leaders", "--yes")
    assert "0 letters were accepted" in operator.done("invite-leaders", "--yes")
    assert len(list((home / "letters").glob("*.eml"))) == 1
    with reading(engine) as session:
        held = set(session.scalars(select(models.Grant.unit_code)))
    assert held == {"SALES", "CARE", "NORTH"}


def test_a_grant_is_taken_back_by_command(operator: Operator, engine: Engine) -> None:
    """The account sees nothing more of it, and the log says so; what is not there cannot be taken."""
    assert "sees these units and all below them: none" in operator.done("revoke", "bo@example.com", "CARE")
    assert "has no grant on CARE" in operator.refused("revoke", "bo@example.com", "CARE")
    with reading(engine) as session:
        assert audit_log.find(session, "grant removed", unit="CARE") is not None


def test_an_account_is_closed_by_command(operator: Operator, engine: Engine) -> None:
    """Ada's; not the last one of HR."""
    assert "ada@example.com cannot sign in any more." in operator.done("deactivate-account", "Ada@example.com")
    assert "the last account of HR" in operator.refused("deactivate-account", "cy@example.com")
    assert "Nobody has an account" in operator.refused("deactivate-account", "nobody@example.com")
    with reading(engine) as session:
        ada = session.scalars(select(models.Account).where(models.Account.name == "Ada")).one()
        assert not ada.active


def test_auditors_hear_of_it_by_the_next_tick(operator: Operator, engine: Engine, home: Path) -> None:
    """The command that does what is due mails the head of the log as well, once."""
    with writing(engine) as session:
        keeping.make(session, "ann@example.com", Facts("Ann", "auditor", "en"), now())
        audit_log.write(session, now(), None, "wave published", wave="2026-Q4")
    assert "Letters to auditors with the head of the log: 1." in operator.done("tick")
    assert "Letters to auditors" not in operator.done("tick")
    assert len(list((home / "letters").glob("*.eml"))) == 1
