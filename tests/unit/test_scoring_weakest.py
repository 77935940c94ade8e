"""The weakest motive and facet, held against the rule worked out from people's answers."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from survey.scoring.columns import columns, item_values, scale_scores
from survey.scoring.moments import moments_by_unit, together
from survey.scoring.weakest import weakest_facet, weakest_motive
from survey.scoring.within import within
from tests.unit.scoring_data import INSTRUMENT, company

SPECS = columns(INSTRUMENT)
MOTIVES = [scale.id for scale in INSTRUMENT.motives]
FACETS = [scale.id for scale in INSTRUMENT.scales if scale.kind == "facet"]
SIGNS = np.array([1.0, 1, 1, -1, -1, -1])

Floats = NDArray[np.float64]


def by_hand(scores: Floats, units: NDArray[np.int32], unit: int, signs: Floats, names: Sequence[str]) -> str:
    """Work the rule out with whole arrays of people: good side up, distances in standard deviations, two conditions."""
    own = units == unit
    means = np.array([scores[units == each].mean(axis=0) for each in range(int(units.max()) + 1)])
    df = len(units) - len(means)
    spread = np.sqrt(((scores - means[units]) ** 2).sum(axis=0) / df)
    turned = signs * (scores - (scores.mean(axis=1, keepdims=True) if len(names) == len(MOTIVES) else 0)) / spread
    gaps = turned[own].mean(axis=0) - turned[~own].mean(axis=0)
    apart = turned - np.array([turned[units == each].mean(axis=0) for each in range(len(means))])[units]
    crowd = 1 / own.sum() + 1 / (~own).sum()
    low, second = np.argsort(gaps)[:2]
    error = np.sqrt((apart[:, low] ** 2).sum() / df * crowd)
    lead = np.sqrt(((apart[:, low] - apart[:, second]) ** 2).sum() / df * crowd)
    sure = gaps[low] <= stats.t.ppf(0.05 / len(names), df) * error
    return names[low] if sure and gaps[second] - gaps[low] >= lead else ""


@pytest.mark.parametrize("seed", range(8))
def test_the_weakest_is_that_of_the_rule(seed: int) -> None:
    """Motive and facet are named where the rule, worked out from everybody's answers, names them, and nowhere else."""
    answers, units = company(25, 9, seed=seed)
    random = np.random.default_rng(seed)
    places = {item.id: place for place, item in enumerate(INSTRUMENT.items)}
    for unit in range(20):
        moved = [*INSTRUMENT.items_of(str(random.choice(MOTIVES))), *INSTRUMENT.items_of(str(random.choice(FACETS)))]
        for item in moved:
            column = answers[units == unit, places[item.id]].astype(np.int64)
            answers[units == unit, places[item.id]] = np.clip(column + random.integers(-2, 3), 1, 7)
    groups = moments_by_unit(scale_scores(answers, INSTRUMENT), units, 25, SPECS)
    everybody, pooled = together(groups, SPECS), within(groups, SPECS)
    named: Counter[bool] = Counter()
    for find, names, signs in ((weakest_motive, MOTIVES, SIGNS), (weakest_facet, FACETS, np.ones(len(FACETS)))):
        scores = np.column_stack([item_values(answers, INSTRUMENT, name).mean(axis=1) for name in names])
        for unit, group in enumerate(groups):
            found = find(group, everybody - group, pooled, INSTRUMENT)
            assert found == by_hand(scores, units, unit, signs, names)
            named[bool(found)] += 1
    assert min(named.values()) >= 5
