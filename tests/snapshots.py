"""What many tests start from is made once by each worker and copied for the next: an open wave, a published one.

Only where nothing has happened yet: the database is still the empty one, and the home folder holds its secret alone. On
PostgreSQL a copy would cost what it saves.
"""

import filecmp
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

DATABASE: Final = "survey.db"
SECRET: Final = "secret.key"
EMPTY: Final = {DATABASE, SECRET}
_EMPTY: dict[str, Path] = {}
_KEPT: dict[str, Path] = {}
_FOLDER: Final = tempfile.TemporaryDirectory(prefix="survey-snapshots-")


def from_nothing(empty: Path) -> None:
    """Say which file is the empty database at the newest revision."""
    _EMPTY["sqlite"] = empty


def start(engine: Engine, home: Path, name: str, make: Callable[[], object]) -> None:
    """Bring a fresh installation to the point called `name`: by `make`, or by a copy of what it made before.

    Args:
        engine: the database, of which nothing is kept open.
        home: the folder of the installation.
        name: the same for the same `make`, whatever the test.
        make: does it.
    """
    if not _fresh(engine, home):
        make()
        return
    kept = _KEPT.get(name)
    if kept is not None and filecmp.cmp(kept / SECRET, home / SECRET, shallow=False):
        engine.dispose()
        closed = {path: path.stat().st_mode for path in (home, *home.iterdir())}
        shutil.copytree(kept, home, dirs_exist_ok=True)
        for path, mode in closed.items():
            path.chmod(mode)
        return
    make()
    engine.dispose()
    _KEPT[name] = Path(shutil.copytree(home, Path(tempfile.mkdtemp(dir=_FOLDER.name)) / "home"))


def _fresh(engine: Engine, home: Path) -> bool:
    path = home / DATABASE
    return (
        engine.url.database == str(path)
        and "sqlite" in _EMPTY
        and {each.name for each in home.iterdir()} == EMPTY
        and filecmp.cmp(_EMPTY["sqlite"], path, shallow=False)
    )
