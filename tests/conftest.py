"""What every test may ask for: a database of each kind, a home, a client; and no way out of this machine."""

import ipaddress
import os
import secrets
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey.database import engine as open_engine
from survey.database import sessions
from survey.migrations import upgrade
from survey.runs.runner import NAMED
from survey.services.accounts import passwords
from survey.settings import Settings
from survey.web.factory import create_app
from tests import cast, room, snapshots
from tests.chromium import chromium
from tests.cluster import Cluster, NoServerError, cluster
from tests.sendable import sendable

KINDS: Final = ("sqlite", "postgresql")
WEB: Final = frozenset({"app", "client"})
LONGEST_FIRST: Final = ("kills", "bombs", "journeys", "reports", "attack", "fuzz", "faults", "hostile", "services")
"""Folders, by the seconds that one of their files takes."""
KEY: Final = secrets.token_bytes(32)
"""The secret of every home that a worker makes, so that what is kept under it can be copied (tests/snapshots.py)."""

room.take()

# No test is timed: a busy machine must not fail it.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let attacks run longer: `tests/privacy/attack --companies 5000`, `tests/kills --kills 1000 --seed 7`."""
    parser.addoption("--companies", type=int, default=250, help="random companies whose published numbers are attacked")
    parser.addoption("--hostile", action="store_true", help="every hostile text through every field (tests/hostile)")
    parser.addoption("--share", default="1/1", help="with --hostile: this part of all only, such as 3/8; eight are all")
    parser.addoption("--bombs", action="store_true", help="read uploads too that take seconds to be refused")
    parser.addoption("--kills", type=int, help="how many things every drill kills, on each database")
    parser.addoption("--seed", type=int, default=1, help="from which follows what the drill kills, in which order")
    parser.addoption("--fuzz-minutes", type=float, default=0, help="how long tests/fuzz goes on")
    parser.addoption(
        "--every-statement", action="store_true", help="kill an upgrade and a publication at each of their statements"
    )


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[Callable[[], PasswordHasher]]:
    """Hash passwords as cheaply as argon2 can, and give what the product does: `test_accounts` pays the real price."""
    real: Callable[[], PasswordHasher] = vars(passwords)["_hasher"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", cast.cheap_hasher)
        yield real


@pytest.fixture(scope="session")
def kills(request: pytest.FixtureRequest) -> int:
    """Give how many workers are killed while two hosts make reports."""
    return int(request.config.getoption("--kills") or 2)


@pytest.fixture(scope="session")
def fuzz_minutes(request: pytest.FixtureRequest) -> float:
    """Give how long what is drawn at random goes on; 0 for the few examples of every run."""
    return float(request.config.getoption("--fuzz-minutes"))


@pytest.fixture(scope="session")
def bombs(request: pytest.FixtureRequest) -> bool:
    """Tell whether uploads that take seconds to be refused are read too."""
    return bool(request.config.getoption("--bombs"))


@pytest.fixture(scope="session")
def companies(request: pytest.FixtureRequest) -> int:
    """Give how many random companies the attack on published numbers takes."""
    return int(request.config.getoption("--companies"))


def _stay_at_home(name: str, facts: tuple[object, ...]) -> None:
    """Refuse every connection that leaves the loopback: the tests must never write a letter to anybody."""
    if name == "socket.connect" and isinstance(facts[1], tuple):
        host = str(facts[1][0])
        if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            raise AssertionError(f"a test tried to reach {host}")


sys.addaudithook(_stay_at_home)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no processor is left without work while another one ends it."""
    places = {folder: place for place, folder in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path.parent.name, len(places)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what touches a database on both kinds; pages, which see it through services only, on SQLite unless marked."""
    if "database_url" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("both_databases") is not None
        kinds = KINDS[:1] if WEB & set(metafunc.fixturenames) and not marked else KINDS
        if metafunc.definition.get_closest_marker("only_postgresql") is not None:
            kinds = KINDS[1:]
        metafunc.parametrize("database_url", kinds, indirect=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """Give a PostgreSQL server of this test run's own."""
    try:
        with cluster() as running:
            yield running
    except NoServerError as error:
        pytest.fail(str(error))


@pytest.fixture(scope="session")
def postgresql_template(postgresql: Cluster) -> str:
    """Give the name of a PostgreSQL database at the newest revision, to be copied."""
    name = postgresql.create()
    _migrate(postgresql.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file at the newest revision, to be copied."""
    path = tmp_path_factory.mktemp("template") / "survey.db"
    _migrate(f"sqlite:///{path}")
    snapshots.from_nothing(path)
    return path


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Give what every app of a test's own may share: templates, compiled once, known by what is in them."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def database_url(request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    """Give the address of a fresh, empty database at the newest revision."""
    if request.param == "sqlite":
        path = home / "survey.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        running: Cluster = request.getfixturevalue("postgresql")
        name = running.create(request.getfixturevalue("postgresql_template"))
        yield running.url(name)
        running.drop(name)


@pytest.fixture
def empty_url(database_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the address of another database of the same kind, with nothing in it."""
    if database_url.startswith("sqlite"):
        yield database_url.replace("survey.db", "old.db")
    else:
        running: Cluster = request.getfixturevalue("postgresql")
        name = running.create()
        yield running.url(name)
        running.drop(name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Give the opened database; use `reading(engine)` and `writing(engine)` where several readers or writers meet."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Give one session that may write; it holds SQLite's lock from its first statement to its commit."""
    with sessions(engine)() as opened:
        yield opened


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give Debian's Chromium, started once: two of Playwright's loops cannot run in one process."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a SURVEY_HOME with its secret."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "secret.key").write_bytes(KEY)
    return folder


@pytest.fixture
def environment(home: Path, database_url: str) -> dict[str, str]:
    """Give the variables that an operator would set, on top of this process's own."""
    return {**os.environ, "SURVEY_HOME": str(home), "SURVEY_DATABASE_URL": database_url}


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    """Give the settings of the test's own installation: letters become files under its home."""
    return Settings.from_environment(environment)


@pytest.fixture
def app(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """Give the web application on the test's own installation, whose database stays until its runs are over."""
    made = create_app(settings)
    made.jinja_env.bytecode_cache = compiled_templates
    made.testing = True
    made.wsgi_app = sendable(made.wsgi_app)  # type: ignore[assignment, method-assign] # Flask's documented way
    yield made
    for run in (thread for thread in threading.enumerate() if thread.name.startswith(NAMED)):
        run.join()
    opened: Engine = made.extensions["survey.engine"]
    opened.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a browser without JavaScript: cookies are kept, redirects are not followed."""
    return app.test_client()


def _migrate(url: str) -> None:
    opened = open_engine(url)
    upgrade(opened)
    opened.dispose()
