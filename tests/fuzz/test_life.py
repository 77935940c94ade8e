"""Lives drawn at random, on both databases: after every step the promises hold."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.cluster import Cluster
from tests.conftest import KEY, KINDS
from tests.fuzz.living import Place
from tests.fuzz.told import Life

LIVES: Final = {"sqlite": 12, "postgresql": 2}
STEPS: Final = 25


@pytest.fixture(params=KINDS)
def begin(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Place]:
    """Give what makes a fresh installation, on each kind of database."""
    homes = iter(range(10**9))

    def home() -> Path:
        made = tmp_path / f"home{next(homes)}"
        made.mkdir()
        (made / "secret.key").write_bytes(KEY)
        return made

    def sqlite() -> Place:
        at = home()
        shutil.copyfile(request.getfixturevalue("sqlite_template"), at / "survey.db")
        return Place(f"sqlite:///{at / 'survey.db'}", at, lambda: shutil.rmtree(at))

    def postgresql() -> Place:
        at, running = home(), request.getfixturevalue("postgresql")
        assert isinstance(running, Cluster)
        name = running.create(request.getfixturevalue("postgresql_template"))
        return Place(running.url(name), at, lambda: running.drop(name))

    return sqlite if request.param == "sqlite" else postgresql


def drawn(lives: int) -> settings:
    """Return how lives are drawn: the same ones in every run, without a limit on time."""
    return settings(
        max_examples=lives, stateful_step_count=STEPS, derandomize=True, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip


def test_promises_hold_whatever_happens(begin: Callable[[], Place], request: pytest.FixtureRequest) -> None:
    """People come and go, waves open and close, clocks jump, processes end: each promise holds after each step."""

    class Here(Life):
        pass

    Here.begin = staticmethod(begin)
    run_state_machine_as_test(Here, settings=drawn(LIVES[request.node.callspec.params["begin"]]))
