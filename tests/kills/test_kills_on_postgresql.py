"""What was acknowledged stays, once, whatever is killed while people answer: PostgreSQL."""

from pathlib import Path

from tests.cluster import cluster
from tests.kills.drill import drill
from tests.kills.stores import PostgresStore


def test_kills_on_postgresql(tmp_path: Path, killed: int, seed: int) -> None:
    """The same, and processes of the database server, and the server itself."""
    with cluster() as server:
        tally = drill(tmp_path, lambda _home: PostgresStore(server), killed, seed)
    assert tally.wrong == []
    assert tally.kills.total() == killed
