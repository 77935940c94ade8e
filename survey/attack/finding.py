"""What an attempt came to: nothing, something, something that can be done as long as a wave is open, or not tried."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from survey.attack.known import Known
from survey.attack.target import Target
from survey.i18n import Sentence

Outcome = Literal["nothing", "found", "possible", "untried"]
WORDS: Final[dict[Outcome, Sentence]] = {
    "nothing": Sentence("nothing found"),
    "found": Sentence("FOUND"),
    "possible": Sentence("possible for now"),
    "untried": Sentence("not tried"),
}


@dataclass(frozen=True)
class Finding:
    """One attempt, in a sentence that says what was tried and what came of it."""

    outcome: Outcome
    said: Sentence


@dataclass(frozen=True)
class Occasion:
    """When an attack is made, and what the attacker knows besides the installation."""

    now: dt.datetime
    """UTC without a zone."""
    known: tuple[Known, ...] = ()


Attack = Callable[[Target, Occasion], Iterator[Finding]]


@dataclass(frozen=True)
class Channel:
    """One way by which something could leak."""

    title: Sentence
    attack: Attack


def either(found: int, yes: Sentence, no: Sentence) -> Finding:
    """Return what was found if there is any of it, else that there is nothing; `yes` may say the %(count)s."""
    return Finding("found", yes.fill(count=found)) if found else Finding("nothing", no)
