"""Setting up: the home folder, the secret, the database, the company."""

import os
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine, make_url

from survey import database
from survey.cli import context
from survey.faults import MissingError
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.migrations import current, newest, upgrade
from survey.services import first_run
from survey.services.closed import require_closed
from survey.services.company import SECOND_STEPS, UNIT_WORDS, Company, change_company, company
from survey.services.waves import last_tick
from survey.settings import SECRET_BYTES, Settings, SettingsError


@click.command()
@click.option("--name-ko", help="The company's name in Korean.")
@click.option("--name-en", help="The company's name in English.")
@click.option("--language", type=click.Choice(LANGUAGES), help="What pages and letters start with (first: ko).")
@click.option("--unit-word", type=click.Choice(UNIT_WORDS), help="What the company calls a unit (first: team).")
@click.option("--time-zone", help="In which days of waves begin and end (first: Asia/Seoul).")
@click.option("--second-step", type=click.Choice(SECOND_STEPS), help="Who signs in with one (first: everybody).")
def init(**given: str | None) -> None:
    """Make home, secret, database and company; what exists and is not named is kept, so it can be repeated."""
    settings = context.settings()
    opened = prepare(settings)
    try:
        upgrade(opened)
        prepare_queue(settings, opened)
        name = _name_company(opened, {option: value for option, value in given.items() if value})
    finally:
        opened.dispose()
    facts: dict[str, object] = {"home": settings.home, "company": name}
    context.say(Sentence("%(home)s is ready for %(company)s.", facts))


@click.command()
def migrate() -> None:
    """Bring the database to the newest revision, with its data kept."""
    settings = context.settings()
    opened = database.engine(settings.database_url, there=True)
    try:
        upgrade(opened)
        prepare_queue(settings, opened)
    finally:
        opened.dispose()
    context.say(Sentence("The database is at revision %(revision)s.", {"revision": newest()}))


def prepare(settings: Settings) -> Engine:
    """Make home, secret and tables where there are none yet; return the opened database, of whatever revision."""
    make_home(settings.home)
    make_home(settings.keys)
    make_secret(settings.secret_path)
    require_closed(settings)
    _require_unused(settings)
    opened = database.engine(settings.database_url)
    if not current(opened):
        upgrade(opened)
        prepare_queue(settings, opened)
    return opened


def _require_unused(settings: Settings) -> None:
    """Raise SettingsError where a home has been used and its database is gone: an empty one would be taken for it."""
    address = make_url(settings.database_url)
    if address.drivername != "sqlite" or Path(address.database or "").exists():
        return
    used = [*(settings.keys / "keys").glob("*.key"), settings.home / last_tick.NAME]
    for path in used:
        if path.exists():
            raise MissingError(
                "The database %(database)s is gone, but %(path)s shows that there was one. Put it back, or restore a "
                "backup; for a new installation set SURVEY_HOME to an empty folder.",
                database=address.database,
                path=path,
            )


def prepare_queue(settings: Settings, opened: Engine) -> None:
    """Make the workers' queue in the database, or bring it to this version, where there are to be workers."""
    if settings.workers:
        from survey.runs import queue  # noqa: PLC0415 - its library is there only where workers are

        queue.prepare(opened)


def require_queue(settings: Settings, opened: Engine) -> None:
    """Raise SettingsError where there are to be workers and their queue is not ready."""
    if settings.workers:
        from survey.runs import queue  # noqa: PLC0415 - its library is there only where workers are

        queue.require(opened)


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
        file.flush()
        os.fsync(file.fileno())  # what a loss of power leaves of an unsynced file is an empty one


def _name_company(opened: Engine, given: dict[str, Any]) -> str:
    with database.writing(opened) as session:
        kept = first_run.named(session)
        if kept is None and given and not {"name_ko", "name_en"} <= given.keys():
            raise Refused("Give the company's name in both languages: --name-ko and --name-en.")
        if given:
            change_company(session, replace(kept or Company("", ""), **given), context.now(), None)
        return company(session).name(context.language())
