"""What the tests of `survey doctor` have in common: everything is looked at, and told in both languages."""

import datetime as dt
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from survey.i18n import LANGUAGES
from survey.services.doctor import examination
from survey.services.doctor.check import Check
from survey.settings import Settings
from tests import cast

LATER: Final = cast.NOW + dt.timedelta(days=1)


def closed_to_others(engine: Engine, settings: Settings) -> None:
    """Close what a test's installation leaves open."""
    settings.home.chmod(0o700)
    settings.secret_path.chmod(0o600)
    if engine.dialect.name == "sqlite":
        Path(str(engine.url.database)).chmod(0o600)


def looked(engine: Engine, settings: Settings, now: dt.datetime = LATER) -> dict[str, Check]:
    """Look at everything; each sentence must be sayable in both languages."""
    found = [*examination.surroundings(settings), *examination.inside(engine, settings, now)]
    assert not any("%(" in check.line(language) for check in found for language in LANGUAGES)
    return {check.name: check for check in found}


def told(found: dict[str, Check], name: str) -> str:
    """Return how one point stands, in English."""
    return found[name].line("en")
