"""Nothing that was acknowledged gets lost, and nothing counts twice, whatever is killed while people answer."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.cluster import Cluster, cluster
from tests.kills.drill import Round, drill
from tests.kills.stores import PostgresStore, SqliteStore

COMPANIES: Final = 10
"""In how many the drill may look for what is broken."""


def say(text: str) -> None:
    """Write a line of progress, which pytest shows with -s."""
    sys.stderr.write(f"{text}\n")


@pytest.fixture
def server() -> Iterator[Cluster]:
    """Give a PostgreSQL server that may be killed."""
    with cluster() as running:
        yield running


@pytest.mark.parametrize(
    ("product", "found"), [("thanks_first", "lost after the thanks"), ("two_transactions", "taken, and not counted")]
)
def test_the_drill_sees_what_is_broken(tmp_path: Path, product: str, found: str) -> None:
    """Where thanks come before the commit, or code and answers are kept apart, the same drill says so.

    A kill may fall where nothing is lost yet, or on somebody who presses once more: then another company is tried.
    """

    def wrong(number: int) -> list[str]:
        folder = tmp_path / f"{number}"
        folder.mkdir()
        store = SqliteStore(folder / "home")
        main = f"from tests.kills.broken import {product} as main"
        return Round(folder, store, f"{number}", ["group"] * 2, main).run().wrong

    assert any(found in each for number in range(COMPANIES) for each in wrong(number))


def test_kills_on_sqlite(tmp_path: Path, killed: int, seed: int) -> None:
    """Workers, the one that writes, their parent, all at once; and what lies on the disk at any moment."""
    tally = drill(tmp_path, SqliteStore, killed, seed, say)
    assert tally.wrong == []
    assert tally.kills.total() == killed


def test_kills_on_postgresql(tmp_path: Path, server: Cluster, killed: int, seed: int) -> None:
    """The same, and processes of the database server, and the server itself."""
    tally = drill(tmp_path, lambda _home: PostgresStore(server), killed, seed, say)
    assert tally.wrong == []
    assert tally.kills.total() == killed
