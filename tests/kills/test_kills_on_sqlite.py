"""What was acknowledged stays, once, whatever is killed while people answer: SQLite."""

from pathlib import Path

from tests.kills.drill import drill
from tests.kills.stores import SqliteStore


def test_kills_on_sqlite(tmp_path: Path, killed: int, seed: int) -> None:
    """Workers, the one that writes, their parent, all at once; and what lies on the disk at any moment."""
    tally = drill(tmp_path, SqliteStore, killed, seed)
    assert tally.wrong == []
    assert tally.kills.total() == killed
