"""Nights of a mail server: wrong certificate, gone, slow, moody; then everybody has one letter, with her own code."""

import datetime as dt
from asyncio import WriteTransport
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Engine

from survey.mail import SmtpPost
from survey.services import mail_trial
from survey.services.invitations import invitations, issue_key
from survey.services.invitations.sending import Sending
from survey.smtp import TAKING, TIMEOUT
from tests import cast
from tests.services import rounds
from tests.services.mail_server import CERTIFICATE, Postbox, encryption, serving
from tests.services.posting import code_in, outbox
from tests.services.rounds import WAVE

ALL: Final = len(cast.MEMBERS)
HOUR: Final = dt.timedelta(hours=1)
FEW: Final = 5


class Moody(Postbox):
    """A mail server that hangs up after so many letters, and notes how long whoever sends them waits for it."""

    def __init__(self, farewell: str = "421 4.7.0 enough") -> None:
        super().__init__()
        self.farewell = farewell
        """What it says before it hangs up; nothing where it just does."""
        self.at_once = ALL
        """Letters that it takes on one connection."""
        self.unsaid: int | None = None
        """Takes this letter, counted from one, and hangs up instead of saying so."""
        self.client: SmtpPost | None = None
        self.waits: list[float | None] = []
        self.taken = Counter[object]()
        """Letters of each connection."""

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Begin a letter, or hang up."""
        if self.taken[session.peer] >= self.at_once:
            if not self.farewell:
                hang_up(server)
            return self.farewell or "250 nobody hears this"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a letter, in the order in which they come."""
        server_of = vars(self.client)["_server"] if self.client else None
        self.waits.append(server_of.sock.gettimeout() if server_of else None)
        said = await super().handle_DATA(server, session, envelope)
        self.taken[session.peer] += 1
        if len(self.messages) == self.unsaid:
            hang_up(server)
        return said


def hang_up(server: SMTP) -> None:
    """End a connection without a word."""
    assert isinstance(server.transport, WriteTransport)
    server.transport.abort()


@pytest.fixture
def codes(engine: Engine, home: Path) -> dict[str, str]:
    """Open the cast's wave; give the codes that only its key can make, by address."""
    made = rounds.open_cast(engine, home)
    return {member.email: made[member.name] for member in cast.MEMBERS}


@pytest.fixture
def untrusted() -> Iterator[int]:
    """Give the port of a server whose certificate nobody knows."""
    with serving(Postbox(), tls_context=encryption(), require_starttls=True) as port:
        yield port


def send(engine: Engine, home: Path, port: int, hours: int = 0, *, encrypted: bool = False) -> Sending:
    """Send what waits through the server on a port."""
    way = outbox(home, port)
    assert isinstance(way.post, SmtpPost)
    way.post.plain = not encrypted
    return invitations.send_letters(engine, WAVE, way, cast.NOW + hours * HOUR)


def one_each(box: Postbox, codes: dict[str, str]) -> None:
    """Check that everybody has one letter, with the code that is hers."""
    assert sorted((str(letter["To"]), code_in(letter)) for letter in box.messages) == sorted(codes.items())


def test_whatever_the_night_everybody_has_one_letter_in_the_morning(
    engine: Engine, home: Path, codes: dict[str, str], untrusted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong certificate, nobody there, some refused for now and some for good: each run says who waits, and why."""
    told = send(engine, home, untrusted, encrypted=True)
    assert (told.accepted, told.left, "certificate verify failed" in str(told.stopped)) == (0, ALL, True)
    told = send(engine, home, 1)
    assert (told.accepted, told.left, "cannot be used now" in str(told.stopped)) == (0, ALL, True)
    box = Moody()
    box.refuses = {"ada@example.com": "451 4.7.1 greylisted, try again", "bo@example.com": "550 no such user"}
    box.answers = {"di@example.com": "554 looks like spam"}
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with serving(box, tls_context=encryption(), require_starttls=True) as port:
        told = send(engine, home, port, 1, encrypted=True)
        assert (told.accepted, told.left, told.stopped) == (ALL - 3, 3, None)
        assert {each.email: str(each.reason)[:28] for each in told.refused} == dict.fromkeys(
            ("ada@example.com", "bo@example.com", "di@example.com"), "The mail server answered 451"
        ) | {"bo@example.com": "The mail server answered 550", "di@example.com": "The mail server answered 554"}
        box.refuses, box.answers = {}, {}
        assert issue_key.exists(home, WAVE)
        assert send(engine, home, port, 2, encrypted=True) == Sending(3, (), None, 0)
    one_each(box, codes)
    assert not issue_key.exists(home, WAVE)


@pytest.mark.parametrize("farewell", ["421 4.7.0 too many letters on one connection", ""])
def test_a_server_that_hangs_up_between_letters_is_called_again(
    engine: Engine, home: Path, codes: dict[str, str], farewell: str
) -> None:
    """Many take a hundred letters on one connection: the run goes on with the next, within its 48 hours."""
    box = Moody(farewell)
    box.at_once = FEW
    with serving(box) as port:
        assert send(engine, home, port) == Sending(ALL, (), None, 0)
    one_each(box, codes)
    assert sorted(count for count in box.taken.values() if count) == [ALL % FEW, *[FEW] * (ALL // FEW)]


def test_a_server_that_takes_nothing_is_called_twice_and_no_more(
    engine: Engine, home: Path, codes: dict[str, str]
) -> None:
    """Where a new connection takes no letter either the run stops, and says so."""
    box = Moody()
    with serving(box) as port:
        box.at_once = 0
        told = send(engine, home, port)
    assert (told.accepted, told.left, "421" in str(told.stopped)) == (0, len(codes), True)


def test_a_letter_that_was_taken_without_a_word_stops_the_run(
    engine: Engine, home: Path, codes: dict[str, str]
) -> None:
    """Nobody can tell whether it went: the run says that it stopped, and a copy has the same code and Message-ID."""
    box = Moody()
    box.unsaid = FEW
    with serving(box) as port:
        told = send(engine, home, port)
        assert (told.accepted, told.left, told.stopped is None) == (FEW - 1, ALL - FEW + 1, False)
        assert send(engine, home, port, 1).left == 0
    first, copy = (box.messages[place] for place in (FEW - 1, FEW))
    assert [str(copy[name]) for name in ("To", "Message-ID")] == [str(first[name]) for name in ("To", "Message-ID")]
    del box.messages[FEW]
    one_each(box, codes)


def test_a_slow_server_has_the_time_that_it_may_take(engine: Engine, home: Path, codes: dict[str, str]) -> None:
    """While it looks a letter through nobody gives it up and sends another one: it may take ten minutes (RFC 5321)."""
    box = Moody()
    with serving(box) as port:
        way = outbox(home, port)
        assert isinstance(way.post, SmtpPost)
        box.client = way.post
        assert invitations.send_letters(engine, WAVE, way, cast.NOW).left == 0
        mail_trial.send_trial(way.post, "cy@example.com", "Lighthouse", "en", cast.NOW)
    assert box.waits == [TAKING] * len(codes) + [TIMEOUT]  # somebody waits for the second at a page
