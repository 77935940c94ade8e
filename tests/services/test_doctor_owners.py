"""Whose the files of an installation are: what somebody else’s command has left is found, and given back."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_bytes

import pytest

from survey.faults import NOT_OURS, READ_ONLY, fault
from survey.i18n import LANGUAGES
from survey.services.doctor import examination, machine
from survey.services.doctor.check import Check
from survey.settings import Settings
from tests.faults.disks import disk

SOMEBODY = 65534
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


@contextmanager
def somebody() -> Iterator[None]:
    """Be another user than root."""
    os.setresuid(SOMEBODY, SOMEBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def theirs() -> Iterator[Path]:
    """Give a home that belongs to that user, with a key; pytest's own folders let nobody else pass."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "keys").mkdir()
        for path in (folder / "secret.key", folder / "keys" / "2026-Q4.key"):
            path.write_bytes(token_bytes(32))
            path.chmod(0o600)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, SOMEBODY, SOMEBODY)
        (folder / "lost+found").mkdir()  # where the folder is a disk of its own
        yield folder


def said(check: Check) -> str:
    """Return a point in English; it must be sayable in Korean."""
    assert not any("%(" in check.line(language) for language in LANGUAGES)
    assert check.cure is None or check.cure.to("ko") != check.cure.to("en")
    return check.line("en")


def test_a_key_that_a_command_of_root_left_is_found_and_given_back(theirs: Path) -> None:
    """It could not be read, so that its wave could not close, nor destroyed, as was promised: root hears it too."""
    assert machine.home(theirs).level == "ok"
    key = theirs / "keys" / "2026-Q4.key"
    os.chown(key, 0, 0)
    with somebody():
        told = said(machine.home(theirs))
        with pytest.raises(PermissionError) as raised:
            key.read_bytes()
        assert fault(raised.value) is NOT_OURS
    assert told.startswith(f"fault home          {key} cannot be used by nobody, because it belongs to root")
    assert f"Run as root: chown -R nobody {theirs}." in told
    assert said(machine.home(theirs)) == told
    os.chown(key, SOMEBODY, SOMEBODY)
    with somebody():
        assert machine.home(theirs).level == "ok"


def test_what_can_be_used_all_the_same_is_nobodys_fault(theirs: Path) -> None:
    """A folder of root's that a group shares is no fault to who is in it; to root everything can be used."""
    os.chown(theirs / "keys" / "2026-Q4.key", 0, 0)
    (theirs / "keys" / "2026-Q4.key").chmod(0o666)
    with somebody():
        assert machine.home(theirs).level == "ok"
    os.chown(theirs, 0, 0)
    assert machine.home(theirs).level == "ok"


def test_a_home_that_cannot_be_written_says_why(theirs: Path, tmp_path: Path) -> None:
    """Somebody else's, closed to its own user, on a disk that is only read, or not there: each with its own cure."""
    os.chown(theirs, 0, 0)
    theirs.chmod(0o755)
    with somebody():
        told = said(machine.home(theirs))
        assert f"{theirs} belongs to root, and nobody cannot write it." in told
        assert f"run as root: chown -R nobody {theirs}" in told
    os.chown(theirs, SOMEBODY, SOMEBODY)
    theirs.chmod(0o500)
    with somebody():
        assert f"Run: chmod 700 {theirs}" in said(machine.home(theirs))
        theirs.chmod(0o700)
        assert machine.home(theirs).level == "ok"
        assert "cannot be reached" in said(machine.home(tmp_path / "a" / "b"))
    with disk(tmp_path / "disk") as own:
        if own.mounted:
            subprocess.run(["mount", "-o", "remount,ro", str(own.folder)], check=True)  # noqa: S603, S607 - the system's own
            assert machine.home(own.folder) == Check("home", "fail", READ_ONLY.said, READ_ONLY.cure)


def test_a_secret_that_belongs_to_somebody_else_is_not_said_to_be_missing(theirs: Path) -> None:
    """To make another one would sign everybody out."""
    os.chown(theirs / "secret.key", 0, 0)
    settings = Settings.from_environment({"SURVEY_HOME": str(theirs)})
    with somebody():
        told = said(machine.secret(settings))
    assert f"The secret at {theirs / 'secret.key'} belongs to another user." in told
    assert "survey init" not in told


def test_a_secret_with_which_nothing_starts_is_a_fault(theirs: Path) -> None:
    """What `survey serve` refuses is red, and what it only tells is worth a look."""
    theirs.chmod(0o711)
    settings = Settings.from_environment({"SURVEY_HOME": str(theirs)})
    (theirs / "secret.key").chmod(0o644)
    (found,) = (check for check in examination.surroundings(settings) if check.name == "closed")
    assert (found.level, "Run: chmod 600" in said(found)) == ("fail", True)
    (theirs / "secret.key").chmod(0o640)
    theirs.chmod(0o710)
    levels = [check.level for check in examination.surroundings(settings) if check.name == "closed"]
    assert levels == (["warn"] if all(above.stat().st_mode & 0o010 for above in theirs.parents) else [])
