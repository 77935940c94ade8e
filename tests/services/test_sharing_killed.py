"""Results are told once, whatever kills the process that tells them."""

import datetime as dt
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Engine, select

from survey.database import reading, writing
from survey.models import AuditEntry, Grant, Share
from survey.services import audit_log
from survey.services.accounts.accounts import create_account
from survey.services.publication import publication, sharing
from tests import cast
from tests.services import rounds
from tests.services.mail_process import ROOT, free_port, kept, running, wait_for
from tests.services.posting import outbox
from tests.services.rounds import WAVE

LATER: Final = rounds.OVER + dt.timedelta(days=1)
SENDER: Final = """
import sys
from pathlib import Path
from survey.database import engine
from survey.services.publication import sharing
from tests.services.posting import outbox
from tests.services.rounds import WAVE
from tests.services.test_sharing_killed import LATER
url, home, port = sys.argv[1:]
sharing.share(engine(url), WAVE, outbox(Path(home), int(port)), LATER)
"""
OBSERVERS: Final = tuple(f"o{number}@example.com" for number in range(12))
EVERYBODY: Final = sorted((cast.ADA.email, cast.BO.email, *OBSERVERS))
SOME: Final = 4
"""Letters, after which the process is killed."""


@pytest.fixture
def published(engine: Engine, home: Path) -> Engine:
    """Give published results, with two leaders and a dozen observers who may see some of them."""
    for code in rounds.open_cast(engine, home).values():
        rounds.answer(engine, rounds.sent(code))
    rounds.close(engine)
    with writing(engine) as session:
        publication.publish(session, WAVE, LATER)
        for email in OBSERVERS:
            made = create_account(session, email, email, "observer", None, "en")
            session.add(Grant(account_id=made.id, unit_code="CO"))
    return engine


def told(engine: Engine) -> tuple[list[str], list[str]]:
    """Return whom the table of those who were told has, and whom the log has: each an account's id."""
    with reading(engine) as session:
        shares = sorted(map(str, session.scalars(select(Share.account_id))))
        logged = session.scalars(select(AuditEntry).where(AuditEntry.act == sharing.SHARED))
        return shares, sorted(entry.facts["account"] for entry in logged)


def test_a_run_that_is_killed_twice_tells_everybody_and_the_log_knows_whom(
    published: Engine, home: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """After kill -9 the rest is told; the one in flight may get the same letter again; the log has each one noted."""
    box, port = tmp_path / "box", free_port()
    arguments = [sys.executable, "-c", SENDER, environment["SURVEY_DATABASE_URL"], str(home), str(port)]
    with running(box, port):
        for letters in (SOME, 2 * SOME):
            with subprocess.Popen(arguments, cwd=ROOT) as run:  # noqa: S603 - our own program
                wait_for(box, letters)
                run.send_signal(signal.SIGKILL)
            shares, logged = told(published)
            assert shares == logged
            assert len(EVERYBODY) > len(shares) >= letters - 2
        assert sharing.share(published, WAVE, outbox(home, port), LATER).left == 0
    copies = Counter((str(letter["To"]), str(letter["Message-ID"])) for letter in kept(box))
    assert sorted(reader for reader, _ in copies) == EVERYBODY
    assert copies.total() <= len(EVERYBODY) + 2  # a kill, a letter in flight
    shares, logged = told(published)
    assert shares == logged
    assert len(set(shares)) == len(shares) == len(EVERYBODY)
    with reading(published) as session:
        assert audit_log.verify(session).whole
