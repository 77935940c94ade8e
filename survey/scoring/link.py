"""Does low motivation go with tactical-only performance? Stated on evidence from the whole company."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.instruments.model import Instrument
from survey.scoring.columns import columns, item_values, scale_scores
from survey.scoring.estimable import NotEstimable
from survey.scoring.index import index_measure
from survey.scoring.measure import weigh
from survey.scoring.position import ADAPTIVE, TACTICAL
from survey.scoring.redraw import LOST, SEED, UNITS, Estimate, redraw

TWO_AXES_BELOW: Final = 0.90
"""Adaptive and tactical are two things where their corrected correlation is surely below this."""

NO_SCALES = NotEstimable(
    Sentence("The link needs the motives, adaptive and tactical performance, two items each at least.")
)
FEW_UNITS = NotEstimable(Sentence("Fewer than ten units answered, too few to say what goes together in this company."))
UNRELIABLE = NotEstimable(Sentence("The items do not go together closely enough to correct for their unreliability."))

Finding = Literal["more with adaptive", "no difference shown", "more with tactical"]


@dataclass(frozen=True)
class Link:
    """Correlations over people, corrected for the unreliability of the behaviour scales."""

    with_adaptive: Estimate
    with_tactical: Estimate
    difference: Estimate
    """With adaptive minus with tactical."""
    axes: Estimate
    """Of adaptive with tactical performance."""
    n: int
    units: int

    @property
    def finding(self) -> Finding:
        """Which of the two total motivation goes together with more closely, where the interval says so."""
        if self.difference.low > 0:
            return "more with adaptive"
        return "more with tactical" if self.difference.high < 0 else "no difference shown"

    @property
    def two_axes(self) -> bool:
        """Whether the two kinds of performance are demonstrably two in this company."""
        return two_axes(self.axes)


def two_axes(axes: Estimate) -> bool:
    """Return whether adaptive and tactical performance are demonstrably two: surely correlated below .90.

    axes = mean covariance between the items of the two scales / sqrt(mean covariance among the items of one x that of
    the other): their correlation, corrected for unreliability (HTMT). The upper end of its interval must lie below.

    Source: J. Henseler, C. M. Ringle and M. Sarstedt (2015), A new criterion for assessing discriminant validity in
    variance-based structural equation modeling, Journal of the Academy of Marketing Science 43 (HTMT.90, here on the
    upper limit).

    Assumes: the items of a scale measure one thing about equally strongly.

    Limits: .90 is a convention. Where they are not shown to be two they need not be one: too few units may have
    answered.

    Args:
        axes: The corrected correlation with its interval.

    >>> two_axes(Estimate(0.70, 0.55, 0.82)), two_axes(Estimate(0.86, 0.78, 0.93))
    (True, False)
    """
    return axes.high < TWO_AXES_BELOW


def link(
    answers: NDArray[np.uint8],
    units: NDArray[np.int32],
    instrument: Instrument,
    base: NDArray[np.bool_],
    seed: int = SEED,
) -> Link | NotEstimable:
    """Return how total motivation goes together with adaptive and with tactical performance, and how these differ.

    corrected r(x, y) = mean covariance of x with y's items / (sd(x) sqrt(mean covariance among y's items)).

    This is the ordinary correlation divided by the square root of Cronbach's alpha of y. Both scales are thereby
    brought to the same length (infinitely many items), so that ten items against five make no difference: without it
    the longer scale "confirms" the thesis from its reliability alone. The index has no reliability of its own kind; it
    is left as it is on both sides. Whole units are drawn again, since people of one unit are alike.

    Source: C. Spearman (1904), The proof and measurement of association between two things, American Journal of
    Psychology 15 (the correction); B. Efron (1979), Bootstrap methods, Annals of Statistics 7.

    Assumes: the items of a scale measure one thing; units answer independently of each other.

    Limits: people answered about motives and behaviour in one sitting, which alone brings the two closer: see
    `levels.levels` and `halves.split_half`. What goes together need not bring about the other.

    Args:
        answers: Shape (responses, items), 255 where skipped.
        units: Shape (responses,), the unit of each response.
        instrument: With an index and the scales adaptive and tactical.
        base: Shape (responses,), the responses that count; those that skipped an item of the two scales are left out.
        seed: Of the bootstrap: the same answers give the same interval.

    Returns:
        The link, correlations -1 to 1, or NotEstimable below ten units or where items do not go together. The verb is
        "go together", never "cause".

    >>> from survey.instruments.load import builtin
    >>> asked, random = builtin(), np.random.default_rng(1)
    >>> sides = [-1 if asked.scale(item.scale).direction == "indirect" else 1 for item in asked.items]
    >>> mood = random.normal(size=(300, 1)) * sides
    >>> answers = np.clip(np.rint(4 + mood + random.normal(size=mood.shape)), 1, 7).astype(np.uint8)
    >>> made = link(answers, np.arange(300, dtype=np.int32) % 20, asked, np.ones(300, dtype=np.bool_))
    >>> made.finding, round(made.with_adaptive.value, 1)
    ('no difference shown', 0.9)
    """
    return _linked(answers[base], units[base], instrument, seed)


def _linked(
    answers: NDArray[np.uint8], units: NDArray[np.int32], instrument: Instrument, seed: int
) -> Link | NotEstimable:
    scales = {scale.id for scale in instrument.scales}
    lengths = [len(instrument.items_of(scale)) if scale in scales else 0 for scale in (ADAPTIVE, TACTICAL)]
    if instrument.index is None or min(lengths) < 2:  # noqa: PLR2004 - a mean covariance needs two items
        return NO_SCALES
    values = linked(answers, instrument)
    complete = ~np.isnan(values).any(axis=1)
    names, place = np.unique(units[complete], return_inverse=True)
    if len(names) < UNITS:
        return FEW_UNITS
    return _estimate(*unit_moments(values[complete], place, len(names)), lengths[0], seed)


def _estimate(
    counts: NDArray[np.float64],
    sums: NDArray[np.float64],
    products: NDArray[np.float64],
    adaptive_items: int,
    seed: int,
) -> Link | NotEstimable:
    """Return the correlations of all units, with the percentile intervals of units drawn again."""
    made = redraw(
        len(counts), lambda block: _corrected(block @ counts, block @ sums, block @ products, adaptive_items), seed
    )
    good = np.isfinite(made.resampled).all(axis=1)
    if not np.isfinite(made.observed).all() or np.abs(made.observed[[0, 1, 3]]).max() > 1 or good.mean() < 1 - LOST:
        return UNRELIABLE
    ends = np.percentile(made.resampled[good], made.ends, axis=0)
    one, two, apart, axes = (Estimate(*row) for row in np.vstack([made.observed, ends]).T.tolist())
    return Link(one, two, apart, axes, int(counts.sum()), len(counts))


def linked(answers: NDArray[np.uint8], instrument: Instrument) -> NDArray[np.float64]:
    """Return the index, the adaptive items and the tactical items of each response, side by side."""
    specs = columns(instrument)
    scores = scale_scores(answers, instrument, specs) / np.array([float(column.denominator) for column in specs])
    index = scores.astype(np.float64) @ weigh(index_measure(instrument, specs), specs)
    return np.column_stack(
        [index, item_values(answers, instrument, ADAPTIVE), item_values(answers, instrument, TACTICAL)]
    )


def unit_moments(
    values: NDArray[np.float64], place: NDArray[np.intp], units: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return counts (units,), sums (units, p) and flattened cross-products (units, p * p), around the overall mean."""
    centred = values - values.mean(axis=0)
    order = np.argsort(place, kind="stable")
    counts = np.bincount(place, minlength=units)
    starts = np.cumsum(counts) - counts
    rows = centred[order]
    sums = np.add.reduceat(rows, starts, axis=0)
    products = np.array([(part.T @ part).ravel() for part in np.split(rows, starts[1:])])
    return counts.astype(np.float64), sums, products


