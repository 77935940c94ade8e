"""Careless answers are flagged and counted, never deleted."""

from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.instruments.answers import SKIPPED
from survey.instruments.model import Instrument, Item
from survey.scoring.careless import distance, strings
from survey.scoring.estimable import NotEstimable
from survey.scoring.special import chdtri

UNUSUAL: Final = 0.001
"""How often a distance this large comes from careful, normal answers."""

SHORT = NotEstimable(Sentence("Too few questions were asked for a long run of equal answers to mean anything."))


def straight_liners(answers: NDArray[np.uint8], instrument: Instrument) -> NDArray[np.bool_]:
    """Return for each response whether it gives one and the same answer to all motive items.

    Direct and indirect motives pull in opposite directions, so the same answer to all of them says nothing (the index
    is then exactly 0), most often that the questions were not read.

    Source: zero within-person variability, the extreme of the longstring index of P. G. Curran (2016), Methods for the
    detection of carelessly invalid responses in survey data, Journal of Experimental Social Psychology 66, 4-19.

    Assumes: hardly anybody truly feels the same about motives that pull in opposite directions.

    Limits: It catches some who meant it, and misses who answers at random or lets one answer differ.

    Args:
        answers: Shape (responses, items), 255 where skipped.
        instrument: Whose items the columns are.

    Returns:
        Shape (responses,), False where a motive item was skipped.

    >>> from survey.instruments.load import builtin
    >>> answers = np.full((2, 29), 5, dtype=np.uint8)
    >>> answers[1, 0] = 4
    >>> straight_liners(answers, builtin()).tolist()
    [True, False]
    """
    motives = {scale.id for scale in instrument.motives}
    block = answers[:, [item.scale in motives for item in instrument.items]]
    if block.shape[1] == 0:
        return np.zeros(len(answers), dtype=np.bool_)
    same: NDArray[np.bool_] = np.all(block == block[:, :1], axis=1)
    given: NDArray[np.bool_] = block[:, 0] != SKIPPED
    return np.logical_and(same, given)


def string_cut(instrument: Instrument) -> int:
    """Return how many neighbouring questions must have the same answer to be called a long string.

    >>> from survey.instruments.load import builtin
    >>> string_cut(builtin())
    15
    """
    return (len(instrument.items) + 1) // 2


def long_strings(
    answers: NDArray[np.uint8], instrument: Instrument, asked: Collection[str] | None = None
) -> NDArray[np.bool_] | NotEstimable:
    """Return for each response whether it gives one and the same answer to a long run of questions.

    A run is long from half of all questions that the questionnaire can ask, rounded up: 15 of 29 with ours, which is
    its whole second block, the fifteen questions about behaviour. Questions count in the order in which they were
    asked, answers as they were given, and a skipped question breaks a run.

    Source: P. G. Curran (2016), Methods for the detection of carelessly invalid responses in survey data, Journal of
    Experimental Social Psychology 66, 4-19: as a starting point, runs of half the questionnaire; A. W. Meade and S. B.
    Craig (2012), Identifying careless responses in survey data, Psychological Methods 17, 437-455, for the index.

    Assumes: somebody who reads does not see the plan followed, left, met and improved on all exactly equally often.

    Limits: No cut is right for every questionnaire. This one is cautious: who clicks through one block only is found,
    who changes the column now and then, or answers at random, is not. A team of steady habits can pass it in earnest,
    which is why such answers stay in every figure.

    Args:
        answers: Shape (responses, items), 255 where skipped or not asked.
        instrument: Whose items the columns are, in the order in which they are asked.
        asked: Ids of the items that were asked; all where None.

    Returns:
        Shape (responses,), or NotEstimable where fewer questions were asked than make a long run.

    >>> from survey.instruments.load import builtin
    >>> answers = np.tile(np.arange(29, dtype=np.uint8) % 7 + 1, (2, 1))
    >>> answers[0, 6:21] = 4
    >>> long_strings(answers, builtin()).tolist()
    [True, False]
    """
    places = [place for place, item in enumerate(instrument.items) if asked is None or item.id in asked]
    cut = string_cut(instrument)
    if len(places) < cut:
        return SHORT
    return np.array(strings(_values(answers, places)).longest, dtype=np.int64) >= cut


def unusual(
    answers: NDArray[np.uint8], instrument: Instrument, asked: Collection[str] | None = None
) -> NDArray[np.bool_] | NotEstimable:
    """Return for each response whether its answers make an unusual combination.

    Squared Mahalanobis distance over all questions but those about practices, above the chi-squared distribution's .999
    with as many degrees of freedom as questions.

    Source: A. W. Meade and S. B. Craig (2012), as above; the cut at p < .001 is that for outliers of B. G. Tabachnick
    and L. S. Fidell (2007), Using multivariate statistics, 5th ed.

    Assumes: normal answers. Ours are not, so that more than one in a thousand careful people are beyond the cut.

    Limits: Unusual is not careless: it may be somebody who sees things in another way than most. It is told as a
    number beside what chance would give, and never used as a flag.

    Args:
        answers: Shape (responses, items), 255 where skipped or not asked.
        instrument: Whose items the columns are.
        asked: Ids of the items that were asked; all where None.

    Returns:
        Shape (responses,), or NotEstimable (see `careless.distance`).

    >>> from survey.instruments.load import builtin
    >>> answers = np.random.default_rng(0).integers(3, 6, (400, 29)).astype(np.uint8)
    >>> answers[7, :21:2], answers[7, 1:21:2] = 7, 1
    >>> np.flatnonzero(unusual(answers, builtin())).tolist()
    [7]
    """
    places = [place for place, item in enumerate(instrument.items) if _counts(item, instrument, asked)]
    squared = distance(_values(answers, places))
    if isinstance(squared, NotEstimable):
        return squared
    cut = float(chdtri(len(places), UNUSUAL))
    return np.array([each is not None and each > cut for each in squared], dtype=np.bool_)


def _counts(item: Item, instrument: Instrument, asked: Collection[str] | None) -> bool:
    return item not in instrument.practices and (asked is None or item.id in asked)


def _values(answers: NDArray[np.uint8], places: list[int]) -> NDArray[np.float64]:
    block = answers[:, places]
    return np.where(block == SKIPPED, np.nan, block.astype(np.float64))


def straight_is_nought(instrument: Instrument) -> bool:
    """Return whether one and the same answer to all motive items gives an index of exactly 0, whatever the answer.

    The weights of an instrument sum to zero, so it is where all motives have the same range.
    """
    return len({instrument.range_of(scale.id) for scale in instrument.motives}) == 1
