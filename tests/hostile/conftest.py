"""The hostile company and its harmless twin, each made once, with a browser of its HR."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from survey.database import writing
from survey.privacy.thaw import Publication
from survey.services.accounts import sign_ins
from survey.settings import Settings
from survey.web.access import COOKIE
from survey.web.clock import now
from survey.web.factory import create_app
from survey.web.limits import limiter
from tests.conftest import KEY
from tests.hostile.company import Words, build

HR = 3
"""Cy's account."""


@dataclass
class Stage:
    """An installation, and what was written into it."""

    app: Flask
    home: Path
    words: Words
    told: Publication
    waiting: tuple[str, str] | None = None
    """The names of two rosters that HR has sent and not yet taken: one to be mended, and one that could be taken."""

    @property
    def engine(self) -> Engine:
        """The database."""
        opened: Engine = self.app.extensions["survey.engine"]
        return opened

    def browser(self, account: int | None = HR) -> FlaskClient:
        """Give a browser in which an account is signed in, or nobody."""
        client = self.app.test_client()
        if account is not None:
            with writing(self.engine) as session:
                client.set_cookie(COOKIE, sign_ins.let_in(session, account, now(), second_step=True))
        return client


def installed(home: Path, template: Path) -> Flask:
    """Make an empty installation."""
    home.mkdir()
    (home / "secret.key").write_bytes(KEY)
    shutil.copyfile(template, home / "survey.db")
    environment = {
        "SURVEY_HOME": str(home),
        "SURVEY_LOG": "json",
        "SURVEY_METRICS_TOKEN": "a token of 32 letters or more, as asked",
    }
    app = create_app(Settings.from_environment(environment))
    app.config["WTF_CSRF_ENABLED"] = False  # what is sent is looked at here, not whether its form was fresh
    app.testing = False
    return app


def stage(home: Path, template: Path, *, calm: bool) -> Stage:
    """Make an installation in which every word is hostile, or means nothing."""
    app, words = installed(home, template), Words(calm=calm)
    return Stage(app, home, words, build(app.extensions["survey.engine"], home, words))


@pytest.fixture(scope="session")
def every(request: pytest.FixtureRequest) -> bool:
    """Tell whether all of the corpus goes through all fields (`--hostile`), or some of it through each."""
    return bool(request.config.getoption("--hostile"))


@pytest.fixture(scope="session")
def share(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Give which part of all this is, and of how many: `--share 3/8` is the third of eight that together are all."""
    part, _, parts = str(request.config.getoption("--share")).partition("/")
    assert 1 <= int(part) <= int(parts), "--share is written as 3/8"
    return int(part), int(parts)


@pytest.fixture(scope="module")
def hostile(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The company in which every word means harm."""
    yield from kept(stage(tmp_path_factory.mktemp("hostile") / "home", sqlite_template, calm=False))


@pytest.fixture(scope="module")
def calm(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Its twin."""
    yield from kept(stage(tmp_path_factory.mktemp("calm") / "home", sqlite_template, calm=True))


def kept(made: Stage) -> Iterator[Stage]:
    """Yield a stage on which nothing is asked too often, and close it."""
    limiter.enabled = False
    yield made
    limiter.enabled = True
    made.engine.dispose()
