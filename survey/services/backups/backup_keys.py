"""The keys without which backups do not give answers back: one a wave and stage, outside database and backups.

A stage ends with the promise that ends it: the close (what recognises codes is gone), the unsealing (answers and
comments are parted), the day on which answers are deleted. Its key is destroyed then, and with it what all backups of
that stage hold of the wave, wherever they lie.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from survey.i18n import Refused
from survey.services.filing import key_files
from survey.services.sealing import sealing
from survey.services.waves.waves import Wave

Stage = Literal["open", "sealed", "kept"]
STAGES: Final[tuple[Stage, ...]] = ("open", "sealed", "kept")


def stage_of(wave: Wave) -> Stage:
    """Return what a backup made now holds of a wave: arrivals, sealed boxes, or answers."""
    if wave.state == "open":
        return "open"
    return "sealed" if sealing.is_sealed(wave) else "kept"


def path(home: Path, stage: Stage, wave: str) -> Path:
    """Return where a key lies; a folder of their own tells them from the issue keys, which nobody may copy."""
    return home / "keys" / "backup" / stage / f"{wave}.key"


def key(home: Path, stage: Stage, wave: str) -> bytes:
    """Return a wave's key, made at the first backup of this stage; raises Refused where its file is cut off."""
    file = path(home, stage, wave)
    if not file.exists():
        return key_files.make(file)
    found = file.read_bytes()
    if len(found) != key_files.KEY_BYTES:
        raise Refused(
            "The key file %(file)s is cut off, as a loss of power leaves it. Put back a copy of it; where it was never "
            "whole, delete it, and make the backup again.",
            file=file,
        )
    return found


def found(home: Path, copies: Path | None, stage: Stage, wave: str, box: bytes) -> bytes | None:
    """Return the key that opens a box: this installation's own, or one of a folder of copies; None where there is none.

    `copies` is a copy of SURVEY_HOME/keys or of SURVEY_HOME/keys/backup.
    """
    for file in _places(home, copies, stage, wave):
        if file.exists() and opens(candidate := file.read_bytes(), box):
            return candidate
    return None


def opens(candidate: bytes, box: bytes) -> bool:
    """Tell whether a key is the one of a box."""
    try:
        SecretBox(candidate).decrypt(box)
    except (CryptoError, ValueError, TypeError):
        return False
    return True


def keep(home: Path, stage: Stage, wave: str, used: bytes) -> None:
    """Take over a key from a folder of copies, so that it is destroyed when its stage ends."""
    file = path(home, stage, wave)
    if not file.exists():
        key_files.make(file, used)


def destroy_past(home: Path, wave: Wave, *, due: bool) -> bool:
    """Destroy the keys of the stages that a wave has left, and all where its answers were due to be deleted."""
    past = [stage for stage in STAGES if wave.state != "draft" and (due or stage != stage_of(wave))]
    destroyed = [key_files.destroy(path(home, stage, wave.code)) for stage in past]
    return any(destroyed)


def _places(home: Path, copies: Path | None, stage: Stage, wave: str) -> Iterator[Path]:
    yield path(home, stage, wave)
    if copies is not None:
        yield copies / stage / f"{wave}.key"
        yield copies / "backup" / stage / f"{wave}.key"
