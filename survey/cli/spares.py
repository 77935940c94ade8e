"""Spare codes, for those who lost their letter or slip."""

from contextlib import suppress
from pathlib import Path

import click

from reports.pool import print_codes
from survey.cli import context
from survey.cli.waves import WAVE
from survey.database import reading
from survey.i18n import LANGUAGES, Sentence
from survey.services import company, mail_server
from survey.services.filing.files import write_whole
from survey.services.invitations import spares
from survey.services.invitations.invitations import CodeSheet
from survey.services.invitations.sending import Outbox
from survey.web.waves.slips import slips


@click.command("draw-spare")
@WAVE
@click.option("--number", "who", required=True, help="The person's number in the roster, or her e-mail address.")
@click.option("--print", "file", type=click.Path(dir_okay=False, path_type=Path), help="PDF for people without e-mail.")
@click.option("--language", type=click.Choice(LANGUAGES), default="ko", show_default=True, help="Of the printed slip.")
def draw_spare(code: str, who: str, file: Path | None, language: str) -> None:
    """Send a spare code to somebody who lost her letter, or print it; nobody else gets to see it."""
    settings = context.settings()
    with context.engine() as engine:
        if file is None:
            with reading(engine) as session:
                outbox = Outbox(settings.keys, settings.base_url, mail_server.post(session, settings))
            spares.send_spare(engine, code, who, outbox, context.now())
            context.say(Sentence("A spare code is on its way to %(who)s.", {"who": who}))
            return
        with reading(engine) as session:
            name = company.company(session).name(language)

        def keep(drawn: CodeSheet) -> None:
            _keep(file, print_codes(slips(drawn, name, settings.base_url, language), language))

        spares.print_spare(engine, code, who, keep, context.now())
    context.say(Sentence("Wrote %(file)s. Hand it over folded, and delete the file.", {"file": file}))


def _keep(file: Path, pdf: bytes) -> None:
    """Write a slip; where that fails it is nowhere, so that its code can be drawn for somebody else."""
    try:
        write_whole(file, [pdf])
    except OSError:
        with suppress(OSError):  # its folder could not be synced
            if file.read_bytes() == pdf:
                file.unlink()
        raise
