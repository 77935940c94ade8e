"""The second step: an authenticator app and recovery codes, and what becomes of guesses."""

import datetime as dt
from contextlib import suppress
from typing import Final

import pyotp
import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from survey import models
from survey.database import reading, writing
from survey.i18n import Refused
from survey.services import audit_log
from survey.services.accounts import authenticator, recovery_codes, second_step, sign_ins, signing_in
from survey.services.accounts.accounts import Account, known, value
from tests import cast
from tests.cast import NOW, PASSWORD

SECRET: Final = bytes(range(32))
ADA: Final = "ada@example.com"


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Give a database that holds the cast."""
    with writing(engine) as session:
        cast.load(session)
    return engine


def after(seconds: float) -> dt.datetime:
    """Return a moment so many seconds after the first."""
    return NOW + dt.timedelta(seconds=seconds)


def ada(company: Engine) -> Account:
    """Return Ada's account."""
    with reading(company) as session:
        return value(session, known(session, ADA))


def set_up(company: Engine, at: dt.datetime = NOW) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """Set Ada's app up; return it, and her recovery codes."""
    who = ada(company)
    offered = authenticator.enrol(who, "Lighthouse Trading", SECRET, at)
    app = pyotp.parse_uri(offered.uri)
    assert isinstance(app, pyotp.TOTP)
    with writing(company) as session:
        return app, authenticator.confirm(session, who.id, offered.sealed, code(app, at), SECRET, at)


def code(app: pyotp.TOTP, at: dt.datetime) -> str:
    """Return what the app shows at a moment."""
    return app.at(at.replace(tzinfo=dt.UTC))


def takes(company: Engine, typed: str, at: dt.datetime, secret: bytes = SECRET) -> bool:
    """Tell whether Ada's second step is taken with what was typed; a refusal undoes its request, as on the web."""
    with suppress(Refused), writing(company) as session:
        authenticator.check(session, known(session, ADA).id, typed, secret, at)
        return True
    return False


def demand(company: Engine, rule: str) -> None:
    """Let the company ask for second steps."""
    with writing(company) as session:
        session.execute(update(models.Company).values(second_step=rule))


def test_an_app_is_kept_once_it_has_shown_a_code(company: Engine) -> None:
    """Before the first right code nothing is kept; then ten recovery codes are shown, and the app opens the door."""
    who = ada(company)
    offered = authenticator.enrol(who, "등대상사", SECRET, NOW)
    with writing(company) as session, pytest.raises(Refused, match="does not fit"):
        authenticator.confirm(session, who.id, offered.sealed, "000000", SECRET, NOW)
    with reading(company) as session:
        assert not second_step.of(session, who.id).ready
    app, codes = set_up(company)
    assert (len(codes), len(set(codes)), {len(each) for each in codes}) == (10, 10, {14})
    assert takes(company, code(app, after(30)), after(30))


def test_each_code_opens_once(company: Engine) -> None:
    """A code that somebody looked at over a shoulder, the one of the set-up included, is used up."""
    app, _ = set_up(company)
    assert not takes(company, code(app, NOW), NOW)
    assert takes(company, code(app, after(60)), after(60))
    assert not takes(company, code(app, after(60)), after(61))
    assert not takes(company, code(app, after(30)), after(61)), "an older one is used up as well"


@pytest.mark.parametrize(("drift", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(company: Engine, drift: int, taken: bool) -> None:  # noqa: FBT001 - a parameter
    """The code of the half minute before and after is taken, no other."""
    app, _ = set_up(company)
    assert takes(company, code(app, after(300 + drift)), after(300)) is taken


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "٠٠٠٠٠٠", "x" * 5000, "000 000 000 000 000"])
def test_what_is_no_code_is_refused(company: Engine, typed: str) -> None:
    """Nothing but six digits, or a recovery code, is looked at."""
    set_up(company)
    assert not takes(company, typed, after(60))


def test_guessing_is_braked_like_guessing_a_password(company: Engine) -> None:
    """Wrong codes make the next one wait, up to fifteen minutes; meanwhile the right one is refused as well."""
    app, _ = set_up(company)
    for _ in range(3):
        assert not takes(company, "000000", after(60))
    assert not takes(company, code(app, after(60)), after(60))
    assert takes(company, code(app, after(61)), after(61))


