"""From SQLite to PostgreSQL, or back."""

import click
from sqlalchemy import Engine

from survey import database
from survey.cli import context
from survey.i18n import Sentence
from survey.migrations import current, leave, require_newest, upgrade
from survey.services.moving import moving
from survey.settings import SettingsError


@click.command("migrate-database")
@click.argument("target_url")
def migrate_database(target_url: str) -> None:
    """Move everything into the empty database at TARGET_URL, compare, and close the old one for good."""
    with context.engine() as source:
        target = _target(target_url)
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


def _target(url: str) -> Engine:
    try:
        return database.engine(url)
    except SettingsError as error:
        raise SettingsError(
            "Nothing was moved: TARGET_URL cannot be used. What is said here of SURVEY_DATABASE_URL holds for it. "
            "%(why)s",
            why=Sentence(error.text, error.facts),
        ) from error
