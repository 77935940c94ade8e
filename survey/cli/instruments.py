"""Questionnaires: what there is, and versions of the company's own brought in as files."""

from pathlib import Path

import click

from survey.cli import context
from survey.i18n import Sentence
from survey.services.instruments import instruments

OURS = Sentence("this program")
NO_WORDING = Sentence("without wording: for answers collected elsewhere")


@click.command("instruments")
def list_instruments() -> None:
    """List the questionnaires with their versions, and which waves use them."""
    with context.reading() as session:
        for each in instruments.versions(session):
            origin = OURS.to(context.language()) if each.ours else str(each.added_on)
            more = "" if each.askable else NO_WORDING.to(context.language())
            parts = (f"{each.instrument.id:<20}", f"{each.instrument.version:<20}", f"{origin:<14}")
            context.say(" ".join((*parts, ", ".join(each.waves) or more)).rstrip())


@click.command("add-instrument")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def add_instrument(file: Path) -> None:
    """Bring in FILE, a TOML of docs/instruments.md, as a version that waves can ask; it never changes afterwards."""
    with context.writing() as session:
        found = instruments.add(session, file.read_bytes(), file.name, context.now())
    facts: dict[str, object] = {"name": found.id, "version": found.version}
    context.say(Sentence("Version %(version)s of %(name)s is kept.", facts))
