"""Reminders, to everybody who got a letter."""

import click

from survey.cli import context
from survey.cli.waves import WAVE, tell_sending
from survey.database import reading
from survey.i18n import Sentence
from survey.mail import post_for
from survey.services import reminders, waves
from survey.services.sending import Outbox


@click.command("send-reminders")
@WAVE
def send_reminders(code: str) -> None:
    """Remind everybody who got a letter: from day 3, and once more from day 5; a run that was stopped goes on."""
    settings = context.settings()
    outbox = Outbox(settings.home, settings.base_url, post_for(settings))
    with context.engine() as engine:
        with reading(engine) as session:
            waiting = reminders.require_due(session, waves.wave(session, code), context.now()).waiting
        with click.progressbar(length=waiting, label=code) as bar:
            sending = reminders.send_reminders(
                engine, code, outbox, context.now(), each=lambda done, _all: bar.update(done - bar.pos)
            )
    tell_sending(sending, Sentence("%(count)s reminders were accepted by the mail server; %(left)s wait."))
