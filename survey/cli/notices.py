"""Saying that a publication has a fault, or taking it back. Its numbers are never computed again."""

import click

from survey.cli import context
from survey.i18n import Sentence
from survey.runs.report_files import forget_withdrawn
from survey.services.publication import notices

WAVE = click.option("--wave", "code", required=True, metavar="CODE", help="The published wave, such as 2026-Q4.")
KO = click.option("--ko", required=True, metavar="TEXT", help="What is said, in Korean.")
EN = click.option("--en", required=True, metavar="TEXT", help="The same in English.")


@click.command("erratum")
@WAVE
@KO
@EN
def erratum(code: str, ko: str, en: str) -> None:
    """Say what is wrong about a publication: it stands on all its pages, and on reports made from now on."""
    with context.writing() as session:
        notices.say(session, code, "erratum", {"ko": ko, "en": en}, context.now())
    context.say(Sentence("The erratum stands on every page of this wave, and on every report made from now on."))


@click.command("withdraw")
@WAVE
@KO
@EN
def withdraw(code: str, ko: str, en: str) -> None:
    """Withdraw a publication for good: its numbers are shown nowhere any more, and readers are told why."""
    with context.writing() as session:
        notices.say(session, code, "withdrawal", {"ko": ko, "en": en}, context.now())
    context.say(Sentence("The results are withdrawn. No page, no report and no file shows them any more."))
    context.say(Sentence("What was printed or saved before cannot be taken back: tell those who may have it."))
    with context.reading() as session:
        forget_withdrawn(session, context.settings())
