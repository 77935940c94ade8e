"""What is kept of second steps: in a backup, after a restore, and after the command that resets them."""

from pathlib import Path
from typing import Final

import pyotp
import pytest
from sqlalchemy import Engine, func, select

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import Account, RecoveryCode, WayIn
from survey.services import audit_log
from survey.services.accounts import authenticator, second_step, sign_ins, ways_in
from survey.services.accounts.accounts import known, value
from tests import cast
from tests.cast import NOW
from tests.journeys.test_setting_up import Operator
from tests.services.installations import back_up, empty

SECRET: Final = bytes(range(32))
ADA: Final = "ada@example.com"


@pytest.fixture
def phone(engine: Engine) -> pyotp.TOTP:
    """Give Ada's app, set up in the cast's company, where a letter to her is on its way as well."""
    with writing(engine) as session:
        cast.load(session)
        ada = value(session, known(session, ADA))
        offered = authenticator.enrol(ada, "Lighthouse Trading", SECRET, NOW)
        made = pyotp.TOTP(offered.secret)
        authenticator.confirm(session, ada.id, offered.sealed, made.at(int(NOW.timestamp())), SECRET, NOW)
        ways_in.keep(session, ada.id, ways_in.new_code(), NOW)
        sign_ins.let_in(session, ada.id, NOW, second_step=True)
    return made


def test_a_backup_holds_nothing_that_lets_somebody_in(
    engine: Engine, home: Path, tmp_path: Path, phone: pyotp.TOTP
) -> None:
    """No recovery code and no letter comes back, and the app's key only encrypted: with a new secret it says so."""
    back_up(engine, home)
    with empty("sqlite", tmp_path) as restored:
        restored.restore(home.parent / "all.backup")
        assert phone.secret.encode() not in (home.parent / "all.backup").read_bytes()
        with reading(restored.engine) as session:
            for table in (RecoveryCode, WayIn):
                assert session.scalar(select(func.count()).select_from(table)) == 0
            assert second_step.of(session, known(session, ADA).id).authenticator
        with writing(restored.engine) as session, pytest.raises(Refused, match="survey reset-second-step EMAIL"):
            authenticator.check(session, known(session, ADA).id, "123456", bytes(32), NOW)


@pytest.mark.usefixtures("phone")
def test_the_operator_resets_a_second_step(engine: Engine, home: Path, database_url: str) -> None:
    """After the command Ada is signed out everywhere and sets up a new one; the log names her account, not her."""
    operator = Operator(SURVEY_HOME=str(home), SURVEY_DATABASE_URL=database_url)
    assert "After the password a new one is set up." in operator.done("reset-second-step", ADA)
    assert "Nobody has an account" in operator.refused("reset-second-step", "nobody@example.com")
    with reading(engine) as session:
        ada = known(session, ADA)
        assert ada.totp_secret is None
        assert sign_ins.elsewhere(session, ada.id, "", NOW) == ()
        entry = audit_log.find(session, "second step reset", account=str(ada.id))
        assert entry is not None
        assert entry.account_id is None
        assert session.scalars(select(Account.name).where(Account.id == ada.id)).one() not in str(entry.facts)
