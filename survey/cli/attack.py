"""The insider's attack on this installation, for whoever runs or audits it."""

from pathlib import Path

import click

from survey.attack.finding import WORDS, Finding, Occasion
from survey.attack.known import Known, parse
from survey.attack.run import attack, summary
from survey.attack.target import Target, opened
from survey.cli import context
from survey.database import reading
from survey.i18n import Refused
from survey.migrations import require_newest
from survey.services.waves import waves

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("attack")
@click.option("--database", "url", help="Attack only the database at this address, not the folder SURVEY_HOME.")
@click.option("--known", type=FILE, help="CSV with number, order and answers of people who answered as you told them.")
@click.option("--wave", "code", metavar="CODE", help="The wave of --known (default: the newest that was opened).")
def attack_command(url: str | None, known: Path | None, code: str | None) -> None:
    """Attack this installation as an insider with the whole disk would, and say what came of it; nothing is changed."""
    settings = context.settings()
    folders = (None, None) if url else (settings.home, settings.keys)
    with opened(url or settings.database_url, *folders) as target:
        require_newest(target.engine)
        occasion = Occasion(context.now(), _known(target, known, code) if known else ())
        findings = [
            finding
            for title, found in attack(target, occasion)
            for finding in _told(title.title.to(context.language()), found)
        ]
    context.say("")
    context.say(summary(findings))
    if any(finding.outcome == "found" for finding in findings):
        raise click.exceptions.Exit(context.REFUSED)


def _told(title: str, found: list[Finding]) -> list[Finding]:
    """Print what a channel came to."""
    context.say(f"\n{title}")
    for finding in found:
        word = WORDS[finding.outcome].to(context.language())
        context.say(f"  {word}: {finding.said.to(context.language())}")
    return found


def _known(target: Target, file: Path, code: str | None) -> tuple[Known, ...]:
    """Read the auditor's answers to the questionnaire of their wave."""
    with reading(target.engine) as session:
        opened_waves = [wave for wave in waves.waves(session) if wave.kind == "native" and wave.state != "draft"]
        asked = [wave for wave in opened_waves if code in {None, wave.code}]
        if not asked:
            raise Refused("No wave that was opened has this name. Name the one in which the known answers were given.")
        wave = max(asked, key=lambda wave: wave.opens_at)
        items = waves.instrument_of(session, wave).items
    return parse(file.read_bytes(), wave.code, items)
