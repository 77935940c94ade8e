"""The manual's sections on the map, the link at its levels, and what the spread between units is made of."""

import numpy as np
from numpy.typing import NDArray

from survey.scoring import drivers, halves, levels, population, williams
from survey.scoring.estimable import NotEstimable
from tests.spec.section import Expected, Given, Section


def _units(sizes: list[int]) -> NDArray[np.int32]:
    return np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)


def _population(given: Given) -> population.Population | NotEstimable:
    means = np.array([mean for mean, times in given["means"] for _ in range(times)], dtype=np.float64).reshape(-1, 2)
    tactical, adaptive, both = given["spread within"]
    return population.population(means, [given["people"]] * len(means), (tactical, adaptive, both), given["df"])


def _spread(given: Given) -> Expected:
    made = _population(given)
    if isinstance(made, NotEstimable):
        return {"not estimable": made.reason.text}
    (tactical, both), (_, adaptive) = made.spread.tolist()
    return {"tactical": tactical, "adaptive": adaptive, "together": both}


def _shrunk(given: Given) -> Expected:
    among = _population(given)
    assert not isinstance(among, NotEstimable)
    tactical, adaptive = given["unit"]
    made = population.shrink((tactical, adaptive), given["n"], among)
    place = [made.position.tactical, made.position.adaptive]
    return {"true place": place, **{str(name): share for name, share in made.shares.items()}}


def _plain(given: Given) -> Expected:
    first, second = (np.array(given[name], dtype=np.float64) for name in ("first", "second"))
    made = levels.plain(first, second, _units(given["units"]))
    if isinstance(made, NotEstimable):
        return {"not estimable": made.reason.text}
    shown = {"between": made.between, "within": made.within}
    parts = {name: "none" if isinstance(part, NotEstimable) else part for name, part in shown.items()}
    return {"whole": made.whole, **parts}


def _williams(given: Given) -> Expected:
    made = williams.williams(given["r12"], given["r13"], given["r23"], given["n"])
    if isinstance(made, NotEstimable):
        return {"not estimable": made.reason.text}
    return {"t": made.t, "df": made.df, "p": made.p}


SECTIONS = (
    Section("The true places of units", population.population, _spread, "population"),
    Section("A unit's true place", population.shrink, _shrunk, "shrunken_place"),
    Section("The link within units and between them", levels.levels),
    Section("The link from two halves", halves.split_half),
    Section("The link as it is", levels.plain, _plain, "plain"),
    Section("Two correlations with one thing", williams.williams, _williams, "williams"),
    Section("What the spread between units is made of", drivers.drivers),
)
