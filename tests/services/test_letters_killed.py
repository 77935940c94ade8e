"""Letters survive what kills processes: the mail server's, and the one that sends."""

import datetime as dt
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from survey.database import reading, writing
from survey.models import Invitation
from survey.services.invitations import invitations, issue_key
from survey.services.waves import extension
from tests import cast
from tests.services import rounds
from tests.services.mail_process import ROOT, free_port, kept, running, wait_for
from tests.services.posting import code_in, outbox
from tests.services.rounds import WAVE

SENDER = """
import datetime as dt, sys
from pathlib import Path
from survey.database import engine
from survey.services.invitations import announcing, invitations, reminders
from tests import cast
from tests.services.posting import outbox
from tests.services.rounds import WAVE
what, url, home, port = sys.argv[1:]
run = {
    "letters": invitations.send_letters, "reminders": reminders.send_reminders, "extension": announcing.announce
}[what]
run(engine(url), WAVE, outbox(Path(home), int(port)), cast.NOW + dt.timedelta(0 if what == "letters" else 3))
"""
SOME = 8
"""Letters, after which a process is killed."""
EVERYBODY = sorted(member.email for member in cast.MEMBERS)


@contextmanager
def sender(what: str, environment: dict[str, str], home: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a sender as a process of its own."""
    arguments = [sys.executable, "-c", SENDER, what, environment["SURVEY_DATABASE_URL"], str(home), str(port)]
    with subprocess.Popen(arguments, cwd=ROOT) as process:  # noqa: S603 - our own program
        yield process


def one_letter_each(folder: Path) -> None:
    """Check that everybody has one letter: a copy that came twice has the same Message-ID, and there is one at most."""
    letters = kept(folder)
    ids = {(str(letter["To"]), str(letter["Message-ID"])) for letter in letters}
    assert sorted(reader for reader, _ in ids) == EVERYBODY
    assert len(letters) <= len(ids) + 1


def codes_in(folder: Path) -> dict[str, set[str]]:
    """Return the codes that letters carry, by reader."""
    found: dict[str, set[str]] = {}
    for letter in kept(folder):
        found.setdefault(str(letter["To"]), set()).add(code_in(letter))
    return found


def noted(engine: Engine) -> int:
    """Return how many letters the database knows to have gone out."""
    with reading(engine) as session:
        return session.scalar(select(func.count()).where(Invitation.sent_on.is_not(None))) or 0


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """Give the folder that mail servers fill."""
    return tmp_path / "box"


def test_a_mail_server_that_is_killed_half_way_and_comes_back(
    engine: Engine, home: Path, environment: dict[str, str], box: Path
) -> None:
    """The run stops, the next one goes on when the server is back: everybody has one letter, with her own code."""
    codes, port = rounds.open_cast(engine, home), free_port()
    with running(box, port) as server, sender("letters", environment, home, port) as run:
        wait_for(box, SOME)
        server.send_signal(signal.SIGKILL)
        assert run.wait() == 0
    assert SOME - 1 <= noted(engine) < len(EVERYBODY)
    assert issue_key.exists(home, WAVE)
    with running(box, port):
        assert invitations.send_letters(engine, WAVE, outbox(home, port), cast.NOW).left == 0
    one_letter_each(box)
    assert codes_in(box) == {member.email: {codes[member.name]} for member in cast.MEMBERS}
    assert not issue_key.exists(home, WAVE)


def test_a_sender_that_is_killed_half_way_sends_nobody_another_code(
    engine: Engine, home: Path, environment: dict[str, str], box: Path
) -> None:
    """After kill -9, twice, the rest gets its letters with the same codes; the one in flight is known as the same."""
    codes, port = rounds.open_cast(engine, home), free_port()
    with running(box, port):
        for letters in (SOME, 2 * SOME):
            with sender("letters", environment, home, port) as run:
                wait_for(box, letters)
                run.send_signal(signal.SIGKILL)
        assert len(EVERYBODY) > noted(engine) >= len(kept(box)) - 2
        assert invitations.send_letters(engine, WAVE, outbox(home, port), cast.NOW).left == 0
    copies = Counter(str(letter["Message-ID"]) for letter in kept(box))
    assert len(copies) == len(EVERYBODY)
    assert copies.total() <= len(EVERYBODY) + 2  # a kill, a letter in flight
    assert codes_in(box) == {member.email: {codes[member.name]} for member in cast.MEMBERS}


@pytest.mark.parametrize("what", ["reminders", "extension"])
def test_replies_survive_a_kill_as_well(
    engine: Engine, home: Path, environment: dict[str, str], box: Path, what: str
) -> None:
    """After kill -9 the rest is reminded, or told of a later end; whoever had got that letter gets no other one."""
    rounds.open_cast(engine, home)
    letters, port = box.parent / "letters", free_port()
    with running(letters, port):
        invitations.send_letters(engine, WAVE, outbox(home, port), cast.NOW)
    with writing(engine) as session:
        extension.extend(session, WAVE, rounds.CLOSES + dt.timedelta(1), cast.NOW)
    with running(box, port):
        with sender(what, environment, home, port) as run:
            wait_for(box, SOME)
            run.send_signal(signal.SIGKILL)
        with sender(what, environment, home, port) as run:
            assert run.wait() == 0
    one_letter_each(box)
