"""How letters leave, for automation and for trying it out: the same as on the company's page."""

import click

from survey.cli import context
from survey.i18n import Refused, Sentence
from survey.services import mail_server, mail_trial
from survey.services.company import company
from survey.services.mail_server import ENCRYPTIONS, Encryption, MailServer
from survey.services.mail_trial import TrialFailed


@click.command("set-mail")
@click.option("--server", help="Name of the mail server.")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: 465 for implicit, else 587.")
@click.option("--encryption", type=click.Choice(ENCRYPTIONS), default="starttls", show_default=True)
@click.option("--user", default="", help="Empty where the server asks for none.")
@click.option(
    "--password",
    envvar="SURVEY_MAIL_PASSWORD",
    help="Asked for where there is a user; SURVEY_MAIL_PASSWORD keeps it out of the process list.",
)
@click.option("--sender", help="Sender of all letters (default: the user, where that is an address).")
@click.option("--files", is_flag=True, help="Keep letters as files instead.")
def set_mail(  # noqa: PLR0913 - an option a parameter
    *,
    server: str | None,
    port: int | None,
    encryption: Encryption,
    user: str,
    password: str | None,
    sender: str | None,
    files: bool,
) -> None:
    """Keep through which mail server letters leave, encrypted; try it with `survey test-mail`."""
    settings = context.settings()
    if bool(server) == files:
        raise Refused("Give either --server, or --files.")
    if user and password is None:
        password = click.prompt("Password", hide_input=True)
    port = port or (465 if encryption == "implicit" else 587)
    with context.writing() as session:
        if server:
            named = MailServer(server.strip().lower(), port, encryption, user, password or "", sender or user)
            mail_server.set_server(session, settings, named, context.now(), None)
        else:
            mail_server.keep_as_files(session, settings, context.now(), None)
    context.say(Sentence("The mail settings are kept."))


@click.command("test-mail")
@click.argument("email")
def test_mail(email: str) -> None:
    """Send a test letter to EMAIL the way all letters leave; where that fails, say what to do."""
    settings, language = context.settings(), context.language()
    with context.reading() as session:
        post, name = mail_server.post(session, settings), company(session).name(language)
        files = mail_server.mail(session, settings).server is None
    try:
        mail_trial.send_trial(post, email, name, language, context.now())
    except TrialFailed as failed:
        context.say(failed.said)
        raise
    if files:
        context.say(mail_trial.FILED.fill(folder=settings.letters))
    else:
        context.say(mail_trial.SENT.fill(email=email))
