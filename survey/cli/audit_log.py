"""The log of administrative acts."""

import click

from survey.cli import context
from survey.i18n import Refused, Sentence
from survey.services import audit_log


@click.command("verify-audit-log")
@click.option("--head", default="", help="The head that the auditor holds; it must stand in the log.")
def verify_audit_log(head: str) -> None:
    """Check that no entry of the audit log was changed or removed."""
    with context.reading() as session:
        verdict = audit_log.verify(session, head)
    if verdict.broken_at is not None:
        raise Refused(
            "The audit log was edited: entry %(entry)s does not follow from the one before it.", entry=verdict.broken_at
        )
    if not verdict.knows:
        raise Refused("The audit log was rewritten: the head %(head)s is not in it.", head=head)
    facts: dict[str, object] = {"count": verdict.entries, "head": verdict.head}
    context.say(Sentence("The audit log is whole: %(count)s entries, head %(head)s.", facts))
