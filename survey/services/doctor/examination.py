"""All points, one after the other; what cannot be looked at because of an earlier fault is left out."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import Engine

from survey.database import reading
from survey.i18n import Sentence
from survey.services import closed
from survey.services.doctor import durable, duties, encrypted, leaked, machine, post, room, stored, working
from survey.services.doctor.check import Check, fail
from survey.settings import Settings, SettingsError


def surroundings(settings: Settings) -> Iterator[Check]:
    """Look at what can be seen without the database."""
    yield machine.home(settings.home)
    if settings.keys != settings.home:
        yield machine.home(settings.keys, "keys")
    yield machine.secret(settings)
    yield from room.look(settings)
    yield from _closed(settings)
    yield machine.address(settings.base_url, settings.proxy_hops)
    listed = leaked.look(settings.breached)
    if listed is not None:
        yield listed
    way = encrypted.look(settings.database_url)
    if way is not None:
        yield way


def inside(engine: Engine, settings: Settings, now: dt.datetime) -> Iterator[Check]:
    """Look at what the database knows, and at the way letters leave."""
    with reading(engine) as session:
        damaged = stored.whole(session)
        if damaged is not None:
            yield damaged
            if damaged.level == "fail":  # to look any further would only fail, in other words
                return
        size = 0 if engine.dialect.name != "sqlite" else _size(engine)
        wanted = machine.needed(size, duties.people(session), duties.units(session))
        yield machine.disk(machine.free(settings.home), wanted)
        kept = durable.look(session)
        if kept is not None:
            yield kept
        yield from stored.look(session, now)
        yield from duties.look(session, settings, now)
        yield from working.look(session, settings)
        found, way = post.look(session, settings)
    if found is not None:
        yield found
    if way is not None:
        yield post.reach(way)


def _closed(settings: Settings) -> Iterator[Check]:
    try:
        closed.require_closed(settings)
    except SettingsError as error:
        yield fail("closed", Sentence(error.text, error.facts))
        return
    yield from (Check("closed", "warn", said) for said in closed.lying_open(settings))


def summary(checks: list[Check]) -> Sentence:
    """Say how many points stand how."""
    counts: dict[str, object] = {
        level: sum(check.level == level for check in checks) for level in ("ok", "warn", "fail")
    }
    return Sentence("%(ok)s points stand well, %(warn)s are worth a look, %(fail)s are at fault.", counts)


def _size(engine: Engine) -> int:
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
