"""What is wrong with this installation, and what to do: `survey doctor`."""

import secrets
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from ctypes.util import find_library

import click
from sqlalchemy.exc import DBAPIError

from reports.pool import print_codes
from reports.slips import Slips
from reports.store import store_of
from survey import database
from survey.cli import context
from survey.faults import fault
from survey.i18n import Refused, Sentence
from survey.migrations import require_newest
from survey.services.doctor import examination, room
from survey.services.doctor.check import Check, fail, ok
from survey.services.doctor.reached import certificate
from survey.services.doctor.stored import two_clocks
from survey.settings import Settings, SettingsError

PROBES = "doctor/"
"""Where something is kept for a moment; no report is called so."""
LIBRARIES = "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="For programs: a list of objects.")
def doctor(as_json: bool) -> None:  # noqa: FBT001 - click passes a flag
    """Look at everything that can be wrong, and say what to do; exits with 1 where something is at fault."""
    checks: list[Check] = []
    for check in _looked_at():
        checks.append(check)
        if not as_json:
            context.say(check.line(context.language()))
    if as_json:
        context.say(context.as_json([_plain(check) for check in checks]))
    else:
        context.say(examination.summary(checks))
    if any(check.level == "fail" for check in checks):
        raise click.exceptions.Exit(context.REFUSED)


def _looked_at() -> Iterator[Check]:
    try:
        settings = context.settings()
    except SettingsError as error:
        yield _told("settings", error)
        return
    yield from examination.surroundings(settings)
    reached = certificate(settings.base_url, context.now())
    if reached is not None:
        yield reached
    yield from _database(settings)
    if settings.home.is_dir():
        yield storing(settings)
    yield printing()


def _database(settings: Settings) -> Iterator[Check]:
    try:
        opened = database.engine(settings.database_url, there=True)
    except SettingsError as error:
        yield _told("database", error)
        return
    except DBAPIError as error:
        yield _hindered(error)
        return
    try:
        require_newest(opened)
        yield ok("database", Sentence("The database can be opened, and has the tables of this version."))
        yield room.takes(opened)
        yield from examination.inside(opened, settings, context.now())
        with database.reading(opened) as session:
            clocks = two_clocks(session, context.now())
        if clocks is not None:
            yield clocks
    except SettingsError as error:
        yield _told("database", error)
    except DBAPIError as error:
        yield _hindered(error)
    finally:
        opened.dispose()


def storing(settings: Settings) -> Check:
    """Keep something where reports are kept, read it, and remove it."""
    name = f"{PROBES}{secrets.token_hex(8)}"
    try:
        store = store_of(settings)
        store.keep(name, b"doctor")
        with suppress(FileNotFoundError):  # another doctor has removed it
            store.read(name)
        store.forget(PROBES)
    except Refused as refused:
        return fail("store", refused.sentence)
    said = Sentence("Reports can be kept, read and removed in %(place)s.")
    return ok("store", said, place=settings.reports or settings.home / "reports")


def printing() -> Check:
    """Print a sheet as reports are printed: with our fonts, in a process of its own."""
    if find_library("harfbuzz-subset") is None:
        said = Sentence("The library harfbuzz-subset is missing: PDFs would be large, and print many times slower.")
        return fail("printing", said, Sentence("Run: %(command)s"), command=LIBRARIES)
    address, code = "https://survey.example.com", "0123-4567-89AB-CDEF"
    try:
        made = print_codes(Slips("등대상사", "북부영업", "2026-Q4", address, [code], context.now().date()), "ko")
    except (BrokenProcessPool, OSError, RuntimeError, MemoryError) as error:
        return fail(
            "printing",
            Sentence("No PDF can be printed: %(why)s."),
            Sentence("Run: %(command)s"),
            why=" ".join(str(error).split()).rstrip(".") or type(error).__name__,
            command=LIBRARIES,
        )
    except Refused as refused:
        return fail("printing", refused.sentence)
    if not made.startswith(b"%PDF-"):
        return fail("printing", Sentence("A PDF was printed, but it is none."))
    return ok("printing", Sentence("A sheet was printed, with our own fonts."))


def _told(name: str, error: SettingsError) -> Check:
    return fail(name, Sentence(error.text, error.facts))


def _hindered(error: DBAPIError) -> Check:
    """Return what hinders the database; raises a mistake of ours again."""
    found = fault(error)
    if found is None:
        raise error
    return fail("database", found.said, found.cure)


def _plain(check: Check) -> dict[str, str]:
    language = context.language()
    cure = check.cure.to(language) if check.cure else ""
    return {"name": check.name, "level": check.level, "said": check.said.to(language), "cure": cure}
