"""`survey verify`: whether a printed report says what its data say, and the data what the publication says."""

from typing import BinaryIO, Final

import click

from reports.trend import chain
from reports.verify.apart import checked
from reports.verify.findings import MOST_BYTES, Findings, Kept
from survey.cli import context
from survey.i18n import Sentence
from survey.services.publication import publication as publications

NOT_HERE: Final = Sentence(
    "Whether the data are those that were published, what cannot be made again included, is told with --here, where "
    "the database is."
)
COMPARED_HERE: Final = Sentence(
    "What cannot be made again was compared with the publication that has this digest, number by number."
)


@click.command("verify")
@click.argument("file", type=click.File("rb"))
@click.option("--here", is_flag=True, help="Compare with the publication that is kept in this installation as well.")
def verify(file: BinaryIO, *, here: bool) -> None:
    """Make the numbers of FILE, a report as a PDF, again from the sums inside it, and compare them with its pages.

    Works without a database. Exits with 1 where something differs, or where the file is no report.
    """
    findings = checked(file.read(MOST_BYTES + 1))
    kept = _kept(findings) if here else Kept()
    for sentence in (*findings.checked, *kept.checked):
        _say(sentence)
    _say(Sentence("Publication %(digest)s, unit %(unit)s.", {"digest": findings.publication, "unit": findings.unit}))
    differs = (*findings.differs, *kept.differs)
    for sentence in differs:
        _say(Sentence("Differs: %(what)s", {"what": sentence}))
    for sentence in findings.resting:
        if sentence not in kept.made:
            _say(sentence)
    if differs:
        raise click.exceptions.Exit(context.REFUSED)
    _say(Sentence("Nothing differs. The report says what its data say."))
    _say(COMPARED_HERE if here else NOT_HERE)


def _kept(findings: Findings) -> Kept:
    """Return what the publication that the report names says of it."""
    from reports.verify.kept import against  # noqa: PLC0415 - SciPy stays out of the web server, a command as this

    with context.reading() as session:
        kept = publications.publications(session)
        found = next((each for each in kept if each.digest == findings.publication), None)
        if found is None:
            return Kept(differs=(Sentence("No publication with the digest that the report names is kept here."),))
        return against(findings, found, chain(found, kept))


def _say(sentence: Sentence) -> None:
    """Say a line, and one only, whatever a stranger's file holds."""
    context.say(sentence.to(context.language()).replace("\n", " ").replace("\t", " "))
