"""Many accounts at once from the roster, and accounts and grants that end."""

import click
from sqlalchemy.orm import Session

from survey.cli import context
from survey.database import reading, writing
from survey.i18n import Sentence
from survey.services import mail_server
from survey.services.accounts import bulk, grants, invited, keeping, roster_leads
from survey.services.accounts.account_letters import Sender
from survey.services.accounts.accounts import known
from survey.settings import Settings


@click.command("invite-leaders")
@click.option("--yes", is_flag=True, help="Do it; without this only what would be done is said.")
def invite_leaders(yes: bool) -> None:  # noqa: FBT001 - click passes a flag
    """Give whoever leads a unit of the roster an account, a grant and a letter; run it again after a failure."""
    with context.engine() as engine:
        with reading(engine) as session:
            plan = roster_leads.plan(session)
        _tell(plan)
        if not yes:
            context.say(Sentence("Nothing was done. Add --yes to do it."))
            return
        with writing(engine) as session:
            bulk.carry_out(session, plan.batch, roster_leads.plan(session).batch.digest, context.now())
        with reading(engine) as session:
            settings = context.settings()
            about, post = _sender(session, settings), mail_server.post(session, settings)
        sending = invited.send(engine, post, about, context.now())
    for refusal in sending.refused:
        context.say(f"{refusal.name} <{refusal.email}>: {refusal.reason.to(context.language())}", err=True)
    if sending.stopped:
        context.say(sending.stopped, err=True)
    facts: dict[str, object] = {"count": sending.accepted, "left": sending.left}
    context.say(Sentence("%(count)s letters were accepted by the mail server; %(left)s wait.", facts))
    if sending.left:
        raise click.exceptions.Exit(context.REFUSED)


@click.command("revoke")
@click.argument("email")
@click.argument("unit")
def revoke(email: str, unit: str) -> None:
    """Take the grant on UNIT back from the account of EMAIL."""
    with context.writing() as session:
        account = grants.take(session, email, [unit], context.now())
    units = ", ".join(sorted(account.units)) or Sentence("none")
    facts: dict[str, object] = {"email": account.email, "units": units}
    context.say(Sentence("%(email)s sees these units and all below them: %(units)s.", facts))


@click.command("deactivate-account")
@click.argument("email")
def deactivate_account(email: str) -> None:
    """Close the account of EMAIL and sign it out everywhere; HR opens it again on the page of the account."""
    with context.writing() as session:
        account = keeping.close(session, known(session, email).id, context.now())
    context.say(Sentence("%(email)s cannot sign in any more.", {"email": account.email}))


def _sender(session: Session, settings: Settings) -> Sender:
    return invited.sender(session, settings.base_url, elsewhere=bool(settings.oidc_issuer))


def _tell(plan: roster_leads.Plan) -> None:
    for wanted, units in plan.batch.accounts:
        context.say(f"+ {wanted.name} <{wanted.email}>: {', '.join(units)}")
    for given in plan.batch.grants:
        context.say(f"+ {given.email}: {given.unit}")
    for left in plan.batch.left_alone:
        context.say(f"= {left.wanted.email}: {left.why.to(context.language())}")
    for stale in plan.stale:
        context.say(f"? survey revoke {stale.email} {stale.unit}")
    facts: dict[str, object] = {
        "accounts": len(plan.batch.accounts),
        "grants": len(plan.batch.grants),
        "stale": len(plan.stale),
        "without": plan.without_email,
    }
    context.say(
        Sentence(
            "New accounts: %(accounts)s; grants on accounts there are: %(grants)s; grants of leaders on units that "
            "they do not lead, taken back only by hand: %(stale)s; leaders without an e-mail address: %(without)s.",
            facts,
        )
    )
