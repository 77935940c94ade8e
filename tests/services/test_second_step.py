"""The second step: an authenticator app and recovery codes, and what becomes of guesses."""

import hmac

import pyotp
import pytest
from argon2 import Type, low_level
from sqlalchemy import Engine, select

from survey import models
from survey.database import reading, writing
from survey.i18n import Refused
from survey.services import audit_log
from survey.services.accounts import authenticator, recovery_codes, second_step, signing_in
from survey.services.accounts.accounts import known
from tests import cast
from tests.cast import NOW, PASSWORD
from tests.services.second_steps import ADA, SECRET, ada, after, code, set_up, takes


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Give a database that holds the cast."""
    with writing(engine) as session:
        cast.load(session)
    return engine


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


def test_codes_are_kept_under_a_slow_hash_with_a_salt(company: Engine) -> None:
    """Another salt for each set; the secret is needed besides; a code of a set from before it was so still works."""
    _app, codes = set_up(company)
    account = ada(company).id
    with writing(company) as session:
        kept = session.scalars(select(models.RecoveryCode.hash)).all()
        assert {len(each) for each in kept} == {64}
        (salt,) = {bytes.fromhex(each)[: recovery_codes.SALT] for each in kept}
        keyed = hmac.digest(SECRET, f"survey recovery code\0{account}\0{codes[0].replace('-', '')}".encode(), "sha256")
        slow = low_level.hash_secret_raw(keyed, salt, 2, 19 * 1024, parallelism=1, hash_len=24, type=Type.ID)
        assert (salt + slow).hex() in kept
        assert not recovery_codes.take(session, account, codes[0], bytes(32))
        recovery_codes.make(session, account, SECRET)
        again = session.scalars(select(models.RecoveryCode.hash)).all()
        assert {bytes.fromhex(each)[: recovery_codes.SALT] for each in again} != {salt}
        session.add(models.RecoveryCode(hash=keyed.hex(), account_id=account))
        session.flush()
        assert [recovery_codes.take(session, account, codes[0], SECRET) for _ in range(2)] == [True, False]


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