def _corrected(
    counts: NDArray[np.float64], sums: NDArray[np.float64], products: NDArray[np.float64], adaptive_items: int
) -> NDArray[np.float64]:
    """Return with adaptive, with tactical, their difference and the axes' correlation for each row of moments."""
    p = sums.shape[1]
    wide = products.reshape(-1, p, p) - np.einsum("bi,bj->bij", sums, sums) / counts[:, None, None]
    covariances = wide / (counts - 1)[:, None, None]
    parts = slice(1, 1 + adaptive_items), slice(1 + adaptive_items, p)
    corrected = [corrected_for(covariances, part) for part in parts]
    common = [among(covariances[:, part, part]) for part in parts]
    axes = covariances[:, parts[0], parts[1]].mean(axis=(1, 2)) / np.sqrt(common[0] * common[1])
    return np.column_stack([corrected[0], corrected[1], corrected[0] - corrected[1], axes])


def corrected_for(covariances: NDArray[np.float64], items: slice) -> NDArray[np.float64]:
    """Return the corrected correlation of the first variable with the scale of these items, for each matrix."""
    spread = np.sqrt(covariances[:, 0, 0]) * np.sqrt(among(covariances[:, items, items]))
    correlation: NDArray[np.float64] = covariances[:, 0, items].mean(axis=1) / spread
    return correlation


def among(covariances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean covariance between different items of a scale."""
    items = covariances.shape[1]
    total = covariances.sum(axis=(1, 2)) - np.trace(covariances, axis1=1, axis2=2)
    mean: NDArray[np.float64] = total / (items * (items - 1))
    return mean
