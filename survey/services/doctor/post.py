"""The way letters leave: reached and signed in to, without sending any."""

from sqlalchemy.orm import Session

from survey.i18n import Refused, Sentence
from survey.mail import LetterRefused, MailDown, Post
from survey.services import mail_server, mail_trial
from survey.services.company import company
from survey.services.doctor.check import Check, fail, ok, warn
from survey.services.waves import waves
from survey.settings import Settings, SettingsError


def look(session: Session, settings: Settings) -> tuple[Check | None, Post | None]:
    """Look how letters leave; where through a server, return the way to it, to be tried once the session is closed."""
    try:
        way, found = mail_server.post(session, settings), mail_server.mail(session, settings)
    except SettingsError as error:
        return fail("mail", Sentence(error.text, error.facts)), None
    except Refused as refused:
        return fail("mail", refused.sentence), None
    if found.server is not None:
        return None, way
    said = Sentence("Letters are kept as files in %(folder)s and reach nobody.")
    cure = Sentence("Name a mail server on the page of the company’s settings, or run: survey set-mail")
    if _made_up(session):
        return ok("mail", said, folder=settings.letters), None
    judge = fail if waves.current(session) and not found.decided else warn
    return judge("mail", said, cure, folder=settings.letters), None


def reach(way: Post) -> Check:
    """Look whether the mail server can be reached, encrypted as it should be, and takes the sign-in."""
    try:
        with way:
            return ok("mail", Sentence("The mail server can be reached, and takes the sign-in."))
    except (LetterRefused, MailDown) as error:
        return fail("mail", error.sentence, mail_trial.advice(error))


def _made_up(session: Session) -> bool:
    try:
        return company(session).demo
    except Refused:
        return False