def test_the_right_password_does_not_end_the_brake(company: Engine) -> None:
    """Whoever knows the password cannot begin afresh by typing it between two guesses."""
    set_up(company)
    waits, at = [], after(60)
    for _ in range(5):
        with writing(company) as session:
            signing_in.sign_in(session, ADA, PASSWORD, at)
        takes(company, "000000", at)
        with reading(company) as session:
            until = known(session, ADA).locked_until
        waits.append((until - at).total_seconds() if until else 0)
        at = until or at
    assert waits == [0, 0, 1, 2, 4]


def test_refused_steps_are_in_the_log(company: Engine) -> None:
    """HR sees that somebody with the right password guesses codes; the code itself is not written down."""
    set_up(company)
    takes(company, "000000", after(60))
    with reading(company) as session:
        entry = audit_log.entries(session, 1)[0]
        assert (entry.act, entry.account_id) == ("second step refused", known(session, ADA).id)
        assert "000000" not in str(entry.facts)


def test_a_recovery_code_works_once(company: Engine) -> None:
    """Typed in any way, each of the ten opens once, and only its keyed hash is kept."""
    _, codes = set_up(company)
    assert takes(company, codes[3].lower().replace("-", " "), after(60))
    assert not takes(company, codes[3], after(60))
    assert takes(company, codes[4], after(60))
    with reading(company) as session:
        kept = session.scalars(select(models.RecoveryCode.hash)).all()
        assert (len(kept), second_step.of(session, known(session, ADA).id).recovery_codes) == (8, 8)
        assert not any(each.replace("-", "") in " ".join(kept) for each in codes)


def test_recovery_codes_are_one_accounts_own(company: Engine) -> None:
    """Ada's code opens nothing for Bo."""
    _, codes = set_up(company)
    with writing(company) as session:
        assert not recovery_codes.take(session, known(session, "bo@example.com").id, codes[0], SECRET)
        assert recovery_codes.take(session, known(session, ADA).id, codes[0], SECRET)


def test_new_recovery_codes_end_the_old_ones(company: Engine) -> None:
    """Whoever found the old sheet of paper has nothing."""
    _, old = set_up(company)
    with writing(company) as session:
        new = recovery_codes.make(session, known(session, ADA).id, SECRET)
    assert not takes(company, old[0], after(60))
    assert takes(company, new[0], after(60))


def test_what_is_offered_belongs_to_one_account_and_half_an_hour(company: Engine) -> None:
    """A page that was made for Ada sets nothing up for Bo, an old or changed one nothing for Ada."""
    who = ada(company)
    offered = authenticator.enrol(who, "Lighthouse Trading", SECRET, NOW)
    app = pyotp.TOTP(offered.secret)
    late = NOW + authenticator.SET_UP
    tries = [
        (who.id + 1, offered.sealed, NOW),
        (who.id, offered.sealed, late),
        (who.id, offered.sealed[:-4] + "AAAA", NOW),
        (who.id, "", NOW),
        (who.id, "가", NOW),
    ]
    for account_id, sealed, at in tries:
        with writing(company) as session, pytest.raises(Refused, match="open for too long"):
            authenticator.confirm(session, account_id, sealed, code(app, at), SECRET, at)


def test_a_wrong_code_does_not_change_the_picture(company: Engine) -> None:
    """After a slip of the finger the same secret is offered again; after half an hour a new one."""
    who = ada(company)
    offered = authenticator.enrol(who, "Lighthouse Trading", SECRET, NOW)
    same = authenticator.again(who, "Lighthouse Trading", SECRET, offered.sealed, after(60))
    other = authenticator.again(who, "Lighthouse Trading", SECRET, offered.sealed, NOW + authenticator.SET_UP)
    assert (same.uri, other.uri == offered.uri) == (offered.uri, False)
    assert offered.groups.replace(" ", "") == offered.secret
    assert offered.secret not in repr(offered)


def test_the_database_alone_tells_no_secret(company: Engine) -> None:
    """What is kept of the app is encrypted with the installation's secret; with another one it cannot be read."""
    app, _ = set_up(company)
    with reading(company) as session:
        kept = known(session, ADA).totp_secret or b""
    assert app.secret.encode() not in kept
    with writing(company) as session, pytest.raises(Refused, match="survey reset-second-step"):
        authenticator.check(session, known(session, ADA).id, code(app, after(60)), bytes(32), after(60))


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
