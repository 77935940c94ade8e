"""Reminders, to everybody who got a letter."""

import click

from survey.cli import context
from survey.cli.waves import WAVE, send_with_bar
from survey.i18n import Sentence
from survey.services.invitations import reminders
from survey.services.waves import waves


@click.command("send-reminders")
@WAVE
def send_reminders(code: str) -> None:
    """Remind everybody who got a letter: from day 3, and once more from day 5; a run that was stopped goes on."""
    send_with_bar(
        code,
        lambda session: reminders.require_due(session, waves.wave(session, code), context.now()).waiting,
        reminders.send_reminders,
        Sentence("%(count)s reminders were accepted by the mail server; %(left)s wait."),
    )
