"""What this installation is made of: `survey licences` for people, `survey sbom` for programs."""

from importlib.metadata import version
from pathlib import Path

import click

from survey.cli import context
from survey.i18n import Sentence
from survey.services.filing.files import write_whole
from survey.services.parts.cyclonedx import bill
from survey.services.parts.installed import parts
from survey.services.parts.licences import goes_with_ours


@click.command("licences")
def licences_command() -> None:
    """List every library, script and font of this installation with its version and licence.

    Exits with 1 where one of them has a licence that does not go with ours, or names none.
    """
    found = parts()
    for part in found:
        context.say(f"{part.name:<32}{part.version:<18}{part.licence}")
    strange = [part.name for part in found if not goes_with_ours(part.licence)]
    facts: dict[str, object] = {"count": len(found), "names": ", ".join(strange)}
    if strange:
        context.say(Sentence("%(count)s parts; look at the licences of these: %(names)s.", facts))
        raise click.exceptions.Exit(context.REFUSED)
    context.say(Sentence("%(count)s parts; all their licences go with Apache-2.0.", facts))


@click.command("sbom")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File (default: standard output)."
)
def sbom(output: Path | None) -> None:
    """Write what this installation is made of as a bill of materials (CycloneDX), for programs that look for holes."""
    text = context.as_json(bill(parts(), version("survey")))
    if output is None:
        context.say(text)
    else:
        write_whole(output, [f"{text}\n".encode()])
