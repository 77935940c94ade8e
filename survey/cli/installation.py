"""Setting up: the home folder, the secret, the database, the company."""

import os
import secrets
from pathlib import Path

import click
from sqlalchemy import Engine

from survey import database
from survey.cli import context
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.migrations import newest, upgrade
from survey.services import audit_log
from survey.services.company import UNIT_WORDS, Company, company, set_company
from survey.settings import SECRET_BYTES, SettingsError


@click.command()
@click.option("--name-ko", default="", help="The company's name in Korean.")
@click.option("--name-en", default="", help="The company's name in English.")
@click.option("--language", type=click.Choice(LANGUAGES), default="ko", help="What pages and letters start with.")
@click.option("--unit-word", type=click.Choice(UNIT_WORDS), default="team", help="What the company calls a unit.")
def init(name_ko: str, name_en: str, language: str, unit_word: str) -> None:
    """Make home, secret, database and company; what exists is kept, so it can be repeated."""
    settings = context.settings()
    make_home(settings.home)
    make_secret(settings.secret_path)
    opened = database.engine(settings.database_url)
    try:
        upgrade(opened)
        name = _name_company(opened, Company(name_ko, name_en, language, unit_word))
    finally:
        opened.dispose()
    facts: dict[str, object] = {"home": settings.home, "company": name}
    context.say(Sentence("%(home)s is ready for %(company)s.", facts))


@click.command()
def migrate() -> None:
    """Bring the database to the newest revision, with its data kept."""
    opened = database.engine(context.settings().database_url)
    try:
        upgrade(opened)
    finally:
        opened.dispose()
    context.say(Sentence("The database is at revision %(revision)s.", {"revision": newest()}))


def make_home(home: Path) -> None:
    """Make the folder of everything the installation writes, for its own user only; raises SettingsError."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            "The folder %(folder)s cannot be made (%(why)s). Make it yourself, or set SURVEY_HOME to another one.",
            folder=home,
            why=error.strerror,
        ) from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise SettingsError(
            "The folder %(folder)s cannot be written. Give the user who runs survey the right to do so.", folder=home
        )


def make_secret(path: Path) -> None:
    """Make the secret that signs cookies and forms, readable by its own user only; an existing one is kept."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    except OSError as error:
        raise SettingsError(
            "The secret %(path)s cannot be written (%(why)s). Check SURVEY_HOME.", path=path, why=error.strerror
        ) from error
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))


def _name_company(opened: Engine, facts: Company) -> str:
    with database.writing(opened) as session:
        if facts.name_ko or facts.name_en:
            if not (facts.name_ko and facts.name_en):
                raise Refused("Give the company's name in both languages: --name-ko and --name-en.")
            set_company(session, facts)
            audit_log.write(session, context.now(), None, "company named")
        return company(session).name(context.language())
