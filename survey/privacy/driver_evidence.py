"""Which motive the spread between units is made of, from published cells, for the whole company."""

from typing import Final

import numpy as np

from survey.privacy.evidence import Driver, Drivers
from survey.privacy.figures import Figure, NotEstimable, Style, because, figure
from survey.privacy.scored import TOO_FEW, Scored
from survey.scoring import estimable
from survey.scoring.drivers import drivers
from survey.scoring.measure import weigh
from survey.scoring.redraw import Estimate

PERCENT: Final = Style(0)


def driver_evidence(scored: Scored) -> Drivers | NotEstimable:
    """Return the motives' shares in whole per cent, only where the company itself is in tier two and may be told."""
    if scored.root not in scored.detailed:
        return because(TOO_FEW)
    motives = [scale.id for scale in scored.instrument.motives]
    pooled = scored.pooled(scored.index, *motives)
    if isinstance(pooled, estimable.NotEstimable):
        return because(pooled)
    places = [place for place, spec in enumerate(scored.specs) if spec.scale in motives]
    cells = [moments for moments in scored.cell_moments if moments.n]
    denominators = np.array([float(scored.specs[place].denominator) for place in places])
    index, twin = (weigh(measure, scored.specs) for measure in (scored.index, scored.twin))
    found = drivers(
        [moments.n for moments in cells],
        np.array([moments.totals[places].astype(np.float64) / denominators for moments in cells]),
        np.array([moments.scatter()[np.ix_(places, places)] for moments in cells]),
        {scored.specs[place].scale: (float(index[place]), float(twin[place])) for place in places},
    )
    if isinstance(found, estimable.NotEstimable):
        return because(found)
    return Drivers(
        units=found.units,
        motives=[Driver(one.motive, _percent(one.weighted), _percent(one.unweighted)) for one in found.shares],
        first=found.first,
        first_unweighted=found.first_unweighted,
        depends_on_weights=found.depends_on_weights,
        same_first=round(100 * found.same_first),
    )


def _percent(share: Estimate) -> Figure:
    value, low, high = (round(100 * part) for part in (share.value, share.low, share.high))
    return figure(value, PERCENT, (low, high))
