"""The steps of the first run as its pages show them: done, now, later. Pure."""

from dataclasses import dataclass
from typing import Final

from survey.i18n import Sentence
from survey.services.first_run import STEPS, Progress
from survey.web.waves.flow import State

TITLES: Final[dict[str, Sentence]] = {
    "company": Sentence("The company"),
    "account": Sentence("The first account"),
    "second_step": Sentence("A second step for signing in"),
    "mail": Sentence("Mail"),
    "done": Sentence("Ready"),
}


@dataclass(frozen=True)
class Step:
    """One step of the first run."""

    name: str
    title: Sentence
    state: State
    endpoint: str
    """Of its page; "" where one cannot go there from here."""


def steps(here: str, progress: Progress) -> tuple[Step, ...]:
    """Return the steps in order; the one whose page this is, is "now", and one may go back to those that are done.

    >>> [step.state for step in steps("account", Progress(True, False, False, False))]
    ['done', 'now', 'later', 'later', 'later']
    """
    return tuple(_step(name, here, progress) for name in (*STEPS, "done"))


def _step(name: str, here: str, progress: Progress) -> Step:
    if name == here:
        return Step(name, TITLES[name], "now", "")
    if name != "done" and getattr(progress, name):
        return Step(name, TITLES[name], "done", f"first_run.{name}")
    return Step(name, TITLES[name], "later", f"first_run.{name}" if progress.next == name else "")
