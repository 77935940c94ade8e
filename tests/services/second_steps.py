"""Ada and her authenticator app, in the cast's company."""

import datetime as dt
from contextlib import suppress
from typing import Final

import pyotp
from sqlalchemy import Engine, update

from survey import models
from survey.database import reading, writing
from survey.i18n import Refused
from survey.services.accounts import authenticator
from survey.services.accounts.accounts import Account, known, value
from tests.cast import NOW

SECRET: Final = bytes(range(32))
ADA: Final = "ada@example.com"


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
