"""Slips that nobody drew."""

from typing import TextIO

import click

from survey.cli import context
from survey.cli.waves import WAVE
from survey.i18n import Sentence
from survey.services.invitations import leftovers


@click.command("void-slips")
@WAVE
@click.option("--unit", required=True, help="The unit for which they were printed.")
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
def void_slips(code: str, unit: str, file: TextIO) -> None:
    """Void leftover slips: one code a line in FILE, or typed."""
    settings = context.settings()
    with context.writing() as session:
        count = leftovers.void(session, settings.keys, unit, file.read(), leftovers.Act(code, context.now()))
    context.say(Sentence("%(count)s slips are void: nobody can answer with them.", {"count": count}))
