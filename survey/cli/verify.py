"""`survey verify`: whether a printed report says what its data say, and the data what the publication says."""

from typing import BinaryIO

import click

from reports.trend import chain
from reports.verify.apart import checked
from reports.verify.findings import MOST_BYTES, Findings, against
from survey.cli import context
from survey.i18n import Sentence
from survey.services.publication import publication as publications


@click.command("verify")
@click.argument("file", type=click.File("rb"))
@click.option("--here", is_flag=True, help="Compare with the publication that is kept in this installation as well.")
def verify(file: BinaryIO, *, here: bool) -> None:
    """Make the numbers of FILE, a report as a PDF, again from the sums inside it, and compare them with its pages.

    Works without a database. Exits with 1 where something differs, or where the file is no report.
    """
    findings = checked(file.read(MOST_BYTES + 1))
    said, differs = list(findings.checked), list(findings.differs)
    if here:
        found = _with_publication(findings)
        (said if found is None else differs).append(found or Sentence("The publication kept here says the same."))
    for sentence in said:
        _say(sentence)
    _say(Sentence("Publication %(digest)s, unit %(unit)s.", {"digest": findings.publication, "unit": findings.unit}))
    for sentence in differs:
        _say(Sentence("Differs: %(what)s", {"what": sentence}))
    if differs:
        raise click.exceptions.Exit(context.REFUSED)
    _say(Sentence("Nothing differs. The report says what its data say."))
    if not here:
        _say(Sentence("Whether the data are those that were published is told with --here, where the database is."))


def _with_publication(findings: Findings) -> Sentence | None:
    """Return what differs from the publication that the report names; None where nothing does."""
    with context.reading() as session:
        kept = publications.publications(session)
        found = next((each for each in kept if each.digest == findings.publication), None)
        if found is None:
            return Sentence("No publication with the digest that the report names is kept here.")
        return against(findings, found, chain(found, kept))


def _say(sentence: Sentence) -> None:
    """Say a line; whatever a stranger's file holds, nothing in it can move the cursor of a terminal."""
    said = sentence.to(context.language())
    click.echo("".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in said))
