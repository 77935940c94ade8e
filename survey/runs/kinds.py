"""What can run, by name: functions with plain arguments, so that any process can do what another was asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from survey.i18n import Sentence
from survey.runs import letters, reports, ways_in
from survey.runs.given import Place, Work
from survey.services.runs import Outcome

FAILED: Final = Sentence(
    "The run stopped because of a mistake on our side. Start it again; it goes on where it stopped."
)


@dataclass(frozen=True)
class Parts:
    """How several workers share a run: each function takes what the run is about."""

    cut: Callable[[Place, str], list[str]]
    """Returns what is to be done in each part; nothing where all is done."""
    make: Callable[[Place, str, str], str]
    """Does a part; returns what could not be done, or ""."""
    given_up: Callable[[str], str]
    """Says the same of a part that took its worker down with it each time."""
    told: Callable[[Place, str, Sequence[str]], Outcome]
    """Says what came of all of them, from what could not be done."""


@dataclass(frozen=True)
class Kind:
    """What a run of this kind does."""

    work: Work
    failed: Outcome | None = ("problem", FAILED)
    """What is told where it fails; nothing where nobody waits to be told."""
    in_turn: bool = False
    """One at a time in a process: nobody who asks for many can have them all done at once."""
    parts: Parts | None = None
    """How workers share it; none do where it is done in one go."""


KINDS: Final[dict[str, Kind]] = {
    **{
        each.name: Kind(each.work)
        for each in (letters.LETTERS, letters.REMINDERS, letters.ANNOUNCEMENT, letters.SHARES)
    },
    ways_in.ACCOUNTS.kind: Kind(ways_in.write_to_invited),
    ways_in.FORGOTTEN: Kind(ways_in.write_to_forgetful, failed=None, in_turn=True),
    reports.KIND: Kind(reports.make, parts=Parts(reports.cut, reports.make_part, reports.given_up, reports.told)),
}
