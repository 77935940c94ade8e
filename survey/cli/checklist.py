"""What is worth a look before a wave is opened, and its opening by itself."""

import click

from survey.cli import context
from survey.cli.waves import WAVE
from survey.i18n import Sentence
from survey.services.waves import checklist, waves

LEVELS = {"ok": Sentence("in order"), "look": Sentence("have a look"), "stop": Sentence("stops the opening")}


@click.command("checklist")
@WAVE
@click.option("--confirm", is_flag=True, help="Say that all was seen, and let the wave open by itself at its time.")
def show_checklist(code: str, confirm: bool) -> None:  # noqa: FBT001 - click passes a flag
    """Look at everything that should be in order before a wave opens."""
    settings, now, language = context.settings(), context.now(), context.language()
    with context.writing() as session:
        for check in checklist.checklist(session, waves.wave(session, code), settings, now):
            level = LEVELS[check.level].to(language)
            context.say(f"{level:<18} {check.title.to(language)}: {check.said.to(language)}")
        if confirm:
            checklist.confirm(session, code, settings, checklist.POINTS, now)
    if confirm:
        context.say(Sentence("Wave %(wave)s opens by itself at its time, if nothing stops it then.", {"wave": code}))
