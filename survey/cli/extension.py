"""One extension of an open wave, told to everybody who got a letter."""

import datetime as dt

import click
from sqlalchemy.orm import Session

from survey.cli import context
from survey.cli.waves import MOMENT, WAVE, send_with_bar
from survey.i18n import Sentence
from survey.services import here
from survey.services.invitations import announcing
from survey.services.waves import extension


@click.command("extend-wave")
@WAVE
@click.option("--closes", type=MOMENT, help="The later end, in company time; without it only those who wait are told.")
def extend_wave(code: str, closes: dt.datetime | None) -> None:
    """Let an open wave end later: once, by two weeks at most, told to everybody who got a letter."""
    if closes is not None:
        zone = context.zone()
        with context.writing() as session:
            wave = extension.extend(session, code, here.utc_of(context.sane(closes), zone, last=True), context.now())
            end = here.moment(wave.closes_at, context.language(), zone)
        context.say(Sentence("Wave %(wave)s now ends %(end)s.", {"wave": code, "end": end}))

    def waiting(session: Session) -> int:
        return announcing.told(session, announcing.require_extended(session, code, context.now())).waiting

    send_with_bar(
        code,
        waiting,
        announcing.announce,
        Sentence("%(count)s letters were accepted by the mail server; %(left)s wait."),
    )
