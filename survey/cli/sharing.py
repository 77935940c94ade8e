"""`survey share-results` and `survey workbook`: results to those who lead, and to whoever works with the numbers."""

from pathlib import Path

import click

from reports.pool import frozen
from reports.wanted import Results
from survey.cli import context
from survey.cli.waves import WAVE, send_with_bar
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.services import audit_log
from survey.services.filing.files import write_whole
from survey.services.publication import publication, sharing
from survey.services.waves import waves


@click.command("share-results")
@WAVE
def share_results(code: str) -> None:
    """Tell leaders and observers by letter that results can be seen; whoever was told before is left out."""
    send_with_bar(
        code,
        lambda session: len(
            sharing.audience(session, waves.wave(session, code), publication.publication(session, code).units)
        ),
        sharing.share,
        Sentence("%(count)s letters were accepted by the mail server; %(left)s wait."),
    )


@click.command("workbook")
@WAVE
@click.option("--language", type=click.Choice(LANGUAGES), default="ko", show_default=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True,
              help="The file to write: its ending says whether it is .xlsx or .csv.")  # fmt: skip
def workbook_command(code: str, language: str, output: Path) -> None:
    """Write all that was published of a wave as a workbook, or every number as a row of a CSV."""
    ending = output.suffix.lower().removeprefix(".")
    if ending not in {"xlsx", "csv"}:
        raise Refused("Name a file that ends with .xlsx or .csv.")
    with context.writing() as session:
        found = publication.publication(session, code)
        units = frozenset(unit.code for unit in found.units)
        made_of = frozen(found, publication.publications(session))
        audit_log.write(session, context.now(), None, "results handed out", wave=code, format=ending)
    write_whole(output, [Results(made_of, "csv" if ending == "csv" else "xlsx", language, units).make()])
    context.say(Sentence("Wrote %(file)s.", {"file": output}))
