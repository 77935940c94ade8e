"""Letters of a wave leave in a run: which kinds there are, in which words each is told, and which service sends it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from survey.database import reading
from survey.i18n import Sentence
from survey.runs.given import Given
from survey.services import mail_server
from survey.services.invitations import announcing, invitations, reminders
from survey.services.invitations.sending import Outbox, Sending
from survey.services.publication import sharing
from survey.services.runs import Outcome


@dataclass(frozen=True)
class Words:
    """How what came of sending letters is told."""

    stopped: Sentence
    refused: Sentence
    out: Sentence

    def told(self, sending: Sending) -> Outcome:
        """Say what came of it; who was refused is named by her address, so that HR can mend it."""
        facts: dict[str, object] = {"accepted": sending.accepted, "left": sending.left}
        if sending.stopped is not None:
            return "problem", self.stopped.fill(**facts, why=sending.stopped)
        if sending.refused:
            return "problem", self.refused.fill(**facts, addresses=", ".join(each.email for each in sending.refused))
        return "done", self.out.fill(**facts)


@dataclass(frozen=True)
class Letters:
    """What leaves, and in which words it is told."""

    name: str
    """Of the kind."""
    leaving: Sentence
    so_far: Sentence
    words: Words
    send: Callable[..., Sending]
    """A service."""

    def work(self, given: Given) -> Outcome:
        """Send what has not been accepted so far."""
        engine, settings = given.place.engine, given.place.settings
        with reading(engine) as session:
            outbox = Outbox(settings.keys, settings.base_url, mail_server.post(session, settings))
        sending = self.send(engine, given.about, outbox, given.place.now(), each=given.each, by=given.by)
        return self.words.told(sending)


LETTERS: Final = Letters(
    name="letters",
    leaving=Sentence("The letters are going out."),
    so_far=Sentence("%(done)s of %(total)s letters are out."),
    words=Words(
        Sentence("%(accepted)s letters were accepted, then the run stopped; %(left)s are left. %(why)s"),
        Sentence(
            "%(accepted)s letters were accepted; the mail server refused %(left)s. Mend these addresses in the roster: "
            "%(addresses)s"
        ),
        Sentence("All letters are out: %(accepted)s were accepted in this run."),
    ),
    send=invitations.send_letters,
)
REMINDERS: Final = Letters(
    name="reminders",
    leaving=Sentence("The reminders are going out."),
    so_far=Sentence("%(done)s of %(total)s reminders are out."),
    words=Words(
        Sentence("%(accepted)s reminders were accepted, then the run stopped; %(left)s are left. %(why)s"),
        Sentence("%(accepted)s reminders were accepted; the mail server refused %(left)s: %(addresses)s"),
        Sentence("All reminders are out: %(accepted)s were accepted in this run."),
    ),
    send=reminders.send_reminders,
)
ANNOUNCEMENT: Final = Letters(
    name="extension",
    leaving=Sentence("The letters about the later end are going out."),
    so_far=Sentence("%(done)s of %(total)s people know of the later end."),
    words=Words(
        Sentence("%(accepted)s letters were accepted, then the run stopped; %(left)s are left. %(why)s"),
        Sentence("%(accepted)s letters were accepted; the mail server refused %(left)s: %(addresses)s"),
        Sentence("Everybody who got a letter knows of the later end: %(accepted)s letters in this run."),
    ),
    send=announcing.announce,
)
SHARES: Final = Letters(
    name="sharing",
    leaving=Sentence("The letters are going out."),
    so_far=Sentence("%(done)s of %(total)s have been told."),
    words=Words(
        Sentence("%(accepted)s letters were accepted, then the run stopped; %(left)s are left. %(why)s"),
        Sentence(
            "%(accepted)s letters were accepted; the mail server refused %(left)s. Mend these addresses: %(addresses)s"
        ),
        Sentence("All letters are out: %(accepted)s were accepted in this run."),
    ),
    send=sharing.share,
)
