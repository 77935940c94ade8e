"""The cast's open wave with the tests' mail server: the way out, and what arrived."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Final, Self

import pytest
from sqlalchemy import Engine, update

from survey.database import writing
from survey.i18n import Refused
from survey.mail import FilePost, Letter, Post, post_for
from survey.models import Person
from survey.services.invitations.codes import read
from survey.services.invitations.sending import Outbox
from survey.settings import Settings
from tests.services import rounds
from tests.services.mail_server import Postbox, serving

BASE: Final = "https://survey.example.com"


def outbox(home: Path, port: int) -> Outbox:
    """Return a new connection to the server on a port of the loopback."""
    settings = {"SURVEY_MAIL_URL": f"smtp://127.0.0.1:{port}", "SURVEY_MAIL_FROM": "hr@example.com"}
    return Outbox(home, BASE, post_for(Settings.from_environment(settings)))


class House:
    """An installation with the cast's open wave and a real mail server."""

    def __init__(self, engine: Engine, home: Path, box: Postbox, port: int) -> None:
        self.engine, self.home, self.box, self.port = engine, home, box, port
        self.codes = rounds.open_cast(engine, home)

    @classmethod
    @contextmanager
    def receiving(cls, engine: Engine, home: Path) -> Iterator[Self]:
        """Run the mail server for as long as the house stands."""
        box = Postbox()
        with serving(box) as port:
            yield cls(engine, home, box, port)

    def outbox(self, post: Post | None = None) -> Outbox:
        """Return the way out: a new connection to the server, or another post."""
        return Outbox(self.home, BASE, post) if post else outbox(self.home, self.port)

    def without_email(self, *names: str) -> None:
        """Take people's addresses away."""
        with writing(self.engine) as session:
            session.execute(update(Person).where(Person.name.in_(names)).values(email=None))


class Second(FilePost):
    """While one run sends its first letter, another one is started and must be refused."""

    def __init__(self, home: Path, other: Callable[[], object]) -> None:
        super().__init__(home / "letters", "hr@example.com")
        self.other = other
        self.answers: list[str] = []

    def send(self, letter: Letter, now: dt.datetime) -> None:
        """Start the other run once, and keep the letter."""
        if not self.answers:
            with pytest.raises(Refused) as caught:
                self.other()
            self.answers.append(str(caught.value))
        super().send(letter, now)


def body(message: EmailMessage, kind: str) -> str:
    """Return the plain or the HTML part of a letter."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def plain(message: EmailMessage) -> str:
    """Return the plain text of a letter."""
    return body(message, "plain")


def code_in(message: EmailMessage) -> str:
    """Return the code that a letter's one link carries."""
    (written,) = re.findall(re.escape(BASE) + r"/s#([0-9A-Z-]{19})\b", plain(message))
    code: str = written.replace("-", "")
    assert read(written) == code
    return code
