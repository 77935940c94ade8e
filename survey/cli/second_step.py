"""The second step of signing in, for somebody who lost it."""

import click

from survey.cli import context
from survey.i18n import Sentence
from survey.services.accounts import second_step


@click.command("reset-second-step")
@click.argument("email")
def reset_second_step(email: str) -> None:
    """Take the second step of EMAIL away and sign it out everywhere; it is set up anew at the next sign-in."""
    with context.writing() as session:
        account = second_step.reset(session, email, context.now())
    told = Sentence(
        "%(email)s has no second step any more and is signed out everywhere. After the password a new one is set up."
    )
    context.say(told.fill(email=account.email))
