"""From SQLite to PostgreSQL, or back."""

import re
from typing import Final, TextIO

import click
from click.core import ParameterSource
from sqlalchemy import Engine

from survey import database
from survey.cli import context
from survey.i18n import Refused, Sentence
from survey.migrations import current, leave, require_newest, upgrade
from survey.services.moving import moving
from survey.settings import SettingsError

LONGEST: Final = 4096
"""Characters of an address."""
PASSWORD: Final = re.compile(r"//[^/@\s]*:[^/@\s]+@|[?&]password=")


@click.command("migrate-database")
@click.argument("target_url", required=False, envvar="SURVEY_TARGET_DATABASE_URL")
@click.option("--target-file", type=click.File("r", "utf-8"), help="File that holds TARGET_URL; - is standard input.")
def migrate_database(target_url: str | None, target_file: TextIO | None) -> None:
    """Move everything into the empty database at TARGET_URL, compare, and close the old one for good.

    An address with a password belongs into --target-file or SURVEY_TARGET_DATABASE_URL: other users of this machine can
    read what stands on the command line.
    """
    address = _address(target_url, target_file)
    with context.engine() as source:
        target = _target(address)
        try:
            if not current(target):
                upgrade(target)
            require_newest(target)
            moved = moving.move(source, target, context.now(), lambda old: leave(old.connection()))
        finally:
            target.dispose()
    facts: dict[str, object] = {
        "rows": f"{moved.rows:,}",
        "publications": moved.publications,
        "entries": f"{moved.entries:,}",
    }
    context.say(
        Sentence(
            "%(rows)s rows are in the new database; every row, %(publications)s publications and the audit log of "
            "%(entries)s entries were read from both and are the same.",
            facts,
        )
    )
    context.say(
        Sentence(
            "Set SURVEY_DATABASE_URL to the new database on every machine, and start. The old one is closed for good: "
            "delete it once you have seen the new one work, because nobody deletes the answers in it any more."
        )
    )
    if _on_the_line(address):
        context.say(
            Sentence(
                "The password of the new database stood on the command line, where other users of this machine could "
                "read it: change it, and use --target-file next time."
            )
        )


def _address(typed: str | None, file: TextIO | None) -> str:
    """Return the address of the new database."""
    if (typed is None) == (file is None):
        raise Refused("Name the new database once: as TARGET_URL, in --target-file, or in SURVEY_TARGET_DATABASE_URL.")
    return file.read(LONGEST).strip() if file is not None else typed or ""


def _on_the_line(address: str) -> bool:
    """Tell whether a password stood on the command line, where other users of this machine read it."""
    source = click.get_current_context().get_parameter_source("target_url")
    return source is ParameterSource.COMMANDLINE and bool(PASSWORD.search(address))


def _target(url: str) -> Engine:
    try:
        return database.engine(url)
    except SettingsError as error:
        raise SettingsError(
            "Nothing was moved: TARGET_URL cannot be used. What is said here of SURVEY_DATABASE_URL holds for it. "
            "%(why)s",
            why=Sentence(error.text, error.facts),
        ) from error
