"""Signing in by password: who is let in, who only halfway, and what ends it."""

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from survey import models
from survey.database import reading, writing
from survey.i18n import Refused
from survey.services import audit_log
from survey.services.accounts import authenticator, second_step, sign_ins, signing_in
from survey.services.accounts.accounts import known
from tests import cast
from tests.cast import NOW, PASSWORD
from tests.services.second_steps import ADA, ada, after, code, demand, set_up, takes


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Give a database that holds the cast."""
    with writing(engine) as session:
        cast.load(session)
    return engine


@pytest.mark.parametrize(
    ("rule", "asked"),
    [("nobody", set[str]()), ("hr", {"Cy"}), ("everybody", {"Ada", "Bo", "Cy", "Eve"})],
)
def test_the_companys_rule_says_who_needs_a_second_step(company: Engine, rule: str, asked: set[str]) -> None:
    """Whom the rule names is only halfway in after the password, and opens nothing."""
    demand(company, rule)
    halfway = set()
    for name in cast.ACCOUNTS:
        with writing(company) as session:
            cookie = signing_in.sign_in(session, f"{name.lower()}@example.com", PASSWORD, NOW)
        with reading(company) as session:
            browser = sign_ins.browser_of(session, cookie, NOW)
            assert browser is not None
            assert (sign_ins.account_of(session, cookie, NOW) is not None) is browser.second_step
            halfway |= set() if browser.second_step else {name}
    assert halfway == asked


def test_an_auditor_is_asked_like_hr_and_everybody_before_there_is_a_company(session: Session) -> None:
    """The auditor reads the log: the rule for HR is the auditor's as well. Nothing is open by default."""
    assert second_step.demanded(session, "leader")
    cast.load(session)
    session.execute(update(models.Company).values(second_step="hr"))
    asked = [role for role in ("hr", "auditor", "leader", "observer") if second_step.demanded(session, role)]
    assert asked == ["hr", "auditor"]


def test_who_has_a_second_step_is_asked_for_it_without_any_rule(company: Engine) -> None:
    """A second step that was set up freely holds as well."""
    set_up(company)
    with writing(company) as session:
        cookie = signing_in.sign_in(session, ADA, PASSWORD, after(60))
        assert sign_ins.account_of(session, cookie, after(60)) is None


def test_the_second_step_changes_the_cookie(company: Engine) -> None:
    """The secret a browser had between the two steps opens nothing after them: nobody can plant one."""
    set_up(company)
    with writing(company) as session:
        half = signing_in.sign_in(session, ADA, PASSWORD, after(60))
        whole = sign_ins.finish(session, half, after(60))
        assert sign_ins.browser_of(session, half, after(60)) is None
        assert sign_ins.account_of(session, whole, after(60)) is not None


def test_halfway_ends_after_half_an_hour(company: Engine) -> None:
    """A browser left between the two steps is forgotten soon."""
    demand(company, "everybody")
    with writing(company) as session:
        half = signing_in.sign_in(session, ADA, PASSWORD, NOW)
        assert sign_ins.browser_of(session, half, NOW + sign_ins.HALFWAY) is None


def test_the_last_second_step_stays_where_the_rule_demands_one(company: Engine) -> None:
    """It can be replaced, not removed; without a rule it goes, and its recovery codes with it."""
    set_up(company)
    demand(company, "everybody")
    who = ada(company)
    with writing(company) as session, pytest.raises(Refused, match="only second step"):
        authenticator.remove(session, who.id, NOW)
    demand(company, "nobody")
    with writing(company) as session:
        authenticator.remove(session, who.id, NOW)
        assert second_step.of(session, who.id) == second_step.SecondStep(
            authenticator=False, passkeys=0, recovery_codes=0, demanded=False
        )


def test_a_reset_takes_everything_and_signs_out(company: Engine) -> None:
    """Whoever lost phone and paper starts anew with the password; the log says so."""
    app, codes = set_up(company)
    with writing(company) as session:
        cookie = sign_ins.finish(session, signing_in.sign_in(session, ADA, PASSWORD, after(60)), after(60))
    with writing(company) as session:
        second_step.reset(session, ADA, after(90))
    assert not takes(company, code(app, after(120)), after(120))
    assert not takes(company, codes[0], after(120))
    with reading(company) as session:
        assert sign_ins.browser_of(session, cookie, after(120)) is None
        assert session.scalar(select(func.count()).select_from(models.RecoveryCode)) == 0
        assert audit_log.find(session, "second step reset", account=str(known(session, ADA).id)) is not None


def test_a_closed_account_is_out_at_once(company: Engine) -> None:
    """An account that is no longer active opens nothing with the browser it has, and gets in no more."""
    with writing(company) as session:
        cookie = signing_in.sign_in(session, ADA, PASSWORD, NOW)
        session.execute(update(models.Account).where(models.Account.email == ADA).values(active=False))
    with writing(company) as session:
        assert sign_ins.browser_of(session, cookie, NOW) is None
        with pytest.raises(Refused) as refused:
            signing_in.sign_in(session, ADA, PASSWORD, NOW)
        assert refused.value.sentence == signing_in.WRONG


def test_an_account_without_a_password_is_answered_like_any_other(company: Engine) -> None:
    """Who was only invited, or signs in elsewhere, cannot be told from who does not exist."""
    with writing(company) as session:
        session.execute(update(models.Account).where(models.Account.email == ADA).values(password_hash=""))
    with writing(company) as session, pytest.raises(Refused) as refused:
        signing_in.sign_in(session, ADA, "", NOW)
    assert refused.value.sentence == signing_in.WRONG


def test_changing_the_password_asks_for_the_old_one(company: Engine) -> None:
    """A wrong old one is refused and counted; the right one signs out every browser."""
    who = ada(company)
    with writing(company) as session:
        cookie = signing_in.sign_in(session, ADA, PASSWORD, NOW)
    with writing(company) as session, pytest.raises(Refused, match="password you have now"):
        signing_in.change_password(session, who.id, "a wrong password", "another long river", NOW)
    with reading(company) as session:
        assert known(session, ADA).failures == 1
    with writing(company) as session:
        signing_in.change_password(session, who.id, PASSWORD, "another long river", NOW)
        assert sign_ins.browser_of(session, cookie, NOW) is None
    with writing(company) as session:
        assert signing_in.sign_in(session, ADA, "another long river", NOW)
