"""How letters leave, as a form: on the page of the company and in the first run."""

from collections.abc import Iterable
from typing import Final

from flask import request

from survey.forms.company import ENCRYPTIONS, WAYS, MailForm
from survey.i18n import Refused, Sentence
from survey.services import audit_log, mail_server, mail_trial
from survey.services.mail_server import Mail, MailServer
from survey.services.mail_trial import TrialFailed
from survey.services.waves.surroundings import TRIED
from survey.web.access import me
from survey.web.clock import now
from survey.web.database import db, done
from survey.web.frame import company, company_name
from survey.web.language import language, say
from survey.web.site import settings

KEPT: Final = Sentence("The mail settings are kept.")


def mail() -> Mail:
    """Return how letters leave now."""
    return mail_server.mail(db(), settings())


def undecided() -> bool:
    """Tell whether nobody has said how letters leave; in the demo nobody has to."""
    found = company()
    return not mail().decided and not (found and found.demo)


def filled(found: Mail) -> MailForm:
    """Return the form as it was kept, without the password; new ones start with what most providers offer."""
    server = found.server
    form = MailForm(
        data={
            "way": "server" if server or not found.decided else "files",
            "host": server.host if server else "",
            "port": server.port if server else 587,
            "encryption": server.encryption if server else "starttls",
            "user": server.user if server else "",
            "sender": server.sender if server else me().email,
        }
    )
    return spoken(form)


def spoken(form: MailForm) -> MailForm:
    """Say the choices of the form in the reader's language."""
    form.encryption.choices, form.way.choices = said(ENCRYPTIONS), said(WAYS)
    return form


def said(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Say choices in the reader's language."""
    return [(value, say(label)) for value, label in choices]


def keep_and_try(form: MailForm) -> Sentence:
    """Keep what was typed, for every letter from now on, and send a test letter where that button was pressed.

    Raises:
        Refused: it cannot be kept.
        TrialFailed: it is kept, and the test letter was not taken.
    """
    if form.way.data == "files":
        mail_server.keep_as_files(db(), settings(), now(), me().id)
    else:
        mail_server.set_server(db(), settings(), _server(form, mail().server), now(), me().id)
    return attempt() if request.form.get("try") else KEPT


def attempt() -> Sentence:
    """Send a test letter to whoever is signed in, by what is kept.

    Raises:
        TrialFailed: it was not taken, and why.
    """
    to, called, spoken_in = me().email, company_name(), language()
    post, files = mail_server.post(db(), settings()), mail().server is None
    done()  # a mail server takes its time, in which others must be able to write
    mail_trial.send_trial(post, to, called, spoken_in, now())
    audit_log.write(db(), now(), me().id, TRIED)
    return mail_trial.FILED.fill(folder=settings().letters) if files else mail_trial.SENT.fill(email=to)


def details(refused: Refused) -> Sentence | None:
    """Return what the server said, beside the advice."""
    return refused.said if isinstance(refused, TrialFailed) else None


def _server(form: MailForm, kept: MailServer | None) -> MailServer:
    """Return the server that was typed. An empty password is the one that was kept, but only for the same account."""
    typed = MailServer(
        host=(form.host.data or "").strip().lower(),
        port=form.port.data or 0,
        encryption=form.encryption.data,
        user=(form.user.data or "").strip(),
        password=form.password.data or "",
        sender=(form.sender.data or "").strip(),
    )
    return mail_server.with_kept_password(typed, kept)
