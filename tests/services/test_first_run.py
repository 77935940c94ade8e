"""The first account: made once, by whoever holds the set-up code; and what the company's changes leave in the log."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import Company as KeptCompany
from survey.services import audit_log, first_run, mail_server
from survey.services.accounts import accounts
from survey.services.company import Company, change_company, company
from survey.settings import Settings
from tests import cast

HOUSE = Company("등대상사", "Lighthouse Trading")


def make(session: Session, name: str) -> accounts.Account:
    """Make the first account in somebody's name."""
    return first_run.make_first_account(session, f"{name}@example.com", name, cast.PASSWORD, "en", cast.NOW)


@pytest.mark.parametrize("typed", ["", "0", "0000-0000-0000-0000", "x" * 10_000, "코드"])
def test_only_the_set_up_code_fits(typed: str) -> None:
    """Nothing else does, and another installation's code neither."""
    assert not first_run.fits(bytes(32), typed)
    assert not first_run.fits(bytes(32), first_run.code(bytes(31) + b"x"))


def test_the_code_understands_what_people_type() -> None:
    """Small letters, spaces and a missing hyphen make no difference."""
    code = first_run.code(bytes(32))
    assert all(first_run.fits(bytes(32), typed) for typed in (code, code.lower(), code.replace("-", " ")))


def test_steps_are_done_one_after_the_other(session: Session, settings: Settings) -> None:
    """What is done is read from what is there, so that no step can be forgotten or done twice."""

    def next_step(account_id: int | None = None) -> str:
        return first_run.progress(session, settings, account_id).next

    assert next_step() == "company"
    change_company(session, HOUSE, cast.NOW, None)
    assert next_step() == "account"
    made = make(session, "cy")
    assert (made.role, next_step(made.id)) == ("hr", "second_step")
    change_company(session, replace(HOUSE, second_step="nobody"), cast.NOW, made.id)
    assert next_step(made.id) == "mail"
    mail_server.keep_as_files(session, settings, cast.NOW, made.id)
    assert next_step(made.id) == "done"


def test_there_is_one_first_account(session: Session) -> None:
    """A second try, in another browser, is sent to the sign-in."""
    make(session, "cy")
    assert not first_run.is_open(session)
    with pytest.raises(Refused, match="in the meantime"):
        make(session, "eve")


def test_of_two_at_once_one_makes_it(engine: Engine) -> None:
    """Two browsers that press the button in the same moment make one account."""
    told: list[str] = []
    ready = threading.Barrier(2)

    def try_as(name: str) -> None:
        ready.wait()
        try:
            with writing(engine) as session:
                make(session, name)
            told.append("made")
        except Refused as refused:
            told.append(str(refused))

    tries = [threading.Thread(target=try_as, args=(name,)) for name in ("cy", "eve")]
    for each in tries:
        each.start()
    for each in tries:
        each.join()
    assert sorted(words[:4] for words in told) == ["Some", "made"]


def test_the_log_tells_every_change_of_the_company(session: Session) -> None:
    """What was changed stands there with its new value; a form that is sent unchanged leaves nothing."""
    change_company(session, HOUSE, cast.NOW, None)
    change_company(session, replace(HOUSE, second_step="nobody", time_zone="Europe/Berlin"), cast.NOW, 7)
    change_company(session, replace(HOUSE, second_step="nobody", time_zone="Europe/Berlin"), cast.NOW, 7)
    newest, first = [(entry.act, entry.facts, entry.account_id) for entry in audit_log.entries(session)]
    assert first == ("company named", {}, None)
    assert newest == ("company changed", {"second_step": "nobody", "time_zone": "Europe/Berlin"}, 7)


def test_a_change_keeps_what_the_form_does_not_hold(engine: Engine) -> None:
    """How this company's files name their columns survives a new name."""
    with writing(engine) as session:
        change_company(session, HOUSE, cast.NOW, None)
        session.get_one(KeptCompany, 1).roster_columns = {"Dept": "unit"}
    with writing(engine) as session:
        change_company(session, replace(HOUSE, name_en="Lighthouse"), cast.NOW, None)
    with reading(engine) as session:
        assert session.get_one(KeptCompany, 1).roster_columns == {"Dept": "unit"}
        assert company(session).name_en == "Lighthouse"
