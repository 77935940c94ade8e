"""`survey attack` where several machines share a folder of keys."""

import shutil
from pathlib import Path

from tests.attack.staging import Stage
from tests.attack.test_command import address, attack


def test_the_key_of_an_open_wave_is_found_where_machines_share_it(staged: Stage, tmp_path: Path) -> None:
    """Who holds the issue key can tell who answered: it is looked for in SURVEY_KEYS."""
    shutil.copytree(staged.home / "keys", tmp_path / "keys")
    with staged.branch() as engine:
        empty = tmp_path / "home"
        empty.mkdir(mode=0o700)
        alone = attack(address(engine), empty).output
        shared = attack(address(engine), empty, variables={"SURVEY_KEYS": str(tmp_path)}).output
    told = "can list who answered"
    assert (told in alone, told in shared) == (False, True)
