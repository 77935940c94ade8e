"""HR's work on a wave as a flow from the roster to the reports: done, now, later. Pure."""

from dataclasses import dataclass
from typing import Final, Literal

from survey.i18n import Sentence

State = Literal["done", "now", "later"]
NAMES: Final = ("roster", "plan", "open", "letters", "close", "unseal", "publish", "reports")

TITLES: Final[dict[str, Sentence]] = {
    "roster": Sentence("Bring in the roster"),
    "plan": Sentence("Plan the wave"),
    "open": Sentence("Open it"),
    "letters": Sentence("Send the letters"),
    "close": Sentence("Close it"),
    "unseal": Sentence("Unseal it"),
    "publish": Sentence("Publish the results"),
    "reports": Sentence("Hand out the reports"),
}


@dataclass(frozen=True)
class Facts:
    """What the flow depends on."""

    people: int
    """In today's roster."""
    wave: str
    """Code of the wave that HR works on, or "" before the first one."""
    state: str
    """Of that wave: draft, open, closed, published, or "" where there is none."""
    native: bool = True
    """False for answers collected elsewhere: such a wave is never opened, and nobody gets a letter."""
    letters_waiting: bool = False
    """True while somebody waits for a letter or a printed code, and one can still be made."""
    reports_made: bool = False
    sealed: bool = False
    """Whether answers are locked until a keyholder unseals the wave."""
    locked: bool = False
    """True until that is done."""


@dataclass(frozen=True)
class Step:
    """One step of the flow."""

    name: str
    title: Sentence
    state: State


def steps(facts: Facts) -> tuple[Step, ...]:
    """Return the steps in order; at most one of them is "now".

    >>> [step.state for step in steps(Facts(people=12, wave="2026-Q4", state="open", letters_waiting=True))]
    ['done', 'done', 'done', 'now', 'later', 'later', 'later']
    """
    done = {
        "roster": facts.people > 0 or bool(facts.wave),
        "plan": bool(facts.wave),
        "open": facts.state in {"open", "closed", "published"},
        "letters": facts.state in {"closed", "published"} or (facts.state == "open" and not facts.letters_waiting),
        "close": facts.state in {"closed", "published"},
        "unseal": facts.state in {"closed", "published"} and not facts.locked,
        "publish": facts.state == "published",
        "reports": facts.state == "published" and facts.reports_made,
    }
    left_out = set() if facts.native else {"open", "letters", "close"}
    names = [name for name in NAMES if name not in left_out and (facts.sealed or name != "unseal")]
    now = next((name for name in names if not done[name]), "")
    return tuple(
        Step(name, TITLES[name], "now" if name == now else ("done" if done[name] else "later")) for name in names
    )
