"""Who does the runs of an installation: threads of the process that serves, or workers."""

from typing import Protocol

from sqlalchemy.orm import Session

from survey.runs.given import Place
from survey.runs.runner import Runner
from survey.services.runs import Key


class Runs(Protocol):
    """What pages and commands need to know of either."""

    def ask(self, session: Session, key: Key, by: int | None = None, done: int = 0) -> bool:
        """Let a run begin once `session` commits and `wake` is called; False where one is under way."""
        ...

    def wake(self, key: Key) -> None:
        """See that what was asked for is done."""
        ...

    def take_up(self) -> list[Key]:
        """Go on with what nobody has; return what this process goes on with."""
        ...

    def wait_for_all(self) -> None:
        """Wait until this process does no run any more."""
        ...


def runs_for(place: Place) -> Runs:
    """Return what the settings say."""
    if not place.settings.workers:
        return Runner(place)
    from survey.runs.queue import Deferring  # noqa: PLC0415 - its library is there only where workers are

    return Deferring(place)
