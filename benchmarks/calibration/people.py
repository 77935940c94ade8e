"""Simulated people: what they are inclined to answer, and what is true of their unit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.instruments.model import Instrument, Item
from survey.scoring.columns import columns, facets_of
from survey.scoring.index import index_measure

Floats = NDArray[np.float64]

INSTRUMENT: Final[Instrument] = builtin()
SPECS: Final = columns(INSTRUMENT)
INDEX: Final = index_measure(INSTRUMENT, SPECS)

FACTORS: Final = ("motivation", "agreeing", "adaptive", "tactical")
"""What makes one person answer otherwise than another: motivation, a habit of agreeing, and how each kind of
performance in the team looks to her."""

PERSON: Final = np.array([0.7, 0.4, 0.6, 0.6])
"""How far people of one unit are apart in each, as standard deviations in points of the answer scale."""

NOISE: Final = 1.0
"""What is left to each single answer."""

MIDDLE: Final = {"direct": 4.5, "indirect": 3.4, "adaptive": 4.0, "tactical": 4.2}
LOADINGS: Final = {
    "direct": (1.0, 1.0, 0.0, 0.0),
    "indirect": (-1.0, 1.0, 0.0, 0.0),
    "adaptive": (0.5, 1.0, 1.0, 0.0),
    "tactical": (0.2, 1.0, 0.0, 1.0),
}
"""By kind of item, what each factor does to an answer."""


@dataclass(frozen=True)
class Units:
    """Units of a company: how many people answer in each, and what its people have in common."""

    sizes: NDArray[np.int64]
    effects: Floats
    """Shape (units, factors)."""
    divided: Floats
    """How far people of each unit are apart, 1 as usual."""

    @property
    def of_people(self) -> NDArray[np.int32]:
        """The unit of each person."""
        return np.repeat(np.arange(len(self.sizes), dtype=np.int32), self.sizes)

    def moved(self, by: Floats) -> "Units":
        """The same units after their people's common inclinations have changed."""
        return replace(self, effects=self.effects + by)


def units(random: np.random.Generator, sizes: Sequence[int] | NDArray[np.int64], between: Sequence[float]) -> Units:
    """Draw what people of each unit have in common; `between` is its standard deviation by factor."""
    effects = random.normal(0, 1, (len(sizes), len(FACTORS))) * between
    return Units(np.asarray(sizes, dtype=np.int64), effects, np.ones(len(sizes)))


def between(icc: float) -> tuple[float, ...]:
    """Return standard deviations between units that give the index about this intraclass correlation.

    Motivation, and how both kinds of performance look, differ between units; the habit of agreeing does not.
    """
    weights = np.array([float(weight) for _, weight in INDEX.weights])
    reach = float(np.abs(weights).sum())
    within = (reach * PERSON[0]) ** 2 + NOISE**2 * float(weights @ weights)
    sd = sqrt(icc / (1 - icc) * within) / reach
    return sd, 0.0, sd, sd


def inclinations(random: np.random.Generator, people: int) -> Floats:
    """Draw what lasts in people, shape (people, factors)."""
    drawn: Floats = random.normal(0, 1, (people, len(FACTORS))) * PERSON
    return drawn


def answers(
    random: np.random.Generator, of: Units, people: Floats, skipping: float = 0.0, *, tied: bool = False
) -> NDArray[np.uint8]:
    """Let people answer: inclination, rounded to a whole answer from 1 to 7; practices are not asked.

    Where `tied`, motivation moves answers on tactical performance as much as those on adaptive.
    """
    middle, loadings = _items(tied=tied)
    apart = people @ loadings.T + random.normal(0, NOISE, (len(people), len(middle)))
    latent = middle + of.effects[of.of_people] @ loadings.T + of.divided[of.of_people, np.newaxis] * apart
    given = np.clip(np.rint(latent), 1, 7).astype(np.uint8)
    given[random.random(given.shape) < skipping] = SKIPPED
    given[:, [item in INSTRUMENT.practices for item in INSTRUMENT.items]] = SKIPPED
    return given


def truths(of: Units) -> dict[str, Floats]:
    """Return what is true of each unit: the expected answer of somebody there, by scale, and the index made of it.

    Of whole answers from 1 to 7, not of the inclinations behind them: what a unit's mean would be if infinitely many
    such people were asked.
    """
    middle, loadings = _items()
    spread = of.divided[:, np.newaxis] * np.sqrt((loadings**2) @ PERSON**2 + NOISE**2)
    latent = middle + of.effects @ loadings.T
    steps = np.arange(1, 7) + 0.5
    expected = 1 + ndtr((latent[:, :, np.newaxis] - steps) / spread[:, :, np.newaxis]).sum(axis=2)
    place = {item.id: position for position, item in enumerate(INSTRUMENT.items)}
    found: dict[str, Floats] = {}
    for spec in reversed(SPECS):
        facets = facets_of(INSTRUMENT, spec.scale)
        parts = [found[facet.id] for facet in facets]
        own = [expected[:, place[item.id]] for item in INSTRUMENT.items_of(spec.scale)]
        found[spec.scale] = np.mean(parts if facets else own, axis=0)
    found[INDEX.name] = sum((float(weight) * found[scale] for scale, weight in INDEX.weights), np.zeros(len(of.sizes)))
    return found


@cache
def _items(*, tied: bool = False) -> tuple[Floats, Floats]:
    """Return by item the middle of its answers and what each factor does to it."""
    kinds = [_kind(item) for item in INSTRUMENT.items]
    loadings = LOADINGS | ({"tactical": (LOADINGS["adaptive"][0], *LOADINGS["tactical"][1:])} if tied else {})
    return np.array([MIDDLE[kind] for kind in kinds]), np.array([loadings[kind] for kind in kinds])


def _kind(item: Item) -> str:
    scale = INSTRUMENT.scale(item.scale)
    return scale.direction or ("tactical" if "tactical" in {scale.id, scale.parent} else "adaptive")
