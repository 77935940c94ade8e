"""What each unit will probably be able to see, before anybody has answered: the real rule over drawn participation.

Everybody takes part or not as a coin falls; the rule of the gate (`protect_tree`, both tiers) says what would be shown.
Whether enough people of a unit take part is reckoned exactly; only what the rule hides besides, so that no small group
can be worked out, is taken from the draws. A few draws then go a long way, which large companies need.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from survey.privacy.policy import Policy
from survey.privacy.protection import protect_tree
from survey.privacy.tree import Tree

Likely = Literal["almost certainly", "probably", "unlikely", "never"]

SEED: Final = 20_260_101
"""Any fixed number: the same tree and the same participation say the same on every page."""
WORK: Final = 120_000
"""Draws x units: about a second of one core."""
MOST: Final = 1_000
FEWEST: Final = 6
FINE: Final = 100
"""Draws from which a chance is told in steps of five per cent; with fewer in steps of ten."""
ALMOST: Final = 95
PROBABLE: Final = 50
LARGEST: Final = 64
"""Thresholds above it are not reckoned exactly: the draws alone tell."""


@dataclass(frozen=True)
class Chance:
    """How often something would be shown."""

    share: float
    """From 0 to 1."""
    possible: bool
    """False where not even everybody would be enough."""
    step: int = 5

    @property
    def percent(self) -> int:
        """The share in per cent, in steps: no more is known.

        >>> Chance(0.83, possible=True).percent, Chance(0.83, possible=True, step=10).percent
        (85, 80)
        """
        return self.step * math.floor(100 * self.share / self.step + 0.5)

    @property
    def likely(self) -> Likely:
        """The chance in words."""
        if not self.possible:
            return "never"
        if self.percent >= ALMOST:
            return "almost certainly"
        return "probably" if self.percent >= PROBABLE else "unlikely"


@dataclass(frozen=True)
class Foresight:
    """What each unit of a tree will probably show."""

    figures: Mapping[str, Chance]
    details: Mapping[str, Chance]
    draws: int


def foresee(
    tree: Tree, invited: Mapping[str, int], taking_part: Mapping[str, float], policy: Policy, draws: int
) -> Foresight:
    """Return the chance of each unit to show figures and details.

    Args:
        tree: as a wave freezes it.
        invited: people at exactly each unit.
        taking_part: for each unit where people are invited, the chance from 0 to 1 that one of them answers.
        policy: both thresholds of the wave.
        draws: how often participation is drawn, 1 or more (`draws_for`).
    """
    floors = (policy.k, policy.detail_k)
    enough, shown = (tuple(dict.fromkeys(tree.codes, 0) for _ in floors) for _ in range(2))
    for answered in _answers(invited, taking_part, draws):
        people = tree.totals(answered)
        allowed: frozenset[str] | None = None
        for floor, had, showed in zip(floors, enough, shown, strict=True):
            allowed = _shown(tree, answered, floor, allowed)
            for code in allowed:
                showed[code] += 1
            for code, count in people.items():
                had[code] += count >= floor
    most = tree.totals(invited)
    step = 5 if draws >= FINE else 10
    found = []
    for floor, had, showed in zip(floors, enough, shown, strict=True):
        surely = _chance_of_enough(tree, invited, taking_part, floor)
        found.append(
            {
                code: Chance(_share(showed[code], had[code], draws, surely[code]), possible=True, step=step)
                if most[code] >= floor
                else Chance(0, possible=False, step=step)
                for code in tree.codes
            }
        )
    return Foresight(found[0], found[1], draws)


def expected(tree: Tree, invited: Mapping[str, int], taking_part: Mapping[str, float], k: int, draws: int) -> float:
    """Return how many of the units where people answer would show figures, on the average of the draws."""
    shown = 0
    for answered in _answers(invited, taking_part, draws):
        shown += sum(bool(invited.get(code)) for code in _shown(tree, answered, k, None))
    return shown / draws


def draws_for(units: int) -> int:
    """Return how many draws a page can wait for.

    >>> draws_for(7), draws_for(1_200), draws_for(24_000)
    (1000, 100, 6)
    """
    return min(MOST, max(FEWEST, WORK // max(units, 1)))


def middle(band: str) -> float | None:
    """Return the middle of a published band of participation; None where none was published.

    >>> middle("70–79 %"), middle("< 20 %"), middle("≥ 90 %"), middle("")
    (0.745, 0.1, 0.95, None)
    """
    numbers = [int(number) for number in re.findall(r"\d+", band)]
    if not numbers:
        return None
    edges = {"<": (0, numbers[0]), "≥": (numbers[0], 100)}.get(band[0], (numbers[0], numbers[-1]))
    return sum(edges) / 200


def _answers(invited: Mapping[str, int], taking_part: Mapping[str, float], draws: int) -> Iterator[dict[str, int]]:
    """Draw who answers; with the same seed, a higher participation never takes an answer away."""
    places = [code for code, people in invited.items() if people]
    people = np.array([invited[code] for code in places], dtype=np.int64)
    chances = np.repeat([taking_part[code] for code in places], people)
    starts = np.cumsum(people) - people
    random = np.random.default_rng(SEED)
    for _ in range(draws):
        answer: NDArray[np.int64] = (random.random(len(chances)) < chances).astype(np.int64)
        yield dict(zip(places, np.add.reduceat(answer, starts).tolist(), strict=True))


def _shown(tree: Tree, answered: Mapping[str, int], floor: int, allowed: frozenset[str] | None) -> frozenset[str]:
    return frozenset(code for code, reason in protect_tree(tree, answered, floor, allowed).items() if reason is None)


def _share(shown: int, enough: int, draws: int, surely: float | None) -> float:
    """Weigh how often a unit with enough people was shown with the chance that there are enough."""
    if surely is None:
        return shown / draws
    return surely * (shown / enough if enough else 1.0)


def _chance_of_enough(
    tree: Tree, invited: Mapping[str, int], taking_part: Mapping[str, float], floor: int
) -> dict[str, float | None]:
    """Return for each unit the chance that at least `floor` of its people answer, here and below; None if unknown.

    The distribution of their number, capped at `floor`, adds up the tree by convolution.
    """
    if floor > LARGEST:
        return dict.fromkeys(tree.codes)
    found: dict[str, float | None] = {}
    below: dict[str, NDArray[np.float64]] = {}
    for code in reversed(tree.codes):
        people = _binomial(invited.get(code, 0), taking_part.get(code, 0.0), floor)
        for child in tree.children(code):
            people = _added(people, below.pop(child))
        below[code] = people
        found[code] = float(people[-1])
    return found


@lru_cache(maxsize=4096)
def _binomial(people: int, chance: float, cap: int) -> NDArray[np.float64]:
    """Return the chances of 0, 1, ... answers; the last entry holds `cap` and more."""
    exactly = [
        math.comb(people, answers) * chance**answers * (1 - chance) ** (people - answers) if answers <= people else 0.0
        for answers in range(cap)
    ]
    return np.array([*exactly, max(0.0, 1 - math.fsum(exactly))])


def _added(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    cap = len(one) - 1
    exactly = np.convolve(one[:cap], other[:cap])[:cap]
    return np.append(exactly, max(0.0, 1 - float(exactly.sum())))
