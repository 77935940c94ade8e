"""Whether what has to be written can be written: a full disk, and one that can only be read, show themselves here."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from survey.faults import fault
from survey.i18n import Sentence
from survey.services.doctor.check import Check, fail, ok
from survey.services.room import hindrance, hindrances
from survey.settings import Settings

OURS: Final = Sentence("See that the folder exists, and that the user of survey may write there.")


def look(settings: Settings) -> Iterator[Check]:
    """Write a little wherever the survey writes, into the folder for temporary files too: large uploads lie there."""
    found = [*hindrances(settings), *_temporary()]
    for folder, error in found:
        known = fault(error)
        yield fail(
            "room",
            Sentence("%(folder)s cannot be written (%(why)s)."),
            known.cure if known else OURS,
            folder=folder,
            why=error.strerror or type(error).__name__,
        )
    if not found:
        yield ok("room", Sentence("Something was written, and removed, wherever the survey writes."))


def _temporary() -> Iterator[tuple[Path, OSError]]:
    try:
        folder = Path(tempfile.gettempdir())
    except FileNotFoundError as none:  # Python has tried each that it knows
        yield Path("/tmp"), none  # noqa: S108 - the one it is looked for first
        return
    error = hindrance(folder)
    if error is not None:
        yield folder, error
