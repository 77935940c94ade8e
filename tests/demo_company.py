"""The demo company, filled once for all tests that look at it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from survey import database
from survey.demo.fill import fill
from survey.mail import post_for
from survey.migrations import upgrade
from survey.services.invitations.sending import Outbox
from survey.settings import Settings

NOW: Final = dt.datetime(2026, 11, 22, 10, 0)


@dataclass(frozen=True)
class DemoCompany:
    """A filled installation."""

    engine: Engine
    settings: Settings
    sign_ins: dict[str, str]
    said: list[str]


@contextmanager
def demo_company(home: Path) -> Iterator[DemoCompany]:
    """Fill the demo company in `home`, on SQLite."""
    settings = Settings.from_environment({"SURVEY_HOME": str(home)})
    (home / "secret.key").write_bytes(bytes(range(32)))
    opened = database.engine(settings.database_url)
    try:
        upgrade(opened)
        said: list[str] = []
        outbox = Outbox(home, settings.base_url, post_for(settings))
        yield DemoCompany(opened, settings, fill(opened, outbox, NOW, said.append), said)
    finally:
        opened.dispose()
