"""`survey report` and `survey reports`: one unit's PDF, or everybody's as a ZIP, printed by worker processes."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from reports import archive
from reports.pool import Frozen, Job, Outcome, frozen, place, render_all
from reports.store import Store, store_of
from survey.cli import context
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.privacy.thaw import Publication
from survey.services import audit_log
from survey.services.publication import publication as publications

LANGUAGE: Final = click.Choice(LANGUAGES)


@click.command("report")
@click.option("--wave", required=True, help="Code of a published wave.")
@click.option("--unit", required=True, help="Code of a unit.")
@click.option("--language", type=LANGUAGE, default="ko", show_default=True)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The PDF to write."
)
def report(wave: str, unit: str, language: str, output: Path) -> None:
    """Write the report of one UNIT as a PDF."""
    _check_folder(output)
    found, source = _published(wave)
    if unit not in found:
        raise Refused("Wave %(wave)s has no unit %(unit)s.", wave=wave, unit=unit)
    store, job = _store(), Job(unit, language)
    _all_printed(render_all(source, [job], store))
    _write(output, store.read(place(found.told_digest, job)))
    context.say(Sentence("Wrote %(file)s.", {"file": output}))


@click.command("reports")
@click.option("--wave", required=True, help="Code of a published wave.")
@click.option("--language", "languages", type=LANGUAGE, multiple=True, default=("ko",), show_default=True)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The ZIP to write."
)
@click.option("--workers", type=click.IntRange(1), help="How many to print at a time (default: one a core).")
def reports(wave: str, languages: Sequence[str], output: Path, workers: int | None) -> None:
    """Write the reports of all units as a ZIP; a run that was stopped goes on where it stopped."""
    _check_folder(output)
    (found, source), store = _published(wave), _store()
    jobs = [Job(unit.code, language) for language in dict.fromkeys(languages) for unit in found.units]
    with click.progressbar(length=len(jobs), label=wave) as bar:
        outcome = render_all(source, jobs, store, lambda done, _all: bar.update(done - bar.pos), slots=workers)
    _all_printed(outcome)
    archive.write(output, archive.pieces(store, wave, found.wave.closed_on, archive.entries(found, jobs)))
    context.say(Sentence("Wrote %(count)s reports to %(file)s.", {"count": len(jobs), "file": output}))


def _published(wave: str) -> tuple[Publication, Frozen]:
    """Return the publication, and what the workers need of it and of those before it."""
    with context.writing() as session:
        found = publications.publication(session, wave)
        audit_log.write(session, context.now(), None, "reports printed", wave=wave)
        return found, frozen(found, publications.publications(session))


def _check_folder(output: Path) -> None:
    """Raise Refused before anything is printed where its file could not be kept afterwards."""
    if not output.absolute().parent.is_dir():
        raise Refused("The folder %(folder)s does not exist. Make it, or name another one.", folder=output.parent)


def _store() -> Store:
    return store_of(context.settings())


def _all_printed(outcome: Outcome) -> None:
    """Raise Refused with the first report that was set aside, if any was."""
    if outcome.set_aside:
        first = outcome.set_aside[0]
        raise Refused(
            "%(count)s reports could not be printed. The first is that of unit %(unit)s: %(why)s.",
            count=len(outcome.set_aside),
            unit=first.job.code,
            why=first.why,
        )


def _write(target: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
        part.write(content)
    Path(part.name).replace(target)
