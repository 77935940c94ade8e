"""Fresh installations, one for each life that is drawn."""

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cluster import Cluster
from tests.conftest import KEY
from tests.fuzz.living import Place

Begin = Callable[[], Place]


@pytest.fixture
def homes(tmp_path: Path) -> Callable[[], Path]:
    """Give what makes homes with their secret."""
    count = itertools.count()

    def make() -> Path:
        made = tmp_path / f"home{next(count)}"
        made.mkdir()
        (made / "secret.key").write_bytes(KEY)
        return made

    return make


@pytest.fixture
def on_sqlite(homes: Callable[[], Path], sqlite_template: Path) -> Begin:
    """Give what makes fresh installations on SQLite."""

    def begin() -> Place:
        at = homes()
        shutil.copyfile(sqlite_template, at / "survey.db")
        return Place(f"sqlite:///{at / 'survey.db'}", at, lambda: shutil.rmtree(at))

    return begin


@pytest.fixture
def on_postgresql(homes: Callable[[], Path], postgresql: Cluster, postgresql_template: str) -> Begin:
    """Give what makes fresh installations on PostgreSQL."""

    def begin() -> Place:
        name = postgresql.create(postgresql_template)
        return Place(postgresql.url(name), homes(), lambda: postgresql.drop(name))

    return begin
