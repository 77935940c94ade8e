"""Points of `survey doctor` that lie outside of this machine: the database server's clock, and the certificate."""

import datetime as dt
from typing import Final

import pytest
from sqlalchemy import Engine

from survey.database import reading
from survey.services import runs
from survey.services.doctor import reached, stored
from survey.services.doctor.check import Check
from tests.services.mail_server import CERTIFICATE, Postbox, encryption, serving

HOUR: Final = dt.timedelta(hours=1)


def test_two_machines_whose_clocks_differ(engine: Engine) -> None:
    """A minute is nothing, a quarter of an hour is a fault; SQLite has no clock of its own."""
    with reading(engine) as session:
        checks = [stored.two_clocks(session, runs.clock(session) + minutes * HOUR / 60) for minutes in (-1, 1, -15, 15)]
    levels = [check.level for check in checks if check is not None]
    assert levels == ([] if engine.dialect.name == "sqlite" else ["ok", "ok", "fail", "fail"])


def test_a_certificate_is_looked_at_as_browsers_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown, soon over, good, and nobody there; without https there is none to look at."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    assert reached.certificate("http://127.0.0.1", now) is None
    with serving(Postbox(), ssl_context=encryption()) as port:
        url = f"https://127.0.0.1:{port}"
        assert "do not trust the certificate" in said(reached.certificate(url, now))
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert "is good until" in said(reached.certificate(url, now))
        assert "ends on" in said(reached.certificate(url, dt.datetime(2126, 10, 20)))
    assert "does not answer" in said(reached.certificate(url, now))


def said(check: Check | None) -> str:
    """Return a point in English; it must be sayable in Korean."""
    assert check is not None
    assert "%(" not in check.line("ko")
    return check.line("en")
