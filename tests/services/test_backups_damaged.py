"""A damaged backup, or a file that is none, is told, and nothing of it is restored."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey.i18n import Refused
from survey.services.backups import backup_file
from tests.services import rounds
from tests.services.installations import Target, back_up, empty, rows


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Target]:
    """Give an empty installation on SQLite."""
    with empty("sqlite", tmp_path) as made:
        yield made


@pytest.mark.parametrize("damage", ["flipped", "cut", "longer", "empty"])
def test_a_damaged_backup_is_told(engine: Engine, home: Path, tmp_path: Path, bare: Target, damage: str) -> None:
    """One changed, missing or added byte is told by the digest, and nothing is restored."""
    rounds.open_cast(engine, home)
    back_up(engine, home)
    file = tmp_path / "all.backup"
    content = file.read_bytes()
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    file.write_bytes({"flipped": flipped, "cut": content[:-9], "longer": content + b"0", "empty": b""}[damage])
    with pytest.raises(Refused, match=r"damaged or cut off|no backup of this program"):
        bare.restore(file)
    assert not any(rows(bare.engine).values())


@pytest.mark.parametrize("piece", [b"", bytes(4), b"\0\0\0\1\xc1"])
def test_a_whole_file_that_holds_no_backup_is_told(tmp_path: Path, bare: Target, piece: bytes) -> None:
    """A right digest alone makes no backup: a file of other pieces is refused in words."""
    (tmp_path / "other").write_bytes(backup_file.MAGIC + piece + hashlib.sha256(backup_file.MAGIC + piece).digest())
    with pytest.raises(Refused, match=r"no backup of this program|another version"):
        bare.restore(tmp_path / "other")
