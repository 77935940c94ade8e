"""The frozen promise on the terminal, for whoever wants to check its digest."""

import click

from survey.cli import context
from survey.cli.waves import WAVE
from survey.i18n import Refused, Sentence
from survey.services.waves import frozen_facts, waves


@click.command("promise")
@WAVE
def promise(code: str) -> None:
    """Print what a wave promised, byte for byte: survey promise --wave CODE | sha256sum gives its digest.

    The digest that is kept, and what differs from the promise by now, go to the error output.
    """
    with context.reading() as session:
        wave = waves.wave(session, code)
        if wave.state == "draft" or wave.kind != "native":
            raise Refused("Wave %(wave)s has promised nothing yet: that is fixed when it opens.", wave=code)
        if not wave.promise:
            raise Refused("Wave %(wave)s kept no text of its promise: an earlier version opened it.", wave=code)
        broken = frozen_facts.broken(session, wave)
    click.echo(wave.promise.encode(), nl=False)
    context.say(f"SHA-256: {wave.promise_digest}", err=True)
    if broken is not None:
        context.say(Sentence("Differs from what was promised: %(what)s", {"what": broken}), err=True)
        raise click.exceptions.Exit(context.REFUSED)
