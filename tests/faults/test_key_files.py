"""Keys on a disk that has no room, or takes nothing any more."""

from pathlib import Path

import pytest

from survey.services.filing import key_files
from tests.services.disk import no_file_beyond


@pytest.mark.parametrize("room", [0, 10])
def test_no_part_of_a_key_is_left_where_there_is_no_room(tmp_path: Path, room: int) -> None:
    """A disk with room for ten bytes takes ten of them: that is no key, and goes."""
    with no_file_beyond(room), pytest.raises(OSError, match=r"File too large|No space left"):
        key_files.make(tmp_path / "a.key")
    assert list(tmp_path.iterdir()) == []
    assert len(key_files.make(tmp_path / "a.key")) == key_files.KEY_BYTES


def test_a_key_that_cannot_be_overwritten_is_removed_all_the_same(tmp_path: Path) -> None:
    """It is told that it was not overwritten; it is not left to be found."""
    key_files.make(tmp_path / "a.key")
    with no_file_beyond(0), pytest.raises(OSError, match="File too large"):
        key_files.destroy(tmp_path / "a.key")
    assert list(tmp_path.iterdir()) == []
