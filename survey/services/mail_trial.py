"""A test letter to oneself: sent for real, and where it fails, what happened and what to do in plain words."""

import datetime as dt
import smtplib
import socket
import ssl
from typing import Final

from markupsafe import escape

from survey.i18n import Refused, Sentence
from survey.mail import NO_STARTTLS, Letter, LetterRefused, MailDown, Post

SUBJECT: Final = Sentence("Test letter of the motivation survey at %(company)s")
LINES: Final = (
    Sentence("This is a test letter of the motivation survey at %(company)s."),
    Sentence("It arrived, so invitations and reminders can leave in the same way."),
    Sentence("If it was found among spam, ask for the sender to be let through before the first wave opens."),
)

SENT: Final = Sentence("The mail server has taken a test letter to %(email)s. See whether it arrives.")
FILED: Final = Sentence("A test letter lies as a file in %(folder)s on the server.")
NOT_THIS: Final = Sentence(
    "The server can be reached, but it does not take this letter. Often the sender has to be an address of the account "
    "that signs in, or of a domain that the provider knows."
)
NO_ENCRYPTION: Final = Sentence(
    "%(host)s offers no STARTTLS on this port. Try TLS from the start with port 465, or port 587. Leave encryption out "
    "only where the way to the server lies in your own network: letters hold codes."
)
NO_SIGN_IN: Final = Sentence(
    "%(host)s lets nobody sign in over this connection. Choose encryption, or leave user and password empty where the "
    "server knows this machine by its address."
)
CAUSES: Final[tuple[tuple[type[Exception], Sentence], ...]] = (
    (
        smtplib.SMTPAuthenticationError,
        Sentence(
            "%(host)s does not take this user and password. Many providers want a password of its own for programs (an "
            "app password), and that sending by SMTP is switched on for the account."
        ),
    ),
    (
        smtplib.SMTPSenderRefused,
        Sentence("%(host)s takes no letters from this sender. Write an address that the account may send from."),
    ),
    (
        smtplib.SMTPServerDisconnected,
        Sentence(
            "%(host)s hung up before the letter was taken. Check that encryption and port %(port)s go together: 465 "
            "takes TLS from the start, 587 takes STARTTLS."
        ),
    ),
    (
        ssl.SSLCertVerificationError,
        Sentence(
            "The certificate of %(host)s does not fit its name, has run out, or was signed by nobody known. Write the "
            "name that the provider names, not an address in numbers."
        ),
    ),
    (
        ssl.SSLError,
        Sentence("%(host)s does not speak TLS from the start on port %(port)s. Choose STARTTLS, mostly on port 587."),
    ),
    (
        socket.gaierror,
        Sentence("No server is called %(host)s, or this machine cannot look names up. Check how the name is spelled."),
    ),
    (
        ConnectionRefusedError,
        Sentence(
            "On %(host)s nothing listens on port %(port)s. Check it: 587 is for STARTTLS, 465 for TLS from the start."
        ),
    ),
    (
        TimeoutError,
        Sentence(
            "%(host)s did not answer on port %(port)s. A firewall may be in between, or the port wrong; 465 takes TLS "
            "from the start."
        ),
    ),
)
OTHERWISE: Final = Sentence(
    "%(host)s cannot be used now. Compare server, port and encryption with the help page of your mail provider."
)


class TrialFailed(Refused):
    """The test letter was not taken; the sentence says what to do, and `said` what the server's side said."""

    def __init__(self, advice: Sentence, said: Sentence) -> None:
        self.said = said
        super().__init__(advice)


def send_trial(post: Post, to: str, company: str, language: str, now: dt.datetime) -> None:
    """Send a test letter; returns once the server has taken it over.

    Raises:
        TrialFailed: it was not taken.
    """
    post.in_a_hurry = True
    try:
        with post:
            post.send(trial_letter(to, company, language), now)
    except (LetterRefused, MailDown) as error:
        raise TrialFailed(advice(error), error.sentence) from error


def trial_letter(to: str, company: str, language: str) -> Letter:
    """Write the test letter."""
    lines = [line.fill(company=company).to(language) if "%(" in line.text else line.to(language) for line in LINES]
    html = "".join(f"<p>{escape(line)}</p>" for line in lines)
    page = f'<!doctype html><html lang="{language}"><meta charset="utf-8"><body>{html}</body></html>'
    return Letter(to, SUBJECT.fill(company=company).to(language), "\n\n".join(lines) + "\n", page)


def advice(error: LetterRefused | MailDown) -> Sentence:
    """Return what to do about a letter that could not be sent."""
    if isinstance(error, LetterRefused):
        return NOT_THIS
    cause, facts = error.__cause__, error.sentence.facts
    if "host" not in facts:
        return error.sentence  # it was to be kept as a file
    if isinstance(cause, smtplib.SMTPNotSupportedError):
        return (NO_ENCRYPTION if str(cause) == NO_STARTTLS else NO_SIGN_IN).fill(host=facts["host"])
    if cause is not None and isinstance(cause.__context__, TimeoutError):
        cause = cause.__context__  # smtplib calls a server that says nothing a lost connection
    found = next((sentence for kind, sentence in CAUSES if isinstance(cause, kind)), OTHERWISE)
    return found.fill(**{name: facts.get(name, "") for name in ("host", "port") if f"%({name})s" in found.text})
