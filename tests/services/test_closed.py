import os
from collections.abc import Iterator
from pathlib import Path
from secrets import token_bytes
from tempfile import TemporaryDirectory

import pytest
from msgspec.structs import replace

from survey import database_file
from survey.app import create_app
from survey.services import closed
from survey.settings import Settings, SettingsError
from tests.journeys.test_setting_up import Operator


@pytest.fixture
def passable() -> Iterator[Path]:
    """Give a home in folders that everybody may pass, as on a machine where it lies in /srv."""
    with TemporaryDirectory() as name:
        home = Path(name)
        home.chmod(0o711)
        assert all(folder.stat().st_mode & 0o001 for folder in home.parents)
        (home / "secret.key").write_bytes(token_bytes(32))
        (home / "secret.key").chmod(0o600)
        yield home


@pytest.fixture
def settings(passable: Path) -> Settings:
    """Give the settings of that installation."""
    return Settings.from_environment({"SURVEY_HOME": str(passable)})


@pytest.mark.parametrize("name", ["secret.key", "keys/2026-Q4.key", "keys/backup/open/2026-Q4.key", "provider"])
@pytest.mark.parametrize("mode", [0o604, 0o602])
def test_a_secret_open_to_everybody_is_refused(passable: Path, settings: Settings, name: str, mode: int) -> None:
    """Each secret and key that any user of the machine may read or write: the sentence names it, and the cure."""
    path = passable / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    asked = replace(settings, oidc_secret_file=str(path)) if name == "provider" else settings
    closed.require_closed(asked)
    path.chmod(mode)
    with pytest.raises(SettingsError, match=rf"{path}, .* Run: chmod 600"):
        closed.require_closed(asked)


def test_a_folder_that_lets_nobody_pass_is_enough(passable: Path, settings: Settings) -> None:
    """A file that is open in a folder that is closed can be opened by nobody."""
    (passable / "secret.key").chmod(0o644)
    passable.chmod(0o700)
    closed.require_closed(settings)
    assert list(closed.at_start(settings)) == []


def test_nothing_starts_with_an_open_secret(passable: Path, settings: Settings) -> None:
    """Neither the pages nor a command that sets up; in Korean too."""
    (passable / "secret.key").chmod(0o644)
    with pytest.raises(SettingsError, match="Run: chmod 600"):
        create_app(settings)
    operator = Operator(SURVEY_HOME=str(passable), SURVEY_DATABASE_URL=settings.database_url)
    assert "chmod 600" in operator.unusable("init")
    assert "누구나" in operator.unusable("--lang", "ko", "serve")


def test_what_may_be_meant_so_is_told(passable: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A group that may read, a home that machines share, https without a proxy: told, and not refused."""
    (passable / "secret.key").chmod(0o640)
    asked = replace(settings, base_url="https://survey.example.com")
    told = [sentence.to("en") for sentence in closed.at_start(asked)]
    assert [text.split(" ", 1)[0] for text in told] == ["A", "SURVEY_URL"]
    mounts = passable / "mounts"
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nbox:/x {os.path.realpath(passable)} nfs4 rw 0 0\n", "utf-8")
    monkeypatch.setattr(database_file, "MOUNTS", mounts)
    assert "a network file system (nfs4)" in " ".join(sentence.to("en") for sentence in closed.at_start(asked))
    assert list(closed.at_start(replace(asked, home=Path("/nowhere"), proxy_hops=1))) == []
