"""A company of 500 who answered in a known order, once for each kind of database and shared by all attacks."""

import secrets
import shutil
from collections.abc import Callable

import pytest

from tests.attack.staging import COPIES, Stage, stage
from tests.cluster import Cluster
from tests.conftest import KINDS
from tests.services import rounds

PEOPLE = 500
FEW = 60
"""Enough where a build is broken so badly that it shows at once."""


@pytest.fixture(scope="session", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Give the kind of database."""
    return str(request.param)


@pytest.fixture(scope="session")
def fresh(kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Stage]:
    """Give a maker of empty installations."""

    def make() -> Stage:
        home = tmp_path_factory.mktemp("attacked") / "home"
        home.mkdir(mode=0o700)
        (home / "secret.key").write_bytes(secrets.token_bytes(32))
        if kind == "sqlite":
            shutil.copyfile(request.getfixturevalue("sqlite_template"), home / "survey.db")
            return Stage(f"sqlite:///{home / 'survey.db'}", home, None)
        running: Cluster = request.getfixturevalue("postgresql")
        return Stage(running.url(running.create(request.getfixturevalue("postgresql_template"))), home, running)

    return make


@pytest.fixture(scope="session")
def staged(fresh: Callable[[], Stage]) -> Stage:
    """Give 500 known answers in a wave that is open."""
    return stage(fresh(), PEOPLE, rounds.plan(), COPIES)
