"""What every command shares: the settings, the database, the clock, the operator's language, and errors in one line."""

import csv
import datetime as dt
import io
import json
import os
import threading
import traceback
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NoReturn
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey import database, faults
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.migrations import require_newest
from survey.services import here
from survey.settings import Settings, SettingsError
from survey.spreadsheets import safe
from survey.web.clock import now

__all__ = [
    "Commands",
    "as_json",
    "engine",
    "language",
    "now",
    "reading",
    "sane",
    "say",
    "say_rows",
    "settings",
    "shown",
    "today",
    "writing",
    "zone",
]

REFUSED: Final = 1
"""What was asked cannot be done."""
UNUSABLE: Final = 2
"""The installation is not set up so that anything could be done; click's own exit code for wrong options."""
MISTAKEN: Final = 3
"""Something happened that nobody foresaw: a mistake of this program."""
HINDERED: Final = Sentence("%(said)s %(cure)s What was begun is undone; do it again then.")
UNSURE: Final = Sentence("%(said)s %(cure)s What was begun is probably undone: look, and do it again then.")
MISTAKE: Final = Sentence(
    "This is a mistake in survey; what was begun is undone. Please report these lines: they hold kinds and places, and "
    "nothing that was typed or kept."
)
FILE: Final = Sentence("%(file)s cannot be used (%(why)s). See that it exists, may be written, and has room.")
NOT_OURS: Final = Sentence(
    "%(file)s cannot be used (%(why)s). Run this as the user of survey; where it is one of survey’s files and belongs "
    "to somebody else, survey doctor says how to give it back."
)
FORBIDDEN: Final = Sentence(
    "The database does not let its user do this (%(why)s). Make that user the owner of the database, with the right to "
    "make tables and schemas in it, then do it again."
)
NO_RIGHT: Final = "42501"
"""How PostgreSQL numbers that a right is missing."""
YEARS: Final = range(1970, 2100)
"""Of times that anybody means; with the first and last years of the calendar nothing can be reckoned."""


class Commands(click.Group):
    """The commands of `survey`: an error that says what to do becomes one message, without a traceback.

    A traceback is for our own mistakes only, not for a full disk.
    """

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - what a command returns is its own business
        """Run a command; exit with 1 where it was refused, 2 where nothing can be done, 3 by our mistake."""
        threading.excepthook = _thread_failed
        try:
            return super().invoke(ctx)
        except Refused as error:
            say(error.sentence, err=True)
            raise click.exceptions.Exit(REFUSED) from error
        except SettingsError as error:
            say(Sentence(error.text, error.facts), err=True)
            raise click.exceptions.Exit(UNUSABLE) from error
        except click.ClickException as error:
            vars(error)["message"] = shown(error.message)  # it repeats what was typed, or pasted
            raise
        except (click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - no value of a row may reach a terminal, whatever was raised
            _explain(error)


def _explain(error: Exception) -> NoReturn:
    """Say what hindered, or where the mistake is; of the words of an error nothing, they may hold a row."""
    if getattr(getattr(error, "orig", error), "sqlstate", None) == NO_RIGHT:
        _fail(FORBIDDEN.fill(why=str(getattr(error, "orig", error)).split("\n", 1)[0]))
    found = faults.fault(error)
    if isinstance(error, OSError) and error.strerror and (error.filename or found is None):
        _fail((NOT_OURS if found is faults.NOT_OURS else FILE).fill(file=error.filename or "-", why=error.strerror))
    if found is not None:
        _fail((HINDERED if found.undone else UNSURE).fill(said=found.said, cure=found.cure))
    _show(error)
    say(MISTAKE, err=True)
    raise click.exceptions.Exit(MISTAKEN) from None


def _thread_failed(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_value is not None:
        _show(failed.exc_value)


def _show(error: BaseException) -> None:
    click.echo("".join(traceback.format_tb(error.__traceback__)), err=True, nl=False)
    click.echo(" < ".join(faults.kinds(error)), err=True)


def _fail(sentence: Sentence) -> NoReturn:
    say(sentence, err=True)
    raise click.exceptions.Exit(UNUSABLE)


def settings() -> Settings:
    """Read the operator's settings; raises SettingsError."""
    return Settings.from_environment()


def sane(moment: dt.datetime) -> dt.datetime:
    """Return a day or time that an operator typed; raises Refused for a year that is a slip."""
    if moment.year not in YEARS:
        raise Refused("Check the year of %(day)s.", day=moment.date().isoformat())
    return moment


def language() -> str:
    """Return the operator's language: --lang, or what the terminal is set to, or English."""
    context = click.get_current_context(silent=True)
    chosen = context.find_root().params.get("lang") if context else None
    terminal = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return chosen or (terminal[:2] if terminal[:2] in LANGUAGES else "en")


def say(text: str | Sentence, *, err: bool = False) -> None:
    """Print a sentence in the operator's language, or lines; `err` to the error output, beside what is asked for."""
    click.echo(shown(text.to(language()) if isinstance(text, Sentence) else text), err=err)


def say_rows(rows: Iterable[Sequence[object]]) -> None:
    """Print rows as CSV: no cell is a formula in a spreadsheet, as in the files that pages hand out, nor moves here."""
    text = io.StringIO()
    cells = ([safe(shown(cell) if isinstance(cell, str) else cell) for cell in row] for row in rows)
    csv.writer(text, lineterminator="\n").writerows(cells)
    click.echo(text.getvalue(), nl=False)


def shown(text: str) -> str:
    r"""Return a text of which nothing moves the cursor of a terminal, colours it or turns the direction of writing.

    Names come from files and pages of others; a code beside one must be the one that is read.

    >>> shown("Ada\x1b[2J\n\u202eBo")
    'Ada\ufffd[2J\n\ufffdBo'
    """
    return "".join(each if _is_seen(each) or each in "\n\t" else "\N{REPLACEMENT CHARACTER}" for each in text)


def _is_seen(character: str) -> bool:
    """Tell whether a character only stands there, as spaces do at which no line breaks."""
    return character.isprintable() or unicodedata.category(character) == "Zs"


def as_json(value: object) -> str:
    """Return a value as JSON that can be read on a terminal: what nobody sees is escaped, and stays what it is."""
    said = json.dumps(value, ensure_ascii=False, indent=2)
    return "".join(each if _is_seen(each) or each == "\n" else json.dumps(each)[1:-1] for each in said)


def today() -> dt.date:
    """Return the company's day."""
    return here.day_of(now(), zone())


def zone() -> ZoneInfo:
    """Return the company's time zone."""
    with reading() as session:
        return here.zone_of(session)


@contextmanager
def engine() -> Iterator[Engine]:
    """Open the installation's database, which must be at the revision of this code; raises SettingsError."""
    opened = database.engine(settings().database_url, there=True)
    try:
        require_newest(opened)
        yield opened
    finally:
        opened.dispose()


@contextmanager
def reading() -> Iterator[Session]:
    """Give a session that can only read."""
    with engine() as opened, database.reading(opened) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """Give a session whose work is committed at the end of the command."""
    with engine() as opened, database.writing(opened) as session:
        yield session
