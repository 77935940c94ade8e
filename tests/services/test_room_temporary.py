"""The folder for temporary files, where it has no room: large uploads lie there."""

import shutil
import tempfile
from pathlib import Path

import pytest

from survey.services.doctor import room
from survey.settings import Settings
from tests.faults.disks import disk


def test_a_full_folder_for_temporary_files_is_told(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python would quietly take another one; a server that runs keeps the one it has found."""
    with disk(tmp_path / "tmp", 1 << 20) as own:
        if not own.mounted:
            pytest.skip("no disk of a test's own can be mounted here")
        monkeypatch.setenv("TMPDIR", str(own.folder))
        monkeypatch.setattr(tempfile, "tempdir", None)
        assert [check.level for check in room.look(settings)] == ["ok"]
        with own.full(0):
            monkeypatch.setattr(tempfile, "tempdir", None)
            (found,) = room.look(settings)
            assert found.line("en").startswith(f"fault room          {own.folder} cannot be written (No space left")
    monkeypatch.setattr(tempfile, "tempdir", None)
    shutil.rmtree(own.folder)
    assert [check.level for check in room.look(settings)] == ["ok"]
