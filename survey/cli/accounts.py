"""Who signs in, and what they may see."""

import click

from survey.cli import context
from survey.i18n import LANGUAGES, Sentence
from survey.services import audit_log
from survey.services.accounts import accounts, grants, signing_in

password_option = click.option(
    "--password",
    envvar="SURVEY_PASSWORD",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="Asked for where it is not given; SURVEY_PASSWORD keeps it out of the process list.",
)


@click.command("create-account")
@click.argument("email")
@click.option("--name", required=True)
@click.option(
    "--role",
    type=click.Choice(accounts.ROLES),
    required=True,
    help="hr sees all; leader and observer see grants; auditor sees the log.",
)
@click.option("--language", type=click.Choice(LANGUAGES), default="ko", help="What its pages start with.")
@password_option
def create_account(email: str, name: str, role: str, language: str, password: str) -> None:
    """Make an account for EMAIL."""
    with context.writing() as session:
        breached = context.settings().breached
        account = accounts.create_account(session, email, name, role, password, language, breached=breached)
        audit_log.write(session, context.now(), None, "account made", account=str(account.id), role=role)
    context.say(Sentence("%(email)s can sign in.", {"email": account.email}))


@click.command("set-password")
@click.argument("email")
@password_option
def set_password(email: str, password: str) -> None:
    """Give the account of EMAIL a new password, and sign it out everywhere."""
    with context.writing() as session:
        account = signing_in.set_password(session, email, password, breached=context.settings().breached)
        audit_log.write(session, context.now(), None, "password set", account=str(account.id))
    context.say(Sentence("%(email)s can sign in.", {"email": account.email}))


@click.command()
@click.argument("email")
@click.argument("unit")
def grant(email: str, unit: str) -> None:
    """Let the leader or observer with EMAIL see UNIT and everything below it."""
    with context.writing() as session:
        account = grants.give(session, email, [unit], context.now())
    facts: dict[str, object] = {"email": account.email, "units": ", ".join(sorted(account.units))}
    context.say(Sentence("%(email)s sees these units and all below them: %(units)s.", facts))
